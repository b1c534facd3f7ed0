"""Addresses of pictures, surfaces and reports."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import pictures, pictures_analysis, pictures_report, pictures_surfaces

urlpatterns: list[URLPattern] = [
    path("series/", pictures.series, name="series"),
    path("campaigns/<uuid:uid>/report.docx", pictures_report.report, name="campaign_report"),
    path("analysis/", pictures_analysis.analysis, name="analysis"),
    path("analysis/profile/", pictures_analysis.profile, name="profile"),
    path("analysis/boxes/", pictures_analysis.boxes, name="boxes"),
    path("analysis/sources/", pictures_analysis.source_hints, name="sources"),
    path("analysis/surfaces/new", pictures_surfaces.new, name="surface_new"),
    path("analysis/surfaces/<uuid:uid>/", pictures_surfaces.one, name="surface"),
    path("analysis/surfaces/<uuid:uid>/<slug:what>.png", pictures_surfaces.picture, name="surface_picture"),
    path("analysis/surfaces/<uuid:uid>/<slug:what>.tif", pictures_surfaces.raster, name="surface_raster"),
]
