"""Addresses of lists and notices."""

from django.urls import URLPattern, path

from soildesk.enterprises.pages import comparing, lists, proposals

urlpatterns: list[URLPattern] = [
    path("lists/", lists.overview, name="lists"),
    path("compare/<uuid:uid>/<int:pk>/decline", comparing.decline, name="compare_decline"),
    path("proposals/make", proposals.make, name="proposals_make"),
    path("proposals/<uuid:uid>/decide", proposals.decide, name="proposal_decide"),
    path("lists/<slug:key>/", lists.show, name="list"),
    path("lists/<slug:key>/list.pdf", lists.printed, name="list_pdf"),
    path("public/<slug:code>/lists/<slug:key>/", lists.public, name="list_public"),
    path("firms/<uuid:uid>/enter", lists.enter, name="enter"),
    path("listings/<uuid:uid>/leave", lists.leave, name="leave"),
    path("listings/<uuid:uid>/withdraw", lists.withdraw, name="withdraw"),
    path("notices/<uuid:uid>/file", lists.notice_file, name="notice_file"),
]
