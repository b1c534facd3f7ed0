"""Acts on points where film left in the soil is watched, and what was found there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import FilmPoint, FilmPointVersion, FilmResidue
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services.telling import Telling, need_positive
from soildesk.land.services.writing import Place, number_for, refuse_future

KEEP = "farmland.keep_figures"
FACTS = frozenset({"name", "crop", "covered_years", "geometry", "batch"})


@transaction.atomic
def register(
    facts: Mapping[str, Any], place: Place, *, since: date, by: Actor, at: datetime, why: str = ""
) -> FilmPointVersion:
    """A point of a place, from the day `since`."""
    clean = check_new(facts, place, since=since, by=by)
    point = FilmPoint.objects.create(number=number_for(place.department, "DM", by.today.year))
    said = {"point_id": point.pk, **place.columns, **_columns(clean)}
    made = versions.first(FilmPointVersion, said, since=since, until=None, recording=Recording(by, at, why))
    audit.record(
        "farmland.filmpoint.registered", subject=made, by=by, at=at, data={"number": point.number, "since": since}
    )
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new point as they may be stored."""
    require(by, KEEP, FilmPointVersion(**place.columns))
    refuse_future(since, by, InputRefused, "farmland.input.future")
    clean = cleaned({"name": "", **{name: value for name, value in facts.items() if value is not None}})
    if clean.get("geometry") is None:
        raise InputRefused(_("监测点没有位置：请在地图上点选或者填写坐标。"), code="farmland.input.ground")
    return clean


@transaction.atomic
def change(
    version: FilmPointVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> FilmPointVersion:
    """Say `changes` of a point too."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    audit.record(
        "farmland.filmpoint.changed" if since else "farmland.filmpoint.corrected",
        subject=held, by=recording.by, at=recording.at,
        data={"number": held.point.number, "facts": sorted(clean), "since": since},
    )  # fmt: skip
    return held


def check_change(
    version: FilmPointVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored."""
    require(by, KEEP, version)
    if since:
        refuse_future(since, by, InputRefused, "farmland.input.future")
    given = dict(changes)
    if place := given.pop("place", None):
        require(by, KEEP, FilmPointVersion(**place.columns))
    return cleaned(given) | ({"place": place} if place else {})


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise InputRefused(
            _("监测点没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.input.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("name", "x"):
        raise InputRefused(_("监测点没有名称：请填写，例如“柏庄镇玉米地 1 号”。"), code="farmland.input.name_missing")
    return clean


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(facts)
    if "batch" in found:
        batch = found.pop("batch")
        found["batch_id"] = batch.pk if batch else None
    if place := found.pop("place", None):
        found |= place.columns
    if "crop" in found:
        found["crop"] = found["crop"] or ""
    return found


def _check(facts: Mapping[str, Any], by: Actor) -> None:
    need_positive(facts, "depth_cm", _("采样深度"))
    if facts["kg_per_ha"] < 0:
        raise InputRefused(_("残留量不能小于 0：请核对。"), code="farmland.input.value")


RESIDUES = Telling(
    FilmResidue, KEEP, "farmland.filmresidue",
    frozenset({"point", "on", "kg_per_ha", "depth_cm", "report_number", "note"}), _check,
)  # fmt: skip
