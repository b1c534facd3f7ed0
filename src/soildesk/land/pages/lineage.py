"""Splitting, merging and moving boundaries: what it comes to is shown with areas before anything is written."""

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
from soildesk.kit import assets, pasted
from soildesk.kit.access import actor_of, staff_page
from soildesk.land import cutting
from soildesk.land.entering import parcel_version
from soildesk.land.models import ParcelVersion
from soildesk.land.pages.forms import MergeForm, PaperForm, SplitForm, posted
from soildesk.land.queries import neighbours
from soildesk.land.refusals import ParcelRefused
from soildesk.land.services import lineage
from soildesk.land.services.lineage import Paper, Piece
from soildesk.land.sketch import sketch


def found_or_404(request: HttpRequest, uid: object) -> ParcelVersion:
    """The parcel as it stands today, if the actor sees it."""
    try:
        return parcel_version(actor_of(request), str(uid))
    except ParcelRefused as refusal:
        raise Http404(str(uid)) from refusal


def record_url(version: ParcelVersion) -> str:
    """The page of a parcel."""
    return reverse("kit:record", args=["parcels", str(version.parcel.uid)])


def crumbs(version: ParcelVersion, what: str) -> list[tuple[str, str]]:
    """Where a page about a parcel stands."""
    return [
        (_("地块"), reverse("kit:collection", args=["parcels"])),
        (version.name or version.parcel.number, record_url(version)),
        (what, ""),
    ]


def paper_of(form: Any) -> Paper:
    """The day, the reason and the document of a valid form."""
    said = form.cleaned_data
    return Paper(said["on"], said["reason"], said["document"])


def drawing(version: ParcelVersion, shape: str) -> dict[str, Any]:
    """What the drawing map needs."""
    return {
        "draw_map": assets.module("maps/draw-map.mjs"),
        "draw_shape": shape,
        "bbox": ",".join(f"{edge:.7f}" for edge in version.geometry.bounds),
    }


@staff_page("land.read")
def split(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Divide a parcel by a line or by its pieces."""
    version = found_or_404(request, uid)
    require(actor_of(request), "land.keep_parcels", version)
    form = posted(SplitForm, request, {"on": clock.today(), "way": "line"})
    context = {
        "form": form,
        "version": version,
        "crumbs": crumbs(version, _("分割")),
        **drawing(version, "line" if form["way"].value() == "line" else "polygon"),
    }
    if request.method != "POST":
        return render(request, "land/split.html", context)
    try:
        context |= _split_plan(form, version, request)
        if request.POST.get("step") == "save" and form.is_valid():
            return _split_done(request, version, form, context["shapes"])
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if form.errors or context.get("refused") else 200
    return render(request, "land/split.html", context, status=status)


def _split_plan(form: SplitForm, version: ParcelVersion, request: HttpRequest) -> dict[str, Any]:
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
    names = [
        request.POST.get(f"name-{at}", "").strip() or _default_name(version, at) for at in range(1, len(shapes) + 1)
    ]
    codes = [request.POST.get(f"code-{at}", "").strip() for at in range(1, len(shapes) + 1)]
    if form.cleaned_data.get("file"):
        form.data = form.data.copy()
        form.data["ground"], form.data["crs"] = shapely.to_wkt(given, rounding_precision=9), ""
    return {
        "shapes": shapes,
        "plan": plan,
        "rows": list(zip(range(1, len(shapes) + 1), plan.scaled_m2, names, codes, strict=True)),
        "picture": sketch(shapes, [str(at) for at in range(1, len(shapes) + 1)], before=version.geometry),
    }


def _default_name(version: ParcelVersion, position: int) -> str:
    return f"{version.name}-{position}" if version.name else ""


def _split_done(
    request: HttpRequest, version: ParcelVersion, form: SplitForm, shapes: Sequence[BaseGeometry]
) -> HttpResponse:
    pieces = [
        Piece(shape, {
            "name": request.POST.get(f"name-{at}", "").strip() or _default_name(version, at),
            "code": request.POST.get(f"code-{at}", "").strip(),
        })
        for at, shape in enumerate(shapes, 1)
    ]  # fmt: skip
    made = lineage.split(version, pieces, paper_of(form), by=actor_of(request), at=clock.now())
    messages.success(
        request,
        _("%(number)s 已分割为 %(count)d 块：%(numbers)s。")
        % {
            "number": version.parcel.number,
            "count": len(made),
            "numbers": "、".join(one.parcel.number for one in made),
        },
    )
    return HttpResponseRedirect(record_url(made[0]))


def _said(request: HttpRequest) -> Any:
    """What was entered; what is only looked at stays in its boxes and is not yet judged."""
    return request.POST if request.POST.get("step") == "save" else None


def _chosen(request: HttpRequest) -> list[ParcelVersion]:
    """The parcels named in the address or ticked in the form, each once."""
    asked = [*request.GET.getlist("parcel"), *request.POST.getlist("parcel")]
    return [found_or_404(request, uid) for uid in dict.fromkeys(asked)]


@staff_page("land.keep_parcels")
def merge(request: HttpRequest) -> HttpResponse:
    """Make neighbours one parcel."""
    chosen = _chosen(request)
    form = MergeForm(_said(request), initial={"on": clock.today()})
    context = {
        "form": form,
        "chosen": chosen,
        "beside": neighbours.of(chosen, actor_of(request)),
        "crumbs": [(_("地块"), reverse("kit:collection", args=["parcels"])), (_("合并"), "")],
    }
    try:
        if len(chosen) > 1:
            ground, plan = lineage.plan_merge(chosen)
            labels = [*(version.parcel.number for version in chosen)]
            shapes = [version.geometry for version in chosen]
            context |= {"plan": plan, "picture": sketch(shapes, labels, before=ground)}
        if request.POST.get("step") == "save" and form.is_valid():
            facts = {name: form.cleaned_data[name] for name in ("name", "code") if form.cleaned_data[name]}
            made = lineage.merge(chosen, facts, paper_of(form), by=actor_of(request), at=clock.now())
            messages.success(request, _("已合并为 %(number)s。") % {"number": made.parcel.number})
            return HttpResponseRedirect(record_url(made))
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if request.POST.get("step") == "save" else 200
    return render(request, "land/merge.html", context, status=status)


@staff_page("land.keep_parcels")
def boundary(request: HttpRequest) -> HttpResponse:
    """Give one parcel, or several neighbours at once, new boundaries."""
    chosen = _chosen(request)
    form = PaperForm(_said(request), initial={"on": clock.today()})
    context = {
        "form": form,
        "rows": _grounds(request, chosen),
        "crs": request.POST.get("crs", ""),
        "beside": neighbours.of(chosen, actor_of(request)),
        "crumbs": [(_("地块"), reverse("kit:collection", args=["parcels"])), (_("界线调整"), "")],
        "draw_map": assets.module("maps/draw-map.mjs"),
    }
    if not request.POST.get("step"):
        return render(request, "land/boundary.html", context)
    try:
        news = [_new_ground(text, version, context["crs"]) for version, text, _bbox in context["rows"]]
        context |= _boundary_plan(chosen, news)
        if request.POST["step"] == "save" and form.is_valid():
            changes = list(zip(chosen, news, strict=True))
            made = lineage.move_boundary(changes, paper_of(form), by=actor_of(request), at=clock.now())
            messages.success(request, _("界线已调整，涉及 %(count)d 块地。") % {"count": len(made)})
            return HttpResponseRedirect(record_url(made[0]))
    except Refusal as refusal:
        context["refused"] = str(refusal)
    status = 422 if context.get("refused") or form.errors else 200
    return render(request, "land/boundary.html", context, status=status)


def _grounds(request: HttpRequest, chosen: Sequence[ParcelVersion]) -> list[tuple[ParcelVersion, str, str]]:
    """Each parcel with what was typed for it; empty means that its ground stays."""
    return [
        (
            version,
            request.POST.get(f"ground-{version.parcel.uid}", ""),
            ",".join(f"{edge:.7f}" for edge in version.geometry.bounds),
        )
        for version in chosen
    ]


def _new_ground(text: str, version: ParcelVersion, crs: str) -> BaseGeometry:
    return pasted.ground(text, crs) if text.strip() else version.geometry


def _boundary_plan(chosen: Sequence[ParcelVersion], news: Sequence[BaseGeometry]) -> dict[str, Any]:
    plan = lineage.plan_boundary(chosen, news)
    labels = [version.parcel.number for version in chosen]
    before = shapely.union_all([version.geometry for version in chosen])
    return {
        "plan": plan,
        "areas": list(zip(chosen, plan.areas_m2, plan.gained_m2, plan.lost_m2, strict=True)),
        "picture": sketch(news, labels, before=before),
    }
