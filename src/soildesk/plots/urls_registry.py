"""Addresses of plots, their life, their lists, candidates and written notices."""

from django.urls import URLPattern, path

from soildesk.plots.pages import candidates, events, lists, national, notices

urlpatterns: list[URLPattern] = [
    path("p/<uuid:uid>/events", events.overview, name="events"),
    path("p/<uuid:uid>/events/<slug:kind>", events.new, name="event_new"),
    path("p/<uuid:uid>/begin", events.begin, name="begin"),
    path("p/<uuid:uid>/end", events.end, name="end"),
    path("p/<uuid:uid>/notice", notices.new, name="notice_new"),
    path("events/<uuid:uid>/back", events.back, name="event_back"),
    path("notices/<uuid:uid>/received", notices.received, name="notice_received"),
    path("notices/<uuid:uid>/withdraw", notices.withdraw, name="notice_withdraw"),
    path("notices/<uuid:uid>/letter.docx", notices.letter, {"kind": "docx"}, name="notice_letter"),
    path("notices/<uuid:uid>/letter.pdf", notices.letter, {"kind": "pdf"}, name="notice_letter_pdf"),
    path("lists/", lists.overview, name="lists"),
    path("lists/<slug:key>/", lists.show, name="list"),
    path("lists/<slug:key>/list.pdf", lists.printed, name="list_pdf"),
    path("public/<slug:code>/lists/<slug:key>/", lists.public, name="list_public"),
    path("list-notices/<uuid:uid>/file", lists.document, name="list_file"),
    path("list-notices/<uuid:uid>/plots", lists.move, name="list_move"),
    path("candidates/feed", candidates.feed, name="candidates_feed"),
    path("candidates/<uuid:uid>/confirm", candidates.confirm, name="candidate_confirm"),
    path("candidates/<uuid:uid>/link", candidates.link, name="candidate_link"),
    path("candidates/<uuid:uid>/dismiss", candidates.dismiss, name="candidate_dismiss"),
    path("candidates/<uuid:uid>/reopen", candidates.reopen, name="candidate_reopen"),
    path("national/", national.result, name="national_results"),
    path("national/<uuid:uid>/", national.result, name="national_result"),
    path("national/sheet.xlsx", national.sheet, name="national_sheet"),
]
