"""Addresses of units, their households and the classes that were approved."""

from django.urls import URLPattern, path

from soildesk.farmland.pages import approved, fromparcels, lineage, units

urlpatterns: list[URLPattern] = [
    path("classes/", approved.overview, name="classes"),
    path("classes/list.xlsx", approved.class_list, name="class_list"),
    path("decisions/<uuid:uid>/file", approved.decision_file, name="decision_file"),
    path("decisions/<uuid:uid>/receipt", approved.decision_receipt, name="decision_receipt"),
    path("decisions/<uuid:uid>/back", approved.decision_back, name="decision_back"),
    path("units/<uuid:uid>/split", lineage.split, name="unit_split"),
    path("units/from-parcels", fromparcels.page, name="units_from_parcels"),
    path("units/merge", lineage.merge, name="unit_merge"),
    path("units/reshape", lineage.reshape, name="unit_reshape"),
    path("units/<uuid:uid>/end", units.end, name="unit_end"),
    path("units/<uuid:uid>/households", units.place_households, name="unit_households"),
    path("households/<uuid:uid>/end", units.household_end, name="household_end"),
]
