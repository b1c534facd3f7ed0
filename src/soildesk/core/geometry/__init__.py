"""Geometry in both stores: one field, the same lookups, the same answers.

On SQLite a blob (GeoPackage header and WKB) with an R*Tree beside the table, kept by triggers, and exact
predicates by shapely; on PostgreSQL a PostGIS column with a GiST index. Stored CRS: CGCS2000, EPSG:4490.

    class Zone(models.Model):
        geometry = GeometryField(kind="MultiPolygon")

        class Meta:
            indexes = [SpatialIndex("geometry", name="zone_geometry")]

    Zone.objects.filter(geometry__intersects=shape, geometry__distance=(point, 500))
"""

from soildesk.core.geometry import lookups  # noqa: F401 — importing registers them
from soildesk.core.geometry.field import STORED_SRID, GeometryField, RawWkb
from soildesk.core.geometry.index import SpatialIndex

__all__ = ["STORED_SRID", "GeometryField", "RawWkb", "SpatialIndex"]
