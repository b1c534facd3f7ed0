"""Addresses of the front `maps`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.maps import basemap, pages, sheetpages

app_name = "maps"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.the_map, name="map"),
    path("setup.json", pages.setup, name="setup"),
    path("at", pages.at, name="at"),
    path("find", pages.find, name="find"),
    path("inside", pages.inside, name="inside"),
    path("names.json", pages.names, name="names"),
    path("measure", pages.measured, name="measure"),
    path("card/<slug:collection>/<str:key>", pages.card, name="card"),
    path("shape/<slug:collection>/<str:key>", pages.shape, name="shape"),
    path("base/<int:z>/<int:x>/<int:y>", basemap.base_tile, name="base"),
    path("sheet", sheetpages.sheet, name="sheet"),
    path("sheet/job", sheetpages.by_job, name="sheet_job"),
    path("sheet/preview.png", sheetpages.preview, name="sheet_preview"),
]
