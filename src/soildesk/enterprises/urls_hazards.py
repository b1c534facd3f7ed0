"""Addresses of inspections, hazards, records of facilities and drawings of plants."""

from django.urls import URLPattern, path

from soildesk.enterprises.pages import hazards, inspections, plans

urlpatterns: list[URLPattern] = [
    path("inspections/new", inspections.begin, name="inspection_new"),
    path("inspections/<uuid:uid>/walk/", inspections.walk, name="inspection"),
    path("inspections/<uuid:uid>/walk/<uuid:facility>", inspections.sheet, name="inspection_sheet"),
    path("inspections/<uuid:uid>/finish", inspections.finish, name="inspection_finish"),
    path("inspections/<uuid:uid>/report.docx", inspections.report, name="inspection_report"),
    path("inspections/<uuid:uid>/ledger.xlsx", inspections.ledger, name="inspection_ledger"),
    path("inspections/<uuid:uid>/ledger-form.xlsx", inspections.ledger_form, name="inspection_ledger_form"),
    path("hazards/rates", hazards.rates, name="hazard_rates"),
    path("hazards/ledger.xlsx", hazards.ledger, name="hazard_ledger"),
    path("hazards/<uuid:uid>/<slug:name>", hazards.hazard_act, name="hazard_act"),
    path("facilities/<uuid:uid>/note", hazards.facility_note, name="facility_note"),
    path("facilities/<uuid:uid>/end", hazards.facility_end, name="facility_end"),
    path("plans/new", plans.new, name="plan_new"),
    path("plans/<uuid:uid>/", plans.show, name="plan"),
]
