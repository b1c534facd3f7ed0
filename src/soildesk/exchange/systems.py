"""Coordinate systems at the edge: their addresses, the axis order of each, and boxes asked in them.

Stored is longitude and latitude on CGCS2000 (EPSG:4490), which is CRS84 and WGS 84 at the accuracy of any map;
EPSG defines latitude or northing as the first axis of all but Web Mercator, and so they are answered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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
Corner = tuple[float, ...]
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


class NoGround(ValueError):
    """The numbers are no place in their system; the sentence says why."""


def read(shape: BaseGeometry, crs: str) -> BaseGeometry:
    """A shape given in a system as it is stored; NoGround where it does not lie on the earth."""
    source, axis = offered()[crs]
    found: BaseGeometry = to_stored(np.array([shape], dtype=object), source, axis=axis).geoms[0]
    coordinates = shapely.get_coordinates(found)
    if not np.isfinite(coordinates).all() or (np.abs(coordinates) > (180, 90)).any():
        raise NoGround(_("坐标不在该坐标系的范围内：请核对坐标系和轴序。"))
    return found


def box(name: str, text: str, crs: str) -> BaseGeometry:
    """The ground a box parameter asks for."""
    try:
        return ground_of([float(part) for part in text.split(",")], crs)
    except NoGround as refusal:
        raise wrong_parameter(name, text, str(refusal)) from None
    except ValueError:
        raise wrong_parameter(name, text, _four()) from None


def _four() -> str:
    return _("应为四个数：最小横、最小纵、最大横、最大纵，用逗号分隔（六个数时含高程）。")


def ground_of(numbers: Sequence[float], crs: str) -> BaseGeometry:
    """The ground of a box: four numbers, or six with heights, which no row has. One may lie over the antimeridian."""
    if len(numbers) not in {4, 6} or not all(math.isfinite(number) for number in numbers):
        raise NoGround(_four())
    half = len(numbers) // 2
    low, high = tuple(numbers[:2]), tuple(numbers[half : half + 2])
    system, axis = offered()[crs]
    if axis == "yx":
        low, high = low[::-1], high[::-1]
    if low[1] > high[1] or (system.projected and low[0] > high[0]):
        raise NoGround(_("下角的坐标大于上角：请核对次序与坐标系的轴序。"))
    if system.projected:
        return _projected(low, high, crs)
    if max(abs(low[0]), abs(high[0])) > 180 or max(abs(low[1]), abs(high[1])) > 90:
        raise NoGround(_("经度应在 -180 至 180、纬度应在 -90 至 90 之间：请核对坐标系和轴序。"))
    if low[0] > high[0]:
        return shapely.union(_rectangle((low[0], low[1]), (180.0, high[1])), _rectangle((-180.0, low[1]), high))
    return _rectangle(low, high)


def _projected(low: Corner, high: Corner, crs: str) -> BaseGeometry:
    flat = _rectangle(low, high)
    longest = max(high[0] - low[0], high[1] - low[1])
    stepped = shapely.segmentize(flat, longest / EDGE_POINTS) if longest > 0 else flat
    turned = shapely.transform(stepped, lambda points: points[:, ::-1]) if offered()[crs][1] == "yx" else stepped
    shape = read(turned, crs)
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def _rectangle(low: Corner, high: Corner) -> BaseGeometry:
    """A box; one without width or height is a line or a point."""
    if low == high:
        return shapely.Point(low)
    if low[0] == high[0] or low[1] == high[1]:
        return shapely.LineString([low, high])
    return shapely.box(*low, *high)
