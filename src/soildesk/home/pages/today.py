"""今日: what is to be done, owed and watched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from soildesk.kit.access import staff_page


@staff_page()
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The first page of the day."""
    return render(request, "home/today.html", {})
