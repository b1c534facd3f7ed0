"""Addresses of the room `enterprises`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.enterprises import urls_duties, urls_filings, urls_firms, urls_hazards, urls_lists

app_name = "enterprises"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_firms.urlpatterns,
    *urls_lists.urlpatterns,
    *urls_hazards.urlpatterns,
    *urls_duties.urlpatterns,
    *urls_filings.urlpatterns,
]
