"""Addresses of rounds of 调度 and their sheets."""

from django.urls import URLPattern, URLResolver, path

from soildesk.supervision.pages import rounds, sheets

urlpatterns: list[URLPattern | URLResolver] = [
    path("rounds/open", rounds.open_round, name="round_open"),
    path("rounds/<uuid:uid>/units", rounds.add_units, name="round_units"),
    path("rounds/<uuid:uid>/close", rounds.close_round, name="round_close"),
    path("rounds/<uuid:uid>/rows", rounds.rows, name="round_rows"),
    path("rounds/<uuid:uid>/ranking/", rounds.ranking, name="round_ranking"),
    path("rounds/<uuid:uid>/ranking/rows", rounds.cases, name="round_cases"),
    path("rounds/<uuid:uid>/summary.docx", rounds.word, name="round_word"),
    path("rounds/<uuid:uid>/summary.xlsx", rounds.excel, name="round_excel"),
    path("sheets/<uuid:uid>/fill", sheets.fill, name="sheet_fill"),
    path("sheets/<uuid:uid>/read", sheets.read, name="sheet_read"),
    path("sheets/<uuid:uid>/return", sheets.send_back, name="sheet_return"),
]
