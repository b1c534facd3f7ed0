"""Lookups on a geometry: `bbox`, `near_any`, `intersects`, `within`, `contains`, `touches`, `overlaps`, `distance`.

`distance` takes (shape, metres) and means "not farther than", measured in the 3-degree Gauss-Krüger zone of
the shape. Each lookup narrows by the index first and asks the exact predicate of what is left.
"""

from __future__ import annotations

import json
import math
from typing import Any, ClassVar

import shapely
from django.db import models
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry.field import STORED_SRID, GeometryField, encoded
from soildesk.core.geometry.index import rtree_name

FIRST_ZONE, LAST_ZONE = 25, 45
FIRST_ZONE_SRID = 4513  # CGCS2000 / 3-degree Gauss-Krüger zone 25; one code a zone
METRES_A_DEGREE = 110_574.0  # of latitude at the equator, where a degree is shortest


def zone_srid(shape: BaseGeometry) -> int:
    """The EPSG code of the 3-degree Gauss-Krüger zone at the middle of `shape`."""
    west, _south, east, _north = shape.bounds
    zone = round((west + east) / 2 / 3)
    return FIRST_ZONE_SRID + min(max(zone, FIRST_ZONE), LAST_ZONE) - FIRST_ZONE


def widened(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """The box of `shape`, larger by `metres` on every side (a little more, never less)."""
    west, south, east, north = shape.bounds
    up = metres * 1.01 / METRES_A_DEGREE
    widest = min(max(abs(south - up), abs(north + up)), 89.0)
    aside = up / math.cos(math.radians(widest))
    return shapely.box(west - aside, south - up, east + aside, north + up)


class SpatialLookup(models.Lookup):
    """An exact predicate after the index."""

    prepare_rhs = False
    sqlite_function: ClassVar[str] = ""
    postgis: ClassVar[str] = ""

    def shape(self) -> BaseGeometry:
        """The shape asked with."""
        value = GeometryField().to_python(self.rhs)
        if value is None:
            raise ValueError(f"{self.lookup_name} needs a shape, got None.")
        return shapely.force_2d(value) if value.has_z else value

    def window(self) -> tuple[float, float, float, float]:
        """The box the index is asked with."""
        return self.shape().bounds

    def indexed(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """SQLite: the rows whose box meets the window. R*Trees round outwards to single floats."""
        column = self.lhs
        table, field = column.target.model._meta.db_table, column.target.column
        key = column.target.model._meta.pk.column
        west, south, east, north = self.window()
        quoted = connection.ops.quote_name
        found = f"SELECT id FROM {quoted(rtree_name(table, field))}"  # noqa: S608
        sql = (
            f"{quoted(column.alias)}.{quoted(key)} IN"
            f" ({found} WHERE maxx >= %s AND minx <= %s AND maxy >= %s AND miny <= %s)"
        )
        return sql, [west, east, south, north]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The index, then shapely."""
        sql, params = self.indexed(compiler, connection)
        column, _none = compiler.compile(self.lhs)
        exact, more = self.exact_sqlite(column, connection)
        return f"({sql} AND {exact})", [*params, *more]

    def exact_sqlite(self, column: str, connection: Any) -> tuple[str, list[Any]]:
        """The predicate as a function of this connection."""
        return f"{self.sqlite_function}({column}, %s)", [encoded(self.shape(), connection)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostGIS uses its index inside the predicate."""
        column, params = compiler.compile(self.lhs)
        return f"{self.postgis}({column}, ST_GeomFromEWKB(%s))", [*params, encoded(self.shape(), connection)]


@GeometryField.register_lookup
class Bbox(SpatialLookup):
    """Rows whose box meets the box of the shape."""

    lookup_name = "bbox"

    def exact_sqlite(self, column: str, connection: Any) -> tuple[str, list[Any]]:
        """The stored envelope in doubles, since the R*Tree rounds."""
        return f"geo_bbox({column}, %s)", [encoded(shapely.box(*self.window()), connection)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The box operator compares in single floats, so the edges are asked again in doubles."""
        column, params = compiler.compile(self.lhs)
        west, south, east, north = self.window()
        sql = (
            f"({column} && ST_GeomFromEWKB(%s) AND ST_XMax({column}) >= %s AND ST_XMin({column}) <= %s"
            f" AND ST_YMax({column}) >= %s AND ST_YMin({column}) <= %s)"
        )
        return sql, [*params, encoded(shapely.box(*self.window()), connection), west, east, south, north]


@GeometryField.register_lookup
class Nearby(SpatialLookup):
    """Rows the index finds for the box of the shape: those of `bbox` and perhaps a few beside it.

    For readers who look at every shape themselves, as tiles do.
    """

    lookup_name = "nearby"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Said to be unlikely, or SQLite takes any other index first."""
        sql, params = self.indexed(compiler, connection)
        return f"unlikely({sql})", params

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The box operator alone."""
        column, params = compiler.compile(self.lhs)
        return f"{column} && ST_GeomFromEWKB(%s)", [*params, encoded(shapely.box(*self.window()), connection)]


@GeometryField.register_lookup
class EachNearby(Nearby):
    """The same rows as `nearby`, for a query that takes rows by another index and stops early."""

    lookup_name = "each_nearby"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Each row is looked up in the R*Tree by its key."""
        column, quoted = self.lhs, connection.ops.quote_name
        table, key = column.target.model._meta.db_table, column.target.model._meta.pk.column
        rtree = quoted(rtree_name(table, column.target.column))
        west, south, east, north = self.window()
        sql = (
            f"EXISTS(SELECT 1 FROM {rtree} WHERE id = {quoted(column.alias)}.{quoted(key)}"  # noqa: S608
            " AND maxx >= %s AND minx <= %s AND maxy >= %s AND miny <= %s)"
        )
        return sql, [west, east, south, north]


@GeometryField.register_lookup
class NearAny(models.Lookup):
    """Rows the index finds for any of many boxes (west, south, east, north), each row once.

    For readers who lay a whole layer over another and look at every pair themselves: one statement, however many boxes.
    """

    lookup_name = "near_any"
    prepare_rhs = False

    def _target(self, connection: Any) -> tuple[str, str]:
        column, quoted = self.lhs, connection.ops.quote_name
        return (
            f"{quoted(column.alias)}.{quoted(column.target.model._meta.pk.column)}",
            column.target.model._meta.db_table,
        )

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Each box asks the R*Tree; said to be unlikely, or SQLite takes any other index first."""
        key, table = self._target(connection)
        rtree = connection.ops.quote_name(rtree_name(table, self.lhs.target.column))
        edge = "json_extract(box.value, '$[%d]')"
        sql = (
            f"unlikely({key} IN (SELECT tree.id FROM json_each(%s) AS box CROSS JOIN {rtree} AS tree"  # noqa: S608
            f" WHERE tree.maxx >= {edge % 0} AND tree.maxy >= {edge % 1}"
            f" AND tree.minx <= {edge % 2} AND tree.miny <= {edge % 3}))"
        )
        return sql, [json.dumps([list(map(float, box)) for box in self.rhs])]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Each box asks the GiST index; it compares in single floats, rounded outwards."""
        key, table = self._target(connection)
        quoted = connection.ops.quote_name
        own, column = quoted(self.lhs.target.model._meta.pk.column), quoted(self.lhs.target.column)
        sql = (
            f"{key} IN (SELECT near.{own} FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[])"  # noqa: S608
            f" AS box(west, south, east, north) JOIN {quoted(table)} AS near ON near.{column} &&"
            f" ST_MakeEnvelope(box.west, box.south, box.east, box.north, {STORED_SRID}))"
        )
        return sql, [[float(box[at]) for box in self.rhs] for at in range(4)]


@GeometryField.register_lookup
class Intersects(SpatialLookup):
    """Rows that share any point with the shape."""

    lookup_name, sqlite_function, postgis = "intersects", "geo_intersects", "ST_Intersects"


@GeometryField.register_lookup
class Within(SpatialLookup):
    """Rows that lie within the shape."""

    lookup_name, sqlite_function, postgis = "within", "geo_within", "ST_Within"


@GeometryField.register_lookup
class Contains(SpatialLookup):
    """Rows that contain the shape."""

    lookup_name, sqlite_function, postgis = "contains", "geo_contains", "ST_Contains"


@GeometryField.register_lookup
class Touches(SpatialLookup):
    """Rows that share a boundary with the shape and nothing inside."""

    lookup_name, sqlite_function, postgis = "touches", "geo_touches", "ST_Touches"


@GeometryField.register_lookup
class Overlaps(SpatialLookup):
    """Rows that share some of their inside with the shape while neither contains the other."""

    lookup_name, sqlite_function, postgis = "overlaps", "geo_overlaps", "ST_Overlaps"


@GeometryField.register_lookup
class Distance(SpatialLookup):
    """Rows not farther from the shape than some metres: `geometry__distance=(shape, metres)`."""

    lookup_name = "distance"

    def __init__(self, lhs: Any, rhs: Any) -> None:
        shape, metres = rhs
        self.metres = float(metres)
        if not self.metres >= 0:
            raise ValueError(f"a distance of {metres} m cannot be asked for: expected 0 or more.")
        super().__init__(lhs, shape)

    def window(self) -> tuple[float, float, float, float]:
        """The box of the shape, widened."""
        return widened(self.shape(), self.metres).bounds

    def exact_sqlite(self, column: str, connection: Any) -> tuple[str, list[Any]]:
        """Both shapes in the zone of the one asked with."""
        shape = self.shape()
        return f"geo_near({column}, %s, %s, %s)", [encoded(shape, connection), self.metres, zone_srid(shape)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Both shapes in the zone of the one asked with, after the index."""
        column, params = compiler.compile(self.lhs)
        shape = self.shape()
        zone, one = zone_srid(shape), encoded(shape, connection)
        box = encoded(shapely.box(*self.window()), connection)
        sql = (
            f"({column} && ST_GeomFromEWKB(%s) AND"
            f" ST_DWithin(ST_Transform({column}, %s), ST_Transform(ST_GeomFromEWKB(%s), %s), %s))"
        )
        return sql, [*params, box, zone, one, zone, self.metres]
