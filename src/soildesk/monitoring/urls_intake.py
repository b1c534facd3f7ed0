"""Addresses of laboratory files and results."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
