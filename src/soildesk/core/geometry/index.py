"""The spatial index of both stores: a GiST index by migration, an R*Tree kept by triggers after every migration.

Django's SQLite `AlterField` makes the table anew and drops its triggers without a word; therefore the R*Trees
are looked over after every `migrate`, made where they are missing and rebuilt where they are not whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from soildesk.core.geometry.field import GeometryField

TRIGGERS = ("insert", "update", "delete")


class SpatialIndex(models.Index):
    """A GiST index on PostgreSQL. On SQLite the R*Tree of the field comes after the migration (`keep`)."""

    suffix = "geo"

    def __init__(self, *fields: str, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(fields=kwargs.pop("fields", fields), name=name, **kwargs)

    def create_sql(self, model: type[models.Model], schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """GiST; SQLite has nothing to do at this moment."""
        if schema_editor.connection.vendor != "postgresql":
            return "SELECT 1"
        return super().create_sql(model, schema_editor, using=" USING gist", **kwargs)

    def remove_sql(self, model: type[models.Model], schema_editor: Any, **kwargs: Any) -> Any:
        """The index of PostgreSQL; the R*Tree goes with its column."""
        if schema_editor.connection.vendor != "postgresql":
            return "SELECT 1"
        return super().remove_sql(model, schema_editor, **kwargs)


def rtree_name(table: str, column: str) -> str:
    """The R*Tree of a geometry column."""
    return f"rtree_{table}_{column}"


def geometry_columns() -> Iterator[tuple[str, str, str]]:
    """Every stored geometry: table, key column, geometry column."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy:
            for field in meta.local_concrete_fields:
                if isinstance(field, GeometryField):
                    yield meta.db_table, meta.pk.column, field.column


def keep(connection: Any) -> list[str]:
    """Make every R*Tree whole and drop those whose column is gone; returns what was made anew. SQLite only."""
    if connection.vendor != "sqlite":
        return []
    mended = []
    with connection.cursor() as cursor:
        tables = _names(cursor, "table")
        wanted = {rtree_name(table, column): (table, key, column) for table, key, column in geometry_columns()}
        for name in sorted(n for n in tables if _is_rtree(n, tables) and n not in wanted):
            cursor.execute(f"DROP TABLE {_q(name)}")
        for name, (table, key, column) in wanted.items():
            if table in tables and not is_whole(cursor, table, key, column):
                _rebuild(cursor, table, key, column)
                mended.append(name)
    return mended


def faults(connection: Any) -> list[str]:
    """The R*Trees that are not whole, for the system check and for tests."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        tables = _names(cursor, "table")
        return [
            rtree_name(table, column)
            for table, key, column in geometry_columns()
            if table in tables and not is_whole(cursor, table, key, column)
        ]


def is_whole(cursor: Any, table: str, key: str, column: str) -> bool:
    """Whether the R*Tree and its three triggers stand and hold exactly the rows that have a geometry."""
    name = rtree_name(table, column)
    triggers = _names(cursor, "trigger")
    if name not in _names(cursor, "table") or any(f"{name}_{act}" not in triggers for act in TRIGGERS):
        return False
    cursor.execute(f"SELECT count(*), coalesce(sum(id), 0) FROM {_q(name)}")  # noqa: S608
    indexed = cursor.fetchone()
    cursor.execute(
        f"SELECT count(*), coalesce(sum({_q(key)}), 0) FROM {_q(table)} WHERE {_q(column)} IS NOT NULL"  # noqa: S608
    )
    return indexed == cursor.fetchone()


def _rebuild(cursor: Any, table: str, key: str, column: str) -> None:
    name = rtree_name(table, column)
    for act in TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {_q(f'{name}_{act}')}")
    cursor.execute(f"DROP TABLE IF EXISTS {_q(name)}")
    cursor.execute(f"CREATE VIRTUAL TABLE {_q(name)} USING rtree(id, minx, maxx, miny, maxy)")
    box = ", ".join(f"geo_{edge}({{row}}{_q(column)})" for edge in ("minx", "maxx", "miny", "maxy"))
    cursor.execute(
        f"INSERT INTO {_q(name)} SELECT {_q(key)}, {box.format(row='')} FROM {_q(table)}"  # noqa: S608
        f" WHERE {_q(column)} IS NOT NULL"
    )
    put = f"INSERT INTO {_q(name)} VALUES (new.{_q(key)}, {box.format(row='new.')})"  # noqa: S608
    drop = f"DELETE FROM {_q(name)} WHERE id = old.{_q(key)}"  # noqa: S608
    filled = f"WHEN new.{_q(column)} IS NOT NULL"
    start = f"CREATE TRIGGER {{}} AFTER {{}} ON {_q(table)}"
    cursor.execute(f"{start.format(_q(f'{name}_insert'), 'INSERT')} {filled} BEGIN {put}; END")
    cursor.execute(f"{start.format(_q(f'{name}_delete'), 'DELETE')} BEGIN {drop}; END")
    again = put.replace(" VALUES (", " SELECT ").removesuffix(")") + f" WHERE new.{_q(column)} IS NOT NULL"
    cursor.execute(
        f"{start.format(_q(f'{name}_update'), f'UPDATE OF {_q(key)}, {_q(column)}')} BEGIN {drop}; {again}; END"
    )


def _is_rtree(name: str, tables: set[str]) -> bool:
    """An R*Tree is told by the shadow tables SQLite keeps beside it."""
    return name.startswith("rtree_") and f"{name}_node" in tables and f"{name}_rowid" in tables


def _names(cursor: Any, kind: str) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = %s", [kind])
    return {name for (name,) in cursor.fetchall()}


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
