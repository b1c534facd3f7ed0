"""Addresses of health risk at sites."""

from django.urls import URLPattern, URLResolver, path

from soildesk.standards.pages import risk

urlpatterns: list[URLPattern | URLResolver] = [
    path("risk/", risk.site_list, name="risk_sites"),
]
