"""Classes as approved 现行类别: of any day, as known on any day; their history and their areas. Proposals are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.farmland.models import ClassDecision, FarmlandClass, Unit, UnitClass, UnitVersion

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Total:
    """Units of one class on a day ("" without one) and their area as computed; `basic_m2` of permanent basic farmland."""

    farmland_class: str
    count: int
    area_m2: float
    basic_m2: float


def held_as(field: str, on: date, known_on: datetime | None = None) -> Subquery:
    """A column of the class that a row's `unit` has on a day; null where none was approved."""
    rows = UnitClass.objects.standing(on, known_on).filter(unit=OuterRef("unit"))
    return Subquery(rows.values(field)[:1])


def class_of(unit: Unit, on: date, known_on: datetime | None = None) -> UnitClass | None:
    """The class of a unit on a day; None where none was approved."""
    rows = UnitClass.objects.standing(on, known_on).filter(unit=unit)
    return rows.select_related("decision").first()


def classes_of(unit_ids: Iterable[int], on: date, known_on: datetime | None = None) -> dict[int, UnitClass]:
    """Classes of units on a day by unit; what has none is not there."""
    found: dict[int, UnitClass] = {}
    for some in _chunks(unit_ids):
        rows = UnitClass.objects.standing(on, known_on).filter(unit__in=some).select_related("decision")
        found |= {row.unit_id: row for row in rows}
    return found


def history(unit: Unit) -> list[UnitClass]:
    """Every class a unit ever had, the latest first, as known now."""
    rows = UnitClass.objects.filter(unit=unit, superseded_at=None).select_related("decision", "recorded_by")
    return list(rows.order_by("-since"))


def by_town(actor: Actor | None, on: date, known_on: datetime | None = None) -> list[tuple[str, list[float]]]:
    """By the division units lie in, the area of each class in the order of the law, those without a class last."""
    rows = UnitVersion.objects.visible_to(actor).standing(on, known_on)
    said = rows.annotate(held=held_as("farmland_class", on, known_on)).values_list("division_path", "held", "area_m2")
    order = [*FarmlandClass.values, ""]
    sums: dict[str, list[float]] = {}
    for path, held, area in said.iterator():
        sums.setdefault(path, [0.0] * len(order))[order.index(held or "")] += area
    names = dict(Division.objects.filter(path__in=sums).order_by("since").values_list("path", "name"))
    return [(names.get(path, path), sums[path]) for path in sorted(sums)]


def decisions(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ClassDecision]:
    """Decisions taken up to a day with how many units of each class they name (`n_<class>`); not those taken back."""
    known = Q(superseded_at=None)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    own = Q(classes__superseded_at=None, classes__since=F("since"))
    counts = {f"n_{key}": Count("classes", filter=own & Q(classes__farmland_class=key)) for key in FarmlandClass.values}
    return ClassDecision.objects.visible_to(actor).filter(known, decided_on__lte=on).annotate(**counts)


def rows_of(decision: ClassDecision, on: date) -> QuerySet[UnitClass]:
    """What a decision said of each unit, with the unit's name and area on a day."""
    return (
        UnitClass.objects.filter(decision=decision, superseded_at=None).select_related("unit").order_by("unit__number")
    )


def totals(actor: Actor | None, on: date, known_on: datetime | None = None, *, path: str = "") -> list[Total]:
    """Area and number of units by class on a day, in the order of the law, those without a class last."""
    rows = UnitVersion.objects.visible_to(actor).standing(on, known_on).filter(division_path__startswith=path)
    said = rows.annotate(held=held_as("farmland_class", on, known_on))
    sums: dict[str, list[float]] = {key: [0, 0.0, 0.0] for key in (*FarmlandClass.values, "")}
    for held, area, basic in said.values_list("held", "area_m2", "basic_farmland").iterator():
        each = sums[held or ""]
        each[0] += 1
        each[1] += area
        each[2] += area if basic else 0.0
    return [Total(key, int(count), area, basic) for key, (count, area, basic) in sums.items()]


def counts_of(decisions: Iterable[int]) -> dict[int, dict[str, int]]:
    """By decision, how many units of each class it names (those carried on by divisions are not counted again)."""
    found: dict[int, dict[str, int]] = {}
    rows = UnitClass.objects.filter(decision__in=list(decisions), superseded_at=None)
    for row in rows.values("decision", "farmland_class", "since", "decision__since"):
        if row["since"] == row["decision__since"]:
            each = found.setdefault(row["decision"], dict.fromkeys(FarmlandClass.values, 0))
            each[row["farmland_class"]] += 1
    return found


def words(value: Any) -> str:
    """The class as it is written; empty where there is none."""
    return str(FarmlandClass(value).label) if value in FarmlandClass.values else ""


def by_area(rows: Iterable[Total]) -> Mapping[str, Total]:
    """Totals by class."""
    return {row.farmland_class: row for row in rows}


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    held = list(keys)
    return (held[start : start + CHUNK] for start in range(0, len(held), CHUNK))
