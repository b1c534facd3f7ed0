"""The one search of the frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.kit import search as sources
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day

LONGEST = 100


@staff_page()
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything the words stand in, by kind of record."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = list(sources.found(actor_of(request), text, page_day(request))) if text else []
    page = {"search_text": text, "found": found, "crumbs": [(_("搜索"), "")]}
    return render(request, "home/search.html", page)
