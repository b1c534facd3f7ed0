"""Square cells in the 3-degree Gauss–Krüger zone: whole kilometres, which the public sees, and grids of a design."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from soilrules.geodesy import measure
from soilrules.geodesy.systems import Crs, Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored, to_stored

CELL_M = 1000


def middle_of_cell(point: BaseGeometry) -> BaseGeometry:
    """The middle of the cell of 1 km a point lies in: the same for every point of the cell."""
    zone = _zone(point)
    plane = from_stored(_one(point), zone).geoms[0]
    x, y = ((math.floor(value / CELL_M) + 0.5) * CELL_M for value in (plane.x, plane.y))
    middle: BaseGeometry = to_stored(_one(shapely.Point(x, y)), zone).geoms[0]
    return middle


def grid_points(ground: BaseGeometry, spacing_m: float) -> list[BaseGeometry]:
    """One place in each cell of a grid of which at least half lies on the ground: its middle, or a place on the ground."""
    zone = _zone(ground)
    plane = from_stored(_one(ground), zone).geoms[0]
    shapely.prepare(plane)
    found = [place for cell in _cells(plane.bounds, spacing_m) if (place := _place_in(cell, plane)) is not None]
    return list(to_stored(np.array(found, dtype=object), zone).geoms) if found else []


def count_cells(ground: BaseGeometry, spacing_m: float) -> float:
    """How many cells the box of a ground has: asked before they are made."""
    west, south, east, north = from_stored(_one(ground), _zone(ground)).geoms[0].bounds
    return math.ceil((east - west) / spacing_m) * math.ceil((north - south) / spacing_m)


def _cells(bounds: tuple[float, float, float, float], side: float) -> Iterator[BaseGeometry]:
    """Cells over a box, centred on it."""
    west, south, east, north = bounds
    columns, rows = math.ceil((east - west) / side), math.ceil((north - south) / side)
    left, low = (west + east - columns * side) / 2, (south + north - rows * side) / 2
    for row in range(rows):
        for column in range(columns):
            corner = left + column * side, low + row * side
            yield shapely.box(*corner, corner[0] + side, corner[1] + side)


def _place_in(cell: BaseGeometry, ground: BaseGeometry) -> BaseGeometry | None:
    part = shapely.intersection(cell, ground)
    if part.area < cell.area / 2:
        return None
    middle: BaseGeometry = cell.centroid
    return middle if ground.covers(middle) else part.representative_point()


def _zone(shape: BaseGeometry) -> Crs:
    return gauss_kruger(Datum.CGCS2000, 3, int(measure.zone_of(_one(shape))[0]), prefixed=False)


def _one(shape: BaseGeometry) -> Any:
    return np.array([shape], dtype=object)
