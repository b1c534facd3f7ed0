"""会前一览: one page before a meeting. What is dear to work out comes after the page, or from what was kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.home.queries import director, keeping, outlook
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, parse_day
from soildesk.supervision.queries import owed

NEEDED = "supervision.read"


@staff_page(NEEDED)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What is red, who is behind, what waits for me, what comes, what changed since the last meeting."""
    actor, on = actor_of(request), page_day(request)
    since = _since(request, on)
    found = outlook.kept(actor, on)
    context: dict[str, Any] = {
        "brief": director.brief(actor, on, since),
        "since": since,
        "week_days": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        "checked": found,
        "stale": not keeping.is_fresh(found),
        "crumbs": [(_("会前一览"), "")],
    }
    return render(request, "home/director.html", context)


@staff_page(NEEDED)
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The part that asks every register; a page of its own where no script fetches it."""
    actor, on = actor_of(request), page_day(request)
    part = request.headers.get("HX-Request") == "true"
    context = {"checked": outlook.checked(actor, on), "stale": False, "crumbs": [(_("会前一览"), "")]}
    return render(request, "home/director_records.html" if part else "home/director_alone.html", context)


def _since(request: HttpRequest, on: date) -> date:
    """The day asked for, that of the last meeting on record, or a week ago where none was held."""
    asked = parse_day(request.GET.get("since", ""))
    if asked and asked <= on:
        return asked
    return owed.last_meeting(actor_of(request), on) or on - director.WEEK
