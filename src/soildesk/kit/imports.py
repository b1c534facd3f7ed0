"""Taking files in: drop a file, see what was understood and every row's fate, then do it or do nothing.

A room says what its file is:

    add(ImportKind(
        name="rooms.things", title=gettext_lazy("事项台账"), permission="rooms.import",
        read=read_things, apply=apply_things, names={"code": gettext_lazy("编号")},
    ))

`read(data, name, purpose)` gives an `Understood` and writes nothing; `apply(rows, purpose)` writes the rows
that are not refused in one service call and returns counts. Uploads are parsed by `read` in
`soildesk.core.sandbox` where the format can be made to harm.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import place_of, require
from soildesk.kit import upkeep
from soildesk.kit.models import ImportBatch, ImportRow

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

CHUNK = 500
ROW_LIMIT = 20_000
"""Rows that may be written one by one in one import: each is an act with its own history."""
YIELD_SECONDS = 0.005
"""Between two chunks, so that somebody else's short write gets its turn on SQLite."""
ORPHANED_AFTER = timedelta(hours=1)
"""Without a sign of life for so long a reading is given up; before, the same file goes on where it stopped."""
DELETED_AT_ONCE = 2_000
NOT_IN_FILE = 0
"""The position of a fate that is of no row of the file: what stands here and the file does not have."""
Verdict = ImportRow.Verdict


class ImportRefused(Refusal):
    """The file or the act on its batch is refused. Codes: kit.import.nothing, .decided, .unknown."""

    code = "kit.import.refused"


@dataclass(frozen=True, slots=True)
class RowFate:
    """One row and what will become of it. `before=None`: new; `after=None`: nothing is written.

    `position` is the row's number in the file, `NOT_IN_FILE` where it is in none.
    """

    position: int
    raw: Mapping[str, Any]
    verdict: str = "ok"
    messages: Sequence[str] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the row says what stands already."""
        return self.before is not None and self.after is not None and dict(self.before) == dict(self.after)


@dataclass(frozen=True, slots=True)
class MappingLine:
    """How one column of the file was understood. `as_name` empty: not used."""

    read: str
    as_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file was taken for. `notes` are said above the rows."""

    mapping: Sequence[MappingLine]
    rows: Iterable[RowFate]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """For whom, when, and into what a file is taken in (`given`, e.g. {"thing": uid}); `batch` once it is accepted."""

    actor: Actor
    at: datetime
    given: Mapping[str, str] = field(default_factory=dict)
    batch: ImportBatch | None = None


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of file a room takes in. `names` gives titles to the keys of before and after.

    `subject(actor, given)` loads the record imported into, for its permission and division; None: no record. Without
    a `permission` it asks for one itself. `done_url(batch)` is where the receipt leads. `release(batch)` takes away
    what the kind wrote elsewhere for a batch that is not accepted. `page(batch, params)` adds to the preview, drawn by
    `template`.
    """

    name: str
    title: str | Promise
    permission: str
    read: Callable[[bytes, str, Purpose], Understood]
    apply: Callable[[Sequence[ImportRow], Purpose], Mapping[str, int]]
    names: Mapping[str, str | Promise] = field(default_factory=dict)
    accepts: Sequence[str] = (".xlsx",)
    hint: str | Promise = ""
    template_url: Callable[[Mapping[str, str]], str] | None = None
    subject: Callable[[Actor, Mapping[str, str]], Any] | None = None
    done_url: Callable[[ImportBatch], str] | None = None
    release: Callable[[ImportBatch], None] | None = None
    page: Callable[[ImportBatch, Mapping[str, str]], Mapping[str, Any]] | None = None
    template: str = "kit/import_preview.html"
    whole: bool = False  # a file with a refused row is not taken in, unless the person says so
    keeps_rows: bool = False  # a comparison: what it found stays readable where nothing was taken in
    writes: Callable[[ImportBatch], int] | None = None  # how many rows would be written; without it those that change


_kinds: dict[str, ImportKind] = {}
_providers: list[Callable[[], Iterable[ImportKind]]] = []


def add(kind: ImportKind) -> ImportKind:
    """Make a kind known by its name."""
    _kinds[kind.name] = kind
    return kind


def provide(provider: Callable[[], Iterable[ImportKind]]) -> Callable[[], Iterable[ImportKind]]:
    """Kinds made from declarations: asked for each time."""
    _providers.append(provider)
    return provider


def kinds() -> dict[str, ImportKind]:
    """All kinds by name; one that was added goes before one that is provided."""
    provided = {kind.name: kind for provider in _providers for kind in provider()}
    return provided | _kinds


def kind_called(name: str) -> ImportKind:
    """The kind of this name."""
    try:
        return _kinds[name] if name in _kinds else kinds()[name]
    except KeyError:
        raise ImportRefused(
            _("没有“%(name)s”这种导入：请从原来的页面重新进入。") % {"name": name}, code="kit.import.unknown"
        ) from None


def subject_of(kind: ImportKind, actor: Actor, given: Mapping[str, str]) -> Any:
    """The record imported into, the actor's permission for it asked for."""
    subject = kind.subject(actor, given) if kind.subject else None
    if kind.permission:
        require(actor, kind.permission, subject)
    return subject


def preview(kind: ImportKind, data: bytes, name: str, purpose: Purpose) -> ImportBatch:
    """Read a file into a batch and say every row's fate; nothing else is written.

    The same bytes for the same purpose, once accepted for the same person, give that first batch with its receipt.
    """
    subject = subject_of(kind, purpose.actor, purpose.given)
    name = files.clean_name(name)
    digest = hashlib.sha256(data).hexdigest()
    given = dict(purpose.given)
    first = _accepted_before(kind, digest, given, purpose.actor)
    if first is not None:
        return first
    drop_orphans(purpose.at)
    files.check(data, name)
    understood = kind.read(data, name, purpose)
    batch = ImportBatch.objects.create(
        kind=kind.name, file_name=name, sha256=digest, context=given, by=purpose.actor.person, at=purpose.at,
        division_path=place_of(subject) or place_of(purpose.actor.person),
        mapping={"columns": [_line(line) for line in understood.mapping], "notes": list(understood.notes)},
    )  # fmt: skip
    _load(batch, understood.rows)
    batch.counts = _counts(batch)
    if not sum(batch.counts.values()):
        batch.delete()
        raise ImportRefused(
            _("“%(name)s”里没有读到任何一行：请检查表头是否与模板一致、数据是否在第一张工作表。") % {"name": name},
            code="kit.import.nothing",
        )
    with transaction.atomic():
        batch.file = files.attach(batch, data=data, name=name, kind="import", by=purpose.actor, at=purpose.at)
        batch.state = ImportBatch.State.PREVIEWED
        batch.save(update_fields=["file", "counts", "state"])
    return batch


def writes(batch: ImportBatch) -> int:
    """How many rows a previewed file would write; none: there is nothing to accept."""
    kind = kind_called(batch.kind)
    return kind.writes(batch) if kind.writes else _changing(batch).count()


def _changing(batch: ImportBatch) -> QuerySet[ImportRow]:
    return batch.rows.exclude(verdict=Verdict.REFUSED).filter(after__isnull=False)


def accept(batch: ImportBatch, purpose: Purpose, *, partly: bool = False) -> ImportBatch:
    """Do it: one transaction writes the rows, gives the receipt and flips the batch. Twice is once.

    `partly`: also where the kind wants the whole file and some of its rows are refused.
    """
    kind = kind_called(batch.kind)
    purpose = Purpose(purpose.actor, purpose.at, batch.context, batch)
    subject_of(kind, purpose.actor, batch.context)
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if held.state == ImportBatch.State.ACCEPTED:
            return held
        _must_be_previewed(held)
        written = writes(held)
        if not written:
            raise ImportRefused(
                _(
                    "“%(name)s”里没有可写入的内容：各行不是与现有内容相同，就是不能导入。请关闭这次导入，改好文件后再来。"
                )
                % {"name": held.file_name},
                code="kit.import.nothing_to_write",
            )
        if kind.whole and held.counts.get("refused") and not partly:
            raise ImportRefused(
                _("有 %(n)s 行不能导入，所以一行也没有写入：请改好文件再来，或勾选“只导入没有问题的行”。")
                % {"n": held.counts["refused"]},
                code="kit.import.not_whole",
            )
        held.result = dict(kind.apply(list(_changing(held)), purpose))
        held.receipt = _receipt(held, purpose.at)
        _decide(held, ImportBatch.State.ACCEPTED, purpose)
        audit.record(
            "kit.import.accepted", subject=held, by=purpose.actor, at=purpose.at,
            data={"kind": held.kind, "receipt": held.receipt, "file": held.sha256, **held.counts},
        )  # fmt: skip
    upkeep.after_writing(written)
    return held


def reject(batch: ImportBatch, purpose: Purpose) -> ImportBatch:
    """Do nothing: the batch is kept as a fact, without its rows where they are no comparison."""
    kind = kind_called(batch.kind)
    subject_of(kind, purpose.actor, batch.context)
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        _must_be_previewed(held)
        if not kind.keeps_rows:
            held.rows.all().delete()
        _decide(held, ImportBatch.State.REJECTED, purpose)
        audit.record(
            "kit.import.rejected", subject=held, by=purpose.actor, at=purpose.at,
            data={"kind": held.kind, "file": held.sha256},
        )  # fmt: skip
    _release(held)
    return held


def drop_orphans(now: datetime) -> int:
    """Delete batches whose reading never ended, and what a rejected one still holds; returns how many were deleted."""
    silent = Q(heartbeat_at__lt=now - ORPHANED_AFTER) | Q(heartbeat_at=None, at__lt=now - ORPHANED_AFTER)
    orphans = list(ImportBatch.objects.filter(silent, state=ImportBatch.State.LOADING))
    for batch in orphans:
        drop(batch)
    for batch in ImportBatch.objects.filter(state=ImportBatch.State.REJECTED).exclude(edition=""):
        _release(batch)
    return len(orphans)


def empty(batch: ImportBatch) -> None:
    """Take away what was read of a batch, in short transactions; its file stays, to be read again."""
    _release(batch)
    for rows in (batch.findings, batch.rows):
        while keys := list(rows.order_by().values_list("pk", flat=True)[:DELETED_AT_ONCE]):
            rows.filter(pk__in=keys).delete()
            time.sleep(YIELD_SECONDS)
    batch.done_rows, batch.area_m2, batch.counts, batch.worker = 0, 0, {}, ""
    batch.save(update_fields=["done_rows", "area_m2", "counts", "worker"])


def drop(batch: ImportBatch) -> None:
    """Take a batch away that nobody has decided on: what was read of it, its file, itself."""
    empty(batch)
    uses = list(files.uses_of(batch))
    batch.delete()
    for use in uses:
        use.delete()


def _release(batch: ImportBatch) -> None:
    kind = _kinds.get(batch.kind)
    if kind is not None and kind.release is not None:
        kind.release(batch)


def visible_batches(actor: Actor) -> Any:
    """The imports a person may see: their own."""
    return ImportBatch.objects.filter(by=actor.person) if actor.person else ImportBatch.objects.none()


def _accepted_before(kind: ImportKind, digest: str, given: Mapping[str, str], actor: Actor) -> ImportBatch | None:
    """The actor's own import of the same bytes; whether others took the file in is theirs to know."""
    rows = visible_batches(actor).filter(kind=kind.name, sha256=digest, state=ImportBatch.State.ACCEPTED).order_by("at")
    return next((row for row in rows if row.context == given), None)


def _line(line: MappingLine) -> dict[str, str]:
    return {"read": line.read, "as": str(line.as_name), "note": line.note}


def _load(batch: ImportBatch, rows: Iterable[RowFate]) -> None:
    """Write the rows in short transactions, letting others in between."""
    source: Iterator[RowFate] = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=batch, position=row.position, raw=dict(row.raw), verdict=row.verdict, messages=list(row.messages),
                before=None if row.before is None else dict(row.before),
                after=None if row.after is None or row.unchanged else dict(row.after),
            )
            for row in chunk
        )  # fmt: skip
        time.sleep(YIELD_SECONDS)


def _counts(batch: ImportBatch) -> dict[str, int]:
    found = dict(batch.rows.values_list("verdict").annotate(Count("id")).order_by())
    same = batch.rows.filter(verdict=Verdict.OK, after__isnull=True).count()
    counts = {verdict.value: found.get(verdict.value, 0) for verdict in Verdict}
    return {**counts, "ok": counts["ok"] - same, "unchanged": same}


def _must_be_previewed(batch: ImportBatch) -> None:
    if batch.state != ImportBatch.State.PREVIEWED:
        raise ImportRefused(
            _("这次导入现在是“%(state)s”，不能再办理：要再导入，请重新选择文件。")
            % {"state": batch.get_state_display()},
            code="kit.import.decided",
        )


def _decide(batch: ImportBatch, state: str, purpose: Purpose) -> None:
    batch.state, batch.decided_by, batch.decided_at = state, purpose.actor.person, purpose.at
    batch.save(update_fields=["state", "decided_by", "decided_at", "receipt", "result"])


def _receipt(batch: ImportBatch, at: datetime) -> str:
    """The receipt number: day and a running number of the day, given inside the transaction."""
    day = f"{clock.local_day(at):%Y%m%d}"
    last = ImportBatch.objects.filter(receipt__startswith=f"DR{day}-").order_by("-receipt").first()
    number = int(last.receipt.rpartition("-")[2]) + 1 if last else 1
    return f"DR{day}-{number:04d}"
