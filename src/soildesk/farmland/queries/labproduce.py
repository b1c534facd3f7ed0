"""Produce that came through the laboratory room, read as tests of units; and soil and produce of one point as pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from soildesk.core.permissions import Actor
from soildesk.farmland.models import FarmlandClass, ProduceTest, StandsFor, UnitClass, UnitVersion
from soildesk.monitoring.queries import jointresults
from soildesk.monitoring.queries.jointresults import PRODUCE, SOIL, JointResult
from soilrules.farmland.produce import Excess, excess
from soilrules.farmland.producelimits import Sample
from soilrules.farmland.rulesets import Ruleset, rulesets
from soilrules.standards.rulings import Cause
from soilrules.verdict import Outcome


@dataclass(frozen=True, slots=True)
class LabTest:
    """One sample of produce at a point that stands for a unit."""

    unit_id: int
    point: int
    crop: str
    sampled: date
    result: date
    sample: str
    said: Sample
    answered: frozenset[str]
    above: frozenset[str]
    results: tuple[JointResult, ...]

    @property
    def number(self) -> str:
        """The number a test of it has here."""
        return self.sample[:60]


@dataclass(frozen=True, slots=True)
class Pair:
    """Soil and produce of one point: the newest sample of produce and the newest of soil beside it; None where there is none."""

    number: str
    name: str
    point_uid: str
    unit: UnitVersion | None
    soil: tuple[JointResult, ...]
    produce: tuple[JointResult, ...]
    said: Sample

    @property
    def soil_worst(self) -> str:
        """The gravest verdict of the soil."""
        return _worst(self.soil)

    @property
    def days_between(self) -> int | None:
        """How many days lie between both samples."""
        if not (self.soil and self.produce):
            return None
        return abs((self.produce[0].sampled - self.soil[0].sampled).days)


def of_units(unit_ids: Collection[int], on: date, points: Collection[int] | None = None) -> list[LabTest]:
    """Samples of produce at points (of some alone) that stand for some units."""
    if not unit_ids:
        return []
    results = jointresults.results([PRODUCE], on, points)
    if not results:
        return []
    versions = list(UnitVersion.objects.standing(on).filter(unit__in=unit_ids))
    return _tests(results, points_of(versions, {one.point for one in results}, on))


def untold(unit_ids: Collection[int], on: date, points: Collection[int] | None = None) -> list[LabTest]:
    """Samples above their limit that are not written down as tests of their unit yet; one that was taken back stays away."""
    above = [one for one in of_units(unit_ids, on, points) if one.said.above]
    told = ProduceTest.objects.filter(number__in=[one.number for one in above])
    known = set(told.values_list("unit_id", "number"))
    return [one for one in above if (one.unit_id, one.number) not in known]


def units_at(points: Collection[int], on: date) -> set[int]:
    """The units in which points lie, and those somebody said they stand for."""
    rows = UnitVersion.objects.standing(on)
    places = [at for _number, _name, _uid, at in jointresults.places(on, points).values()]
    lie = {key for at in places for key in rows.filter(geometry__intersects=at).values_list("unit_id", flat=True)}
    said = StandsFor.objects.filter(superseded_at=None, since__lte=on, point__in=points, counts=True)
    return lie | set(said.values_list("unit_id", flat=True))


def pairs(actor: Actor, on: date, year: int) -> list[Pair]:
    """The points of a place at which produce or soil of farmland was sampled in a year, each with both, the incomplete first."""
    versions = list(UnitVersion.objects.visible_to(actor).standing(on).select_related("unit"))
    results = [one for one in jointresults.results([SOIL, PRODUCE], on) if one.sampled.year <= year]
    produced = {one.point for one in results if one.medium == PRODUCE and one.sampled.year == year}
    held = points_of(versions, produced, on)
    units = {one.unit_id: one for one in versions}
    by_point = {point: units[unit] for unit, points in held.items() for point in points}
    places = jointresults.places(on, by_point)
    found = [
        _pair(places[point], by_point[point], [one for one in results if one.point == point])
        for point in by_point
        if point in places
    ]
    return sorted(found, key=lambda one: (bool(one.soil and one.produce), one.number))


def without_pair(actor: Actor, on: date, found: Sequence[Pair]) -> list[UnitVersion]:
    """Units of safe use or strict control without a point at which soil and produce were both sampled."""
    paired = {one.unit.unit_id for one in found if one.unit and one.soil and one.produce}
    held = UnitClass.objects.standing(on).exclude(farmland_class=FarmlandClass.PRIORITY).exclude(unit__in=paired)
    rows = UnitVersion.objects.visible_to(actor).standing(on).filter(unit__in=held.values("unit"))
    return list(rows.select_related("unit").order_by("unit__number"))


def points_of(versions: Sequence[UnitVersion], points: Collection[int], on: date) -> dict[int, set[int]]:
    """Which of some points stand for which unit: those that lie in it and those somebody named, without those taken out."""
    found: dict[int, set[int]] = defaultdict(set)
    places = jointresults.places(on, points)
    if places and versions:
        keys = list(places)
        shapes = np.array([one.geometry for one in versions], object)
        at = np.array([places[key][3] for key in keys], object)
        point, unit = shapely.STRtree(shapes).query(at, predicate="intersects")
        for one, other in zip(point.tolist(), unit.tolist(), strict=True):
            found[versions[other].unit_id].add(keys[one])
    said = StandsFor.objects.filter(superseded_at=None, since__lte=on, unit__in=[one.unit_id for one in versions])
    for unit_id, key, counts in said.filter(point__in=list(places)).values_list("unit_id", "point_id", "counts"):
        found[unit_id].add(key) if counts else found[unit_id].discard(key)
    return found


def _tests(results: Iterable[JointResult], points: dict[int, set[int]]) -> list[LabTest]:
    samples: dict[tuple[int, str, date], list[JointResult]] = defaultdict(list)
    for one in results:
        samples[one.point, one.sample, one.sampled].append(one)
    ruleset = next(iter(rulesets().values()))
    return [
        _test(unit_id, rows, ruleset)
        for unit_id, keys in points.items()
        for (point, _sample, _day), rows in samples.items()
        if point in keys
    ]


def _test(unit_id: int, rows: Sequence[JointResult], ruleset: Ruleset) -> LabTest:
    first = rows[0]
    answered = frozenset(one.analyte for one in rows if one.verdict != Outcome.UNKNOWN)
    known = max(one.known for one in rows)
    return LabTest(
        unit_id, first.point, first.crop, first.sampled, known, first.sample, said_of(rows, ruleset), answered,
        frozenset(one.analyte for one in rows if one.verdict == Outcome.EXCEEDS), tuple(rows),
    )  # fmt: skip


def said_of(rows: Sequence[JointResult], ruleset: Ruleset) -> Sample:
    """What a sample says by the verdicts that stand."""
    found = {one.analyte: said_alone(one, ruleset) for one in rows if one.cause != Cause.NO_LIMIT}
    if "inorganic_arsenic" in found and not found.get("arsenic", Sample.WITHIN).above:
        found.pop("arsenic", None)
    return max(
        found.values(), key=[Sample.WITHIN, Sample.UNKNOWN, Sample.LIGHT, Sample.SEVERE].index, default=Sample.UNKNOWN
    )


def said_alone(one: JointResult, ruleset: Ruleset) -> Sample:
    """What one content says by its verdict."""
    if one.verdict == Outcome.MEETS:
        return Sample.WITHIN
    if one.verdict != Outcome.EXCEEDS:
        return Sample.UNKNOWN
    severe = one.factor is not None and excess(Decimal(repr(one.factor)), ruleset) is Excess.SEVERE
    return Sample.SEVERE if severe else Sample.LIGHT


def _pair(place: tuple[str, str, str, Any], unit: UnitVersion, rows: Sequence[JointResult]) -> Pair:
    number, name, uid, _at = place
    produce, soil = _newest(rows, PRODUCE), _newest(rows, SOIL)
    said = said_of(produce, next(iter(rulesets().values())))
    return Pair(number, name, uid, unit, soil, produce, said)


def _newest(rows: Sequence[JointResult], medium: str) -> tuple[JointResult, ...]:
    own = [one for one in rows if one.medium == medium]
    if not own:
        return ()
    last = max(own, key=lambda one: one.sampled)
    return tuple(one for one in own if (one.sampled, one.sample) == (last.sampled, last.sample))


def _worst(rows: Sequence[JointResult]) -> str:
    outcomes = [Outcome(one.verdict) for one in rows]
    return str(max(outcomes, key=lambda one: one.gravity)) if outcomes else ""
