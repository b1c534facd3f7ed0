"""The geometry field and what reads it without building shapes."""

from __future__ import annotations

from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import blob

STORED_SRID = 4490
"""CGCS2000, longitude and latitude in degrees."""
MULTI = {"MultiPolygon": "Polygon", "MultiLineString": "LineString", "MultiPoint": "Point"}


class GeometryField(models.Field):
    """A shapely geometry in EPSG:4490, x = longitude, y = latitude, two dimensions.

    `kind` is a WKB name or "Geometry" for any; a single part is stored as its Multi kind where that is asked for.
    An index comes from `SpatialIndex` in the model's Meta.
    """

    description = _("几何图形")
    empty_strings_allowed = False

    def __init__(self, *args: Any, kind: str = "Geometry", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """The kind, beside what every field says."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "soildesk.core.geometry.GeometryField", args, {**kwargs, "kind": self.kind}

    def db_type(self, connection: Any) -> str:
        """PostGIS geometry of one kind and CRS, or a blob."""
        return f"geometry({self.kind},{STORED_SRID})" if connection.vendor == "postgresql" else "blob"

    def get_internal_type(self) -> str:
        """Named, so that no backend takes it for another field."""
        return "GeometryField"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """EWKB goes through its reader on PostGIS."""
        return "ST_GeomFromEWKB(%s)" if connection.vendor == "postgresql" else "%s"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        """The stored bytes as a shape."""
        if value is None:
            return None
        if connection.vendor == "postgresql":
            return shapely.set_srid(shapely.from_wkb(value), 0)
        return blob.unpacked(bytes(value))

    def to_python(self, value: Any) -> BaseGeometry | None:
        """A shape, or one made of WKT, GeoJSON text, or WKB as bytes or hexadecimal text (fixtures)."""
        if value is None or isinstance(value, BaseGeometry):
            return value
        try:
            if isinstance(value, str) and value.lstrip().startswith("{"):
                return shapely.from_geojson(value)
            if isinstance(value, bytes) or (isinstance(value, str) and value[:2] in {"00", "01"}):
                return shapely.from_wkb(value)
            return shapely.from_wkt(value)
        except (shapely.errors.ShapelyError, TypeError) as error:
            raise ValidationError(
                _("“%(value)s”不是几何图形：应为 WKT、GeoJSON 或 WKB。"), params={"value": str(value)[:60]}
            ) from error

    def get_prep_value(self, value: Any) -> BaseGeometry | None:
        """Two dimensions, and of the field's kind."""
        shape = self.to_python(super().get_prep_value(value))
        return None if shape is None else self.of_kind(shape)

    def of_kind(self, shape: BaseGeometry) -> BaseGeometry:
        """`shape` in the field's kind; ValueError where it is another kind or empty."""
        if shape.is_empty:
            raise ValueError("an empty geometry cannot be stored: give a shape or None.")
        flat = shapely.force_2d(shape) if shape.has_z else shape
        if self.kind in {"Geometry", flat.geom_type}:
            return flat
        if MULTI.get(self.kind) == flat.geom_type:
            return getattr(shapely, self.kind)([flat])
        raise ValueError(f"a {flat.geom_type} was given: expected a {self.kind}.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The bytes the store keeps."""
        shape = value if prepared else self.get_prep_value(value)
        if shape is None:
            return None
        return encoded(shape, connection)

    def value_to_string(self, obj: models.Model) -> str:
        """WKB in hexadecimal, for fixtures."""
        shape = self.value_from_object(obj)
        return "" if shape is None else shapely.to_wkb(shape, hex=True)


def encoded(shape: BaseGeometry, connection: Any) -> bytes:
    """A shape as the store takes it: EWKB for PostGIS, a GeoPackage blob for SQLite."""
    if connection.vendor == "postgresql":
        return shapely.to_wkb(shapely.set_srid(shape, STORED_SRID), include_srid=True)
    return blob.packed(shape, STORED_SRID)


class RawWkb(models.Func):
    """The WKB of a geometry as bytes: for tiles and files, which read many shapes at once."""

    arity = 1
    output_field = models.BinaryField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """What stands after the blob's head."""
        return self.as_sql(compiler, connection, template=f"substr(%(expressions)s, {blob.WKB_AT + 1})", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostGIS writes it."""
        return self.as_sql(compiler, connection, template="ST_AsBinary(%(expressions)s)", **extra)
