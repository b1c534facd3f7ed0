"""Ground with an approved class of farmland, as it lies on many grounds at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.queries import classes


@dataclass(frozen=True, slots=True)
class Classed:
    """A unit with its class in force (priority, safe_use, strict)."""

    unit: int
    name: str
    farmland_class: str
    geometry: BaseGeometry


def classed_on(shapes: Sequence[BaseGeometry], actor: Actor, on: date) -> list[list[Classed]]:
    """For each ground the units it meets that had a class on a day; a unit without one says nothing of its ground."""
    rows = UnitVersion.objects.visible_to(actor).standing(on).only("unit", "name", "geometry").order_by("pk")
    met = meeting.met(rows, shapes)
    held = classes.classes_of({one.unit_id for here in met for one in here}, on)
    return [
        [
            Classed(one.unit_id, one.name, held[one.unit_id].farmland_class, one.geometry)
            for one in here
            if one.unit_id in held
        ]
        for here in met
    ]
