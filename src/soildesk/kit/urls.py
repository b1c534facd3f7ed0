"""Addresses of the room `kit`."""

from django.urls import URLPattern, URLResolver, path

from soildesk.kit import bulk_pages, form_pages, gallery, import_pages, record_pages, staff_pages, views
from soildesk.kit.gis import pages as gis_pages

app_name = "kit"

urlpatterns: list[URLPattern | URLResolver] = [
    path("views/<str:register>/save", views.save_view, name="save_view"),
    path("views/<uuid:uid>/delete", views.delete_view, name="delete_view"),
    path("imports/", import_pages.import_list, name="imports"),
    path("imports/new/<str:kind>", import_pages.new_import, name="import_new"),
    path("imports/<uuid:uid>", import_pages.show_import, name="import"),
    path("imports/<uuid:uid>/accept", import_pages.accept_import, name="import_accept"),
    path("imports/<uuid:uid>/reject", import_pages.reject_import, name="import_reject"),
    path("staff/<slug:which>/template", staff_pages.template, name="staff_template"),
    path("gis/import", gis_pages.new_import, name="gis_import"),
    path("gis/imports/<uuid:uid>", gis_pages.ask, name="gis_ask"),
    path("gis/imports/<uuid:uid>/give-up", gis_pages.give_up, name="gis_give_up"),
    path("overlay", gis_pages.overlay, name="overlay"),
    path("r/<slug:collection>/", record_pages.collection_list, name="collection"),
    path("r/<slug:collection>/new", form_pages.add, name="collection_add"),
    path("r/<slug:collection>/template", form_pages.template, name="collection_template"),
    path("r/<slug:collection>/bulk", bulk_pages.bulk_edit, name="collection_bulk"),
    path("r/<slug:collection>/<str:key>/edit", form_pages.edit, name="collection_edit"),
    path("r/<slug:collection>/<str:key>", record_pages.show, name="record"),
    path("gallery", gallery.gallery, name="gallery"),
]
