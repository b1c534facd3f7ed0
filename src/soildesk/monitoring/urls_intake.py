"""Addresses of laboratory files and results."""

from django.urls import URLPattern, path

from soildesk.monitoring.pages import exports, intake, laboratory, results

urlpatterns: list[URLPattern] = [
    path("batches/new/", intake.new, name="batch_new"),
    path("batches/<uuid:uid>/resume/", intake.resume, name="batch_resume"),
    path("batches/<uuid:uid>/give-up/", intake.give_up, name="batch_give_up"),
    path("batches/<uuid:uid>/accept/", intake.accept, name="batch_accept"),
    path("batches/<uuid:uid>/flag/", intake.flag, name="batch_flag"),
    path("batches/<uuid:uid>/return/", intake.send_back, name="batch_return"),
    path("batches/<uuid:uid>/report/", intake.report, name="batch_report"),
    path("batches/<uuid:uid>/compare/", intake.compare, name="batch_compare"),
    path("batches/<uuid:uid>/findings.xlsx", intake.findings_file, name="batch_findings"),
    path("findings/", intake.findings, name="findings"),
    path("check/", laboratory.check, name="check"),
    path("check/template.xlsx", laboratory.template, name="check_template"),
    path("sent/", laboratory.sent, name="sent"),
    path("sent/<uuid:uid>/", laboratory.one, name="sent_one"),
    path("results/<uuid:uid>/correct/", results.correct, name="result_correct"),
    path("results/<uuid:uid>/qualify/", results.qualify, name="result_qualify"),
    path("exports/", exports.listed, name="exports"),
    path("exports/new/", exports.new, name="export_new"),
    path("exports/<uuid:uid>/", exports.one, name="export"),
    path("exports/<uuid:uid>/results.<str:kind>", exports.file, name="export_file"),
]
