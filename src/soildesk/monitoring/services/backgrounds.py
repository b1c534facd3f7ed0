"""Acts on recorded geological backgrounds 地质背景: register, change, correct, end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.land.shapes import surface
from soildesk.monitoring.models import Background, BackgroundVersion
from soildesk.monitoring.refusals import BackgroundRefused
from soilrules import analytes

FACTS = frozenset({"name", "analyte", "upper", "unit", "document", "geometry", "place"})
UNITS = ("mg/kg", "mg/L", "µg/L", "µg/kg", "g/kg")
MOST = Decimal(10) ** 7


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> BackgroundVersion:
    """A new background from the day `since`, by the document that says so."""
    clean = check_new(facts, place, since=since, by=by)
    background = Background.objects.create(number=number_for(place.department, "BJ", since.year))
    said = {"background_id": background.pk, **place.columns, **clean}
    made = versions.first(BackgroundVersion, said, since=since, until=None, recording=Recording(by, at, why))
    audit.record(
        "monitoring.background.registered",
        subject=made,
        by=by,
        at=at,
        data={"background": background.number, "analyte": made.analyte, "since": since},
    )
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new background as they may be stored; refused where it may not be registered."""
    require(by, "monitoring.keep_points", place.division)
    refuse_future(since, by, BackgroundRefused, "monitoring.background.future")
    needed = {"name": "", "analyte": "", "upper": None, "unit": UNITS[0], "document": "", "geometry": None}
    return cleaned({**needed, **{name: value for name, value in facts.items() if value not in (None, "")}})


@transaction.atomic
def change(
    version: BackgroundVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> BackgroundVersion:
    """Say `changes` of a background too: from `since` on, or (None) from the beginning, as a correction."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, clean, since=since, recording=recording)
    audit.record(
        "monitoring.background.changed" if since else "monitoring.background.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"background": held.background.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(
    version: BackgroundVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, "monitoring.keep_points", version)
    clean = cleaned(changes)
    if since:
        refuse_future(since, by, BackgroundRefused, "monitoring.background.future")
    if place := clean.pop("place", None):
        require(by, "monitoring.keep_points", place.division)
        clean["division_path"] = place.division.path
    if "geometry" in clean and clean["geometry"].equals(version.geometry):
        del clean["geometry"]
    return clean


@transaction.atomic
def end(version: BackgroundVersion, *, on: date, recording: Recording) -> BackgroundVersion:
    """A background that counts no longer from the day `on`."""
    require(recording.by, "monitoring.keep_points", version)
    refuse_future(on, recording.by, BackgroundRefused, "monitoring.background.future")
    if version.until is not None:
        raise BackgroundRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.background.number, "day": version.until},
            code="monitoring.background.ended",
        )
    held = versions.end(version, on=on, recording=recording)
    audit.record(
        "monitoring.background.ended",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"background": held.background.number, "on": on},
    )
    return held


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise BackgroundRefused(
            _("地质背景没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="monitoring.background.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("name", "x"):
        raise BackgroundRefused(
            _("地质背景没有名称：请填写，例如“东山黑色页岩区”。"), code="monitoring.background.name_missing"
        )
    if not clean.get("document", "x"):
        raise BackgroundRefused(
            _("没有依据：背景上限要有调查报告或文件，请填写名称和文号。"), code="monitoring.background.document"
        )
    if "analyte" in clean:
        clean["analyte"] = _analyte(clean["analyte"])
    if clean.get("unit", UNITS[0]) not in UNITS:
        raise BackgroundRefused(
            _("没有“%(unit)s”这个单位：请选择%(units)s之一。") % {"unit": clean["unit"], "units": "、".join(UNITS)},
            code="monitoring.background.unit",
        )
    if "upper" in clean:
        clean["upper"] = _upper(clean["upper"])
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
    return clean


def _analyte(name: str) -> str:
    found = analytes.candidates(name)
    if len(found) != 1:
        near = "、".join(one.zh for one in analytes.nearest(name))
        raise BackgroundRefused(
            _("不认识分析项目“%(name)s”：请写全名，例如镉、砷（相近的有：%(near)s）。") % {"name": name, "near": near},
            code="monitoring.background.analyte",
        )
    return found[0]


def _upper(value: Any) -> Decimal:
    try:
        upper = Decimal(str(value))
    except InvalidOperation:
        upper = Decimal(0)
    if not upper.is_finite() or not 0 < upper < MOST:
        raise BackgroundRefused(
            _("背景上限“%(value)s”不是正数：请填写报告给出的数值。") % {"value": value},
            code="monitoring.background.upper",
        )
    return upper.quantize(Decimal("0.000001"))
