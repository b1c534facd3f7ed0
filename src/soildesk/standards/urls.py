"""Addresses of the room `standards`: judgement, the library of standards, standards of places, risk at sites."""

from django.urls import URLPattern, URLResolver

from soildesk.standards import urls_judgement, urls_library, urls_risk

app_name = "standards"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_judgement.urlpatterns,
    *urls_library.urlpatterns,
    *urls_risk.urlpatterns,
]
