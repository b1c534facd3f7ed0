"""Addresses of the room `plots`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.plots import urls_control, urls_registry, urls_reports

app_name = "plots"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_registry.urlpatterns,
    *urls_control.urlpatterns,
    *urls_reports.urlpatterns,
]
