"""Many rows at once into a table with shapes: COPY on PostgreSQL, one prepared statement on SQLite.

No model objects are made, so nothing of a model's own runs but the default of `uid`. For importers, whose rows
are checked already and belong to a batch nobody sees yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import shapely
from django.db import connections, models, transaction

from soildesk.core.geometry import blob
from soildesk.core.geometry.field import STORED_SRID, GeometryField
from soildesk.core.models.scoped import new_uid

PLAIN = (models.BooleanField, models.CharField, models.FloatField, models.ForeignKey, models.IntegerField)
"""Fields whose values go into the store as Python holds them."""


def load(model: type[models.Model], columns: Mapping[str, Any], *, using: str = "default") -> int:
    """Insert rows given by column: a sequence a field (all as long), or one value for every row.

    Shapes come as arrays of shapely geometries in EPSG:4490 of the field's kind. Returns how many rows went in.
    """
    lengths = {len(values) for values in columns.values() if _is_column(values)}
    if len(lengths) != 1:
        raise ValueError(f"columns of {sorted(lengths)} rows: expected all of one length, and at least one column.")
    count = lengths.pop()
    connection = connections[using]
    given = {**columns, **_uids(model, columns, count)}
    fields = [model._meta.get_field(name) for name in given]
    ready = [_ready(field, given[field.name], count, connection) for field in fields]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out:
                for row in zip(*ready, strict=True):
                    out.write_row(row)
        else:
            holes = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({holes})",  # noqa: S608
                list(zip(*ready, strict=True)),
            )
    return count


def _uids(model: type[models.Model], columns: Mapping[str, Any], count: int) -> dict[str, Any]:
    """A uid for each row, where rows have one and none is given."""
    wanted = "uid" not in columns and any(field.name == "uid" for field in model._meta.fields)
    return {"uid": [new_uid() for _ in range(count)]} if wanted else {}


def _is_column(values: Any) -> bool:
    return isinstance(values, Sequence | np.ndarray) and not isinstance(values, str | bytes)


def _ready(field: models.Field, values: Any, count: int, connection: Any) -> Iterable[Any]:
    """A field's values as the store takes them."""
    if isinstance(field, GeometryField):
        return _shapes(_of_kind(field, values), connection)
    if not _is_column(values):
        return repeat(_one(field, values, connection), count)
    if isinstance(field, PLAIN):
        return values.tolist() if isinstance(values, np.ndarray) else values  # as Python holds them
    if isinstance(field, models.UUIDField):
        return [str(value) if connection.vendor == "postgresql" else value.hex for value in values]
    if type(field) is models.DateField:  # a day may be given as text, 2026-09-01: both stores take it
        return [value if value is None or isinstance(value, str) else value.isoformat() for value in values]
    return [_one(field, value, connection) for value in values]


def _one(field: models.Field, value: Any, connection: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, models.Model):
        return value.pk
    return field.get_db_prep_save(value, connection)


def _of_kind(field: GeometryField, values: Any) -> np.ndarray:
    shapes = np.empty(len(values), dtype=object)
    shapes[:] = values if field.kind == "Geometry" else [None if v is None else field.of_kind(v) for v in values]
    return shapely.force_2d(shapes)


def _shapes(shapes: np.ndarray, connection: Any) -> Iterator[Any]:
    if connection.vendor == "postgresql":
        yield from shapely.to_wkb(shapely.set_srid(shapes, STORED_SRID), include_srid=True, hex=True)
        return
    for (west, south, east, north), wkb in zip(shapely.bounds(shapes).tolist(), shapely.to_wkb(shapes), strict=True):
        head = wkb and blob.HEAD.pack(b"GP", 0, blob.FLAGS, STORED_SRID, west, east, south, north)
        yield wkb and head + wkb
