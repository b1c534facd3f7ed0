"""Addresses of pictures, surfaces and reports."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import pictures

urlpatterns: list[URLPattern] = [
    path("series/", pictures.series, name="series"),
]
