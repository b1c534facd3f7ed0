"""Series of one analyte at points: the contents round by round, the limits of their day, and what the trend test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import PointVersion
from soildesk.monitoring.queries import contents as of
from soildesk.monitoring.queries.contents import Content, Layer
from soilrules.standards.library import shipped
from soilrules.statistics.readings import Observation
from soilrules.statistics.trend import TrendTest, mann_kendall


@dataclass(frozen=True, slots=True)
class LimitPiece:
    """One level piece of a limit line: from a day to a day, by which edition."""

    kind: str  # screening or control
    first: date
    last: date
    value: float
    standard: str


@dataclass(frozen=True, slots=True)
class Line:
    """The series of one point in one unit."""

    point: int
    number: str
    name: str
    contents: Sequence[Content]
    trend: TrendTest | None


@dataclass(frozen=True, slots=True)
class Series:
    """What was asked for: one analyte in one medium and layer at some points."""

    analyte: str
    medium: str
    unit: str
    layer: Layer
    lines: Sequence[Line]
    limits: Sequence[LimitPiece]
    other_unit: int = 0  # results left out, for their unit cannot be turned into the others'
    without_day: int = 0

    @property
    def contents(self) -> list[Content]:
        """Everything drawn, point by point."""
        return [one for line in self.lines for one in line.contents]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked of some points: media, analytes and layers that have results."""

    media: Sequence[str]
    analytes: Sequence[str]
    layers: Sequence[Layer]


def named(actor: Actor, numbers: Sequence[str], on: date) -> list[PointVersion]:
    """The points of these numbers that the actor sees, as they stand or last stood, in the order asked for."""
    rows = PointVersion.objects.visible_to(actor).filter(
        point__number__in=list(numbers), superseded_at=None, since__lte=on
    )
    held = {one.point.number: one for one in rows.select_related("point").order_by("since")}
    return [held[number] for number in dict.fromkeys(numbers) if number in held]


def series(actor: Actor, points: Sequence[PointVersion], asked: tuple[str, str], on: date) -> tuple[Series, Choice]:
    """The series of an analyte in a layer at some points; `asked` is (analyte, layer), empty for the first there is."""
    rows = of.seen(actor, on).filter(point__in=[one.point_id for one in points])
    there = of.analytes_of(rows)
    analyte = asked[0] if asked[0] in there else _first(there)
    held = of.contents(rows.filter(analyte=analyte))
    media = list(dict.fromkeys(one.medium for one in held))
    held = [one for one in held if one.medium == media[0]] if media else held
    layers = of.layers_of(held)
    layer = next((one for one in layers if str(one) == asked[1]), _usual(held, layers))
    unit, kept, other = of.alike([one for one in held if one.layer == layer])
    dated = [one for one in kept if one.on is not None]
    lines = [_line(point, [one for one in dated if one.point == point.point_id]) for point in points]
    lines = [line for line in lines if line.contents]
    made = Series(
        analyte=analyte,
        medium=media[0] if media else "",
        unit=unit,
        layer=layer,
        lines=lines,
        limits=limit_pieces(lines[0].contents) if len(lines) == 1 else (),
        other_unit=other,
        without_day=len(kept) - len(dated),
    )
    return made, Choice(media, there, layers)


def _first(there: Sequence[str]) -> str:
    """What is looked at where nobody asked: the first analyte that is no circumstance of the sample."""
    return next((slug for slug in there if slug != "ph"), there[0] if there else "")


def _usual(held: Sequence[Content], layers: Sequence[Layer]) -> Layer:
    """The layer sampled most often, of several the uppermost."""
    counted = [sum(one.layer == layer for one in held) for layer in layers]
    return layers[counted.index(max(counted))] if layers else Layer(None, None)


def _line(point: PointVersion, held: list[Content]) -> Line:
    held.sort(key=lambda one: (one.on, one.pk))
    return Line(point.point_id, point.point.number, point.name, held, trend_of(held))


def trend_of(held: Sequence[Content]) -> TrendTest | None:
    """The trend of a series, the highest content of each day, as the warnings take it; None without any."""
    by_day = {}
    for one in held:
        reading = one.reading
        if one.on and reading and (one.on not in by_day or reading.value > by_day[one.on].value):
            by_day[one.on] = reading
    if not by_day:
        return None
    return mann_kendall([Observation(day, reading) for day, reading in sorted(by_day.items())])


def limit_pieces(held: Sequence[Content]) -> list[LimitPiece]:
    """The limit lines of one point: each result's limit around its day, a step where the edition or the limit changes."""
    return [piece for kind in ("screening", "control") for piece in _pieces(held, kind)]


def _pieces(held: Sequence[Content], kind: str) -> list[LimitPiece]:
    known = [
        (one.on, getattr(one.limits, kind), one.limits.standard)
        for one in held
        if one.limits and one.on and getattr(one.limits, kind) is not None
    ]
    found: list[LimitPiece] = []
    for day, value, standard in known:
        last = found[-1] if found else None
        if last and (last.value, last.standard) == (value, standard):
            found[-1] = LimitPiece(kind, last.first, day, value, standard)
        elif last:
            step = _step(last, day, standard)
            found[-1] = LimitPiece(kind, last.first, step, last.value, last.standard)
            found.append(LimitPiece(kind, step, day, value, standard))
        else:
            found.append(LimitPiece(kind, _begin(held, day, standard), day, value, standard))
    return found


def _begin(held: Sequence[Content], day: date, standard: str) -> date:
    """Where the first limit begins: with its edition, where results before it had none."""
    before = [one.on for one in held if one.on and one.on < day]
    since = _in_force(standard)
    return since if before and since and before[-1] < since <= day else day


def _step(last: LimitPiece, day: date, standard: str) -> date:
    """Where one limit gives way to the next: the day the new edition came into force, else half way."""
    since = _in_force(standard) if standard != last.standard else None
    if since and last.last < since <= day:
        return since
    return last.last + timedelta(days=(day - last.last).days // 2)


def _in_force(standard: str) -> date | None:
    try:
        edition = shipped().find(standard)[1]
    except KeyError:
        return None
    return edition.since if edition else None
