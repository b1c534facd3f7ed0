"""Shapes that land takes: whole polygons of this part of the world, measured on the ellipsoid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from soildesk.kit import pasted
from soildesk.kit.gis.shapewords import kind_of, why_broken
from soildesk.land.refusals import ShapeRefused
from soilrules.geodesy import measure

Shapes = NDArray[np.object_]
"""Shapes in a column."""
CHINA = shapely.box(72.0, 3.0, 136.0, 54.5)
"""Longitude and latitude between which ground of ours lies."""


def area_m2(shape: BaseGeometry | None) -> float:
    """Ellipsoidal area of one shape; nothing has none."""
    return 0.0 if shape is None or shape.is_empty else float(measure.area_m2([shape])[0])


def areas_m2(shapes: Sequence[Any]) -> list[float]:
    """Ellipsoidal areas of shapes."""
    return [float(area) for area in measure.area_m2(np.asarray(shapes, dtype=object))] if len(shapes) else []


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The surfaces of a shape as one MultiPolygon: an overlay leaves lines and points too."""
    if shape.geom_type == "MultiPolygon":
        return shape
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type == "Polygon"]
    if shape.geom_type == "GeometryCollection":
        parts = [
            one for part in shapely.get_parts(shape) for one in shapely.get_parts(part) if one.geom_type == "Polygon"
        ]
    return shapely.MultiPolygon(parts)


def surfaces_of(shapes: Shapes) -> Shapes:
    """The surfaces of each of many shapes, as `polygons_of` gives them."""
    kinds, found = shapely.get_type_id(shapes), shapes.copy()
    single = np.flatnonzero(kinds == shapely.GeometryType.POLYGON)
    found[single] = shapely.multipolygons(shapes[single], indices=np.arange(len(single)))
    for n in np.flatnonzero(~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))):
        found[n] = polygons_of(shapes[n])
    return found


def surface(value: Any) -> BaseGeometry:
    """The MultiPolygon of a parcel as it may be stored; refused where it is no whole surface on our ground."""
    if value is None:
        raise ShapeRefused(_("没有范围：请画出或导入边界。"), code="land.shape.missing")
    flat = shapely.force_2d(value)
    if flat.is_empty:
        raise ShapeRefused(_("范围是空的：请画出或导入边界。"), code="land.shape.empty")
    if flat.geom_type == "GeometryCollection" and {one.geom_type for one in flat.geoms} <= {"Polygon", "MultiPolygon"}:
        flat = polygons_of(flat)
    if flat.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ShapeRefused(
            _("范围是%(kind)s，应为面（多边形）：请检查所选图层。") % {"kind": kind_of(flat)},
            code="land.shape.not_polygon",
        )
    _must_lie_here(flat)
    if not flat.is_valid:
        raise ShapeRefused(
            _("边界有误：%(why)s") % {"why": why_broken(flat)},
            code="land.shape.broken",
        )
    return shapely.MultiPolygon([flat]) if flat.geom_type == "Polygon" else flat


def _must_lie_here(shape: BaseGeometry) -> None:
    bounds = shape.bounds
    if all(map(math.isfinite, bounds)) and CHINA.contains(shapely.box(*bounds)):
        return
    if pasted.lat_first(bounds):
        raise ShapeRefused(
            _(
                "经度和纬度颠倒了：第一个数 %(x).4f 是纬度，第二个数 %(y).4f 是经度。请把经度写在前、纬度写在后，重新导出。"
            )
            % {"x": bounds[0], "y": bounds[1]},
            code="land.shape.outside",
        )
    raise ShapeRefused(
        _(
            "范围在经度 %(west).4f 至 %(east).4f、纬度 %(south).4f 至 %(north).4f，不在我国境内：请检查坐标系与坐标顺序。"
        )
        % dict(zip(("west", "south", "east", "north"), bounds, strict=True)),
        code="land.shape.outside",
    )


def union(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """The ground of all shapes together."""
    return polygons_of(shapely.union_all(list(shapes)))
