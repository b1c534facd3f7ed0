"""Addresses of reports, their review, first-pass rates and lots."""

from django.urls import URLPattern, path

from soildesk.plots.pages import panels, reports, reporttargets, reviews

urlpatterns: list[URLPattern] = [
    path("p/<uuid:uid>/reports/new", reports.choose, name="reports_new"),
    path("p/<uuid:uid>/reports/new/<slug:kind>", reports.new, name="report_new"),
    path("reports/<uuid:uid>/edit", reports.edit, name="report_edit"),
    path("reports/<uuid:uid>/files", reports.attach, name="report_attach"),
    path("reports/<uuid:uid>/data", reports.data, name="report_data"),
    path("reports/<uuid:uid>/targets/new", reporttargets.new, name="report_target_new"),
    path("reports/<uuid:uid>/targets/<int:no>", reporttargets.edit, name="report_target"),
    path("reports/<uuid:uid>/targets/<int:no>/drop", reporttargets.drop, name="report_target_drop"),
    path("reports/<uuid:uid>/submit", reports.submit, name="report_submit"),
    path("reports/<uuid:uid>/complete", reports.complete, name="report_complete"),
    path("reports/<uuid:uid>/return", reports.give_back, name="report_return"),
    path("reports/<uuid:uid>/withdraw", reports.withdraw, name="report_withdraw"),
    path("reports/<uuid:uid>/publish", reports.publish, name="report_publish"),
    path("reports/<uuid:uid>/upload", reports.upload, name="report_upload"),
    path("reports/<uuid:uid>/opinion", reviews.opinion, name="report_opinion"),
    path("reports/<uuid:uid>/expert", reviews.expert, name="report_expert"),
    path("reports/<uuid:uid>/ground", reviews.overrule, name="report_ground"),
    path("reports/<uuid:uid>/forms/<slug:key>", reviews.quality_form, name="report_form"),
    path("reports/<uuid:uid>/accept", reviews.accept, name="report_accept"),
    path("reports/<uuid:uid>/take-back", reviews.take_back, name="report_take_back"),
    path("reports/<uuid:uid>/recheck", reviews.rechecked, name="report_rechecked"),
    path("reports/<uuid:uid>/ask", panels.ask_experts, name="report_ask"),
    path("experts/<uuid:uid>/account", panels.account, name="expert_account"),
    path("panels/", panels.own, name="panels"),
    path("panels/<uuid:uid>", panels.sheet, name="panel"),
    path("panels/<uuid:uid>/files/<uuid:file>", panels.paper, name="panel_file"),
    path("first-pass/", reviews.first_pass, name="first_pass"),
    path("rechecks/", reviews.rechecks, name="rechecks"),
    path("rechecks/new", reviews.draw, name="recheck_draw"),
]
