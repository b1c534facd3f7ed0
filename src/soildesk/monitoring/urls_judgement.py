"""Addresses of judgements and warnings."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import alerts, verdicts

urlpatterns: list[URLPattern] = [
    path("verdicts/", verdicts.campaigns, name="verdicts_by_campaign"),
    path("campaigns/<uuid:uid>/verdicts", verdicts.verdicts, name="verdicts"),
    path("campaigns/<uuid:uid>/verdicts.xlsx", verdicts.excel, name="verdicts_excel"),
    path("campaigns/<uuid:uid>/rejudge", verdicts.rejudge, name="rejudge"),
    path("alerts/<uuid:uid>/<slug:name>", alerts.alert_act, name="alert_act"),
]
