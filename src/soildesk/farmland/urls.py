"""Addresses of the room `farmland`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.farmland import urls_inputs

app_name = "farmland"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_inputs.urlpatterns,
]
