"""Addresses of the room `monitoring`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

app_name = "monitoring"

urlpatterns: list[URLPattern | URLResolver] = []
