"""Where the network is thinnest: of each division the place farthest from any point, and the ground a point stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from soildesk.land.shapes import areas_m2
from soildesk.monitoring.queries.coverage import Standing, in_metres, zone_of

TRIED = 60
"""Places looked at along each side of a division's box: its widest gap is known to within a sixtieth of it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One division: its points, how much ground each stands for, and the place in it farthest from any point of the network."""

    name: str
    points: int
    km2: float
    at: Any
    metres: float | None
    nearest: Standing | None

    @property
    def km2_a_point(self) -> float | None:
        """Ground for each point; nothing where there is none."""
        return self.km2 / self.points if self.points else None


def widest(divisions: Sequence[tuple[Any, str]], points: Sequence[Standing]) -> list[Gap]:
    """The divisions by their widest gap, the widest first."""
    if not divisions:
        return []
    crs = zone_of([shape for shape, _name in divisions])
    tree = shapely.STRtree(in_metres([point.at for point in points], crs))
    areas = areas_m2([shape for shape, _name in divisions])
    places = np.array([point.at for point in points], dtype=object)
    found = []
    for (shape, name), area in zip(divisions, areas, strict=True):
        inside = int(shapely.covers(shape, places).sum()) if len(places) else 0
        at, metres, nearest = _farthest(shape, tree, crs)
        found.append(Gap(name, inside, float(area) / 1e6, at, metres, points[nearest] if nearest is not None else None))
    return sorted(found, key=lambda gap: (gap.metres is not None, -(gap.metres or 0)))


def _farthest(shape: Any, tree: Any, crs: Any) -> tuple[Any, float | None, int | None]:
    """The place of a division farthest from any point, how far, and which point is nearest to it."""
    tried = _places_in(shape)
    if not len(tree):
        return tried[0], None, None
    (_tried, nearest), metres = tree.query_nearest(in_metres(tried, crs), return_distance=True, all_matches=False)
    most = int(np.argmax(metres))
    return tried[most], round(float(metres[most])), int(nearest[most])


def _places_in(shape: Any) -> Any:
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.linspace(west, east, TRIED), np.linspace(south, north, TRIED))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, x, y)
    found = shapely.points(x[inside], y[inside])
    return found if len(found) else np.array([shape.representative_point()], dtype=object)
