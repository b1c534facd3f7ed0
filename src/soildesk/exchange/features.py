"""Rows with their ground as GeoJSON: read in one query, the shapes never built one by one in Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

from soildesk.core.geometry import RawWkb
from soildesk.exchange import systems
from soildesk.exchange.properties import properties_told
from soildesk.kit import keyset
from soildesk.kit.keyset import Key, Place
from soildesk.kit.register import Column, Row
from soildesk.kit.seen import Seen

WKB = "ground_wkb"
COUNT_UP_TO = 10_000


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of the page after them (empty: this is the last)."""

    rows: list[Row]
    cursor: str


def settled(queryset: QuerySet, names: Sequence[Key] = ()) -> list[Key]:
    """An order that no two rows share: what is asked for, ended so that an index serves it; else the row's own name."""
    if names:
        return keyset.ended(names)
    has_uid = any(field.name == "uid" for field in queryset.model._meta.concrete_fields)
    return [Key("uid" if has_uid else "pk")]


def read_cursor(queryset: QuerySet, keys: Sequence[Key], cursor: str) -> Place | None:
    """The place a cursor names; None where it is none of this order."""
    return keyset.read_place(cursor, queryset, keys)


@dataclass(frozen=True)
class Wanted:
    """What of each row is read: some columns (None: all that may be seen), and the ground where there is one."""

    columns: Sequence[Column] | None = None
    ground: bool = True


def page_of(seen: Seen, queryset: QuerySet, keys: Sequence[Key], limit: int, wanted: Wanted | None = None) -> Page:
    """The first rows of a query in an order."""
    wanted = wanted or Wanted()
    names = {*seen.needs(wanted.columns), *(key.name for key in keys)}
    ordered = queryset.order_by(*map(str, keys))
    if seen.declared.ground and wanted.ground:
        ordered = ordered.annotate(**{WKB: RawWkb(F(seen.declared.ground.field))})
        names.add(WKB)
    found = list(ordered.values(*sorted(names))[: limit + 1])
    rows = found[:limit]
    if seen.declared.enrich:
        seen.declared.enrich(rows, seen.actor, seen.on)  # type: ignore[arg-type]
    cursor = keyset.place_of(rows[-1], keys, 0).token() if len(found) > limit else ""
    return Page(rows, cursor)


def beyond(queryset: QuerySet, place: Place, keys: Sequence[Key]) -> QuerySet:
    """The rows after a place."""
    return keyset.beyond(queryset, place, keys)


def with_key(seen: Seen, key: str) -> QuerySet:
    """The row of a key, or none where the text can be no key of this collection."""
    queryset = seen.queryset()
    try:
        value = keyset.field_of(queryset, seen.declared.key).to_python(key)
    except ValidationError:
        return queryset.none()
    if isinstance(value, str) and "\0" in value:
        return queryset.none()
    return queryset.filter(**{seen.declared.key: value})


def counted(queryset: QuerySet) -> int | None:
    """How many rows; None where counting them would take long."""
    count = queryset.order_by().values("pk")[: COUNT_UP_TO + 1].count()
    return count if count <= COUNT_UP_TO else None


def geometries(rows: Sequence[Row], crs: str) -> list[str]:
    """The ground of each row as GeoJSON text; `null` where it has none."""
    held = [None if row.get(WKB) is None else bytes(row[WKB]) for row in rows]
    shapes = shapely.orient_polygons(shapely.from_wkb(np.array(held, dtype=object)))
    texts = shapely.to_geojson(systems.written(shapes, crs))
    return ["null" if text is None else str(text) for text in texts]


def feature_texts(seen: Seen, rows: Sequence[Row], crs: str) -> list[str]:
    """Each row as a GeoJSON feature."""
    return [
        f'{{"type":"Feature","id":{as_json(key_of(seen, row))},"geometry":{geometry},'
        f'"properties":{as_json(properties_told(seen, row))}}}'
        for row, geometry in zip(rows, geometries(rows, crs), strict=True)
    ]


def key_of(seen: Seen, row: Row) -> str:
    """The name of a row at every edge."""
    return str(row[seen.declared.key])


def as_json(value: Any) -> str:
    """JSON as compact as it goes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
