"""Addresses of the room `farmland`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

app_name = "farmland"

urlpatterns: list[URLPattern | URLResolver] = []
