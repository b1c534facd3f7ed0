"""The audit chain: one entry per act, closed by SHA-256 over the entry before it.

The chain is proof, never a query source. Its head is taken last in the act, under a lock, so entries
stand in one order. `export_heads` appends the head to a file outside the database; `verify` walks the
chain and compares it with that file, so that altering or deleting a row, cutting off the tail or
writing the whole chain anew is seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from soildesk.core.models import AuditEntry, Person
from soildesk.core.permissions import Actor, NotAllowed, place_of

GENESIS = "0" * 64
LOCK_KEY = 0x50114D15
CHUNK = 2000


def bulk(items: Iterable[object]) -> dict[str, object]:
    """The `data` of an act on many rows: how many, and a hash of them."""
    lines = [canonical(item) for item in items]
    return {"count": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks: the same value gives the same text on every store."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def record(
    act: str, *, subject: models.Model | str, by: Actor | None, at: datetime, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Write one act down; call it last inside the act's `transaction.atomic`.

    `act` is `room.thing.done` ("plans.plan.published"); `data` holds no personal data.
    """
    if by is None:
        raise NotAllowed(_("没有行为人，不能记录操作。请先登录。"))
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"act {act!r} is recorded outside a transaction: wrap the act in transaction.atomic().")
    last = _head()
    subject_type, subject_uid = _name_of(subject)
    entry = AuditEntry(
        at=at.astimezone(UTC),
        actor_uid=by.person.uid if by.person else None,
        actor_name=by.name,
        act=act,
        subject_type=subject_type,
        subject_uid=subject_uid,
        division_path=place_of(subject),
        data=json.loads(canonical(data or {})),
        previous=last,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def latest() -> int:
    """The number of the last entry: as long as it stays the same, nothing was written."""
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def told_of(subject: models.Model, *acts: str) -> list[tuple[AuditEntry, str]]:
    """The entries of some acts on a record, the earliest first, each with who acted: for the history a room shows of it."""
    subject_type, subject_uid = _name_of(subject)
    rows = list(
        AuditEntry.objects.filter(subject_type=subject_type, subject_uid=subject_uid, act__in=acts).order_by("id")
    )
    names = dict(Person.objects.filter(uid__in=[row.actor_uid for row in rows]).values_list("uid", "name"))
    return [(row, names.get(row.actor_uid, row.actor_name)) for row in rows]


def _head() -> str:
    """The digest of the last entry, held until the transaction ends; SQLite's IMMEDIATE transactions hold it already.

    In SQL: every act of the desk asks for it, and Django takes longer to put the question than a store to answer it.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        cursor.execute(f"SELECT digest FROM {AuditEntry._meta.db_table} ORDER BY id DESC LIMIT 1")  # noqa: S608
        last = cursor.fetchone()
    return str(last[0]) if last else GENESIS


def _name_of(subject: models.Model | str) -> tuple[str, str]:
    if isinstance(subject, str):
        return subject, ""
    return subject._meta.label_lower, str(getattr(subject, "uid", subject.pk))


def digest_of(entry: AuditEntry) -> str:
    """The digest over everything an entry says and the digest before it."""
    said = [
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_uid or ""),
        entry.actor_name,
        entry.act,
        entry.subject_type,
        entry.subject_uid,
        entry.division_path,
        entry.data,
        entry.previous,
    ]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """Where the chain is not what it was: entry id (0 for a head of the file), stable code and sentence."""

    entry_id: int
    code: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """What a verification found."""

    entries: int
    heads: int
    head: str
    breaks: tuple[Break, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.breaks

    def as_json(self) -> dict[str, object]:
        """For the command and the job's result."""
        return {
            "ok": self.ok,
            "entries": self.entries,
            "heads": self.heads,
            "head": self.head,
            "breaks": [vars(item) for item in self.breaks],
        }


def heads_path() -> Path:
    """The file of exported heads, outside the database."""
    return Path(settings.HOME) / "audit-heads.jsonl"


def export_heads(*, day: date, heads_file: Path | None = None) -> dict[str, object] | None:
    """Append the present head to the file, unless it stands there already; None where there is no entry."""
    path = heads_file or heads_path()
    entry = AuditEntry.objects.order_by("-id").first()
    if entry is None:
        return None
    head = {"day": day.isoformat(), "entries": AuditEntry.objects.count(), "id": entry.pk, "digest": entry.digest}
    known = _heads(path)[0]
    if not known or known[-1].get("digest") != entry.digest:
        with path.open("a", encoding="utf-8") as file:
            file.write(canonical(head) + "\n")
    return head


def _heads(path: Path) -> tuple[list[dict[str, Any]], list[Break]]:
    heads: list[dict[str, Any]] = []
    breaks: list[Break] = []
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            head = json.loads(line)
            heads.append(
                {
                    "day": str(head["day"]),
                    "id": int(head["id"]),
                    "entries": int(head["entries"]),
                    "digest": str(head["digest"]),
                }
            )
        except (ValueError, KeyError, TypeError):
            breaks.append(
                Break(
                    0,
                    "core.audit.head_unreadable",
                    _("审计链头文件第 %(line)d 行无法读取。请用备份核对该文件。") % {"line": number},
                )
            )
    return heads, breaks


def verify(heads_file: Path | None = None, *, step: Callable[[int], None] | None = None) -> Report:
    """Walk the chain from its first entry and compare it with the exported heads; `step` is told how many it passed."""
    heads, breaks = _heads(heads_file or heads_path())
    wanted = {head["id"]: head for head in heads}
    previous, count = GENESIS, 0
    for entry in _entries():
        count += 1
        breaks += _entry_breaks(entry, previous)
        breaks += _head_breaks(entry, count, wanted.pop(entry.pk, None))
        previous = entry.digest
        if step and count % CHUNK == 0:
            step(count)
    breaks += [_missing(head) for head in wanted.values()]
    return Report(entries=count, heads=len(heads), head=previous, breaks=tuple(breaks))


def _entries() -> Iterator[AuditEntry]:
    return AuditEntry.objects.order_by("id").iterator(chunk_size=CHUNK)


def _entry_breaks(entry: AuditEntry, previous: str) -> list[Break]:
    found = []
    if entry.previous != previous:
        found.append(
            Break(
                entry.pk,
                "core.audit.link_broken",
                _("第 %(id)d 条与上一条不衔接：其间有记录被删除、插入或改动。") % {"id": entry.pk},
            )
        )
    if digest_of(entry) != entry.digest:
        found.append(
            Break(
                entry.pk,
                "core.audit.entry_changed",
                _("第 %(id)d 条的内容与其摘要不符：记录被改动。") % {"id": entry.pk},
            )
        )
    return found


def _head_breaks(entry: AuditEntry, count: int, head: dict[str, Any] | None) -> list[Break]:
    if head is None or (head["digest"] == entry.digest and head["entries"] == count):
        return []
    return [
        Break(
            entry.pk,
            "core.audit.head_differs",
            _("第 %(id)d 条与 %(day)s 导出的链头不符：此前的记录被改写。") % {"id": entry.pk, "day": head["day"]},
        )
    ]


def _missing(head: dict[str, Any]) -> Break:
    return Break(
        head["id"],
        "core.audit.tail_missing",
        _("%(day)s 导出的链头（第 %(id)d 条）在库中不存在：末尾的记录被删除。")
        % {"day": head["day"], "id": head["id"]},
    )
