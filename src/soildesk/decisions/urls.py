"""Addresses of the room `decisions`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = []
