"""Units as they are on a day: their facts, their class as approved, who tills them, what became of their ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, NullIf, Round
from shapely.geometry.base import BaseGeometry

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Household, Unit, UnitChange, UnitClass, UnitLink, UnitVersion
from soildesk.farmland.queries import classes
from soildesk.land.shapes import area_m2
from soildesk.plots.queries.plots import shared_areas

NO_TRANSFER = Q(transferee="")


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit of a day with its class as approved (None: no class), and how much of a ground it takes."""

    version: UnitVersion
    held: UnitClass | None
    area_m2: float = 0.0
    share: float = 0.0


def units(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[UnitVersion]:
    """Units of a day: `farmland_class` (empty: none approved), `controlling`, `class_since`, `decision`, `approved_m2`,
    `town`, `keeper_name`, `record_mu`."""
    rows = UnitVersion.objects.visible_to(actor).standing(on, known_on)
    return rows.annotate(
        farmland_class=Coalesce(classes.held_as("farmland_class", on, known_on), Value("")),
        controlling=Coalesce(classes.held_as("controlling", on, known_on), Value("")),
        class_since=classes.held_as("since", on, known_on),
        decision=Coalesce(classes.held_as("decision__number", on, known_on), Value(""), output_field=CharField()),
        approved_m2=classes.held_as("area_m2", on, known_on),
        town=town(),
        keeper_name=Coalesce(NullIf("keeper__short_name", Value("")), "keeper__name"),
        record_mu=in_mu("area_of_record_m2"),
    )


MU_OF_M2 = Decimal("0.0015")  # SQLite would divide whole square metres to whole 亩


def in_mu(field: str) -> Round:
    """An area of a row in 亩, to the hundredth."""
    mu = ExpressionWrapper(F(field) * MU_OF_M2, output_field=DecimalField(max_digits=18, decimal_places=6))
    return Round(mu, 2, output_field=DecimalField(max_digits=14, decimal_places=2))


def town() -> Subquery:
    """The name of the division a row lies in; read only where it is shown."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])


def called(actor: Actor, text: str, on: date) -> list[UnitVersion]:
    """The units an actor sees under our number, the province's code or a full name."""
    plain = text.strip()
    wanted = Q(unit__number=plain) | Q(code=plain) | Q(name=plain)
    rows = UnitVersion.objects.visible_to(actor).standing(on).filter(wanted)
    return list(rows.select_related("unit")) if plain else []


def overlapping(shape: BaseGeometry, actor: Actor | None, on: date, known_on: datetime | None = None) -> list[Standing]:
    """Units of a day that a ground meets with their class, how many m² each takes and which share; the largest first."""
    seen = UnitVersion.objects.visible_to(actor).standing(on, known_on).filter(geometry__intersects=shape)
    found = list(seen.select_related("unit").order_by("pk"))
    held = classes.classes_of([one.unit_id for one in found], on, known_on)
    areas, whole = shared_areas(shape, [one.geometry for one in found]), area_m2(shape)
    made = [
        Standing(one, held.get(one.unit_id), area, area / whole if whole else 0.0)
        for one, area in zip(found, areas, strict=True)
        if area > 0
    ]
    return sorted(made, key=lambda one: (-one.area_m2, one.version.unit.number))


def version_of(unit_id: int, on: date) -> UnitVersion | None:
    """What is said of a unit on a day: the version of the day, of the last day it counted, or the first."""
    rows = list(UnitVersion.objects.filter(superseded_at=None, unit=unit_id).select_related("unit").order_by("since"))
    before = [one for one in rows if one.since <= on]
    return before[-1] if before else rows[0] if rows else None


def names_of(unit_ids: Iterable[int], on: date) -> dict[int, str]:
    """What units were called on a day, or first."""
    found: dict[int, str] = {}
    rows = UnitVersion.objects.filter(superseded_at=None, unit__in=list(unit_ids)).order_by("since")
    for unit, since, name in rows.values_list("unit_id", "since", "name"):
        if unit not in found or since <= on:
            found[unit] = name
    return found


def households(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Household]:
    """Households that till ground on a day, with the unit and its class."""
    known = Q(superseded_at=None)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    rows = Household.objects.visible_to(actor).filter(known, Q(until=None) | Q(until__gt=on), since__lte=on)
    said = UnitVersion.objects.standing(on, known_on).filter(unit=OuterRef("unit"))
    return rows.annotate(
        unit_name=Subquery(said.values("name")[:1]),
        unit_code=Subquery(said.values("code")[:1]),
        farmland_class=Coalesce(classes.held_as("farmland_class", on, known_on), Value("")),
        town=town(),
        area_mu=in_mu("area_m2"),
    )


def households_of(unit: Unit, on: date) -> list[Household]:
    """Those who till one unit on a day."""
    rows = Household.objects.filter(Q(until=None) | Q(until__gt=on), unit=unit, superseded_at=None, since__lte=on)
    return list(rows.order_by("head", "id"))


def tilled(unit_ids: Iterable[int], on: date) -> dict[int, tuple[int, float]]:
    """By unit, how many households are registered on a day and how many m² they till together."""
    rows = Household.objects.filter(Q(until=None) | Q(until__gt=on), superseded_at=None, since__lte=on)
    sums = rows.filter(unit__in=list(unit_ids)).values("unit").annotate(count=Count("id"), area=Sum("area_m2"))
    return {row["unit"]: (row["count"], float(row["area"])) for row in sums}


def left_behind(unit: Unit, on: date) -> list[Household]:
    """Households still told of units that are no more, whose ground came to this unit."""
    before = UnitLink.objects.filter(after=unit, change__superseded_at=None).exclude(before=unit).values("before")
    standing = UnitVersion.objects.standing(on).values("unit")
    rows = Household.objects.filter(Q(until=None) | Q(until__gt=on), superseded_at=None, unit__in=before)
    return list(rows.exclude(unit__in=standing).select_related("unit").order_by("head", "id"))


def changes_of(unit: Unit) -> list[tuple[UnitChange, list[UnitLink]]]:
    """Every change by which ground came to a unit or left it, with its links, the earliest first."""
    wanted = Q(links__before=unit) | Q(links__after=unit)
    rows = UnitChange.objects.filter(wanted, superseded_at=None).distinct().order_by("on", "id")
    return [(one, list(one.links.select_related("before", "after").order_by("id"))) for one in rows]


def neighbours(chosen: Sequence[UnitVersion], actor: Actor, on: date) -> list[UnitVersion]:
    """Units beside those chosen, which may be joined with them."""
    found: dict[int, UnitVersion] = {}
    for one in chosen:
        rows = UnitVersion.objects.visible_to(actor).standing(on).filter(geometry__intersects=one.geometry)
        found |= {row.unit_id: row for row in rows.select_related("unit").order_by("name")}
    keys = {one.unit_id for one in chosen}
    return [row for key, row in found.items() if key not in keys]


def first_day(actor: Actor) -> date | None:
    """The first day of which units say anything."""
    rows = UnitVersion.objects.visible_to(actor).filter(superseded_at=None)
    found: date | None = rows.aggregate(first=Min("since"))["first"]
    return found
