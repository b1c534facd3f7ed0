"""Addresses of the room `land`."""

from django.urls import URLPattern, URLResolver

app_name = "land"

urlpatterns: list[URLPattern | URLResolver] = []
