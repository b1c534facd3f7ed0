"""What is known of each point and analyte of a campaign after a judgement, as the warning rules take it.

Points are read some hundreds at a time with all their accepted results, so memory is bounded. Only what can be a
warning is looked at closely: a result over a limit, or a series of at least two rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import scipy
import shapely
from django.db.models import QuerySet

from soildesk.monitoring import context, localrules
from soildesk.monitoring.models import (
    BackgroundVersion,
    Campaign,
    Judgement,
    Point,
    PointVersion,
    Qualifier,
    Result,
    ResultVerdict,
)
from soildesk.monitoring.queries.samplefacts import NOT_JUDGED, accepted
from soildesk.monitoring.rulings import Ruling
from soilrules import units
from soilrules.geodesy import measure
from soilrules.monitoring.dated import Medium
from soilrules.monitoring.facts import ABOVE, Background, Neighbour, PointFacts
from soilrules.statistics.readings import Observation, Reading
from soilrules.verdict import Outcome

POINTS_AT_ONCE = 400
FIELDS = (
    "pk", "point_id", "sample", "analyte", "medium", "value", "censored", "detection_limit", "more_than", "unit",
    "sampled_on", "task__depth_from_cm", "task__depth_to_cm", "batch__campaign_id", "division_path",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One analyte in one medium at one point: what is known, the results it is about, and the one that weighs most."""

    facts: PointFacts
    point: Point | None
    version: PointVersion | None
    grave: Row
    over: Sequence[int]  # results of this campaign over a limit
    standard: str

    @property
    def results(self) -> Sequence[int]:
        """The results a warning would be about."""
        return self.over or [self.grave["pk"]]

    @property
    def division_path(self) -> str:
        """Where it is."""
        return self.version.division_path if self.version else str(self.grave["division_path"])


def events(campaign: Campaign, on: date) -> Iterator[Event]:
    """Every event of a campaign that can be a warning, on the day of weighing."""
    surroundings = _Surroundings(on)
    points = list(
        accepted(campaign).exclude(point=None).values_list("point_id", flat=True).distinct().order_by("point_id")
    )
    for start in range(0, len(points), POINTS_AT_ONCE):
        some = points[start : start + POINTS_AT_ONCE]
        yield from _Some(campaign, on, some, surroundings).events()
    if accepted(campaign).filter(point=None).exists():
        yield from _Some(campaign, on, None, surroundings).events()


class _Some:
    """The results of some points, or of samples of no point where `points` is None."""

    def __init__(self, campaign: Campaign, on: date, points: list[int] | None, surroundings: _Surroundings) -> None:
        self.campaign, self.on, self._around = campaign, on, surroundings
        rows = _rows_of(points) if points is not None else _without_point(campaign)
        self._verdicts = _verdicts(rows, surroundings.rulings)
        self._points = {one.pk: one for one in Point.objects.filter(pk__in=points or ())}
        self._versions = {one.point_id: one for one in _versions(points or (), on)}
        self._groups = self._grouped(rows)

    def _grouped(self, rows: QuerySet[Result]) -> Mapping[tuple[Any, ...], list[Row]]:
        """Rows that say something about the same: place, analyte judged, medium. Older days first."""
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows.values(*FIELDS).iterator(10_000):
            said = self._verdicts.get(row["pk"])
            row["verdict"] = Outcome(said.verdict) if said else None
            row["on"] = (said.day if said else None) or row["sampled_on"] or self.campaign.starts_on
            row["judged"], row["reading"] = _measured(row, said)
            groups[(row["point_id"] or row["sample"], row["judged"], row["medium"])].append(row)
        for found in groups.values():
            found.sort(key=lambda row: (row["on"], row["pk"]))
        return groups

    def events(self) -> Iterator[Event]:
        """The events among them."""
        found = list(self._candidates())
        over = {key[0] for key, _here, _series, grave in found if grave["verdict"] in ABOVE}
        self._around.look([one for point, one in self._versions.items() if point in over])
        for key, here, series, grave in found:
            yield self._event(key, here, series, grave)

    def _candidates(self) -> Iterator[tuple[tuple[Any, ...], list[Row], list[Row], Row]]:
        """What is over a limit, and series of two rounds and more: results of the campaign, the series, the gravest."""
        for key, rows in self._groups.items():
            here = [row for row in rows if row["batch__campaign_id"] == self.campaign.pk and row["verdict"]]
            if not here:
                continue
            grave = max(here, key=lambda row: (_gravity(row), row["on"], row["pk"]))
            series = [row for row in rows if row["on"] <= grave["on"] and _layer(row) == _layer(grave)]
            if grave["verdict"] in ABOVE or len({row["on"] for row in series}) > 1:
                yield key, here, series, grave

    def _event(self, key: tuple[Any, ...], here: list[Row], series: list[Row], grave: Row) -> Event:
        point, analyte, medium = key
        number = self._points[point].number if point in self._points else str(grave["sample"])
        version = self._versions.get(point)
        above = grave["verdict"] in ABOVE
        place = version.geometry if version else None
        observed = _observed(series, grave)
        facts = PointFacts(
            point=number,
            analyte=analyte,
            campaign=self.campaign.number,
            medium=Medium(medium),
            series=observed,
            verdict=grave["verdict"],
            former=_former(series, grave),
            unit=context.unit_at(place, self.on),
            background=self._around.background(place, analyte, grave["unit"]) if above else None,
            neighbours=self._around.neighbours(point, medium, analyte) if above and version else None,
            upstream=context.sources_at(place, self.on),
            produce=self._produce(point, analyte) if medium == Medium.SOIL else None,
        )
        over = [row["pk"] for row in here if row["verdict"] in ABOVE]
        said = self._verdicts[grave["pk"]]
        return Event(facts, self._points.get(point), version, grave, over, said.ruling["standard"] or "")

    def _produce(self, point: Any, analyte: str) -> Outcome | None:
        """The gravest verdict on produce of the place: of the same point, or of a point of produce beside it."""
        own = [row["verdict"] for row in self._groups.get((point, analyte, Medium.PRODUCE), ()) if row["verdict"]]
        beside = self._around.produce(point, analyte)
        return max([*own, *beside], key=lambda one: one.gravity, default=None)


@dataclass(frozen=True, slots=True)
class _Near:
    """A point near another."""

    pk: int
    number: str
    metres: float


class _Surroundings:
    """What lies around points: backgrounds, neighbours with the verdicts on their latest results."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.rulings = _Rulings()
        self._backgrounds = list(BackgroundVersion.objects.standing(on))
        self._near: dict[int, list[_Near]] = {}
        self._latest: dict[tuple[int, str, str], Outcome] = {}  # point, medium, analyte

    def look(self, versions: Sequence[PointVersion]) -> None:
        """Find what is near some points; asked before they are told of."""
        metres = float(localrules.rule("neighbours")["metres"])
        self._near = _near(versions, metres, self.on) if versions else {}
        points = {near.pk for found in self._near.values() for near in found}
        self._latest = _latest(points)

    def background(self, place: Any, analyte: str, unit: str) -> Background | None:
        """The recorded background of an analyte at a place, in the unit of the results; the highest of several."""
        if place is None:
            return None
        here = [one for one in self._backgrounds if one.analyte == analyte and one.geometry.contains(place)]
        known = [(upper, one) for one in here if (upper := _converted(float(one.upper), one.unit, unit)) is not None]
        if not known:
            return None
        upper, found = max(known, key=lambda pair: pair[0])
        return Background(found.name, Decimal(f"{upper:.6g}"))

    def neighbours(self, point: int | None, medium: str, analyte: str) -> tuple[Neighbour, ...] | None:
        """Other points nearby with the verdict on their latest result for the same analyte in the same medium."""
        if point not in self._near:
            return None
        near = ((one.number, self._latest.get((one.pk, medium, analyte))) for one in self._near[point])
        return tuple(Neighbour(number, verdict) for number, verdict in near if verdict)

    def produce(self, point: int | None, analyte: str) -> list[Outcome]:
        """Verdicts on produce of points beside this one."""
        reach = float(localrules.rule("neighbours")["produce_metres"])
        beside = [one.pk for one in self._near.get(point or 0, ()) if one.metres <= reach]
        found = (self._latest.get((pk, Medium.PRODUCE, analyte)) for pk in beside)
        return [verdict for verdict in found if verdict]


def _near(versions: Sequence[PointVersion], metres: float, on: date) -> dict[int, list[_Near]]:
    """The points near each of some points: those of the window around all, by a tree in metres, then on the ellipsoid."""
    here = shapely.get_coordinates([one.geometry for one in versions])
    north, east = metres / 110_000, metres / (110_000 * np.cos(np.radians(np.abs(here[:, 1]).max())))
    reach = np.array((east, north))
    (west, south), (right, top) = here.min(axis=0) - reach, here.max(axis=0) + reach
    rows = PointVersion.objects.standing(on).filter(geometry__bbox=shapely.box(west, south, right, top))
    found = list(rows.order_by("point__number").values_list("point_id", "point__number", "geometry"))
    if not found:
        return {one.point_id: [] for one in versions}
    there = shapely.get_coordinates([place for _pk, _number, place in found])
    scale = np.array([north / east, 1.0])
    pairs = scipy.spatial.cKDTree(here * scale).query_ball_tree(scipy.spatial.cKDTree(there * scale), north)
    near: dict[int, list[_Near]] = {}
    for version, place, others in zip(versions, here.tolist(), pairs, strict=True):
        apart = measure.GEOD.inv(*(np.full(len(others), one) for one in place), *there[others].T)[2]
        known = [(_Near(*found[at][:2], far)) for at, far in zip(others, apart.tolist(), strict=True)]
        near[version.point_id] = [one for one in known if one.metres <= metres and one.pk != version.point_id]
    return near


class _Rulings:
    """The rulings of judgements, read once."""

    def __init__(self) -> None:
        self._known: dict[int, list[Ruling]] = {}

    def of(self, judgement: int) -> list[Ruling]:
        """Those of one judgement."""
        if judgement not in self._known:
            self._known[judgement] = Judgement.objects.values_list("rulings", flat=True).get(pk=judgement)
        return self._known[judgement]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a standing verdict says of a result."""

    verdict: str
    analyte: str
    factor: float | None
    day: date | None
    ruling: Ruling


def counting_everywhere() -> QuerySet[Result]:
    """The results of all campaigns that count."""
    out = Qualifier.objects.filter(
        role=Qualifier.Role.VALIDATOR, code=Qualifier.Code.REJECTED, superseded_at=None
    ).values("result_id")
    return Result.objects.accepted().exclude(pk__in=out).exclude(task__role__in=NOT_JUDGED)


def _rows_of(points: list[int]) -> QuerySet[Result]:
    return counting_everywhere().filter(point__in=points)


def _without_point(campaign: Campaign) -> QuerySet[Result]:
    return accepted(campaign).filter(point=None)


def _versions(points: Sequence[int], on: date) -> list[PointVersion]:
    """How each point stands, or last stood."""
    rows = PointVersion.objects.filter(point__in=points, superseded_at=None, since__lte=on)
    return list(rows.order_by("since"))


def _verdicts(rows: QuerySet[Result], rulings: _Rulings) -> dict[int, _Said]:
    found = ResultVerdict.objects.filter(result__in=rows.values("pk"), trial=False, superseded_at=None)
    return {
        result: _Said(verdict, analyte, factor, day, rulings.of(judgement)[number])
        for result, verdict, analyte, factor, day, judgement, number in found.values_list(
            "result_id", "verdict", "analyte", "factor", "day", "judgement_id", "ruling"
        ).iterator(10_000)
    }


def _measured(row: Row, said: _Said | None) -> tuple[str, Reading | None]:
    """What was judged and its content: of a sum, the content its factor stands for."""
    if said and said.analyte != row["analyte"]:
        first = said.ruling["screening"]
        row["unit"] = said.ruling["limit_unit"] or row["unit"]
        return said.analyte, _reading(said.factor * first) if said.factor and first else None
    return row["analyte"], content_of(row)


def content_of(row: Row) -> Reading | None:
    """What a result says of the content: a number, a bound, or that it is below its detection limit."""
    number = row["detection_limit"] if row["censored"] else (row["more_than"] if row["value"] is None else row["value"])
    return _reading(number, detected=not row["censored"])


def _reading(number: float | None, *, detected: bool = True) -> Reading | None:
    return Reading(Decimal(f"{number:.10g}"), detected) if number is not None and number > 0 else None


def _gravity(row: Row) -> int:
    verdict = row["verdict"]
    return int(verdict.gravity) if verdict in ABOVE else 0


def _layer(row: Row) -> tuple[Any, Any]:
    return row["task__depth_from_cm"], row["task__depth_to_cm"]


def _observed(series: list[Row], grave: Row) -> tuple[Observation, ...]:
    """One content a day in the unit of the result that weighs most, the highest of the day; its own on its own day."""
    by_day: dict[date, Reading] = {}
    for row in series:
        reading = _in_unit(row, grave["unit"])
        if reading and (row["on"] not in by_day or reading.value > by_day[row["on"]].value):
            by_day[row["on"]] = reading
    if grave["reading"]:
        by_day[grave["on"]] = grave["reading"]
    return tuple(Observation(day, reading) for day, reading in sorted(by_day.items()))


def _in_unit(row: Row, unit: str) -> Reading | None:
    reading = row["reading"]
    if reading is None or row["unit"] == unit:
        return reading
    number = _converted(float(reading.value), row["unit"], unit)
    return _reading(number, detected=reading.detected)


def _converted(number: float, unit: str, wanted: str) -> float | None:
    factor = units.times(unit, wanted)  # none of wet weight to dry
    return None if factor is None else number * float(factor)


def _former(series: list[Row], grave: Row) -> Outcome | None:
    """The verdict of the round before, the gravest of its day."""
    days = sorted({row["on"] for row in series if row["on"] < grave["on"]})
    if not days:
        return None
    said = [row["verdict"] for row in series if row["on"] == days[-1] and row["verdict"]]
    return max(said, key=lambda one: one.gravity, default=None)


def _latest(points: Iterable[int]) -> dict[tuple[int, str, str], Outcome]:
    """The standing verdict on the latest result of each point by medium and analyte."""
    rows = ResultVerdict.objects.filter(
        result__point__in=list(points), trial=False, superseded_at=None, result__superseded_at=None
    )
    found = rows.order_by("day", "result_id").values_list("result__point_id", "result__medium", "analyte", "verdict")
    return {(point, medium, analyte): Outcome(verdict) for point, medium, analyte, verdict in found.iterator(10_000)}
