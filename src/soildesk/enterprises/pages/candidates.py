"""Firms that ceased or lost their permit: candidates of the register of plots."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from soildesk.enterprises.queries.candidates import candidates
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day


@staff_page("enterprises.read")
def overview(request: HttpRequest) -> HttpResponse:
    """All of a day, with their grounds and whether a survey was filed."""
    on = page_day(request)
    return render(request, "enterprises/candidates.html", {"rows": candidates(actor_of(request), on), "on": on})
