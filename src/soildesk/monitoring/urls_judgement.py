"""Addresses of judgements and warnings."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import alerts, ownerrules, verdicts

urlpatterns: list[URLPattern] = [
    path("verdicts/", verdicts.campaigns, name="verdicts_by_campaign"),
    path("campaigns/<uuid:uid>/verdicts", verdicts.verdicts, name="verdicts"),
    path("campaigns/<uuid:uid>/verdicts.xlsx", verdicts.excel, name="verdicts_excel"),
    path("campaigns/<uuid:uid>/rejudge", verdicts.rejudge, name="rejudge"),
    path("owner-rules/new", ownerrules.new, name="owner_rule_new"),
    path("owner-rules/<uuid:uid>", ownerrules.one, name="owner_rule"),
    path("alerts/<uuid:uid>/<slug:name>", alerts.alert_act, name="alert_act"),
]
