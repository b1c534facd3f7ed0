"""Addresses of filings: the own firm, one filing and its acts, and what everybody may read."""

from django.urls import URLPattern, path

from soildesk.enterprises.pages import filingpublic, filings, filingsheets, own

urlpatterns: list[URLPattern] = [
    path("own/", own.home, name="own"),
    path("own/<uuid:uid>/", own.card, name="own_card"),
    path("own/<uuid:uid>/filings/new", own.new, name="filing_new"),
    path("own/<uuid:uid>/<int:year>/book.xlsx", filingsheets.book, name="own_book"),
    path("own/<uuid:uid>/<int:year>/book", filingsheets.upload, name="own_book_take"),
    path("filings/<uuid:uid>/", filings.show, name="filing"),
    path("filings/<uuid:uid>/edit", filings.edit, name="filing_edit"),
    path("filings/<uuid:uid>/keep", filings.keep, name="filing_keep"),
    path("filings/<uuid:uid>/submit", filings.submit, name="filing_submit"),
    path("filings/<uuid:uid>/withdraw", filings.withdraw, name="filing_withdraw"),
    path("filings/<uuid:uid>/return", filings.give_back, name="filing_return"),
    path("filings/<uuid:uid>/accept", filings.accept, name="filing_accept"),
    path("filings/<uuid:uid>/receipt", filings.receipt, name="filing_receipt"),
    path("filings/<uuid:uid>/release", filings.release, name="filing_release"),
    path("public/<slug:code>/filings/", filingpublic.released, name="filings_public"),
    path("public/<slug:code>/firms/<uuid:uid>/", filingpublic.of_firm, name="firm_public"),
]
