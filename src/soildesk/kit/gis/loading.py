"""From a file to rows nobody sees yet: chunk by chunk, to be taken up again after a broken process."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import clock, files, jobs
from soildesk.core.gis_sandbox import command_limits, page_limits, size_of
from soildesk.core.permissions import place_of
from soildesk.kit import imports, upkeep
from soildesk.kit.faces import Edition
from soildesk.kit.gis import asked as memory
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.checking import Rules
from soildesk.kit.gis.fates import before_after
from soildesk.kit.gis.findings import Finding
from soildesk.kit.gis.judging import REFUSED, SAME, Judge, Judged
from soildesk.kit.gis.places import boundary_of
from soildesk.kit.gis.refusals import GisRefused, spoken
from soildesk.kit.gis.tally import Tally
from soildesk.kit.gis.targets import Target
from soildesk.kit.gis.understanding import Understanding, look, options_of, turns_of, understand
from soildesk.kit.headingunits import how
from soildesk.kit.imports import ROW_LIMIT
from soildesk.kit.models import ImportBatch, ImportFinding, ImportRow
from soilrules.gisfiles import ROW

KIND = "kit.gis"
CHUNK = 1_000
"""Rows of one short transaction."""
YIELD_SECONDS = 0.02
SAMPLED = 300
"""Rows of a whole edition kept beside it, for the preview and its map."""
Step = Callable[[int, int | None], None]


@dataclass(frozen=True)
class File:
    """A file to be taken in, or a folder with a shapefile. `by_command`: an officer's own, with wider limits."""

    path: Path
    name: str
    by_command: bool = False

    @property
    def limits(self) -> Any:
        """What its reading may cost."""
        size = size_of(self.path)
        return command_limits(size) if self.by_command else page_limits(size)

    def fingerprint(self) -> str:
        """The hash of its bytes; of a shapefile, of all its parts."""
        parts = [self.path]
        if self.path.is_dir():
            parts = sorted(one for one in self.path.iterdir() if one.is_file())
        elif self.path.suffix.lower() == ".shp":
            parts = sorted(one for one in self.path.parent.glob(f"{self.path.stem}.*") if one.is_file())
        if len(parts) == 1:
            with parts[0].open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        whole = hashlib.sha256()
        for part in parts:
            with part.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
        return whole.hexdigest()


def understood(target: Target, file: File, asked: Asked) -> Understanding:
    """The file looked at, with what the office remembers and where its division lies."""
    if not file.path.exists():
        raise GisRefused(_("没有文件“%(name)s”。请检查路径。") % {"name": file.name}, code="gis.no_file")
    boundary = boundary_of(target.actor, target.seen.on, target.collection)
    looked = look(file.path, file.name, options_of(asked), file.limits)
    held = memory.remembered(target.actor, target.collection)
    return understand(target, looked, asked, held, None if boundary is None else boundary.area.bounds)


def judge_of(target: Target, known: Understanding, asked: Asked) -> Judge:
    """What judges the rows of this file."""
    within = None if asked.accept_outside else boundary_of(target.actor, target.seen.on, target.collection)
    shape = target.ground.shape
    rules = Rules(known.crs, known.axis, shape, within, asked.repair)
    return Judge(
        target, rules, known.mapping, asked.values, asked.constants, asked.since or target.seen.on, why_of(asked),
        turns_of(target, known.mapping),
    )  # fmt: skip


def why_of(asked: Asked) -> str:
    """The reason written into the history of every row."""
    return asked.why or asked.document or _("文件导入")


def rehearse(target: Target, known: Understanding, asked: Asked, step: Step) -> tuple[Tally, list[Finding]]:
    """What would come of the file; nothing is written."""
    judge, tally, told = judge_of(target, known, asked), Tally(), []
    try:
        with spoken():
            for batch in known.batches:
                told += tally.add(judge.rows(batch))
                _must_be_few(target, tally)
                step(tally.rows, known.source.count)
    finally:
        known.batches.close()
    tally.notes = judge.told
    return tally, told


def begin(target: Target, file: File, asked: Asked, at: datetime) -> ImportBatch:
    """The batch a file is read into: that of a reading that broke off, or a new one; or, already accepted, the first.

    A reading that another process is at is refused.
    """
    imports.drop_orphans(at)
    digest, context = file.fingerprint(), context_of(target, asked)
    same = imports.visible_batches(target.actor).filter(kind=KIND, sha256=digest).order_by("at")
    same = [row for row in same if row.context == context]
    for row in same:
        if row.state == ImportBatch.State.ACCEPTED:
            return row
    for row in same:
        if row.file_id is None and row.state == ImportBatch.State.LOADING:
            held = adopted(row)
            if held.options == asked.as_json():
                return held
            imports.drop(held)  # the same file, but from another day or under another name
        elif row.file_id is None and row.state == ImportBatch.State.PREVIEWED:
            imports.drop(row)  # broke off while it was accepted: what stands may have changed since
    return ImportBatch.objects.create(
        kind=KIND, file_name=file.name[:200], sha256=digest, context=context, collection=target.collection,
        options=asked.as_json(), by=target.actor.person, at=at, worker=jobs.worker_name(), heartbeat_at=at,
        division_path=place_of(target.actor.person),
    )  # fmt: skip


def receive(target: Target, data: bytes, name: str, at: datetime) -> ImportBatch:
    """A file brought to a page: kept, and not read before its reader has been asked what it is."""
    imports.drop_orphans(at)
    name = files.clean_name(name)
    files.check(data, name)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            kind=KIND, file_name=name, sha256=hashlib.sha256(data).hexdigest(), collection=target.collection,
            context={"collection": target.collection}, by=target.actor.person, at=at, heartbeat_at=at,
            division_path=place_of(target.actor.person),
        )  # fmt: skip
        batch.file = files.attach(batch, data=data, name=name, kind="import", by=target.actor, at=at)
        batch.save(update_fields=["file"])
    return batch


def kept_file(batch: ImportBatch) -> File:
    """The file of a batch as it was brought."""
    assert batch.file is not None
    return File(files.stored_path(batch.file.attachment.sha256), batch.file_name)


def settle(batch: ImportBatch, target: Target, asked: Asked) -> ImportBatch:
    """Say what a brought file is; gives the import of the same file read the same way, where one was accepted."""
    context = context_of(target, asked)
    same = imports.visible_batches(target.actor).filter(
        kind=KIND, sha256=batch.sha256, state=ImportBatch.State.ACCEPTED
    )
    first = next((row for row in same.order_by("at") if row.context == context), None)
    if first is not None:
        imports.drop(batch)
        return first
    if batch.done_rows and batch.options != asked.as_json():  # a reading broke off, and now the file is said otherwise
        imports.empty(batch)
    batch.options, batch.context = asked.as_json(), context
    batch.save(update_fields=["options", "context"])
    return batch


def context_of(target: Target, asked: Asked) -> dict[str, str]:
    """What the file goes into and how it is read: the same bytes read otherwise are another import."""
    text = json.dumps(asked.reading(), sort_keys=True, ensure_ascii=False)
    return {"collection": target.collection, "read_as": hashlib.sha256(text.encode()).hexdigest()[:16]}


def adopted(batch: ImportBatch) -> ImportBatch:
    """A reading that broke off, taken over by this process."""
    mine = jobs.worker_name()
    if batch.worker and batch.worker != mine and not jobs.is_gone(batch.worker, batch.heartbeat_at):
        raise GisRefused(
            _("文件“%(name)s”正在读取（已读 %(rows)s 行）：请等它读完，或先取消那次作业。")
            % {"name": batch.file_name, "rows": batch.done_rows},
            code="gis.being_read",
        )
    taken = ImportBatch.objects.filter(pk=batch.pk, worker=batch.worker).update(worker=mine, heartbeat_at=clock.now())
    if not taken:
        raise GisRefused(_("这个文件刚由另一进程接手读取：请稍后查看导入记录。"), code="gis.being_read")
    batch.refresh_from_db()
    return batch


def load(batch: ImportBatch, target: Target, known: Understanding, step: Step, *, keep: bool = False) -> ImportBatch:
    """Read the whole file into the batch, from where it stands; what cannot be read whole leaves nothing behind.

    `keep`: the file and what was said of it stay, to be asked about again.
    """
    asked = memory.from_json(batch.options)
    judge = judge_of(target, known, asked)
    tally = Tally.of_json(batch.counts, batch.area_m2)
    try:
        _start(batch, target, known, asked)
        with spoken():
            for rows in _judged(batch, judge, known):
                for chunk in _chunks(rows):
                    _write(batch, target, chunk, tally)
                    step(tally.rows, known.source.count)
                    time.sleep(YIELD_SECONDS)
        _finish(batch, known, judge, tally)
        upkeep.after_writing(tally.rows)
    except BaseException:
        imports.empty(batch) if keep else imports.drop(batch)
        raise
    finally:
        known.batches.close()
    return batch


def _start(batch: ImportBatch, target: Target, known: Understanding, asked: Asked) -> None:
    """Of a collection that takes whole editions, the empty edition; it and the batch know of each other at once."""
    if target.bulk is None or batch.edition:
        return
    edition = Edition(
        since=asked.since or target.seen.on, title=asked.title, document=asked.document,
        attributes=known.carried, batch=batch,
    )  # fmt: skip
    with transaction.atomic():
        batch.edition = target.bulk.start(target.actor, edition, batch.at)
        batch.save(update_fields=["edition"])


def _judged(batch: ImportBatch, judge: Judge, known: Understanding) -> Iterator[list[Judged]]:
    """The rows that were not written yet, judged."""
    done = batch.done_rows
    for arrow in known.batches:
        positions = arrow.column(ROW).to_numpy()
        start = int((positions <= done).sum())
        if start:
            judge.remember(arrow.slice(0, start))
        if start < len(positions):
            yield judge.rows(arrow.slice(start))


def _chunks(rows: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    yield from (rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK))


def _write(batch: ImportBatch, target: Target, rows: Sequence[Judged], tally: Tally) -> None:
    """One chunk in one short transaction, with the place from which to go on."""
    findings = tally.add(rows)
    _must_be_few(target, tally)
    with transaction.atomic():
        if target.bulk is not None:
            taken = [_bulk_row(row) for row in rows if not row.refused]
            target.bulk.add_chunk(batch.edition, taken)
        ImportRow.objects.bulk_create(_row(batch, target, row) for row in _kept(batch, target, rows))
        ImportFinding.objects.bulk_create(_finding(batch, one) for one in findings)
        batch.counts, batch.area_m2 = tally.as_json(), tally.area_m2
        batch.done_rows, batch.heartbeat_at = rows[-1].position, clock.now()
        batch.save(update_fields=["counts", "area_m2", "done_rows", "heartbeat_at"])


def _must_be_few(target: Target, tally: Tally) -> None:
    """Of a collection written row by row, no more rows than one act can be made of."""
    if target.bulk is None and tally.fates["new"] + tally.fates["changed"] > ROW_LIMIT:
        raise GisRefused(
            _("“%(title)s”逐条登记，一次最多写入 %(limit)s 行，文件里不止。请按乡镇拆分后分次导入。")
            % {"title": target.register.title, "limit": ROW_LIMIT},
            code="gis.too_many_rows",
        )


def _bulk_row(row: Judged) -> Mapping[str, Any]:
    return {**row.given, "attributes": row.attributes, "geometry": row.geometry, "area_m2": row.area_m2}


def _kept(batch: ImportBatch, target: Target, rows: Sequence[Judged]) -> list[Judged]:
    """The rows kept with the batch: all that are written one by one; of a whole edition a sample and the refused."""
    if target.bulk is None:
        return list(rows)
    room = max(0, SAMPLED - batch.done_rows)
    return [
        row for at, row in enumerate(rows) if at < room or (row.refused and row.position <= batch.done_rows + CHUNK)
    ]


def _row(batch: ImportBatch, target: Target, row: Judged) -> ImportRow:
    before, after = before_after(target, row)
    raw = {name: str(value)[:200] for name, value in row.raw.items() if value is not None}
    return ImportRow(
        batch=batch, position=row.position, raw=raw, verdict=_verdict(row), key=row.key,
        messages=[one.sentence for one in row.findings], before=before, after=after,
        wkb=None if row.geometry is None else shapely.to_wkb(row.geometry),
        wkb_before=None if row.before_repair is None else shapely.to_wkb(row.before_repair),
    )  # fmt: skip


def _verdict(row: Judged) -> str:
    if row.fate == REFUSED:
        return ImportRow.Verdict.REFUSED
    warned = row.fate != SAME and any(one.severity == "warning" for one in row.findings)
    return ImportRow.Verdict.WARNING if warned else ImportRow.Verdict.OK


def _finding(batch: ImportBatch, one: Finding) -> ImportFinding:
    return ImportFinding(
        batch=batch, position=one.position, code=one.code, severity=one.severity, who=one.who, value=one.value[:200],
        sentence=one.sentence[:500],
    )  # fmt: skip


def _finish(batch: ImportBatch, known: Understanding, judge: Judge, tally: Tally) -> None:
    if not tally.rows:
        raise GisRefused(
            _("“%(name)s”里没有一行：请检查选的图层。") % {"name": batch.file_name}, code="gis.empty_layer"
        )
    unmapped = memory.CARRIED if judge.target.bulk else ""
    batch.mapping = {
        "columns": [
            {"read": one.name, "as": known.mapping.get(one.name, unmapped), "note": how(judge.turns.get(one.name))}
            for one in known.source.fields
        ],
        "notes": [*known.notes, *judge.told],
        "crs": known.crs.code, "axis": known.axis, "way": known.way, "kind": str(known.source.kind),
        "layer": known.source.layer,
    }  # fmt: skip
    batch.state = ImportBatch.State.PREVIEWED
    batch.save(update_fields=["mapping", "state"])
