"""Prohibited zones and the crops that must leave them: what is grown where it must not be is work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.farmland.models import ProhibitedZone, Season, Unit, UnitVersion
from soildesk.farmland.queries.named import names_in
from soildesk.farmland.queries.then import Then
from soilrules.farmland.cropnames import among


@dataclass(frozen=True, slots=True)
class Exit:
    """One unit of a zone in a year: what is grown on it, and whether that had to leave (None: nobody told what is grown)."""

    zone: ProhibitedZone
    unit: Unit
    crops: tuple[str, ...]
    left: bool | None


def zones(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ProhibitedZone]:
    """The zones proposed by a day."""
    rows = Then(on.year, on, known_on).known(ProhibitedZone.objects.visible_to(actor))
    return rows.filter(proposed_on__lte=on)


def in_force(rows: QuerySet[ProhibitedZone], on: date) -> QuerySet[ProhibitedZone]:
    """Those a government approved that hold on a day."""
    return rows.filter(Q(until=None) | Q(until__gt=on), approved_on__lte=on)


def left(zone: ProhibitedZone, crops: Sequence[str]) -> bool | None:
    """Whether nothing the zone prohibits is grown; None where nobody told what is, or a crop's name is not known."""
    said = [among(crop, names_in(zone.produce)) for crop in crops]
    if True in said:
        return False
    return None if not said or None in said else True


def exits(zone_rows: QuerySet[ProhibitedZone], year: int, then: Then, actor: Actor | None) -> list[Exit]:
    """Each unit of zones the actor sees, with what is grown on it in a year."""
    seen = Unit.objects.filter(pk__in=UnitVersion.objects.visible_to(actor).values("unit"))
    found = list(zone_rows.prefetch_related(Prefetch("units", seen)))
    crops = _crops({one.pk for zone in found for one in zone.units.all()}, year, then)
    made = []
    for zone in found:
        for unit in zone.units.all():
            grown = crops.get(unit.pk, ())
            made.append(Exit(zone, unit, grown, left(zone, grown)))
    return made


def _crops(units: set[int], year: int, then: Then) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {}
    rows = then.known(Season.objects.filter(unit__in=units, year=year)).order_by("id")
    for unit, crop in rows.values_list("unit", "crop"):
        found.setdefault(unit, {})[crop] = None
    return {unit: tuple(crops) for unit, crops in found.items()}
