"""Addresses of the room `land`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver, path

from soildesk.land.pages import ground, layers, lineage, parcels, patrols, photos

app_name = "land"

urlpatterns: list[URLPattern | URLResolver] = [
    path("layers/", layers.layer_list, name="layers"),
    path("layers/new", layers.make, name="layer_new"),
    path("layers/<slug:code>/", layers.layer, name="layer"),
    path("layers/<slug:code>/describe", layers.describe, name="layer_describe"),
    path("layers/<slug:code>/editions/<int:pk>/publish", layers.publish, name="layer_publish"),
    path("ground/", ground.ground, name="ground"),
    path("parcels/merge", lineage.merge, name="merge"),
    path("parcels/boundary", lineage.boundary, name="boundary"),
    path("parcels/<uuid:uid>/split", lineage.split, name="split"),
    path("parcels/<uuid:uid>/code", parcels.code, name="code"),
    path("parcels/<uuid:uid>/photos", photos.photos, name="photos"),
    path("parcels/<uuid:uid>/end", parcels.end_parcel, name="end_parcel"),
    path("unused/<uuid:uid>/end", parcels.end_unused, name="end_unused"),
    path("patrols/go", patrols.choose, name="patrol"),
    path("patrols/go/<uuid:uid>", patrols.patrol, name="patrol_of"),
    path("patrols/<uuid:uid>/close", patrols.close, name="close_patrol"),
]
