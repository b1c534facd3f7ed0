"""Addresses of the room `farmland`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver

from soildesk.farmland import urls_classes, urls_inputs, urls_produce, urls_units, urls_use

app_name = "farmland"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_classes.urlpatterns,
    *urls_inputs.urlpatterns,
    *urls_produce.urlpatterns,
    *urls_units.urlpatterns,
    *urls_use.urlpatterns,
]
