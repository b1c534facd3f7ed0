"""Dividing, joining and reshaping units: what it comes to is shown with areas and class before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import shapely
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.farmland.approvedwords import class_word
from soildesk.farmland.entering import unit_version
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.pages.unitforms import MergeForm, PaperForm, SplitForm
from soildesk.farmland.queries import classes, units
from soildesk.farmland.refusals import UnitRefused
from soildesk.farmland.services import lineage
from soildesk.farmland.services.lineage import Paper, Piece
from soildesk.kit import assets, pasted
from soildesk.kit.access import actor_of, staff_page
from soildesk.land import cutting
from soildesk.land.pages.forms import posted
from soildesk.land.sketch import sketch


def found_or_404(request: HttpRequest, uid: object) -> UnitVersion:
    """The unit as it stands today, if the actor sees it."""
    try:
        return unit_version(actor_of(request), str(uid))
    except UnitRefused as refusal:
        raise Http404(str(uid)) from refusal


def record_url(version: UnitVersion) -> str:
    """The page of a unit."""
    return reverse("kit:record", args=["farmland_units", str(version.unit.uid)])


def crumbs(version: UnitVersion, what: str) -> list[tuple[str, str]]:
    """Where a page about a unit stands."""
    return [
        (_("评价单元"), reverse("kit:collection", args=["farmland_units"])),
        (version.name, record_url(version)),
        (what, ""),
    ]


def paper_of(form: Any) -> Paper:
    """The day, the reason and the document of a valid form."""
    said = form.cleaned_data
    return Paper(said["on"], said["reason"], said["document"])


def _class_word(version: UnitVersion) -> str:
    held = classes.class_of(version.unit, clock.today())
    return class_word(held.farmland_class if held else "")


def _bbox(version: UnitVersion) -> str:
    return ",".join(f"{edge:.7f}" for edge in version.geometry.bounds)


@staff_page("farmland.keep_units")
def split(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Divide a unit by a line or by its pieces."""
    version = found_or_404(request, uid)
    require(actor_of(request), "farmland.keep_units", version)
    form = posted(SplitForm, request, {"on": clock.today(), "way": "line"})
    context = {
        "form": form,
        "version": version,
        "class_word": _class_word(version),
        "crumbs": crumbs(version, _("拆分")),
        "draw_map": assets.module("maps/draw-map.mjs"),
        "draw_shape": "line" if form["way"].value() == "line" else "polygon",
        "bbox": _bbox(version),
    }
    if request.method != "POST":
        return render(request, "farmland/split.html", context)
    try:
        context |= _split_plan(form, version, request)
        if request.POST.get("step") == "save" and form.is_valid() and "shapes" in context:
            return _split_done(request, version, form, context["shapes"])
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if form.errors or context.get("refused") else 200
    return render(request, "farmland/split.html", context, status=status)


def _split_plan(form: SplitForm, version: UnitVersion, request: HttpRequest) -> dict[str, Any]:
    """The pieces and how they tile, whatever else is still missing in the form."""
    form.is_valid()
    if request.POST.get("step") != "save":
        form.overlook("on", "reason")
    said = form.cleaned_data
    if "ground" not in said:
        return {}
    given = form.given("line" if said.get("way") == "line" else "polygon")
    if given is None:
        form.add_error("ground", _("请画切割线，或给出各块的范围。"))
        return {}
    shapes = cutting.pieces_of(version.geometry, given)
    plan = lineage.plan_split(version, shapes)
    if said.get("file"):
        form.data = form.data.copy()
        form.data["ground"], form.data["crs"] = shapely.to_wkt(given, rounding_precision=9), ""
    rows = [(at, area, *_named(request, version, at)) for at, area in enumerate(plan.scaled_m2, 1)]
    labels = [str(at) for at in range(1, len(shapes) + 1)]
    return {"shapes": shapes, "plan": plan, "rows": rows, "picture": sketch(shapes, labels, before=version.geometry)}


def _named(request: HttpRequest, version: UnitVersion, at: int) -> tuple[str, str]:
    name = request.POST.get(f"name-{at}", "").strip() or f"{version.name}-{at}"
    return name, request.POST.get(f"code-{at}", "").strip()


def _split_done(
    request: HttpRequest, version: UnitVersion, form: SplitForm, shapes: Sequence[BaseGeometry]
) -> HttpResponse:
    pieces = []
    for at, shape in enumerate(shapes, 1):
        name, code = _named(request, version, at)
        pieces.append(Piece(shape, {"name": name, "code": code}))
    made = lineage.split(version, pieces, paper_of(form), by=actor_of(request), at=clock.now())
    told = {
        "number": version.unit.number,
        "count": len(made),
        "numbers": "、".join(one.unit.number for one in made),
    }
    messages.success(
        request,
        _("%(number)s 已拆分为 %(count)d 个单元：%(numbers)s。类别沿用原批准；农户请在各单元页分到新单元。") % told,
    )
    return HttpResponseRedirect(record_url(made[0]))


def _chosen(request: HttpRequest) -> list[UnitVersion]:
    """The units named in the address or ticked in the form, each once."""
    asked = [*request.GET.getlist("unit"), *request.POST.getlist("unit")]
    return [found_or_404(request, uid) for uid in dict.fromkeys(asked)]


def _said(request: HttpRequest) -> Any:
    """What was entered; what is only looked at stays in its boxes and is not yet judged."""
    return request.POST if request.POST.get("step") == "save" else None


def _with_class(rows: Sequence[UnitVersion]) -> list[tuple[UnitVersion, str]]:
    held = classes.classes_of([one.unit_id for one in rows], clock.today())
    return [(one, class_word(held[one.unit_id].farmland_class if one.unit_id in held else "")) for one in rows]


@staff_page("farmland.keep_units")
def merge(request: HttpRequest) -> HttpResponse:
    """Make neighbours of one class one unit."""
    chosen, actor = _chosen(request), actor_of(request)
    form = MergeForm(_said(request), initial={"on": clock.today()})
    context: dict[str, Any] = {
        "form": form,
        "chosen": _with_class(chosen),
        "beside": _with_class(units.neighbours(chosen, actor, clock.today())),
        "crumbs": [(_("评价单元"), reverse("kit:collection", args=["farmland_units"])), (_("合并"), "")],
    }
    try:
        if len(chosen) > 1:
            ground, plan = lineage.plan_merge(chosen)
            labels = [version.unit.number for version in chosen]
            context |= {"plan": plan, "picture": sketch([one.geometry for one in chosen], labels, before=ground)}
        if request.POST.get("step") == "save" and form.is_valid():
            facts = {name: form.cleaned_data[name] for name in ("name", "code") if form.cleaned_data[name]}
            made = lineage.merge(chosen, facts, paper_of(form), by=actor, at=clock.now())
            messages.success(request, _("已合并为 %(number)s。") % {"number": made.unit.number})
            return HttpResponseRedirect(record_url(made))
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if request.POST.get("step") == "save" else 200
    return render(request, "farmland/merge.html", context, status=status)


@staff_page("farmland.keep_units")
def reshape(request: HttpRequest) -> HttpResponse:
    """Move the bounds between neighbours of one class."""
    chosen, actor = _chosen(request), actor_of(request)
    form = PaperForm(_said(request), initial={"on": clock.today()})
    crs = request.POST.get("crs", "")
    texts = [request.POST.get(f"ground-{version.unit.uid}", "") for version in chosen]
    context: dict[str, Any] = {
        "form": form,
        "rows": [(one, word, text, _bbox(one)) for (one, word), text in zip(_with_class(chosen), texts, strict=True)],
        "crs": crs,
        "beside": _with_class(units.neighbours(chosen, actor, clock.today())),
        "crumbs": [(_("评价单元"), reverse("kit:collection", args=["farmland_units"])), (_("调整边界"), "")],
        "draw_map": assets.module("maps/draw-map.mjs"),
    }
    if not request.POST.get("step"):
        return render(request, "farmland/reshape.html", context)
    try:
        news = [
            pasted.ground(text, crs) if text.strip() else version.geometry
            for version, text in zip(chosen, texts, strict=True)
        ]
        context |= _reshape_plan(chosen, news)
        if request.POST["step"] == "save" and form.is_valid():
            changes = list(zip(chosen, news, strict=True))
            made = lineage.reshape(changes, paper_of(form), by=actor, at=clock.now())
            messages.success(request, _("边界已调整，涉及 %(count)d 个单元，总面积不变。") % {"count": len(made)})
            return HttpResponseRedirect(record_url(made[0]))
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if context.get("refused") or form.errors else 200
    return render(request, "farmland/reshape.html", context, status=status)


def _reshape_plan(chosen: Sequence[UnitVersion], news: Sequence[BaseGeometry]) -> dict[str, Any]:
    plan = lineage.plan_reshape(chosen, news)
    before = shapely.union_all([version.geometry for version in chosen])
    return {
        "plan": plan,
        "areas": list(zip(chosen, plan.areas_m2, strict=True)),
        "picture": sketch(news, [version.unit.number for version in chosen], before=before),
    }
