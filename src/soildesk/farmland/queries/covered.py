"""Which ground measures cover in a year: with evidence, in place on the day, each square metre once.

Ground under several drawn measures is their union. Of measures without a shape only the largest is sure to be ground of
its own: the others may lie on the same. What a unit has never counts beyond its area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, FloatField, Max, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast

from soildesk.core.models import FileUse
from soildesk.farmland.models import UnitClass, UnitMeasure, UnitVersion
from soildesk.farmland.queries import carried
from soildesk.farmland.queries.then import Then
from soildesk.kit.hindsight import Span
from soildesk.land.shapes import area_m2, union

CENT = Decimal("0.01")
CHUNK = 500


def area_of(unit: UnitVersion, held: UnitClass | None) -> Decimal:
    """The area of a unit that rates and tasks go by: as approved, else as registered, else as computed."""
    given = (held.area_m2 if held else None) or unit.area_of_record_m2
    return Decimal(given) if given is not None else Decimal(str(unit.area_m2)).quantize(CENT)


def counting(then: Then, kinds: Collection[str] = ()) -> QuerySet[UnitMeasure]:
    """The measures that count: of the year, in place on the day as far as it is told, with evidence; `kinds`: only those."""
    return UnitMeasure.objects.filter(counts(then, kinds))


def counts(then: Then, kinds: Collection[str] = (), way: str = "") -> Q:
    """The same as a condition on rows that reach their measures by `way`."""
    told = Q(**{f"{way}superseded_at": None})
    if then.known_on is not None:
        known = Q(**{f"{way}recorded_at__lte": then.known_on})
        told = known & (told | Q(**{f"{way}superseded_at__gt": then.known_on}))
    found = told & Q(**{f"{way}year": then.year}) & with_evidence(then.known_on, way)
    found &= Q(**{f"{way}started_on": None}) | Q(**{f"{way}started_on__lte": then.on})
    found &= _in_place(then, way)
    return found & Q(**{f"{way}kind__in": sorted(kinds)}) if kinds else found


def _in_place(then: Then, way: str) -> Q:
    """In place on the day; a measure without its day is in place when its year is over, or when it was written down before."""
    undated = Q(**{f"{way}finished_on": None})
    if then.on < date(then.year, 12, 31):
        undated &= Q(**{f"{way}recorded_at__lt": Span.of(then.on, then.on).until})
    return undated | Q(**{f"{way}finished_on__lte": then.on})


def with_evidence(known_on: datetime | None = None, way: str = "") -> Q:
    """That a paper is named, or a file is attached."""
    papers = FileUse.objects.filter(subject_type=UnitMeasure._meta.label_lower, subject_id=OuterRef(f"{way}pk"))
    if known_on is not None:
        papers = papers.filter(added_at__lte=known_on)
    return ~Q(**{f"{way}evidence_name": ""}) | Q(Exists(papers))


def covered(rows: QuerySet[UnitMeasure], areas: Mapping[int, Decimal], then: Then) -> dict[int, Decimal]:
    """By unit, how much of its area measures cover; units that are not in `areas` are left out."""
    found: dict[int, Decimal] = {}
    drawn: list[int] = []
    for unit, largest, shapes in grouped(rows).values_list("unit", "largest", "shapes").order_by():
        if unit in areas:
            found[unit] = _of(largest)
            if shapes > 1:
                drawn.append(unit)
    found |= drawn_together(rows, drawn)
    return {unit: min(area, areas[unit]) for unit, area in found.items()} | carried.covered(rows, areas, then)


def on_units(rows: QuerySet[UnitMeasure], then: Then) -> Q:
    """The units some measures may cover: those they were written down for, and those that took ground within the year."""
    return Q(unit__in=rows.values("unit")) | Q(unit__in=carried.links(then).values("after"))


def grouped(rows: QuerySet[UnitMeasure]) -> QuerySet[UnitMeasure]:
    """One row a unit: its largest measure and how many of its measures are drawn."""
    return rows.values("unit").annotate(**largest_and_shapes())


def largest_and_shapes(way: str = "") -> dict[str, Any]:
    """The columns of `grouped`, for rows that reach their measures by `way`."""
    shape = Case(When(**{f"{way}geometry__isnull": False}, then=1))
    return {"largest": Max(Cast(f"{way}area_m2", FloatField())), "shapes": Count(shape)}


def drawn_together(rows: QuerySet[UnitMeasure], units: Iterable[int]) -> dict[int, Decimal]:
    """The area of units with several drawn measures: their union, or the largest without a shape where that is more."""
    found: dict[int, Decimal] = {}
    wanted = sorted(units)
    for start in range(0, len(wanted), CHUNK):
        by_unit: dict[int, list[tuple[Any, Decimal]]] = {}
        of_chunk = rows.filter(unit__in=wanted[start : start + CHUNK])
        for unit, shape, area in of_chunk.values_list("unit", "geometry", "area_m2"):
            by_unit.setdefault(unit, []).append((shape, area))
        found |= {unit: _together(each) for unit, each in by_unit.items()}
    return found


def _together(measures: list[tuple[Any, Decimal]]) -> Decimal:
    drawn = [shape for shape, _area in measures if shape is not None]
    plain = [area for shape, area in measures if shape is None]
    return min(max([_of(area_m2(union(drawn))), *plain]), sum(area for _shape, area in measures))


def _of(number: float) -> Decimal:
    return Decimal(str(round(number, 2)))
