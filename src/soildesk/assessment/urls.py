"""Addresses of the room `assessment`; lists and records of its registers are kit's (`/kit/r/<collection>/`)."""

from django.urls import URLPattern, URLResolver, path

from soildesk.assessment.pages import acting, items, papers, schemes, since, whatif

app_name = "assessment"

urlpatterns: list[URLPattern | URLResolver] = [
    path("schemes/", schemes.every, name="schemes"),
    path("schemes/upload", schemes.upload, name="upload"),
    path("schemes/<slug:name>/scheme.xlsx", schemes.workbook, name="workbook"),
    path("schemes/adopted/<uuid:uid>.xlsx", schemes.own_workbook, name="own_workbook"),
    path("schemes/<slug:name>/adopt", schemes.adopt, name="adopt"),
    path("open", schemes.open_, name="open"),
    path("<uuid:uid>/scheme", schemes.of_assessment, name="scheme"),
    path("<uuid:uid>/what-if", whatif.what_if, name="what_if"),
    path("<uuid:uid>/since", since.since, name="since"),
    path("<uuid:uid>/assessment.docx", papers.word, name="word"),
    path("<uuid:uid>/frozen.json", papers.frozen, name="frozen"),
    path("<uuid:uid>/items/<slug:name>/", items.item, name="item"),
    path("<uuid:uid>/items/<slug:name>/fill", items.fill, name="fill"),
    path("<uuid:uid>/items/<slug:name>/confirm", items.confirm, name="confirm"),
    path("<uuid:uid>/rows/<int:pk>", acting.check_row, name="check_row"),
    path("<uuid:uid>/objections/<uuid:objection>", acting.answer, name="answer"),
    path("<uuid:uid>/proposals/<uuid:proposal>", acting.decide, name="decide"),
    path("<uuid:uid>/<slug:name>", acting.act, name="act"),
]
