"""Addresses of the room `standards`: risk at sites."""

from django.urls import URLPattern, URLResolver

from soildesk.standards import urls_risk

app_name = "standards"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_risk.urlpatterns,
]
