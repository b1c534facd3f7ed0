"""Addresses of the room `plots`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

app_name = "plots"

urlpatterns: list[URLPattern | URLResolver] = []
