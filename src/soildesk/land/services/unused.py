"""Acts on unused land 未利用地: register, change, end. A patrol falls due as long as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.models import Department
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.models import UnusedLand, UnusedLandVersion
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services import rounds
from soildesk.land.services.writing import Place, county_of, number_for, refuse_future
from soildesk.land.shapes import area_m2, surface

FACTS = frozenset({"name", "code", "kind", "is_reserve", "patrol_every_months", "keeper", "geometry", "place"})
LONGEST_PERIOD = 60
"""Months between two patrols at most."""


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> UnusedLandVersion:
    """A new piece of unused land, kept from the day `since` by its keeper, who owes the first patrol."""
    clean = check_new(facts, place, since=since, by=by)
    land = UnusedLand.objects.create(number=number_for(place.department, "WL", since.year))
    keeper = clean.pop("keeper")
    said = {"land_id": land.pk, "keeper_id": keeper.pk, "area_m2": area_m2(clean["geometry"]), **place.columns, **clean}
    made = versions.first(UnusedLandVersion, said, since=since, until=None, recording=Recording(by, at, why))
    rounds.owe_next(made, by=by)
    audit.record(
        "land.unused.registered",
        subject=made,
        by=by,
        at=at,
        data={"land": land.number, "area_m2": made.area_m2, "since": since},
    )
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of new unused land as they may be stored; refused where it may not be registered."""
    require(by, "land.keep_unused", place.division)
    refuse_future(since, by, UnusedRefused, "land.unused.future")
    clean = cleaned({"geometry": None, "name": "", "keeper": place.department, **facts})
    refuse_keeper_elsewhere(clean["keeper"], place.division.path)
    refuse_code_taken(clean.get("code", ""), county_of(place.division.path), since)
    return clean


@transaction.atomic
def change(
    version: UnusedLandVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> UnusedLandVersion:
    """Say `changes` of the land too: from `since` on, or (None) from the beginning, as a correction."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, clean, since=since, recording=recording)
    rounds.owe_next(held, by=recording.by)
    audit.record(
        "land.unused.changed" if since else "land.unused.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"land": held.land.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(
    version: UnusedLandVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require(by, "land.keep_unused", version)
    clean = cleaned(changes)
    if since:
        refuse_future(since, by, UnusedRefused, "land.unused.future")
    if place := clean.pop("place", None):
        require(by, "land.keep_unused", place.division)
        clean["division_path"] = place.division.path
    if "keeper" in clean or place:
        refuse_keeper_elsewhere(clean.get("keeper", version.keeper), clean.get("division_path", version.division_path))
    if clean.get("code", version.code) != version.code:
        refuse_code_taken(clean["code"], county_of(version.division_path), since or version.since, version)
    if "geometry" in clean:
        same = clean["geometry"].equals(version.geometry)
        clean |= {"geometry": version.geometry} if same else {"area_m2": area_m2(clean["geometry"])}
    return clean


@transaction.atomic
def end(version: UnusedLandVersion, *, on: date, recording: Recording) -> UnusedLandVersion:
    """Land that is no longer unused (taken under the plough, built on) from the day `on`; no patrol is owed any more."""
    require(recording.by, "land.keep_unused", version)
    refuse_future(on, recording.by, UnusedRefused, "land.unused.future")
    if version.until is not None:
        raise UnusedRefused(
            _("%(number)s 自 %(day)s 起已另有变更或终止：请从最新的记录办理。")
            % {"number": version.land.number, "day": version.until},
            code="land.unused.ended",
        )
    held = versions.end(version, on=on, recording=recording)
    rounds.stop(held, on, by=recording.by)
    audit.record(
        "land.unused.ended", subject=held, by=recording.by, at=recording.at, data={"land": held.land.number, "on": on}
    )
    return held


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise UnusedRefused(
            _("未利用地没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="land.unused.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    for name in ("patrol_every_months", "is_reserve"):
        if clean.get(name, "-") is None:
            del clean[name]  # left empty: what stood, or the usual
    if "geometry" in clean:
        clean["geometry"] = surface(clean["geometry"])
    if not clean.get("name", "x"):
        raise UnusedRefused(_("未利用地没有名称：请填写，例如“东河滩地”。"), code="land.unused.name_missing")
    if clean.get("kind", UnusedLandVersion.Kind.OTHER) not in UnusedLandVersion.Kind.values:
        raise UnusedRefused(
            _("没有“%(kind)s”这种未利用地类型：请在列表中选择。") % {"kind": clean["kind"]}, code="land.unused.kind"
        )
    if "keeper" in clean and clean["keeper"] is None:
        raise UnusedRefused(_("没有管护单位：请选择由谁巡查。"), code="land.unused.keeper")
    if not 1 <= int(clean.get("patrol_every_months", 6)) <= LONGEST_PERIOD:
        raise UnusedRefused(
            _("巡查周期 %(months)s 个月不在 1 至 %(most)d 之间：请按方案规定填写。")
            % {"months": clean["patrol_every_months"], "most": LONGEST_PERIOD},
            code="land.unused.period",
        )
    return clean


def refuse_keeper_elsewhere(keeper: Department, path: str) -> None:
    """Who owes the patrols must be able to see the land."""
    if not path.startswith(keeper.division.path):
        raise UnusedRefused(
            _("管护单位“%(keeper)s”的辖区不包含这块地：请填写这块地所在的乡镇（街道），或另选管护单位。")
            % {"keeper": keeper},
            code="land.unused.keeper_elsewhere",
        )


def refuse_code_taken(code: str, path: str, on: date, beside: UnusedLandVersion | None = None) -> None:
    """A patch's code stands once in a place."""
    rows = UnusedLandVersion.objects.standing(on).filter(code=code, division_path__startswith=path)
    taken = rows.exclude(land=beside.land_id if beside else None).select_related("land").first() if code else None
    if taken:
        raise UnusedRefused(
            _("图斑编号“%(code)s”已由 %(number)s 使用：请核对编号。") % {"code": code, "number": taken.land.number},
            code="land.unused.code_taken",
        )
