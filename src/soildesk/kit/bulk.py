"""One entry set for many rows: what would come of it, and the act, all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.kit.entries import Entries
from soildesk.kit.faces import Change, Entry

UP_TO = 2_000
"""Rows changed in one act: it holds the store's one pen while it writes."""
AT_ONCE = 200
"""Rows changed while the person waits; more are changed by a job."""


class BulkRefused(Refusal):
    """Nothing was written. Codes: kit.bulk.too_many, .none, .moved, .row."""

    code = "kit.bulk.refused"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would come of a change: rows that change, rows that say it already, rows a rule stops and why."""

    rows: Sequence[Mapping[str, Any]]
    changed: Sequence[tuple[str, str]] = ()  # (what the row is called, what it says now)
    same: int = 0
    stopped: Sequence[tuple[str, str]] = ()  # (what the row is called, the sentence)
    digest: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is something to write and nothing against it."""
        return bool(self.changed) and not self.stopped


@dataclass
class _Tally:
    changed: list[tuple[str, str]] = field(default_factory=list)
    stopped: list[tuple[str, str]] = field(default_factory=list)
    same: int = 0


def rows_for(entries: Entries, queryset: Any) -> list[dict[str, Any]]:
    """The rows of a selection with what their entries say, in the order of their keys."""
    declared = entries.seen.declared
    names = sorted({*entries.seen.needs(), *entries.paths, "pk", declared.key})
    rows = list(queryset.order_by("pk").values(*names)[: UP_TO + 1])
    if not rows:
        raise BulkRefused(_("没有选中任何一行：请先勾选要办理的行。"), code="kit.bulk.none")
    if len(rows) > UP_TO:
        raise BulkRefused(
            _("选中的超过 %(n)s 行，一次改不了：请先用筛选缩小范围，或用 Excel 导入。") % {"n": UP_TO},
            code="kit.bulk.too_many",
        )
    return rows


def foresee(entries: Entries, rows: Sequence[Mapping[str, Any]], change: Change) -> Foreseen:
    """What would come of `change` for each row; nothing is written."""
    tally, guard = _Tally(), entries.writing.guard
    (key,) = change.values
    entry = entries.by_key[key]
    for row in rows:
        if not entries.changed(change.values, row):
            tally.same += 1
        elif guard and (sentences := list(guard(entries.actor, change, row))):
            tally.stopped.append((called(entries, row), sentences[0]))
        else:
            tally.changed.append((called(entries, row), entries.in_words(entry, row.get(entry.path))))
    return Foreseen(rows, tally.changed, tally.same, tally.stopped, digest_of(entries, rows, entry))


def digest_of(entries: Entries, rows: Iterable[Mapping[str, Any]], entry: Entry) -> str:
    """The rows a person was shown and what they said: another digest, another answer."""
    told = [f"{row[entries.seen.declared.key]}={row.get(entry.path)!r}" for row in rows]
    return hashlib.sha256("|".join(told).encode()).hexdigest()


def called(entries: Entries, row: Mapping[str, Any]) -> str:
    """What a row is called: its frozen columns."""
    names = [str(column.of(dict(row)) or "") for column in entries.seen.columns if column.frozen]
    return " ".join(filter(None, names)) or str(row[entries.seen.declared.key])


def change_all(entries: Entries, rows: Sequence[Mapping[str, Any]], change: Change, at: datetime) -> int:
    """Write the change into every row that does not say it yet, by the room's own act; all of them or none."""
    register, writing = entries.seen.declared, entries.writing
    assert writing.change is not None
    wanted = [row for row in rows if entries.changed(change.values, row)]
    with transaction.atomic():
        for row in wanted:
            try:
                writing.change(entries.actor, str(row[register.key]), change, at)
            except Refusal as refusal:
                raise BulkRefused(
                    _("%(row)s：%(why)s 所有行都没有写入。") % {"row": called(entries, row), "why": refusal},
                    code="kit.bulk.row",
                ) from refusal
        audit.record(
            "kit.bulk.changed", subject="kit.collection", by=entries.actor, at=at,
            data={"collection": register.collection, "entries": sorted(change.values), "since": change.since,
                  **audit.bulk([str(row[register.key]) for row in wanted])},
        )  # fmt: skip
    return len(wanted)
