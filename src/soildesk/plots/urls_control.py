"""Addresses of plots that are not developed for now: zones, years, rounds of inspection."""

from django.urls import URLPattern, path

from soildesk.plots.pages import control, controlrounds

urlpatterns: list[URLPattern] = [
    path("control/", control.overview, name="control"),
    path("control/years/new", control.open_year, name="control_open_year"),
    path("control/years/<uuid:uid>/file", control.file_plan, name="control_file"),
    path("control/years/<uuid:uid>/monitored", control.monitored, name="control_monitored"),
    path("control/rounds/", controlrounds.choose, name="control_rounds"),
    path("control/rounds/<uuid:uid>/confirm/<slug:what>", controlrounds.confirm, name="control_confirm"),
    path("control/rounds/<uuid:uid>/aside", controlrounds.set_aside, name="control_set_aside"),
    path("control/rounds/<uuid:uid>/measure", controlrounds.stop_spread, name="control_stop"),
    path("control/rounds/<uuid:uid>/back", controlrounds.back, name="control_round_back"),
    path("p/<uuid:uid>/zone", control.propose, name="control_propose"),
    path("p/<uuid:uid>/zone/approve", control.approve, name="control_approve"),
    path("p/<uuid:uid>/zone/announce", control.announce, name="control_announce"),
    path("p/<uuid:uid>/zone/sign", control.set_sign, name="control_sign"),
    path("p/<uuid:uid>/zone/end", control.end_zone, name="control_end"),
    path("p/<uuid:uid>/round", controlrounds.walk, name="control_round"),
]
