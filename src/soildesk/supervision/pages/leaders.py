"""Naming who leads a unit, on the page of the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.supervision.queries import leaders as reads
from soildesk.supervision.queries import places
from soildesk.supervision.services import leaders
from soildesk.supervision.services.ruling import RULES


def shown(place: Any) -> dict[str, Any]:
    """What the page of the rules shows of leaders."""
    return {"leaders": reads.leaders(place), "leader_choices": reads.candidates(place)}


def _done(request: HttpRequest, actor: Actor, department: Any, person: Any) -> HttpResponse:
    try:
        leaders.name(department, person, by=actor, at=clock.now())
        messages.success(request, _("已登记%(unit)s的主要负责人。") % {"unit": department})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("supervision:rules") + "#leaders")


@require_POST
@staff_page(RULES)
def name(request: HttpRequest) -> HttpResponse:
    """Somebody leads the department they work for."""
    actor = actor_of(request)
    place = places.place_for(actor)
    said = request.POST.get("person", "")
    person = reads.person_of(place, int(said)) if place and said.isdecimal() else None
    if person is None:
        raise Http404(said)
    require(actor, RULES, person.department)
    return _done(request, actor, person.department, person)


@require_POST
@staff_page(RULES)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody is named any more."""
    actor = actor_of(request)
    place = places.place_for(actor)
    row = reads.leader_of(place, pk) if place else None
    if row is None:
        raise Http404(str(pk))
    return _done(request, actor, row.department, None)
