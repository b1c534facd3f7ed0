"""Addresses of points, campaigns and field work."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
