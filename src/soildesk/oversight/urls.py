"""Addresses of the room `oversight`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.oversight import urls_problems, urls_visits

app_name = "oversight"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_problems.urlpatterns,
    *urls_visits.urlpatterns,
]
