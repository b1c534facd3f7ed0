"""Addresses of the vector tiles, at the root of the site."""

from django.urls import URLPattern, URLResolver, path

from soildesk.maps import tilepages

app_name = "tiles"

urlpatterns: list[URLPattern | URLResolver] = [
    path("tiles/<slug:layer>.json", tilepages.description, name="description"),
    path("tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", tilepages.tile, name="tile"),
]
