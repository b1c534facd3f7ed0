"""Areas and lengths of what a person draws, on the ellipsoid, and its corners as survey papers have them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.errors import Refusal
from soilrules.geodesy import measure, transform
from soilrules.geodesy.nesting import too_deep
from soilrules.geodesy.systems import Datum, gauss_kruger

MOST_CORNERS = 5_000
LONGEST = 1_000_000
"""Bytes; as many corners to the last digit are a fifth of it."""


class DrawingRefused(Refusal):
    """What was drawn cannot be measured."""

    code = "maps.drawing"


def drawn(text: str | bytes) -> BaseGeometry:
    """The shape of a GeoJSON geometry; refuses what is none, has too many corners or crosses itself."""
    if len(text) > LONGEST:
        raise DrawingRefused(_("图形超过 1 MB：请改用导入文件。"))
    if too_deep(text):
        raise DrawingRefused(_("图形的括号套得太深，不是 GeoJSON 几何：请重新绘制。"))
    try:
        shape = shapely.from_geojson(text)
    except (shapely.errors.ShapelyError, UnicodeDecodeError, TypeError) as error:
        raise DrawingRefused(_("图形不是 GeoJSON 几何：请重新绘制。")) from error
    if shape is None or shape.is_empty:
        raise DrawingRefused(_("还没有画出图形：请先在地图上绘制。"))
    corners = shapely.get_coordinates(shape)
    if len(corners) > MOST_CORNERS:
        raise DrawingRefused(
            _("图形有 %(count)d 个拐点，超过 %(most)d 个：请改用导入文件。")
            % {"count": len(corners), "most": MOST_CORNERS}
        )
    if not (np.isfinite(corners).all() and (np.abs(corners) <= (180, 90)).all()):
        raise DrawingRefused(_("图形的坐标不是经纬度：经度应在 ±180 以内，纬度应在 ±90 以内。"))
    if not shape.is_valid:
        raise DrawingRefused(_("边线自己相交：请移动拐点，使边线互不交叉。"))
    return shape


def measured(shape: BaseGeometry) -> dict[str, Any]:
    """Area, length and corners, for the panel beside the drawing."""
    one = np.array([shape], dtype=object)
    told: dict[str, Any] = {"kind": shape.geom_type, "corners": corner_text(shape)}
    dimension = int(shapely.get_dimensions(shape))
    if dimension:
        told["length_m"] = round(float(measure.length_m(one)[0]), 2)
    if dimension == 2:
        square_metres = float(measure.area_m2(one)[0])
        told |= {
            "area_m2": round(square_metres, 2),
            "mu": round(float(measure.mu(square_metres)), 4),
            "hectares": round(square_metres / 10_000, 4),
        }
    return told


def corner_text(shape: BaseGeometry) -> str:
    """The corners in the 3° zone the shape lies in, as 拐点坐标: number, ring, northing, easting with its zone."""
    number = int(measure.zone_of(np.array([shape], dtype=object))[0])
    zone = gauss_kruger(Datum.CGCS2000, 3, number, prefixed=True)
    flat = transform.from_stored(np.array([shape], dtype=object), zone).geoms[0]
    area = f"{measure.area_m2(np.array([shape], dtype=object))[0]:.2f}"
    lines = [*_header(number), f"{_count(flat)},{area},1,,{_shape_word(flat)},,,,@"]
    for ring_number, ring in enumerate(_rings(flat), start=1):
        corners = shapely.get_coordinates(ring)
        labels = _labels(len(corners), closed=ring.geom_type == "LinearRing")
        lines += [f"{label},{ring_number},{y:.3f},{x:.3f}" for label, (x, y) in zip(labels, corners, strict=True)]
    return "\n".join(lines) + "\n"


def _header(zone: int) -> list[str]:
    facts: Mapping[str, Any] = {
        "坐标系": "2000国家大地坐标系",
        "几度分带": 3,
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "带号": zone,
        "精度": "0.001",
    }
    return ["[属性描述]", *(f"{name}={value}" for name, value in facts.items()), "[地块坐标]"]


def _count(flat: BaseGeometry) -> int:
    return int(shapely.get_num_coordinates(flat))


def _shape_word(flat: BaseGeometry) -> str:
    return {2: "面", 1: "线"}.get(int(shapely.get_dimensions(flat)), "点")


def _rings(flat: BaseGeometry) -> list[BaseGeometry]:
    parts = list(shapely.get_parts(flat))
    return [
        ring
        for part in parts
        for ring in ((part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,))
    ]


def _labels(count: int, *, closed: bool) -> list[str]:
    """J1 to Jn; the corner that closes a ring is J1 again."""
    return [f"J{1 if closed and index == count - 1 else index + 1}" for index in range(count)]


def as_geojson(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """A shape as GeoJSON, to a hundredth of a metre."""
    return (
        None if shape is None else json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-7, mode="pointwise")))
    )
