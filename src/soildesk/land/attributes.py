"""Attributes of a layer's features: kept as JSON as the file said them, read and compared as the type their column has.

A value of another type (an older edition's column was of text) is shown as nothing and meets no comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from soildesk.kit.register import Column, Row, Stored

ANNOTATED = "attribute_"


class _Day(models.DateField):
    """A day within JSON, where it is ISO text; texts of days are in the order of the days."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        return None if value is None else value.isoformat()


class _Attribute(models.Func):
    """One member of the JSON column `attributes`, where it is of the type wanted."""

    jsonb: str
    sqlite: str

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(models.F("attributes"), output_field=field)
        self.member = name

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        """Of jsonb."""
        return self._filled(compiler, self.jsonb, self.member)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        """Of JSON text; a path would be compared with the name as it was escaped there, which json_each undoes."""
        return self._filled(compiler, self.sqlite, self.member)

    def _filled(self, compiler: Any, template: str, path: str) -> tuple[str, list[Any]]:
        column, params = compiler.compile(self.source_expressions[0])
        parts = template.split("{}")
        return f"({column.join(parts)})", [*params, path] * (len(parts) - 1)


class _Text(_Attribute):
    jsonb = "{} ->> %s"
    sqlite = "SELECT CAST(value AS TEXT) FROM JSON_EACH({}) WHERE key = %s"


class _Number(_Attribute):
    jsonb = "CASE WHEN JSONB_TYPEOF({} -> %s) = 'number' THEN ({} ->> %s)::double precision END"
    sqlite = "SELECT value FROM JSON_EACH({}) WHERE key = %s AND type IN ('integer', 'real')"


class _YesNo(_Attribute):
    jsonb = "CASE WHEN JSONB_TYPEOF({} -> %s) = 'boolean' THEN ({} ->> %s)::boolean END"
    sqlite = "SELECT value FROM JSON_EACH({}) WHERE key = %s AND type IN ('true', 'false')"


EXPRESSIONS: Mapping[str, Callable[[str], _Attribute]] = {
    "string": lambda name: _Text(name, models.TextField()),
    "number": lambda name: _Number(name, models.FloatField()),
    "integer": lambda name: _Number(name, models.FloatField()),
    "boolean": lambda name: _YesNo(name, models.BooleanField()),
    "date": lambda name: _Text(name, _Day()),
}
"""By type; a moment within JSON is text of any zone, so it is not compared."""


def annotations(said: Sequence[Mapping[str, str]]) -> dict[str, _Attribute]:
    """Every attribute that can be compared, as a column of the query; read only where a filter names it."""
    return {
        f"{ANNOTATED}{at}": EXPRESSIONS[kind](each["name"])
        for at, each in enumerate(said)
        if (kind := each.get("type", "string")) in EXPRESSIONS
    }


def columns(said: Sequence[Mapping[str, Any]]) -> Iterator[Column]:
    """The column of each attribute."""
    for at, each in enumerate(said):
        kind = each.get("type", "string")
        yield Column(
            f"a_{each['name']}", each.get("title") or each["name"], _reader(each["name"], kind), ["attributes"],
            width=10, type=kind, stored=Stored(f"{ANNOTATED}{at}") if kind in EXPRESSIONS else None,
        )  # fmt: skip


def _reader(name: str, kind: str) -> Callable[[Row], Any]:
    def read(row: Row) -> Any:
        value = (row["attributes"] or {}).get(name)
        return None if value is None else _READERS[kind](value)

    return read


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(str(value))
    except ValueError:
        return None
    return make_aware(moment) if moment and is_naive(moment) else moment


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "string": str, "number": _number, "integer": _number, "boolean": _yes_no, "date": _day, "datetime": _moment,
}  # fmt: skip
