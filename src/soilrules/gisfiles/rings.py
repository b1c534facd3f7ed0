"""Rings as corners list them, made into areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from soilrules.gisfiles.findings import row_note
from soilrules.messages import Message

Corner = tuple[float, float]  # easting, northing
_CORNERS = 3  # the fewest an area has


@dataclass
class Area:
    """What the rings of one parcel come to; None where they are no area."""

    shape: Any = None
    notes: list[Message] = field(default_factory=list)


def area_of(rings: Sequence[Sequence[Corner]]) -> Area:
    """Rings inside others are holes, islands in holes and rings outside are parts of their own."""
    area = Area()
    closed = []
    for at, ring in enumerate(rings, 1):
        corners = list(ring)
        if len(set(corners)) < _CORNERS:
            area.notes.append(row_note("ring_too_short", ring=at, count=len(set(corners))))
            return area
        if corners[0] != corners[-1]:
            corners.append(corners[0])
            area.notes.append(row_note("ring_closed"))
        closed.append(np.array(corners))
    parts = _nested(closed)
    area.shape = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    if len(parts) > 1:
        area.notes.append(row_note("several_parts", count=len(parts)))
    return area


def _nested(rings: Sequence[Any]) -> list[Any]:
    if len(rings) == 1:
        return [shapely.polygons(rings[0])]
    plain = shapely.polygons([shapely.linearrings(one) for one in rings])
    order = sorted(range(len(rings)), key=lambda one: -shapely.area(plain[one]))
    inside = shapely.point_on_surface(plain)
    around = {
        one: [other for other in order[:at] if shapely.intersects(plain[other], inside[one])]
        for at, one in enumerate(order)
    }
    holes: dict[int, list[Any]] = {one: [] for one in range(len(rings)) if len(around[one]) % 2 == 0}
    for one in range(len(rings)):
        if one not in holes:  # the hole of the smallest area around it
            holes[around[one][-1]].append(rings[one])
    return [shapely.polygons(rings[one], inner or None) for one, inner in holes.items()]
