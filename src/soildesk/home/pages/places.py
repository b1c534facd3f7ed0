"""指标：各地情况. One measure of every place right below, those that have not reached it first; a letter begins from each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from soildesk.core import clock
from soildesk.core.permissions import Actor, may
from soildesk.home.pages.hindsight import answer_parts
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.measures import Outcome
from soildesk.supervision.queries import placefigures
from soildesk.supervision.queries.placefigures import PlaceFigure
from soildesk.supervision.services.letters import WRITE

OPEN = (Outcome.NOT_DONE, Outcome.CANNOT_SAY)
SHOWN = 50
"""Records listed under a place."""


@staff_page("supervision.read")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One measure, every place below."""
    actor, on = actor_of(request), min(page_day(request), clock.today())
    offered = sorted(placefigures.asked_of_places(), key=lambda one: (one.id.split(".")[0], str(one.title)))
    chosen = next((one for one in offered if one.id == request.GET.get("of")), None)
    found = placefigures.figures(actor, chosen, on) if chosen else []
    context = {
        "day": on,
        "today": clock.today(),
        "offered": offered,
        "chosen": chosen,
        "below": placefigures.below(actor, on),
        "rows": [_row(actor, one) for one in found],
        "crumbs": [(_("指标：各地情况"), "")],
    }
    return render(request, "home/places.html", context)


def _row(actor: Actor, one: PlaceFigure) -> dict[str, Any]:
    missed = [row for row in one.result.rows if not row.counts]
    letter = f"{reverse('supervision:new_letter')}?{urlencode({'from': 'figure', 'key': one.key})}"
    return {
        "name": one.division.name,
        **answer_parts(one.result),
        "missed": missed[:SHOWN],
        "missed_count": len(missed),
        "letter": letter if one.result.outcome in OPEN and may(actor, WRITE) else "",
    }
