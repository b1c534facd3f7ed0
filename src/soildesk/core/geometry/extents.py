"""What a spatial index alone can answer: whether a box is crowded, and how far the rows of a query reach."""

from __future__ import annotations

from typing import Any

import shapely
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.constants import LOOKUP_SEP

from soildesk.core.geometry.index import rtree_name

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


class _Extent(models.Aggregate):
    """The box around all shapes, on PostGIS."""

    function = "ST_Extent"
    template = "%(function)s(%(expressions)s)::geometry"
    output_field = models.BinaryField()


def is_crowded(model: type[models.Model], field: str, box: Bounds, *, from_rows: int) -> bool:
    """Whether a box holds at least so many rows of the table the field stands in, whoever may see them.

    It tells SQLite when another index is the quicker way, and nothing that is shown. PostgreSQL knows by itself.
    """
    connection = connections[model._base_manager.db]
    if connection.vendor != "sqlite":
        return False
    west, south, east, north = box
    found = f"SELECT 1 FROM {_rtree(model, field, connection)} WHERE maxx >= %s AND minx <= %s AND maxy >= %s AND miny <= %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({found} LIMIT %s)", [west, east, south, north, from_rows])  # noqa: S608
        return bool(cursor.fetchone()[0] == from_rows)


def extent(rows: models.QuerySet, field: str) -> Bounds | None:
    """The box around the shapes of a query, `field` being the path of one from its model; None where there are none.

    SQLite answers from the index, which rounds outwards to single floats.
    """
    connection = connections[rows.db]
    if connection.vendor != "sqlite":
        found = rows.order_by().aggregate(box=_Extent(field))["box"]
        return None if found is None else tuple(shapely.from_wkb(found).bounds)
    way, *_last = field.rpartition(LOOKUP_SEP)
    key = f"{way}{LOOKUP_SEP}pk" if way else "pk"
    try:
        inner, params = rows.order_by().values(key).query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return None
    edges = "min(minx), min(miny), max(maxx), max(maxy)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {edges} FROM {_rtree(rows.model, field, connection)} WHERE id IN ({inner})",  # noqa: S608
            params,
        )
        sides = cursor.fetchone()
    return None if sides[0] is None else tuple(sides)


def _rtree(model: type[models.Model], path: str, connection: Any) -> str:
    """The R*Tree of the table a path ends in."""
    *way, name = path.split(LOOKUP_SEP)
    for step in way:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    column = model._meta.get_field(name).column  # type: ignore[union-attr]
    return str(connection.ops.quote_name(rtree_name(model._meta.db_table, column)))
