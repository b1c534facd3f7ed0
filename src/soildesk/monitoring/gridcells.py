"""The cell the public sees instead of a point: 1 km, aligned to whole kilometres of the 3-degree Gauss–Krüger zone."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from soilrules.geodesy import measure
from soilrules.geodesy.systems import Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored, to_stored

CELL_M = 1000


def cell_of(point: BaseGeometry) -> BaseGeometry:
    """The cell a point lies in, as longitude and latitude on CGCS2000."""
    zone = gauss_kruger(Datum.CGCS2000, 3, int(measure.zone_of(np.array([point], dtype=object))[0]), prefixed=False)
    plane = from_stored(np.array([point], dtype=object), zone).geoms[0]
    west, south = (math.floor(value / CELL_M) * CELL_M for value in (plane.x, plane.y))
    square = shapely.box(west, south, west + CELL_M, south + CELL_M)
    cell: BaseGeometry = to_stored(np.array([square], dtype=object), zone).geoms[0]
    return cell
