"""Sampling on the spot: the samples near by, one record with its photographs, corrections; made for a telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.geometry import Point

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.filters import contains
from soildesk.kit.record_pages import SAVED
from soildesk.land.pages.forms import posted
from soildesk.land.services.patrols import Photo
from soildesk.monitoring import localrules
from soildesk.monitoring.models import FieldRecord, Medium, SamplingTask
from soildesk.monitoring.pages.forms_network import CorrectForm, RecordForm
from soildesk.monitoring.queries import network
from soildesk.monitoring.services import fieldwork
from soildesk.monitoring.services.fieldwork import READINGS
from soilrules.geodesy import measure

MOST = 40
PHOTOS = (("east", _l("东")), ("south", _l("南")), ("west", _l("西")), ("north", _l("北")), ("label", _l("标签")))
OF_SOIL = frozenset({"ph", "temperature_c", "pid_ppm"})
OF_WATER = frozenset(READINGS) - {"pid_ppm"}
OF_GROUNDWATER = OF_WATER
OF_MEDIUM: Mapping[str, frozenset[str]] = {
    Medium.SOIL: OF_SOIL,
    Medium.SEDIMENT: OF_SOIL,
    Medium.GROUNDWATER: OF_GROUNDWATER,
    Medium.SURFACE_WATER: OF_WATER - {"water_depth_m"},
    Medium.IRRIGATION: OF_WATER - {"water_depth_m"},
    Medium.AIR: frozenset({"temperature_c"}),
    Medium.PRODUCE: frozenset(),
}
OF_GROUND = ("texture", "colour", "odour", "moisture")
PLAIN = (
    "texture", "colour", "odour", "moisture", "weather", "land_use", "crop", "container", "sampler", "witness", "note",
    "place_reason", "depth_from_cm", "depth_to_cm",
)  # fmt: skip


@staff_page("monitoring.sample")
def choose(request: HttpRequest) -> HttpResponse:
    """The samples to take: what is late first, then by day; nearest first where the telephone says where it is."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()
    near, everyone = _position(request.GET), request.GET.get("all") == "1"
    rows = network.tasks(actor, actor.today).filter(state=SamplingTask.State.PLANNED, campaign__state="running")
    mine = actor.person.department_id if actor.person else None
    own = rows.filter(unit=mine)
    everyone = everyone or not own.exists()
    for word in text.split():
        rows, own = (each.filter(contains(("code", "point__number", "campaign__title"), word)) for each in (rows, own))
    wanted = rows if everyone else own
    cards = [_card(row, near, actor.today) for row in wanted.order_by("due", "code").values(*CARD)[:1000]]
    cards.sort(key=lambda card: (card["metres"] is None, card["metres"] or 0.0, card["due"] or date.max, card["code"]))
    context = {
        "cards": cards[:MOST],
        "more": max(0, len(cards) - MOST),
        "text": text,
        "near": near,
        "everyone": everyone,
        "has_own": own.exists() or not everyone,
        "crumbs": [(_("采样任务"), reverse("kit:collection", args=["sampling_tasks"])), (_("去采样"), "")],
        "saved_draft": request.session.pop(SAVED, ""),
    }
    return render(request, "monitoring/field_choose.html", context)


CARD = ("uid", "code", "medium", "point_name", "town", "due", "planned_at", "campaign__title", "unit_name", "depth_from_cm", "depth_to_cm")  # fmt: skip


def _card(row: dict[str, Any], near: tuple[float, float] | None, on: date) -> dict[str, Any]:
    at = row.pop("planned_at")
    metres = None
    if near and at is not None:
        metres = round(float(measure.GEOD.inv(near[0], near[1], at.x, at.y)[2]))
    return {
        **row, "metres": metres, "late": bool(row["due"] and row["due"] < on), "campaign": row["campaign__title"],
        "medium_word": str(Medium(row["medium"]).label),
    }  # fmt: skip


def _position(said: Any) -> tuple[float, float] | None:
    try:
        return float(said.get("longitude", "")), float(said.get("latitude", ""))
    except ValueError:
        return None


@staff_page("monitoring.sample")
def record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write one sample down."""
    actor, task = actor_of(request), _task(request, uid)
    if task.state != SamplingTask.State.PLANNED:
        return HttpResponseRedirect(_url(task))
    now = timezone.localtime(clock.now()).replace(tzinfo=None)
    initial = {
        "sampled_at": now,
        "depth_from_cm": task.depth_from_cm,
        "depth_to_cm": task.depth_to_cm,
        "sampler": actor.person.name if actor.person else "",
    }
    form = _of_medium(posted(RecordForm, request, initial), task)

    def write() -> FieldRecord:
        return fieldwork.record(task, _said(request, form), by=actor, at=clock.now(), photos=_photos(request))

    return _page(request, task, form, write)


@staff_page("monitoring.sample")
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct the record of a sample, with the reason."""
    actor, task = actor_of(request), _task(request, uid)
    standing = task.records.filter(superseded_at=None).first()
    if standing is None:
        raise Http404(str(uid))
    initial = {name: getattr(standing, name) for name in PLAIN}
    initial["sampled_at"] = timezone.localtime(standing.sampled_at).replace(tzinfo=None)
    if standing.point is not None:
        initial |= {"longitude": standing.point.x, "latitude": standing.point.y, "accuracy_m": standing.accuracy_m}
    form = _of_medium(posted(CorrectForm, request, initial), task)

    def write() -> FieldRecord:
        said = _said(request, form)
        photos = _photos(request)
        return fieldwork.correct(standing, said, form.cleaned_data["reason"], by=actor, at=clock.now(), photos=photos)

    return _page(request, task, form, write, standing)


def _page(
    request: HttpRequest, task: SamplingTask, form: Any, write: Any, standing: FieldRecord | None = None
) -> HttpResponse:
    actor = actor_of(request)
    draft = f"{actor.person.uid if actor.person else ''}.sample.{task.uid}"
    context = {
        "form": form,
        "task": task,
        "standing": standing,
        "photos": PHOTOS,
        "readings": _readings(request, task, standing),
        "has_ground": task.medium in (Medium.SOIL, Medium.SEDIMENT),
        "most_metres": localrules.rule("far_from_point")["metres"],
        "point_name": fieldwork.point_name(task),
        "place": fieldwork.planned_place(task),
        "draft": draft,
        "crumbs": [(_("去采样"), reverse("monitoring:field")), (task.code, "")],
    }
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except Refusal as refusal:
            context["refused"] = str(refusal)
            context["refused_place"] = refusal.code in PLACE_CODES
        else:
            request.session[SAVED] = draft
            messages.success(request, _done(task))
            return HttpResponseRedirect(reverse("monitoring:field") if request.POST.get("next") else _url(task))
    return render(request, "monitoring/field.html", context, status=422 if request.method == "POST" else 200)


def _done(task: SamplingTask) -> str:
    """What was written; the place of a grid has become a point with it."""
    point = SamplingTask.objects.select_related("point").get(pk=task.pk).point
    if task.point_id is None and point is not None:
        return _("已登记样品 %(code)s，采样位置登记为点位 %(number)s。") % {"code": task.code, "number": point.number}
    return _("已登记样品 %(code)s。") % {"code": task.code}


PLACE_CODES = frozenset({"monitoring.record.far", "monitoring.record.no_place", "monitoring.record.place"})


def _task(request: HttpRequest, uid: UUID) -> SamplingTask:
    actor: Actor = actor_of(request)
    rows = SamplingTask.objects.visible_to(actor).select_related("campaign", "point", "unit")
    task = rows.filter(uid=uid).first()
    if task is None:
        raise Http404(str(uid))
    require(actor, "monitoring.sample", task)
    return task


def _url(task: SamplingTask) -> str:
    return reverse("kit:record", args=["sampling_tasks", str(task.uid)])


def _of_medium(form: Any, task: SamplingTask) -> Any:
    """The form without what is not asked of this medium."""
    if task.medium not in (Medium.SOIL, Medium.SEDIMENT):
        for name in ("texture", "moisture"):
            del form.fields[name]
    if task.medium not in (Medium.SOIL, Medium.PRODUCE, Medium.IRRIGATION):
        for name in ("land_use", "crop"):
            del form.fields[name]
    return form


def _readings(request: HttpRequest, task: SamplingTask, standing: FieldRecord | None) -> list[dict[str, Any]]:
    held = standing.readings if standing else {}
    return [
        {
            "name": name,
            "title": title,
            "unit": unit,
            "value": request.POST.get(f"reading-{name}", held.get(name, "")),
        }
        for name, (title, unit, _least, _most) in READINGS.items()
        if name in OF_MEDIUM.get(task.medium, frozenset()) or name in held
    ]


def _said(request: HttpRequest, form: Any) -> dict[str, Any]:
    said = form.cleaned_data
    placed = said["longitude"] is not None and said["latitude"] is not None
    readings = {name: request.POST.get(f"reading-{name}", "") for name in READINGS}
    return {
        **{name: said[name] for name in PLAIN if name in said},
        "sampled_at": said["sampled_at"],
        "point": Point(said["longitude"], said["latitude"]) if placed else None,
        "accuracy_m": said["accuracy_m"],
        "readings": readings,
    }


def _photos(request: HttpRequest) -> list[Photo]:
    """The photographs, each with what it shows."""
    taken: list[tuple[UploadedFile, str]] = []
    for key, word in PHOTOS:
        taken += [(upload, str(word)) for upload in request.FILES.getlist(f"photo-{key}")]
    return [Photo(upload.name or "photo.jpg", upload.read(), shows) for upload, shows in taken]
