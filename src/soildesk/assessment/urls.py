"""Addresses of the room `assessment`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

app_name = "assessment"

urlpatterns: list[URLPattern | URLResolver] = []
