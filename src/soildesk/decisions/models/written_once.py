"""Rows that are added and then never changed or removed: what was issued stays what it was."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import connections

from soildesk.core.models.scoped import ScopedModel, ScopedQuerySet

REFUSED = "a row of %s is written once: expected a new row beside it, not a change."
PLPGSQL = """CREATE OR REPLACE FUNCTION decisions_written_once() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a row of % is written once', TG_TABLE_NAME; END $$"""


class WrittenOnceRows(ScopedQuerySet):
    """Rows to read and to add to."""

    def _refuse(self) -> NoReturn:
        raise TypeError(REFUSED % self.model.__name__)

    def update(self, **_values: Any) -> NoReturn:
        """Refused."""
        self._refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        self._refuse()

    def delete(self) -> NoReturn:
        """Refused."""
        self._refuse()


class WrittenOnce(ScopedModel):
    """Base of what is added and never changed; the stores refuse a change that comes from elsewhere too."""

    objects = WrittenOnceRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new row."""
        if not self._state.adding:
            raise TypeError(REFUSED % type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise TypeError(REFUSED % type(self).__name__)


def guard_tables(sender: Any, using: str, **_kwargs: Any) -> None:
    """After a migration each of these tables has its trigger: a store that makes a table anew loses it."""
    models = [one for one in sender.get_models() if issubclass(one, WrittenOnce)]
    with connections[using].cursor() as cursor:
        held = set(connections[using].introspection.table_names(cursor))
        for table in (one._meta.db_table for one in models):
            if table in held:
                _guard(connections[using].vendor, cursor, table)


def _guard(vendor: str, cursor: Any, table: str) -> None:
    name = f"{table}_written_once"
    if vendor == "sqlite":
        cursor.execute(
            f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE UPDATE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is written once'); END"
        )
        return
    cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(PLPGSQL)
        cursor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION decisions_written_once()'
        )
