"""Addresses of the library of standards and of standards of places."""

from django.urls import URLPattern, URLResolver, path

from soildesk.standards.pages import library, local

urlpatterns: list[URLPattern | URLResolver] = [
    path("library/", library.editions, name="library"),
    path("library/export", library.export_all, name="library_export"),
    path("library/editions/<slug:slug>", library.edition, name="edition"),
    path("library/editions/<slug:slug>/export", library.export_edition, name="edition_export"),
    path("library/analytes/", library.analytes_page, name="analytes"),
    path("library/analytes/<slug:slug>", library.analyte, name="analyte"),
    path("local/", local.edition_list, name="local"),
    path("local/template", local.template, name="local_template"),
    path("local/proposals/", local.proposal_list, name="proposals"),
    path("local/proposals/<uuid:uid>", local.proposal, name="proposal"),
    path("local/proposals/<uuid:uid>/accept", local.accept, name="local_accept"),
    path("local/proposals/<uuid:uid>/decline", local.decline, name="local_decline"),
    path("local/<uuid:uid>", local.local_edition, name="local_edition"),
    path("local/<uuid:uid>/export", local.local_export, name="local_export"),
]
