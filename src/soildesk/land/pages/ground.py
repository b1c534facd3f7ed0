"""What is known of a ground: of a parcel, or of any shape a person gives."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.errors import Refusal
from soildesk.kit import assets
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, page_known_on
from soildesk.land.entering import parcel_version
from soildesk.land.models import ParcelVersion
from soildesk.land.pages.forms import WhereForm, posted
from soildesk.land.queries.ground import KnownGround, known_ground
from soildesk.land.refusals import ParcelRefused
from soildesk.land.sketch import sketch


@staff_page("land.read")
def ground(request: HttpRequest) -> HttpResponse:
    """Ask of a parcel (`?parcel=`) or of a shape; the answer says by source what is known and how much is not."""
    version = _parcel(request)
    form = posted(WhereForm, request)
    context: dict[str, Any] = {
        "form": form,
        "version": version,
        "known_on": page_known_on(request),
        "draw_map": assets.module("maps/draw-map.mjs"),
        "crumbs": [(_("已知情况"), "")],
    }
    status = 200
    try:
        shape = _shape(request, form, version)
        if shape is not None:
            found = known_ground(shape, actor_of(request), page_day(request), page_known_on(request))
            context |= {"found": found, "picture": _picture(found)}
    except Refusal as refusal:
        context["refused"], status = str(refusal), 422
    return render(request, "land/ground.html", context, status=status)


def _parcel(request: HttpRequest) -> ParcelVersion | None:
    uid = request.GET.get("parcel", "")
    if not uid:
        return None
    try:
        return parcel_version(actor_of(request), uid, page_day(request))
    except (ParcelRefused, ValueError) as refusal:
        raise Http404(uid) from refusal


def _shape(request: HttpRequest, form: WhereForm, version: ParcelVersion | None) -> BaseGeometry | None:
    if request.method != "POST":
        return version.geometry if version else None
    given = form.given() if form.is_valid() else None
    if given is None:
        form.add_error("ground", _("请在图上画出范围，或粘贴坐标、上传文件。"))
    return given


def _picture(found: KnownGround) -> Any:
    """Today's parcels inside the outline asked about."""
    here = [each for each in found.ground.stood if each.until is None or each.until > found.ground.on]
    shapes = [each.geometry.intersection(found.ground.shape) for each in here]
    return sketch(shapes, [each.number for each in here], before=found.ground.shape)
