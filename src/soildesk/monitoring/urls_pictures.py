"""Addresses of pictures, surfaces and reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
