"""Acts on plots themselves: register, change, correct, end. Where a plot stands in its life is the matter of `events`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, versions
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.services.firms import valid_code, valid_industry
from soildesk.kit.day import EARLIEST
from soildesk.land import landuse
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.land.shapes import area_m2, polygons_of, surface
from soildesk.plots.models import Membership, Plot, PlotEvent, PlotStage, PlotVersion
from soildesk.plots.refusals import PlotRefused
from soilrules.bases import bases
from soilrules.gate.rules import least_m2, tolerance

FACTS = frozenset(
    {
        "name", "code", "location", "bounds", "use_system", "use_now", "use_planned", "industry", "holder", "holder_kind",
        "holder_code", "recalled_on", "responsible_state", "responsible", "responsible_person", "responsible_code", "risk_level",
        "pollutants", "depth_m", "volume_m3", "groundwater_polluted", "developed", "high_risk", "area_of_record_m2", "parcel", "note", "geometry",
        "ground_document", "batch", "place",
    }
)  # fmt: skip
TEXTS = (
    "name", "code", "location", "bounds", "use_system", "use_now", "use_planned", "industry", "holder", "holder_kind",
    "holder_code", "responsible_state", "responsible", "responsible_person", "responsible_code", "risk_level", "pollutants", "note",
    "ground_document",
)  # fmt: skip
CHOICES = {"holder_kind": PlotVersion.HolderKind, "responsible_state": PlotVersion.Responsible}
PERSON = re.compile(r"[\u4e00-\u9fff]{1,2}[^厂公司店站场社局所院校处中心矿库部队馆行组会\W]")
"""A name as natural persons have it: two or three characters, the last none that firms and offices end in."""
DUPLICATE_SHARE = 0.99
OWING = ("S0", "S1", "S2", "S3", "S4", "S5", "S6")
"""Stages in which something of a plot is still to be done."""


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> PlotVersion:
    """A new plot from the day `since`, under our own number. It stands on no list and in no stage until an event says so."""
    clean = check_new(facts, place, since=since, by=by)
    plot = Plot.objects.create(number=number_for(place.department, "JD", since.year))
    said = {**place.columns, "plot_id": plot.pk, **_columns(clean)}
    made = versions.first(PlotVersion, said, since=since, until=None, recording=Recording(by, at, why))
    data = {"plot": plot.number, "area_m2": made.area_m2, "since": since}
    audit.record("plots.plot.registered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new plot as they may be stored; refused where it may not be registered."""
    require(by, "plots.keep", place.division)
    refuse_future(since, by, PlotRefused, "plots.plot.future")
    clean = cleaned({"name": "", "geometry": None, **facts}, by)
    refuse_code_taken(clean.get("code", ""))
    refuse_duplicate(clean["geometry"], since)
    return clean


@transaction.atomic
def change(
    version: PlotVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> PlotVersion:
    """Say `changes` of a plot too: from `since` on, or (None) from the beginning, as a correction."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    audit.record(
        "plots.plot.changed" if since else "plots.plot.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"plot": held.plot.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(version: PlotVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor) -> dict[str, Any]:
    """Changes as they may be stored, the ground only where it moves; refused where they may not be made."""
    require(by, "plots.keep", version)
    clean = cleaned(changes, by, version)
    if since:
        refuse_future(since, by, PlotRefused, "plots.plot.future")
    if place := clean.pop("place", None):
        require(by, "plots.keep", place.division)
        clean["division_path"] = place.division.path
    if clean.get("code", version.code) != version.code:
        refuse_code_taken(clean["code"], version)
    if "geometry" in clean and clean["geometry"].equals(version.geometry):
        del clean["geometry"]
    if "geometry" in clean:
        _must_keep_its_ground(version, clean, since)
    return clean


def _must_keep_its_ground(version: PlotVersion, changes: Mapping[str, Any], since: date | None) -> None:
    """Ground on a list, or of which something is owed, leaves its plot by the paper of an authority or to another plot."""
    start = since or version.since
    lost = version.geometry.difference(changes["geometry"])
    lost_m2 = area_m2(polygons_of(lost))
    if lost_m2 <= tolerance().of(version.area_m2) or not _is_bound(version, start):
        return
    if changes.get("ground_document", version.ground_document) != version.ground_document:
        return
    if area_m2(polygons_of(_without_heirs(version, lost, start))) <= tolerance().of(version.area_m2):
        return
    basis = bases()["gate.notice2026.boundary"]
    raise PlotRefused(
        _(
            "%(number)s 在名单、名录上，或还有事项没有了结，不能从范围中去掉 %(area)s m²（%(basis)s：%(words)s）。确需调整的，填写“范围调整依据”（有权机关的文号）；分割的，先登记承接的地块并按原阶段登记转入。"
        )
        % {
            "number": version.plot.number,
            "area": f"{lost_m2:,.0f}" if lost_m2 >= 1 else f"{lost_m2:.2f}",
            "basis": basis.cited,
            "words": basis.words,
        },
        code="plots.plot.ground_lost",
    )


def _is_bound(version: PlotVersion, start: date) -> bool:
    """Whether the plot stands on a list, or something of it is owed, on a day from `start` on."""
    of_plot = Q(plot=version.plot_id, superseded_at=None) & (Q(until=None) | Q(until__gt=start))
    return Membership.objects.filter(of_plot).exists() or PlotStage.objects.filter(of_plot, stage__in=OWING).exists()


@transaction.atomic
def end(version: PlotVersion, *, on: date, recording: Recording) -> PlotVersion:
    """A plot that is none any more from the day `on` (split, merged, registered twice). What happened to it stays."""
    require(recording.by, "plots.keep", version)
    refuse_future(on, recording.by, PlotRefused, "plots.plot.future")
    _must_be_ended_last(version, on)
    held = versions.end(version, on=on, recording=recording)
    data = {"plot": held.plot.number, "on": on}
    audit.record("plots.plot.ended", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def first_day(plot: Plot) -> date | None:
    """Since when a plot is on record."""
    rows = PlotVersion.objects.filter(superseded_at=None, plot=plot)
    return rows.order_by("since").values_list("since", flat=True).first()


@transaction.atomic
def begin(plot: Plot, *, since: date, recording: Recording) -> PlotVersion:
    """A plot that was one before the day it was registered from: a correction of its first day, for what happened earlier."""
    rows = PlotVersion.objects.filter(superseded_at=None, plot=plot).select_related("plot")
    held = rows.order_by("since").first()
    if held is None:
        raise PlotRefused(_("没有找到这个地块：请回到列表重新打开。"), code="plots.plot.not_found")
    require(recording.by, "plots.keep", held)
    if since < EARLIEST:
        raise PlotRefused(
            _("起始日期 %(day)s 早于 %(first)s：请核对年份。") % {"day": since, "first": EARLIEST},
            code="plots.plot.too_early",
        )
    if since < held.since:  # from its first day on it is found itself
        refuse_duplicate(held.geometry, since)
    made = versions.begin(held, since=since, recording=recording)
    data = {"plot": plot.number, "since": since, "was": held.since}
    audit.record("plots.plot.begun", subject=made, by=recording.by, at=recording.at, data=data)
    return made


def _must_be_ended_last(version: PlotVersion, on: date) -> None:
    if version.until is not None:
        raise PlotRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.plot.number, "day": version.until},
            code="plots.plot.later_versions",
        )
    stays = Membership.objects.standing(on).filter(plot=version.plot_id)
    if stays.exists():
        raise PlotRefused(
            _("%(number)s 在 %(on)s 还在名单、名录上，不能终止：先登记移出，或由有权机关调整名录后再办理。")
            % {"number": version.plot.number, "on": on},
            code="plots.plot.on_list",
        )
    _must_be_taken_over(version, on)
    later = PlotEvent.objects.filter(superseded_at=None, plot=version.plot_id, on__gte=on).order_by("on").first()
    if later:
        raise PlotRefused(
            _("%(number)s 在 %(day)s 还有登记的事项，不能从 %(on)s 起终止：请改日期，或先撤销该事项。")
            % {"number": version.plot.number, "day": later.on, "on": on},
            code="plots.plot.has_events",
        )


def _must_be_taken_over(version: PlotVersion, on: date) -> None:
    """Ground of which something is owed does not leave the register with its plot: others of its stages stand on it."""
    owing = PlotStage.objects.standing(on).filter(stage__in=OWING)
    if not owing.filter(plot=version.plot_id).exists():
        return
    left = _without_heirs(version, version.geometry, on)
    if left.area > (1 - DUPLICATE_SHARE) * version.geometry.area:
        raise PlotRefused(
            _(
                "%(number)s 的调查、评估、管控或修复还没有了结，不能终止：分割、合并的，先登记承接的地块并按原阶段登记转入；登记错误的，先撤销其事项。"
            )
            % {"number": version.plot.number},
            code="plots.plot.unsettled",
        )


def _without_heirs(version: PlotVersion, ground: BaseGeometry, on: date) -> BaseGeometry:
    """The part of a ground that no other plot has taken over, owing something and standing on the same lists."""
    owing = PlotStage.objects.standing(on).filter(stage__in=OWING)
    others = PlotVersion.objects.standing(on).filter(geometry__intersects=ground, plot__in=owing.values("plot"))
    stays = Membership.objects.standing(on)
    for key in stays.filter(plot=version.plot_id).values_list("list_key", flat=True):
        others = others.filter(plot__in=stays.filter(list_key=key).values("plot"))
    heirs = [one.geometry for one in others.exclude(plot=version.plot_id)]
    return ground.difference(shapely.union_all(heirs)) if heirs else ground


def cleaned(facts: Mapping[str, Any], by: Actor, held: PlotVersion | None = None) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise PlotRefused(
            _("建设用地地块没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="plots.plot.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean |= {name: clean[name] or "" for name in TEXTS if name in clean}
    if not clean.get("name", "x"):
        raise PlotRefused(_("地块没有名称：请填写，例如“原青禾农药厂地块”。"), code="plots.plot.name_missing")
    _check_choices(clean)
    _check_codes(clean)
    _check_person(clean, held)
    if clean.get("recalled_on"):
        with _said_of("recalled_on"):
            refuse_future(clean["recalled_on"], by, PlotRefused, "plots.plot.future")
    _check_numbers(clean)
    if "pollutants" in clean:
        clean["pollutants"] = "、".join(part for part in re.split(r"[、，,;；\s]+", clean["pollutants"]) if part)
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
        _refuse_sliver(clean["geometry"])
    return clean | _uses(clean, held)


def _check_choices(facts: Mapping[str, Any]) -> None:
    for name, choices in CHOICES.items():
        if facts.get(name) and facts[name] not in choices.values:
            raise PlotRefused(
                _("%(what)s“%(value)s”不在可选范围内：请选择%(choices)s之一。")
                % {
                    "what": PlotVersion._meta.get_field(name).verbose_name,
                    "value": facts[name],
                    "choices": "、".join(map(str, choices.labels)),
                },
                code="plots.plot.choice",
            )


def _check_person(facts: Mapping[str, Any], held: PlotVersion | None) -> None:
    """A natural person's name stands where it is veiled: a short name without a code, like no office or firm, is one's."""
    name = facts.get("responsible", "")
    code = facts.get("responsible_code", held.responsible_code if held else "")
    if not name or code or (held and name == held.responsible) or not PERSON.fullmatch(name):
        return
    raise PlotRefused(
        _(
            "土壤污染责任人“%(name)s”没有统一社会信用代码，看起来是个人姓名：个人请填写在“个人责任人姓名”，单位请填写全称或信用代码。"
        )
        % {"name": name},
        code="plots.plot.person",
    )


def _check_codes(facts: dict[str, Any]) -> None:
    valid = {"holder_code": valid_code, "responsible_code": valid_code, "industry": valid_industry}
    for name, read in valid.items():
        if facts.get(name):
            with _said_of(name):
                facts[name] = read(facts[name])


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    """A refusal that says of which content it is."""
    try:
        yield
    except Refusal as refusal:
        told = {"what": PlotVersion._meta.get_field(name).verbose_name, "why": refusal}
        raise PlotRefused(_("%(what)s：%(why)s") % told, code=refusal.code) from refusal


def _refuse_sliver(shape: Any) -> None:
    """What is no larger than the boundary tolerance is no ground."""
    area = area_m2(shape)
    if area <= float(least_m2()):
        raise PlotRefused(
            _("范围只有 %(area)s m²，不超过边界容差 %(least)s m²：请核对坐标和坐标系。")
            % {"area": f"{area:.3f}", "least": least_m2()},
            code="plots.plot.sliver",
        )


def _check_numbers(facts: dict[str, Any]) -> None:
    for name in ("depth_m", "volume_m3", "area_of_record_m2"):
        value = facts.get(name)
        if value is None or value == "":
            facts |= {name: None} if name in facts else {}
            continue
        if not Decimal(str(value)).is_finite() or not 0 < Decimal(str(value)) < 10**11:
            title = PlotVersion._meta.get_field(name).verbose_name
            raise PlotRefused(
                _("%(what)s %(value)s 不是正数：请照报告填写，没有就留空。") % {"what": title, "value": value},
                code="plots.plot.number",
            )
        facts[name] = Decimal(str(value)).quantize(Decimal("0.01")) if name == "area_of_record_m2" else float(value)


def _uses(facts: Mapping[str, Any], held: PlotVersion | None) -> dict[str, str]:
    """Digits of both uses are of one classification; letters say their own."""
    system = facts.get("use_system") or (held.use_system if held else "")
    found: dict[str, str] = {}
    for name in ("use_now", "use_planned"):
        if facts.get(name):
            try:
                system, found[name] = landuse.code_of(system, facts[name])
            except Refusal as refusal:
                raise PlotRefused(str(refusal), code="plots.plot.choice") from refusal
    return {**found, "use_system": system} if found else found


def refuse_code_taken(code: str, beside: PlotVersion | None = None) -> None:
    """A code of the national system is one plot's."""
    if not code:
        return
    rows = PlotVersion.objects.filter(superseded_at=None, until=None, code=code)
    taken = rows.exclude(plot=beside.plot_id if beside else None).select_related("plot").first()
    if taken:
        raise PlotRefused(
            _("全国系统地块编码“%(code)s”已由“%(name)s”（%(number)s）使用：请核对编码，或打开该地块办理变更。")
            % {"code": code, "name": taken.name, "number": taken.plot.number},
            code="plots.plot.code_taken",
        )


def refuse_duplicate(shape: Any, on: date) -> None:
    """The same ground is not registered twice."""
    area = area_m2(shape)
    rows = PlotVersion.objects.standing(on).filter(
        geometry__intersects=shape, area_m2__range=(area * DUPLICATE_SHARE, area / DUPLICATE_SHARE)
    )
    for row in rows.select_related("plot"):
        if area_m2(row.geometry.intersection(shape)) >= DUPLICATE_SHARE * area:
            raise PlotRefused(
                _("这块地已经登记为“%(name)s”（%(number)s）：范围几乎完全相同，请打开该地块办理变更。")
                % {"name": row.name, "number": row.plot.number},
                code="plots.plot.duplicate",
            )


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by attribute name of their column, the area beside the ground."""
    found = dict(facts)
    for name in ("parcel", "batch"):
        if name in found:
            held = found.pop(name)
            found[f"{name}_id"] = held.pk if held else None
    if "geometry" in found:
        found["area_m2"] = area_m2(found["geometry"])
    return found
