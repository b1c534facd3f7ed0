"""Addresses of the room `monitoring`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.monitoring import urls_intake, urls_judgement, urls_network, urls_pictures

app_name = "monitoring"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_network.urlpatterns,
    *urls_intake.urlpatterns,
    *urls_judgement.urlpatterns,
    *urls_pictures.urlpatterns,
]
