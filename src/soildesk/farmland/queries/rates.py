"""The safe-use rate as we count it 自算值: of any place and year, on any day, as known then; its rows, its parts.

What counts is said by soilrules.farmland.rates. A total sums units of one kind before it asks the rule, which is the same,
for the rule adds areas; rows ask it unit by unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, FilteredRelation, FloatField, Func, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Least

from soildesk.core.permissions import READERS, Actor
from soildesk.farmland.models import UnitMeasure, UnitVersion
from soildesk.farmland.queries import carried, produced
from soildesk.farmland.queries.covered import counting, counts, covered, drawn_together, largest_and_shapes
from soildesk.farmland.queries.then import Then
from soildesk.kit.passes import once_a_pass
from soildesk.land.services.writing import county_of
from soilrules.farmland.measures import measures_for
from soilrules.farmland.rates import Method, Need, Placing, Rate, RateUnit, State, method_of, safe_use_rate
from soilrules.farmland.units import FarmlandClass

MEASURES = "unit__measures__"


class Why(StrEnum):
    """Why there is no rate."""

    NO_METHOD = "no_method"  # a year before every method
    AHEAD = "ahead"  # a year that has not begun on the day
    NO_UNITS = "no_units"
    NO_LEDGER = "no_ledger"  # nobody wrote a measure of the year down
    PART = "part"  # the actor sees a part of the place, which proves nothing of the whole
    UNPLACED = "unplaced"  # units nobody approved a class of, or told the pollution of


@dataclass(frozen=True, slots=True)
class Place:
    """A year of a place. `path`: the division's; empty for all the desk holds."""

    path: str
    then: Then


@dataclass(frozen=True, slots=True)
class Line:
    """One unit as it goes into the rate."""

    unit_id: int
    uid: str
    number: str
    name: str
    path: str
    kind: str
    area_m2: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """The rate, or why there is none; `lines` are the units behind its rows by number (empty for a total)."""

    place: Place
    method: Method | None
    found: Rate | None
    why: Why | None = None
    lines: Mapping[str, Line] | None = None

    @property
    def state(self) -> State:
        """Whether there is a rate."""
        return State.UNKNOWN if self.found is None or self.why else self.found.state

    @property
    def rate(self) -> Decimal | None:
        """A fraction, not rounded; None where there is none."""
        return self.found.rate if self.found is not None and self.why is None else None


def total(actor: Actor, place: Place) -> Answer:
    """The rate of a place from sums: its rows are kinds of units, not units."""
    answer = _without(actor, place)
    if answer.method is None or answer.why:
        return answer
    if any(Need.PRODUCE in one.needs for one in answer.method.counts.values()):
        return by_unit(actor, place)
    return _answered(answer, _sums(actor, place, answer.method))


@once_a_pass(lambda actor, place: place)
def by_unit(actor: Actor, place: Place) -> Answer:
    """The rate of a place from its units, with every row."""
    answer = _without(actor, place)
    method = answer.method
    if method is None or answer.why:
        return answer
    lines = _lines(actor, place, method)
    under: dict[int, Decimal] = {}
    for each in {one.under for one in method.counts.values()}:
        areas = {one.unit_id: one.area_m2 for one in lines if _under(method, one.kind) is each}
        under |= covered(_measures(place, each), areas, place.then)
    eaten = _produce(method, lines, place.then)
    units = [_rate_unit(method, one, under.get(one.unit_id, Decimal(0)), eaten.get(one.unit_id)) for one in lines]
    return _answered(answer, units, {one.number: one for one in lines})


def _under(method: Method, kind: str) -> FarmlandClass | None:
    return method.counts[kind].under if kind in method.counts else None


@once_a_pass(lambda actor, place: place)
def _without(actor: Actor, place: Place) -> Answer:
    """What can be said before a row is read."""
    then = place.then
    try:
        method = method_of(then.year)
    except ValueError:
        return Answer(place, None, None, Why.NO_METHOD)
    if then.on.year < then.year:
        return Answer(place, method, None, Why.AHEAD)
    if not cropland(actor, place).exists():
        return Answer(place, method, None, Why.NO_UNITS)
    if not _sees_all(actor, place.path):
        return Answer(place, method, None, Why.PART)
    told = then.known(UnitMeasure.objects.filter(year=then.year, division_path__startswith=county_of(place.path)))
    return Answer(place, method, None, None if told.exists() else Why.NO_LEDGER)


def why_none(actor: Actor, place: Place) -> Why | None:
    """Why there is no rate, as far as it can be said before a row is read."""
    return _without(actor, place).why


def last_year_told(actor: Actor, place: Place) -> int | None:
    """The last year before the asked one with a measure the actor sees; None where there is none."""
    rows = place.then.known(UnitMeasure.objects.visible_to(actor).filter(year__lt=place.then.year))
    return rows.filter(division_path__startswith=place.path).aggregate(Max("year"))["year__max"]


def _sees_all(actor: Actor, path: str) -> bool:
    """Whether the actor sees every unit of a place; of no place in particular, what is seen is all that is asked for."""
    grants = (grant for grant in actor.grants if grant.role in READERS)
    return not path or actor.system or any(path.startswith(grant.division.path) for grant in grants)


def _answered(answer: Answer, units: Iterable[RateUnit], lines: Mapping[str, Line] | None = None) -> Answer:
    assert answer.method is not None, "asked before"
    found = safe_use_rate(units, answer.method)
    return Answer(answer.place, answer.method, found, Why.UNPLACED if found.open else None, lines)


def cropland(actor: Actor | None, place: Place) -> QuerySet[UnitVersion]:
    """The cropland of a place on the day: the rate speaks of no other ground."""
    rows = UnitVersion.objects.visible_to(actor).standing(place.then.day, place.then.known_on)
    return rows.filter(ground=UnitVersion.Ground.CROPLAND, division_path__startswith=place.path)


def _kinds(rows: QuerySet[UnitVersion], method: Method, then: Then) -> QuerySet[UnitVersion]:
    """The same with `rate_kind`, by which they fall into the rate, and `rate_area`, the area they fall in with."""
    record = Coalesce(Cast("area_of_record_m2", FloatField()), F("area_m2"))
    if method.by is not Placing.CLASS:
        return rows.annotate(rate_kind=F("pollution"), rate_area=Cents(record))
    held = _held(then)
    approved = Cast(F("held_class__area_m2"), FloatField())
    return rows.annotate(
        held_class=held, rate_kind=Coalesce(F("held_class__farmland_class"), Value("")), rate_area=Cents(Coalesce(approved, record))
    )  # fmt: skip


class Cents(Func):
    """A number of m² to the hundredth, as areas are kept."""

    template = "ROUND(%(expressions)s, 2)"
    output_field = FloatField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL rounds exact numbers only."""
        template = "CAST(ROUND(CAST(%(expressions)s AS numeric), 2) AS double precision)"
        return self.as_sql(compiler, connection, template=template, **extra)


def _held(then: Then) -> Any:
    known = Q(unit__classes__superseded_at=None)
    if then.known_on is not None:
        known = Q(unit__classes__recorded_at__lte=then.known_on) & (
            known | Q(unit__classes__superseded_at__gt=then.known_on)
        )
    until = Q(unit__classes__until=None) | Q(unit__classes__until__gt=then.day)
    return FilteredRelation("unit__classes", condition=known & until & Q(unit__classes__since__lte=then.day))


def _lines(actor: Actor, place: Place, method: Method) -> list[Line]:
    rows = _kinds(cropland(actor, place), method, place.then)
    fields = ("unit_id", "unit__uid", "unit__number", "name", "division_path", "rate_kind", "rate_area")
    return [
        Line(unit, str(uid), number, name, path, kind, _area(area))
        for unit, uid, number, name, path, kind, area in rows.order_by("unit__number").values_list(*fields)
    ]


def _measures(place: Place, under: FarmlandClass) -> QuerySet[UnitMeasure]:
    """The measures of a place that count on ground of a class."""
    return counting(place.then, measures_for(under)).filter(division_path__startswith=county_of(place.path))


def _produce(method: Method, lines: Iterable[Line], then: Then) -> Mapping[int, bool]:
    """Whether produce was found within, of units of which it matters."""
    wanted = [
        one.unit_id for one in lines if one.kind in method.counts and Need.PRODUCE in method.counts[one.kind].needs
    ]
    return produced.within(wanted, then) if wanted else {}


def _rate_unit(method: Method, one: Line, area: Decimal, within: bool | None) -> RateUnit:
    placed = {"farmland_class" if method.by is Placing.CLASS else "pollution": one.kind}
    return RateUnit(one.number, one.area_m2, area, produce_within=within, **placed)


def _sums(actor: Actor, place: Place, method: Method) -> list[RateUnit]:
    """Units of one kind as one: all their area, and what measures cover of it."""
    rows = _kinds(cropland(actor, place), method, place.then)
    done = _covered_sums(rows, place.then, method)
    found = []
    for kind, area in rows.order_by().values_list("rate_kind").annotate(Sum("rate_area")).order_by("rate_kind"):
        whole = _area(area)
        found.append(RateUnit(kind, whole, min(done.get(kind, Decimal(0)), whole), farmland_class=kind))
    return found


def _covered_sums(rows: QuerySet[UnitVersion], then: Then, method: Method) -> dict[str, Decimal]:
    """By kind, what measures cover of the units together; units with several drawn measures are joined one by one."""
    wanted = Q()
    for kind, one in method.counts.items():
        wanted |= Q(rate_kind=kind) & counts(then, measures_for(one.under), MEASURES)
    took = carried.links(then).values("after")
    each = rows.filter(wanted).exclude(unit__in=took).order_by().values("unit", "rate_kind", "rate_area")
    each = each.annotate(**largest_and_shapes(MEASURES)).annotate(counted=Least("largest", "rate_area"))
    sums = each.aggregate(
        several=Count("unit", filter=Q(shapes__gt=1)),
        **{kind: Sum("counted", filter=Q(rate_kind=kind, shapes__lte=1)) for kind in method.counts},
    )
    several = sums.pop("several")
    found = {kind: _area(area) for kind, area in sums.items()}
    if several:
        _add_drawn(found, each.filter(shapes__gt=1), then, method)
    _add_carried(found, rows.filter(unit__in=took), then, method)
    return found


def _add_carried(found: dict[str, Decimal], rows: QuerySet[UnitVersion], then: Then, method: Method) -> None:
    """Units that took ground within the year: what measures cover of it, added to their kind."""
    areas: dict[str, dict[int, Decimal]] = {}
    for unit, kind, area in rows.order_by().values_list("unit", "rate_kind", "rate_area"):
        areas.setdefault(kind, {})[unit] = _area(area)
    for kind, one in method.counts.items():
        if kind in areas:
            done = carried.covered(counting(then, measures_for(one.under)), areas[kind], then)
            found[kind] += sum(done.values(), Decimal(0))


def _add_drawn(found: dict[str, Decimal], rows: QuerySet[Any], then: Then, method: Method) -> None:
    """Units with several drawn measures: what these cover together, added to their kind."""
    areas = {row["unit"]: (row["rate_kind"], _area(row["rate_area"])) for row in rows}
    for kind, one in method.counts.items():
        own = {unit: area for unit, (each, area) in areas.items() if each == kind}
        together = drawn_together(counting(then, measures_for(one.under)), own)
        found[kind] += sum((min(area, own[unit]) for unit, area in together.items()), Decimal(0))


def _area(number: float | None) -> Decimal:
    return Decimal(str(round(number or 0, 2)))
