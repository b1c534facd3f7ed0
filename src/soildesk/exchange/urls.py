"""Addresses of the front `exchange`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.exchange.ogc import collections, items, landing
from soildesk.exchange.rest.api import api

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("ogc/", landing.landing, name="ogc"),
    path("ogc/conformance", landing.conformance, name="ogc_conformance"),
    path("ogc/api", landing.api, name="ogc_api"),
    path("ogc/collections", collections.collections, name="ogc_collections"),
    path("ogc/collections/<str:name>", collections.collection, name="ogc_collection"),
    path("ogc/collections/<str:name>/queryables", collections.queryables, name="ogc_queryables"),
    path("ogc/collections/<str:name>/schema", collections.schema, name="ogc_schema"),
    path("ogc/collections/<str:name>/items", items.items, name="ogc_items"),
    path("ogc/collections/<str:name>/items/<str:key>", items.item, name="ogc_item"),
]
