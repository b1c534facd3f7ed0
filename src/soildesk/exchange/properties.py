"""The properties of a collection: the columns an asker may see, their types at the edge, and what can be filtered."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Field, QuerySet
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.kit.keyset import field_of
from soildesk.kit.register import Column, Stored
from soildesk.kit.seen import Seen

SCHEMAS: dict[str, dict[str, str]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
KINDS: tuple[tuple[type[Field[Any, Any]], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.IntegerField, "integer"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.CharField, "string"),
    (models.TextField, "string"),
)


@dataclass(frozen=True, slots=True)
class Property:
    """One property. `path` is where a filter finds it in the query and `kind` what it is there; empty: not filterable."""

    key: str
    title: str
    type: str
    path: str = ""
    kind: str = ""
    field: Any = None
    stored: Stored | None = None

    @property
    def queryable(self) -> dict[str, Any]:
        """Its JSON Schema in a filter, with the values it can have where they are known."""
        told = {"title": self.title, **SCHEMAS[self.kind]}
        known = "、".join(f"{label}（{value}）" for value, label in self.stored.choices) if self.stored else ""
        return {**told, "description": _("按存储值或名称过滤：%(known)s") % {"known": known}} if known else told

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema in an answer."""
        return {"title": self.title, **SCHEMAS[self.type], "nullable": True}


def properties_of(seen: Seen) -> list[Property]:
    """Every property the asker may see, in the register's order."""
    queryset = seen.queryset()
    return [_property(column, queryset) for column in seen.columns]


def queryables_of(seen: Seen) -> dict[str, Property]:
    """Those that can be filtered, by key."""
    return {each.key: each for each in properties_of(seen) if each.path}


def _property(column: Column, queryset: QuerySet) -> Property:
    title, stored = str(column.title), column.stored
    if callable(column.value) and stored is None:
        return Property(column.key, title, column.type)
    path = stored.field if stored else str(column.value or column.key)
    try:
        field = field_of(queryset, path)
    except (FieldDoesNotExist, AttributeError):
        return Property(column.key, title, column.type)
    kind = next((kind for family, kind in KINDS if isinstance(field, family)), "")
    return Property(column.key, title, column.type, path if kind else "", kind, field, stored)


def told(value: Any, kind: str) -> Any:
    """A value as JSON says it."""
    if value is None or value == "":
        return None if kind != "string" else value
    if kind in {"number", "integer"}:
        return _number(value)
    if kind == "date":
        return (clock.local_day(value) if isinstance(value, datetime) else value).isoformat()
    if kind == "datetime":
        return value.isoformat()
    if kind == "boolean":
        return bool(value)
    return _text(value)


def _number(value: Any) -> int | float | None:
    if isinstance(value, int):
        return value
    number = float(value)
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "、".join(str(each) for each in value)
    return str(value)


def properties_told(seen: Seen, row: Mapping[str, Any], columns: Iterable[Column] | None = None) -> dict[str, Any]:
    """The values of a row by property, of all visible columns or of some."""
    held = dict(row)
    chosen = seen.columns if columns is None else columns
    return {column.key: told(column.of(held), column.type) for column in chosen}
