"""Acts on monitoring points: register, change, correct, end. What the public sees of a point is written with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import shapely
from django.db import models, transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.kit.gis import places
from soildesk.kit.gis.shapewords import kind_of
from soildesk.land.services.writing import Place, county_of, number_for, refuse_future
from soildesk.land.shapes import CHINA
from soildesk.monitoring import gridcells
from soildesk.monitoring.models import Campaign, Medium, Point, PointVersion, PublicPoint, SamplingTask
from soildesk.monitoring.queries.frequency import SURFACE_CM
from soildesk.monitoring.refusals import PointRefused
from soildesk.monitoring.services import judging

FACTS = frozenset(
    {
        "name", "code", "level", "kind", "medium", "depth_from_cm", "depth_to_cm", "standard", "use", "planned_use", "crop",
        "frequency_months", "keeper", "unit_class", "layer",
        "near_sensitive", "control", "source", "source_code", "parcel_id", "openness", "note", "geometry", "batch", "place",
    }
)  # fmt: skip
CHOICES: Mapping[str, type[models.TextChoices]] = {
    "level": PointVersion.Level,
    "kind": PointVersion.Kind,
    "openness": PointVersion.Openness,
    "medium": Medium,
}
MAYBE: Mapping[str, type[models.TextChoices]] = {
    "unit_class": PointVersion.UnitClass,
    "layer": PointVersion.Layer,
    "near_sensitive": PointVersion.YesNo,
    "control": PointVersion.YesNo,
}
"""Facts that may be left empty: not known."""
DEEPEST_CM = 20_000
LONGEST_MONTHS = 120
LAYERED = ("layer", "depth_from_cm", "depth_to_cm")
NEAR_M = 1.0
"""Metres within which two points of one kind and medium are the same point."""


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> PointVersion:
    """A new point from the day `since`, under our own number."""
    clean = check_new(facts, place, since=since, by=by)
    _must_lie_here(clean, by)
    made = write_first(clean, place, since=since, recording=Recording(by, at, why))
    audit.record(
        "monitoring.point.registered", subject=made, by=by, at=at, data={"point": made.point.number, "since": since}
    )
    return made


def write_first(clean: Mapping[str, Any], place: Place, *, since: date, recording: Recording) -> PointVersion:
    """A new point with its facts, part of an act that has asked for its permission and writes the audit entry."""
    point = Point.objects.create(number=number_for(place.department, "JCD", since.year))
    said = {"point_id": point.pk, **place.columns, **_columns(clean)}
    made = versions.first(PointVersion, said, since=since, until=None, recording=recording)
    show(point)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new point as they may be stored; refused where it may not be registered."""
    require(by, "monitoring.keep_points", place.division)
    refuse_future(since, by, PointRefused, "monitoring.point.future")
    needed = {"name": "", "level": "", "kind": "", "medium": "", "geometry": None, "keeper": place.department}
    clean = cleaned({**needed, **_without_nothing(facts)})
    refuse_code_taken(clean.get("code", ""), county_of(place.division.path), since)
    refuse_duplicate(clean, since)
    return clean


@transaction.atomic
def change(
    version: PointVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> PointVersion:
    """Say `changes` of a point too: from `since` on, or (None) from the beginning, as a correction."""
    clean = check_change(version, changes, since=since, by=recording.by)
    _must_lie_here(
        {"note": version.note, "geometry": version.geometry, "batch": version.batch_id, **clean}, recording.by
    )
    held = rewrite(version, clean, since=since, recording=recording)
    audit.record(
        "monitoring.point.changed" if since else "monitoring.point.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"point": held.point.number, "facts": sorted(clean), "since": since},
    )
    judging.after_change(Campaign.objects.filter(tasks__point=held.point_id).distinct(), by=recording.by)
    return held


def rewrite(
    version: PointVersion, clean: Mapping[str, Any], *, since: date | None, recording: Recording
) -> PointVersion:
    """Changed facts of a point, part of an act that has asked for its permission and writes the audit entry."""
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    show(held.point)
    return held


def check_change(version: PointVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, "monitoring.keep_points", version)
    clean = cleaned(changes, version)
    if since:
        refuse_future(since, by, PointRefused, "monitoring.point.future")
    if place := clean.pop("place", None):
        require(by, "monitoring.keep_points", place.division)
        clean["division_path"] = place.division.path
    if clean.get("code", version.code) != version.code:
        refuse_code_taken(clean["code"], county_of(version.division_path), since or version.since, version)
    if "geometry" in clean and clean["geometry"].equals(version.geometry):
        del clean["geometry"]
    return clean


@transaction.atomic
def end(version: PointVersion, *, on: date, recording: Recording) -> PointVersion:
    """A point that is given up from the day `on`; what was measured there stays."""
    require(recording.by, "monitoring.keep_points", version)
    refuse_future(on, recording.by, PointRefused, "monitoring.point.future")
    if version.until is not None:
        raise PointRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.point.number, "day": version.until},
            code="monitoring.point.ended",
        )
    _must_owe_no_sample(version)
    held = versions.end(version, on=on, recording=recording)
    show(held.point)
    audit.record(
        "monitoring.point.ended",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"point": held.point.number, "on": on},
    )
    return held


def _must_owe_no_sample(version: PointVersion) -> None:
    task = SamplingTask.objects.filter(point=version.point_id, state=SamplingTask.State.PLANNED).first()
    if task:
        raise PointRefused(
            _("%(number)s 还有待采样品 %(code)s（%(campaign)s）：请先采样，或在监测任务中取消该样品。")
            % {"number": version.point.number, "code": task.code, "campaign": task.campaign},
            code="monitoring.point.running",
        )


def show(point: Point) -> None:
    """What the public sees of the point, written anew from what stands: the place, its cell, or nothing."""
    PublicPoint.objects.filter(point=point).delete()
    standing = PointVersion.objects.filter(point=point, superseded_at=None)
    for version in standing.exclude(openness=PointVersion.Openness.CLOSED):
        exact = version.openness == PointVersion.Openness.EXACT
        PublicPoint.objects.create(
            version=version,
            point=point,
            name=version.name if exact else "",
            level=version.level,
            kind=version.kind,
            medium=version.medium,
            openness=version.openness,
            geometry=version.geometry if exact else gridcells.middle_of_cell(version.geometry),
        )


def cleaned(facts: Mapping[str, Any], held: PointVersion | None = None) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise PointRefused(
            _("监测点位没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="monitoring.point.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("openness", "-"):
        del clean["openness"]  # left empty: what stood, or closed
    if not clean.get("name", "x"):
        raise PointRefused(_("点位没有名称：请填写，例如“柏庄镇东河 1 号”。"), code="monitoring.point.name_missing")
    _check_choices(clean)
    _check_depth(clean, held)
    _check_layer(clean, held)
    _check_frequency(clean)
    if "keeper" in clean and clean["keeper"] is None:
        raise PointRefused(_("没有负责单位：请选择由谁管理这个点位。"), code="monitoring.point.keeper")
    if "geometry" in clean:
        clean["geometry"] = placed(clean["geometry"])
    return clean


def _check_choices(facts: Mapping[str, Any]) -> None:
    for name, choices in {**CHOICES, **MAYBE}.items():
        may_be_empty = name in MAYBE and facts.get(name) == ""
        if name in facts and facts[name] not in choices.values and not may_be_empty:
            raise PointRefused(
                _("%(what)s“%(value)s”不在可选范围内：请选择%(choices)s之一。")
                % {
                    "what": PointVersion._meta.get_field(name).verbose_name,
                    "value": facts[name],
                    "choices": "、".join(map(str, choices.labels)),
                },
                code="monitoring.point.choice",
            )


def _check_depth(facts: Mapping[str, Any], held: PointVersion | None) -> None:
    top, bottom = (facts.get(name, getattr(held, name, None)) for name in ("depth_from_cm", "depth_to_cm"))
    wrong = [each for each in (top, bottom) if each is not None and not 0 <= each <= DEEPEST_CM]
    if wrong or (top is not None and bottom is not None and bottom <= top):
        raise PointRefused(
            _("深度 %(top)s 至 %(bottom)s 厘米不对：应在 0 至 %(most)d 厘米之间，下界大于上界。")
            % {"top": top, "bottom": bottom, "most": DEEPEST_CM},
            code="monitoring.point.depth",
        )


def _check_layer(facts: Mapping[str, Any], held: PointVersion | None) -> None:
    """Surface soil lies within the upper half metre, deep soil below its top."""
    layer, top, bottom = (facts.get(name, getattr(held, name, None)) for name in LAYERED)
    shallow = layer == PointVersion.Layer.DEEP and bottom is not None and bottom <= SURFACE_CM
    deep = layer == PointVersion.Layer.SURFACE and max(top or 0, bottom or 0) > SURFACE_CM
    if shallow or deep:
        raise PointRefused(
            _("层位“%(layer)s”与深度 %(top)s 至 %(bottom)s 厘米不一致：表层为 0 至 %(most)d 厘米，请核对层位或深度。")
            % {"layer": PointVersion.Layer(layer).label, "top": top, "bottom": bottom, "most": SURFACE_CM},
            code="monitoring.point.layer",
        )


def _check_frequency(facts: Mapping[str, Any]) -> None:
    months = facts.get("frequency_months")
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        raise PointRefused(
            _("监测周期 %(months)s 个月不在 1 至 %(most)d 之间：请按方案或标准填写，没有规定就留空。")
            % {"months": months, "most": LONGEST_MONTHS},
            code="monitoring.point.frequency",
        )


def placed(shape: Any) -> Any:
    """One point in our part of the world; refused where it is none."""
    if shape is None or shape.is_empty:
        raise PointRefused(_("没有位置：请在图上点出，或填写 CGCS2000 经纬度。"), code="monitoring.point.place_missing")
    flat = shapely.force_2d(shape)
    if flat.geom_type == "MultiPoint" and len(flat.geoms) == 1:
        flat = flat.geoms[0]
    if flat.geom_type != "Point":
        raise PointRefused(
            _("位置是%(kind)s，应为一个点：请检查所选图层。") % {"kind": kind_of(flat)},
            code="monitoring.point.place_missing",
        )
    if not CHINA.contains(flat):
        raise PointRefused(
            _("位置（%(x).4f，%(y).4f）不在我国境内：请检查坐标系与坐标顺序。") % {"x": flat.x, "y": flat.y},
            code="monitoring.point.outside",
        )
    return flat


def _must_lie_here(facts: Mapping[str, Any], by: Actor) -> None:
    """A point outside the division needs a word why; imports have asked this of every row already."""
    where = facts.get("geometry")
    if where is None or facts.get("batch") or facts.get("note"):
        return
    ours = places.boundary_of(by, by.today)
    if ours is not None and not ours.area.covers(where):
        raise PointRefused(
            _("位置（%(x).4f，%(y).4f）在本行政区界线之外：请核对坐标；确在界外的（如上游对照点），请在备注写明原因。")
            % {"x": where.x, "y": where.y},
            code="monitoring.point.outside",
        )


def refuse_code_taken(code: str, path: str, on: date, beside: PointVersion | None = None) -> None:
    """An external code stands once in a county."""
    if not code:
        return
    rows = PointVersion.objects.standing(on).filter(code=code, division_path__startswith=path)
    taken = rows.exclude(point=beside.point_id if beside else None).select_related("point").first()
    if taken:
        raise PointRefused(
            _("外部代码“%(code)s”已由 %(number)s 使用：请核对代码，或打开该点位办理变更。")
            % {"code": code, "number": taken.point.number},
            code="monitoring.point.code_taken",
        )


def refuse_duplicate(facts: Mapping[str, Any], on: date) -> None:
    """The same place is not registered twice for one kind, medium and depth."""
    rows = PointVersion.objects.standing(on).filter(
        kind=facts["kind"],
        medium=facts["medium"],
        depth_from_cm=facts.get("depth_from_cm"),
        geometry__distance=(facts["geometry"], NEAR_M),
    )
    same = rows.select_related("point").first()
    if same:
        raise PointRefused(
            _("这个位置已经登记了同类型、同介质的点位 %(number)s：请打开该点位办理变更，或改正坐标。")
            % {"number": same.point.number},
            code="monitoring.point.duplicate",
        )


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by attribute name of their column."""
    found = dict(facts)
    for name in ("keeper", "batch"):
        if name in found:
            held = found.pop(name)
            found[f"{name}_id"] = held.pk if held else None
    return found


def _without_nothing(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
