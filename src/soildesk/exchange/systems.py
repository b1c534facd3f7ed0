"""Coordinate systems at the edge: their addresses, the axis order of each, and boxes asked in them.

Stored is longitude and latitude on CGCS2000 (EPSG:4490), which is CRS84 and WGS 84 at the accuracy of any map;
EPSG defines latitude or northing as the first axis of all but Web Mercator, and so they are answered.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Literal

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.exchange.problems import wrong_parameter
from soilrules.geodesy.naming import by_number
from soilrules.geodesy.systems import Crs
from soilrules.geodesy.transform import from_stored, to_stored

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
FIRST_ZONE, LAST_ZONE = 4513, 4533  # CGCS2000 / 3-degree Gauss-Krüger, zones 25 to 45
WEB_MERCATOR = 3857
CHINA = (73.62, 16.7, 134.77, 53.56)
EDGE_POINTS = 20
"""A straight edge of a box asked in metres is no straight line in degrees: it is followed in so many steps."""


def address(number: int) -> str:
    """How a system of EPSG is called in an address."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{number}"


STORAGE = address(4490)


@cache
def offered() -> dict[str, tuple[Crs, Literal["xy", "yx"]]]:
    """Every system that can be asked for, and its first axis."""
    zones = range(FIRST_ZONE, LAST_ZONE + 1)
    found: dict[str, tuple[Crs, Literal["xy", "yx"]]] = {CRS84: (by_number(4490), "xy")}
    found |= {address(number): (by_number(number), "yx") for number in (4490, 4326)}
    found |= {address(WEB_MERCATOR): (by_number(WEB_MERCATOR), "xy")}
    return found | {address(number): (by_number(number), "yx") for number in zones}


def asked(name: str, text: str | None) -> str:
    """The address of the system a parameter names; CRS84 without it."""
    if text is None:
        return CRS84
    if text not in offered():
        raise wrong_parameter(name, text, _("应为数据集 crs 列表中的坐标系地址，例如 %(uri)s。") % {"uri": STORAGE})
    return text


def written(shapes: Any, crs: str) -> Any:
    """Stored shapes in a system, its own axis first."""
    target, axis = offered()[crs]
    if crs == CRS84:
        return shapes
    return from_stored(shapes, target, axis=axis).geoms


def read(shape: BaseGeometry, crs: str) -> BaseGeometry:
    """A shape given in a system as it is stored."""
    source, axis = offered()[crs]
    found: BaseGeometry = to_stored(np.array([shape], dtype=object), source, axis=axis).geoms[0]
    return found


def box(name: str, text: str, crs: str) -> BaseGeometry:
    """The ground a box asks for: four numbers, or six with heights, which no row has."""
    low, high = _corners(name, text)
    if offered()[crs][1] == "yx":
        low, high = low[::-1], high[::-1]
    if low[1] > high[1]:
        raise wrong_parameter(name, text, _("下角的纵坐标大于上角：请核对次序与坐标系的轴序。"))
    if offered()[crs][0].projected:
        return _projected_box(name, text, (low, high), crs)
    south, north = max(low[1], -90.0), min(high[1], 90.0)
    west, east = low[0], high[0]
    if west > east:  # over the antimeridian
        return shapely.union(_rectangle(west, south, 180.0, north), _rectangle(-180.0, south, east, north))
    return _rectangle(max(west, -180.0), south, min(east, 180.0), north)


def _corners(name: str, text: str) -> tuple[tuple[float, float], tuple[float, float]]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {4, 6} or not all(math.isfinite(number) for number in numbers):
        raise wrong_parameter(
            name, text, _("应为四个数：最小横、最小纵、最大横、最大纵，用逗号分隔（六个数时含高程）。")
        )
    half = len(numbers) // 2
    return (numbers[0], numbers[1]), (numbers[half], numbers[half + 1])


def _projected_box(
    name: str, text: str, corners: tuple[tuple[float, float], tuple[float, float]], crs: str
) -> BaseGeometry:
    (west, south), (east, north) = corners
    if west > east:
        raise wrong_parameter(name, text, _("左角的横坐标大于右角：请核对次序与坐标系的轴序。"))
    flat = _rectangle(west, south, east, north)
    longest = max(east - west, north - south)
    stepped = shapely.segmentize(flat, longest / EDGE_POINTS) if longest > 0 else flat
    source, _axis = offered()[crs]
    shape: BaseGeometry = to_stored(np.array([stepped], dtype=object), source).geoms[0]
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise wrong_parameter(name, text, _("这些坐标不在该坐标系的范围内：请核对坐标系（bbox-crs）。"))
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box; one without width or height is a line or a point."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)
