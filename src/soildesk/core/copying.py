"""Moving a district from one store to the other: every table, in one transaction, with counts and checksums.

The target must be a database nobody works in. What is not the same there at the end was never written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import shapely
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.utils import load_backend
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.geometry import index

TARGET = "copy_target"
CHUNK = 2000
WORD = 2**64
Progress = Callable[[str, int], None]


class CopyRefused(Refusal):
    """The copy is not made. Codes: core.copy.not_empty, .same, .row, .differs, .unreachable."""

    code = "core.copy.refused"


@dataclass(frozen=True, slots=True)
class Table:
    """One table that was copied: rows, and the sum of the hashes of its rows, which no order changes."""

    name: str
    rows: int
    checksum: str


def copy(database: dict[str, Any], *, step: Progress = lambda table, rows: None) -> list[Table]:
    """Copy everything into `database` (an entry of Django's DATABASES); returns the tables, checked on both sides."""
    with _target(database) as target:
        _must_be_empty(target)
        with _still(), transaction.atomic(using=TARGET):
            tables = [_copied(model, target, step) for model in _models()]
            _set_sequences(target)
            _must_be_the_same(tables)
            target.check_constraints()
        index.keep(target)
    return tables


@contextmanager
def _target(database: dict[str, Any]) -> Iterator[Any]:
    if (
        database["NAME"] == connection.settings_dict["NAME"]
        and database["ENGINE"] == settings.DATABASES["default"]["ENGINE"]
    ):
        raise CopyRefused(_("目标就是正在使用的数据库：请给出另一个数据库的地址。"), code="core.copy.same")
    whole = connections.configure_settings({"default": {}, TARGET: database})[TARGET]
    target = load_backend(whole["ENGINE"]).DatabaseWrapper(whole, TARGET)
    try:
        target.ensure_connection()
    except DatabaseError as error:
        raise CopyRefused(
            _("连不上目标数据库：%(why)s。请核对地址、用户和口令。") % {"why": str(error).strip()},
            code="core.copy.unreachable",
        ) from error
    connections[TARGET] = target
    try:
        yield target
    finally:
        target.close()
        del connections[TARGET]


@contextmanager
def _still() -> Iterator[None]:
    """The source as of one moment: SQLite's writers wait, PostgreSQL reads a snapshot."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _models() -> list[type[models.Model]]:
    """Every table of the desk, in a steady order."""
    every = apps.get_models(include_auto_created=True)
    return sorted((m for m in every if m._meta.managed and not m._meta.proxy), key=lambda m: m._meta.db_table)


def _must_be_empty(target: Any) -> None:
    """The target's tables are made; it may hold what a migration writes and no work of anybody."""
    present = set(target.introspection.table_names())
    people = settings.AUTH_USER_MODEL
    held = apps.get_model(people)._meta.db_table
    if held in present and apps.get_model(people).objects.using(TARGET).exists():
        raise CopyRefused(_("目标数据库里已有数据，不能覆盖：请另建一个空的数据库再复制。"), code="core.copy.not_empty")
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)


def _copied(model: type[models.Model], target: Any, step: Progress) -> Table:
    """Copy one table; what the migration put there gives way."""
    fields = model._meta.local_concrete_fields
    model._base_manager.using(TARGET).all()._raw_delete(TARGET)
    rows = model._base_manager.order_by("pk").iterator(CHUNK)
    size = min(CHUNK, target.ops.bulk_batch_size(list(fields), range(CHUNK)))
    count = total = 0
    while chunk := list(islice(rows, size)):
        _insert(model, chunk, fields)
        count += len(chunk)
        total = (total + sum(_hash(row, fields) for row in chunk)) % WORD
        step(model._meta.db_table, count)
    return Table(model._meta.db_table, count, f"{total:016x}")


def _insert(model: type[models.Model], chunk: list[Any], fields: Any) -> None:
    """Insert rows as they are: no default, no moment of creation is set anew."""
    try:
        with transaction.atomic(using=TARGET):
            model._base_manager.using(TARGET)._insert(chunk, fields=fields, using=TARGET, raw=True)
    except DatabaseError as error:
        raise CopyRefused(
            _("表 %(table)s 的记录 %(key)s 目标数据库不接受：%(why)s。未复制任何内容。")
            % {"table": model._meta.db_table, "key": _culprit(model, chunk, fields), "why": str(error).strip()},
            code="core.copy.row",
        ) from error


def _culprit(model: type[models.Model], chunk: list[Any], fields: Any) -> Any:
    """The first row of a chunk that is refused by itself."""
    for row in chunk:
        try:
            with transaction.atomic(using=TARGET):
                model._base_manager.using(TARGET)._insert([row], fields=fields, using=TARGET, raw=True)
        except DatabaseError:
            return row.pk
    return f"{chunk[0].pk}…{chunk[-1].pk}"


def _set_sequences(target: Any) -> None:
    """The next key of every table goes on after the last that was copied."""
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _must_be_the_same(tables: list[Table]) -> None:
    """Read the target again and compare."""
    for model, table in zip(_models(), tables, strict=True):
        fields = model._meta.local_concrete_fields
        rows = model._base_manager.using(TARGET).order_by("pk").iterator(CHUNK)
        count = total = 0
        for row in rows:
            count += 1
            total = (total + _hash(row, fields)) % WORD
        if (count, f"{total:016x}") != (table.rows, table.checksum):
            raise CopyRefused(
                _(
                    "表 %(table)s 复制后不一致（%(rows)d 行，目标 %(found)d 行）：未复制任何内容。请勿在复制期间使用系统。"
                )
                % {"table": table.name, "rows": table.rows, "found": count},
                code="core.copy.differs",
            )


def _hash(row: models.Model, fields: Any) -> int:
    """A number for everything a row says, the same on every store."""
    said = audit.canonical([_said(getattr(row, field.attname)) for field in fields])
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")


def _said(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value
