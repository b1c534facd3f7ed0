"""Visits on the spot: the firms drawn and near, one record with photographs and problems, corrections; made for a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.geometry import Point

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.pages.firms import firm_or_404
from soildesk.enterprises.queries import firms
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.filters import contains
from soildesk.kit.record_pages import SAVED
from soildesk.land.pages.forms import posted
from soildesk.land.services.patrols import Photo
from soildesk.oversight.models import Visit
from soildesk.oversight.pages.forms_visits import CorrectForm, FoundSet, VisitForm
from soildesk.oversight.queries import visits
from soildesk.oversight.services import visits as service
from soildesk.oversight.services.visits import VISIT, FoundProblem, Seen, Where

MOST = 30
PHOTOS = (("gate", _l("门口")), ("site", _l("现场")), ("spot", _l("问题部位")), ("paper", _l("台账资料")))
"""Each taken with the camera; any number of others is chosen from those taken before."""


@staff_page(VISIT)
def choose(request: HttpRequest) -> HttpResponse:
    """The firms to visit: those drawn first, any other by name."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    drawn = visits.to_visit(actor)
    found: list[Any] = []
    if text:
        rows = firms.enterprises(actor, actor.today)
        for word in text.split():
            rows = rows.filter(contains(("name", "former_names", "credit_code", "enterprise__number"), word))
        found = list(rows.select_related("enterprise").order_by("name")[:MOST])
    context = {
        "drawn": drawn[: MOST * 2],
        "more": max(0, len(drawn) - MOST * 2),
        "found": found,
        "text": text,
        "crumbs": [(_("现场检查"), reverse("kit:collection", args=["visits"])), (_("去检查"), "")],
        "saved_draft": request.session.pop(SAVED, ""),
    }
    return render(request, "oversight/visit_choose.html", context)


@staff_page(VISIT)
def visit_firm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write a visit down."""
    actor = actor_of(request)
    firm = firm_or_404(actor, uid)
    require(actor, VISIT, firm)
    plan = _plan(request, actor)
    first = {"on": actor.today, "inspectors": actor.person.name if actor.person else ""}
    form = posted(VisitForm, request, first)
    found = FoundSet(request.POST if request.method == "POST" else None, prefix="problem")

    def write() -> Visit:
        told = [FoundProblem(one["fact"], one["requirement"], one["due"]) for one in found.cleaned_data if one]
        return service.record(Where(firm, plan), _seen(request, form), told, by=actor, at=clock.now())

    context = {"form": form, "found": found, "firm": firm, "plan": plan, "name": firm.name}
    draft = f"{_person(actor)}.visit.{firm.enterprise.uid}"
    return _answer(request, context, write, draft)


@staff_page(VISIT)
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Tell a visit anew, with the reason."""
    actor = actor_of(request)
    standing = visits.visit_of(actor, uid)
    if standing is None or standing.superseded_at is not None:
        raise Http404(str(uid))
    require(actor, VISIT, standing)
    names = ("found", "note", "on", "inspectors")
    first: dict[str, Any] = {name: getattr(standing, name) for name in names}
    if standing.point is not None:
        first |= {"longitude": standing.point.x, "latitude": standing.point.y}
    form = posted(CorrectForm, request, first)

    def write() -> Visit:
        seen = _seen(request, form)
        return service.correct(standing, seen, form.cleaned_data["reason"], by=actor, at=clock.now())

    name = firms.names_of([standing.enterprise_id], actor.today).get(standing.enterprise_id, "")
    context = {"form": form, "standing": standing, "plan": standing.plan, "name": name}
    return _answer(request, context, write, f"{_person(actor)}.visit.{standing.uid}")


def _answer(request: HttpRequest, context: dict[str, Any], write: Callable[[], Visit], draft: str) -> HttpResponse:
    """The page, a refusal in words, or the visit that was written."""
    listed = reverse("kit:collection", args=["visits"])
    context |= {"draft": draft, "photos": PHOTOS, "crumbs": [(_("现场检查"), listed), (context["name"], "")]}
    found = context.get("found")
    if request.method == "POST" and context["form"].is_valid() and (found is None or found.is_valid()):
        try:
            made = write()
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            request.session[SAVED] = draft
            messages.success(request, _("已登记检查 %(number)s。") % {"number": made.number})
            return HttpResponseRedirect(reverse("kit:record", args=["visits", str(made.uid)]))
    return render(request, "oversight/visit.html", context, status=422 if request.method == "POST" else 200)


def _plan(request: HttpRequest, actor: Actor) -> Any:
    """The plan named in the address; nothing where none is."""
    text = request.GET.get("plan", "")
    if not text:
        return None
    try:
        plan = visits.plan_of(actor, UUID(text))
    except ValueError:
        plan = None
    if plan is None:
        raise Http404(text)
    return plan


def _person(actor: Actor) -> str:
    return str(actor.person.uid) if actor.person else ""


def _seen(request: HttpRequest, form: Any) -> Seen:
    said = form.cleaned_data
    placed = said["longitude"] is not None and said["latitude"] is not None
    taken = [(one, str(word)) for key, word in PHOTOS for one in request.FILES.getlist(f"photo-{key}")]
    taken += [(one, "") for one in request.FILES.getlist("photo-other")]
    photos = [Photo(one.name or "photo.jpg", one.read(), shows) for one, shows in taken]
    return Seen(
        on=said["on"],
        inspectors=said["inspectors"],
        found=said["found"],
        note=said["note"],
        point=Point(said["longitude"], said["latitude"]) if placed else None,
        photos=photos,
    )
