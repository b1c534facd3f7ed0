"""Addresses of safe use and strict control: the rate, plans, zones, papers of their records."""

from django.urls import URLPattern, path

from soildesk.farmland.pages import rates, use, useacts

urlpatterns: list[URLPattern] = [
    path("rate/", rates.show, name="rate"),
    path("rate/paper", rates.paper, name="rate_paper"),
    path("rate/approved/<uuid:uid>/explain", useacts.rate_explain, name="rate_explain"),
    path("plans/<uuid:uid>/approve", useacts.plan_approve, name="plan_approve"),
    path("plans/<uuid:uid>/upload", useacts.plan_upload, name="plan_upload"),
    path("plans/<uuid:uid>/worker", useacts.plan_worker, name="plan_worker"),
    path("plans/<uuid:uid>/evaluate", useacts.plan_evaluate, name="plan_evaluate"),
    path("reports/<uuid:uid>/receive", useacts.report_receive, name="report_receive"),
    path("techniques/<uuid:uid>/recommend", useacts.recommend, name="technique_recommend"),
    path("techniques/<uuid:uid>/strike", useacts.strike, name="technique_strike"),
    path("zones/exit", useacts.crop_exit, name="crop_exit"),
    path("zones/<uuid:uid>/approve", useacts.zone_approve, name="zone_approve"),
    path("zones/<uuid:uid>/announce", useacts.zone_announce, name="zone_announce"),
    path("zones/<uuid:uid>/sign", useacts.zone_sign, name="zone_sign"),
    path("zones/<uuid:uid>/end", useacts.zone_end, name="zone_end"),
    path("use/<slug:collection>/<uuid:uid>/paper", use.paper, name="use_paper"),
    path("use/<slug:collection>/<uuid:uid>/back", use.back, name="use_back"),
]
