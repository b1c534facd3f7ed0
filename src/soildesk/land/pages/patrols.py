"""Patrols on the spot: find the land, say what was seen, photograph it, and go on; made for a telephone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.geometry import Point

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.filters import contains
from soildesk.kit.record_pages import SAVED
from soildesk.land.models import Patrol, UnusedLandVersion
from soildesk.land.pages.forms import CloseForm, PatrolForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.land.queries import owed, standing
from soildesk.land.services import patrols
from soildesk.land.services.patrols import Photo, Seen
from soilrules.geodesy import measure

MOST = 30
DIRECTIONS = (("east", _l("东")), ("south", _l("南")), ("west", _l("西")), ("north", _l("北")))


@staff_page("land.patrol")
def choose(request: HttpRequest) -> HttpResponse:
    """The land to look at: what is owed first, then by name; nearest first where the telephone says where it is."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    rows = _rows(standing.unused_land(actor, actor.today), text)
    near = _position(request.GET)
    found = [_card(row) for row in rows[:500].values(*CARD)]
    owed.add_rounds(found, actor, actor.today)
    for card in found:
        card |= {"late": card["_late"], "due": card["_due"], "last": card["_last"]}
    found.sort(key=lambda card: (_metres(card, near), card["due"] or date.max))
    context = {
        "cards": found[:MOST],
        "more": max(0, len(found) - MOST),
        "text": text,
        "near": near,
        "crumbs": [(_("巡查记录"), reverse("kit:collection", args=["patrols"])), (_("去巡查"), "")],
        "saved_draft": request.session.pop(SAVED, ""),
    }
    return render(request, "land/patrol_choose.html", context)


CARD = ("land__uid", "land_id", "land__number", "name", "town", "area_m2", "geometry")


def _rows(rows: QuerySet[UnusedLandVersion], text: str) -> QuerySet[UnusedLandVersion]:
    for word in text.split():
        rows = rows.filter(contains(("name", "code", "land__number"), word))
    return rows.order_by("land__number")


def _card(row: dict[str, Any]) -> dict[str, Any]:
    middle = row.pop("geometry").representative_point()
    return {**row, "x": middle.x, "y": middle.y, "uid": row["land__uid"], "number": row["land__number"]}


def _position(said: Any) -> tuple[float, float] | None:
    try:
        return float(said.get("longitude", "")), float(said.get("latitude", ""))
    except ValueError:
        return None


def _metres(card: dict[str, Any], near: tuple[float, float] | None) -> float:
    """How far a piece of land is, near enough for an order; kept on the card to be shown."""
    if near is None:
        return 0.0
    card["metres"] = round(float(measure.GEOD.inv(near[0], near[1], card["x"], card["y"])[2]))
    return float(card["metres"])


@staff_page("land.patrol")
def patrol(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what was seen on one piece of land, with photographs in four directions and the position."""
    actor = actor_of(request)
    version = owed.land_of(actor, str(uid), actor.today)
    if version is None:
        raise Http404(str(uid))
    require(actor, "land.patrol", version)
    form = posted(PatrolForm, request, {"on": clock.today(), "found": Patrol.Found.NOTHING})
    draft = f"{actor.person.uid if actor.person else ''}.patrol.{uid}"
    context = {
        "form": form,
        "version": version,
        "directions": DIRECTIONS,
        "draft": draft,
        "crumbs": [(_("去巡查"), reverse("land:patrol")), (version.name, "")],
    }
    if request.method == "POST" and form.is_valid():
        try:
            made = patrols.record(version, _seen(form), by=actor, at=clock.now(), photos=_photos(request))
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            request.session[SAVED] = draft
            messages.success(request, _("已登记对“%(name)s”的巡查。") % {"name": version.name})
            return HttpResponseRedirect(reverse("land:patrol") if request.POST.get("next") else _url(made))
    status = 422 if request.method == "POST" else 200
    return render(request, "land/patrol.html", context, status=status)


def _url(visit: Patrol) -> str:
    return reverse("kit:record", args=["patrols", str(visit.uid)])


def _seen(form: PatrolForm) -> Seen:
    said = form.cleaned_data
    placed = said["longitude"] is not None and said["latitude"] is not None
    point = Point(said["longitude"], said["latitude"]) if placed else None
    return Seen(said["found"], said["on"], said["note"], said["action"], point)


def _photos(request: HttpRequest) -> list[Photo]:
    """The photographs, each with the direction it looks in."""
    taken: list[tuple[UploadedFile, str]] = []
    for key, word in DIRECTIONS:
        taken += [(upload, str(word)) for upload in request.FILES.getlist(f"photo-{key}")]
    taken += [(upload, "") for upload in request.FILES.getlist("photo-other")]
    return [Photo(upload.name or "photo.jpg", upload.read(), towards) for upload, towards in taken]


@staff_page("land.patrol")
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close a finding with what was done about it."""
    visit, actor = _visit(actor_of(request), uid), actor_of(request)
    require(actor, "land.patrol", visit)

    def write(said: dict[str, Any]) -> str:
        patrols.close(visit, said["action"], by=actor, at=clock.now(), on=said["on"])
        return _("已办结。")

    context = {
        "title": _("办结：%(found)s") % {"found": visit.get_found_display()},
        "note": visit.note,
        "crumbs": [(_("巡查记录"), reverse("kit:collection", args=["patrols"])), (_("办结"), "")],
        "save": _("办结"),
    }
    form = posted(CloseForm, request, {"on": clock.today()})
    return asked(request, form, context, write, _url(visit))


def _visit(actor: Actor, uid: UUID) -> Patrol:
    visit = Patrol.objects.visible_to(actor).select_related("land").filter(uid=uid).first()
    if visit is None:
        raise Http404(str(uid))
    return visit
