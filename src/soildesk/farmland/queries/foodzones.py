"""Ground under strict control that still lies in a zone for grain or important produce 两区: the zone is to be drawn anew without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely

from soildesk.core.permissions import Actor
from soildesk.farmland.models import FarmlandClass, UnitClass, UnitVersion
from soildesk.land.queries.standing import zones_of_kind
from soildesk.land.shapes import area_m2

KIND = "food_zone"
LEAST_M2 = 100.0
"""Ground shared by less than this is the width of a drawn line."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A unit under strict control with the zones it lies in, and how much of it does."""

    version: UnitVersion
    zones: Sequence[str]
    area_m2: float


def drawn(actor: Actor, on: date, known: datetime | None = None) -> list[Any] | None:
    """The zones of a day; None where no layer of them is on record, which is not that there are none."""
    return zones_of_kind(KIND, actor, on, known)


def strict_units(actor: Actor, on: date, path: str, known: datetime | None = None) -> list[UnitVersion]:
    """The units of a place under strict control on a day."""
    strict = UnitClass.objects.standing(on, known).filter(farmland_class=FarmlandClass.STRICT)
    rows = UnitVersion.objects.visible_to(actor).standing(on, known).filter(unit__in=strict.values("unit"))
    return list(rows.filter(division_path__startswith=path).select_related("unit").order_by("unit__number"))


def inside(version: UnitVersion, held: Sequence[Any]) -> Inside:
    """A unit in the zones of a day."""
    shared = [(one, version.geometry.intersection(one.geometry)) for one in held]
    real = [(one, shape) for one, shape in shared if not shape.is_empty and area_m2(shape) > LEAST_M2]
    whole = area_m2(shapely.union_all([shape for _one, shape in real])) if real else 0.0
    return Inside(version, [one.name or one.code for one, _shape in real], whole)
