"""Addresses of judgements and warnings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
