"""开始使用: what a new desk still needs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from soildesk.home.queries import begin
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day


@staff_page()
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every step of the first week with what is there and where the rest is brought in; none for whoever only uses the desk."""
    found = begin.stages(actor_of(request), page_day(request))
    if not found:
        raise Http404("begin")
    return render(request, "home/begin.html", {"stages": found})
