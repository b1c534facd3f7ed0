"""Addresses of plans that went out: the list, the ledger, tasks, departments, one page for one plan, and the acts."""

from django.urls import URLPattern, URLResolver, path

from soildesk.plans.pages import department, documents, ledger, overview, plans, task, work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", plans.plan_list, name="list"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("department/", department.department, name="department"),
    path("reminders/", department.reminders, name="reminders"),
    path("evidence/", work.evidence, name="evidence"),
    path("tasks/<uuid:uid>/", task.task, name="task"),
    path("tasks/<uuid:uid>/documents/", documents.ask, name="ask_document"),
    path("documents/<uuid:uid>/file/", documents.file, name="file_document"),
    path("documents/<uuid:uid>/drop/", documents.drop, name="drop_document"),
    path("filings/<uuid:uid>/check/", documents.check, name="check_document"),
    path("assignments/<uuid:uid>/receive/", work.receive, name="receive"),
    path("assignments/<uuid:uid>/report/", work.report, name="report"),
    path("assignments/<uuid:uid>/verify/", work.verify, name="verify"),
    path("assignments/<uuid:uid>/return/", work.send_back, name="send_back"),
    path("assignments/<uuid:uid>/reassign/", work.reassign, name="reassign"),
    path("<uuid:uid>/", overview.overview_page, name="overview"),
]
