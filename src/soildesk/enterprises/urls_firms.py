"""Addresses of acts on enterprises, sites and results of assessments; their lists and records are kit's."""

from django.urls import URLPattern, path

from soildesk.enterprises.pages import firms, waste

urlpatterns: list[URLPattern] = [
    path("firms/<uuid:uid>/deregister", firms.deregister, name="deregister"),
    path("firms/<uuid:uid>/succession", firms.succession, name="succession"),
    path("firms/<uuid:uid>/represent", firms.represent, name="represent"),
    path("successions/<uuid:uid>/supersede", firms.supersede, name="succession_supersede"),
    path("representatives/<int:pk>/end", firms.end_representative, name="represent_end"),
    path("waste/<uuid:uid>/back", waste.take_back, name="waste_back"),
    path("waste/<uuid:uid>/file", waste.document, name="waste_file"),
    path("sites/<uuid:uid>/end", firms.end_site, name="end_site"),
]
