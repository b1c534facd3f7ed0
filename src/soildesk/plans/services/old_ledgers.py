"""Last year's Excel ledger becomes a plan under review: each row a task, its cells the source text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files
from soildesk.core.permissions import Actor, require
from soildesk.plans.ledger_import import LedgerRow, LedgerWorkbook, RowOutcome, read_ledger_workbook
from soildesk.plans.models import Milestone, Plan, PlanDocument, PlanTask, TaskUnit
from soildesk.plans.refusals import AlreadyImported, WrongValue
from soildesk.plans.services.intake import Place, milestone_row
from soildesk.plans.services.units import UnitPlacer
from soilrules.plantext.draft import Role, UnitSource

READER = "ledger workbook 1"
OUTCOMES = {RowOutcome.OK: "可导入", RowOutcome.WARNING: "请留意", RowOutcome.REFUSED: "不能导入"}


@dataclass(frozen=True)
class LedgerReading:
    """A workbook as read, before anything is kept."""

    data: bytes
    file_name: str
    title: str
    year: int
    workbook: LedgerWorkbook

    @property
    def refused(self) -> list[LedgerRow]:
        """Rows that are no task and cannot become one as they stand."""
        return [row for row in self.workbook.rows if row.outcome is RowOutcome.REFUSED]

    @property
    def taken(self) -> list[LedgerRow]:
        """Rows that become tasks."""
        return [row for row in self.workbook.rows if row.outcome is not RowOutcome.REFUSED]

    def lines(self) -> Iterator[list[object]]:
        """Each row's verdict for a terminal or a page: row, verdict, why, task."""
        for row in self.workbook.rows:
            why = " ".join(finding.sentence() for finding in row.findings)
            yield [row.row, OUTCOMES[row.outcome], why, row.title or row.text[:40]]

    def as_json(self) -> dict[str, Any]:
        """The reading as data."""
        return {
            "title": self.title,
            "year": self.year,
            "rows": [
                {
                    "sheet": r.sheet,
                    "row": r.row,
                    "outcome": r.outcome,
                    "number": r.number,
                    "title": r.title,
                    "text": r.text,
                    "deadline_text": r.deadline_text,
                    "lead": r.lead,
                    "support": r.support,
                    "responsible": r.responsible,
                    "progress": r.progress,
                    "extra": r.extra,
                    "findings": [f.sentence() for f in r.findings],
                }
                for r in self.workbook.rows
            ],
            "lines": [{"sheet": line.sheet, "row": line.row, "text": line.text} for line in self.workbook.lines],
            "findings": [f.sentence() for f in self.workbook.findings],
        }


def read(data: bytes, file_name: str, *, year: int | None = None, title: str | None = None) -> LedgerReading:
    """Read a workbook in the limited child; the year is the user's, or the one its title prints."""
    workbook = read_ledger_workbook(data, file_name, year=year)
    known = year or workbook.year
    if known is None:
        raise WrongValue(_("“%(name)s”没有写明年度，请指明是哪一年的台账。") % {"name": file_name})
    return LedgerReading(data, file_name, title or workbook.title or file_name.rsplit(".", 1)[0], known, workbook)


@dataclass
class _Text:
    """The source text being put together, line by line, with the span of each cell."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, value: str, closing: str) -> list[list[int]]:
        """Append one cell and say where it stands."""
        span = [[self.length, self.length + len(value)]] if value else []
        self.parts.append(value + closing)
        self.length += len(value) + len(closing)
        return span


def take_in(reading: LedgerReading, place: Place, *, by: Actor, at: datetime, skip_refused: bool = False) -> Plan:
    """Keep a workbook as a plan under review; rows that cannot be taken stop it unless the user leaves them out."""
    require(by, "plans.import", place.division)
    digest = hashlib.sha256(reading.data).hexdigest()
    known = Plan.objects.filter(division=place.division, document__file_sha256=digest).first()
    if known:
        raise AlreadyImported(known, known.doc_number or str(clock.local_day(known.imported_at)))
    _refuse_bad_rows(reading, skip_refused)
    with transaction.atomic():
        text = _Text()
        spans = [_cells(text, row) for row in reading.taken]
        plan = _plan(reading, place, "".join(text.parts), digest, by=by, at=at)
        tasks = PlanTask.objects.bulk_create(
            _task(plan, position, row, cells)
            for position, (row, cells) in enumerate(zip(reading.taken, spans, strict=True))
        )
        _units(plan, tasks, reading.taken)
        Milestone.objects.bulk_create(_milestones(tasks, reading.taken))
        files.attach(plan.document, data=reading.data, name=reading.file_name, kind="source", by=by, at=at)
        audit.record(
            "plans.ledger.imported",
            subject=plan,
            by=by,
            at=at,
            data={"file": digest, "tasks": len(tasks), "left_out": len(reading.refused)},
        )
    return plan


def _refuse_bad_rows(reading: LedgerReading, skip_refused: bool) -> None:
    if not reading.taken:
        sentences = " ".join(f.sentence() for f in reading.workbook.findings)
        raise WrongValue(sentences or _("这份文件里没有读到任务。"))
    if reading.refused and not skip_refused:
        first = reading.refused[0]
        raise WrongValue(
            _("有 %(count)d 行不能导入，本次没有写入任何内容。%(why)s 请改正后重新上传，或选择略过这些行。")
            % {"count": len(reading.refused), "why": first.findings[0].sentence()}
        )


def _cells(text: _Text, row: LedgerRow) -> dict[str, list[list[int]]]:
    """Write a row as one line of the source text; returns where each cell stands."""
    text.add(row.number, "\t")
    spans = {
        "title": text.add(row.title, "\t"),
        "text": text.add(row.text, "\t"),
        "deadline": text.add(row.deadline_text, "\t"),
    }
    for role in Role:
        spans[role.value] = text.add("、".join(getattr(row, role.value)), "\t")
    text.add(row.progress, "\n")
    return spans


def _plan(reading: LedgerReading, place: Place, text: str, digest: str, *, by: Actor, at: datetime) -> Plan:
    scope = {"division_path": place.division.path, "owner_department": place.department}
    document = PlanDocument.objects.create(
        **scope,
        file_name=reading.file_name,
        file_sha256=digest,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader=READER,
        read_at=at,
        read_by=by.person,
    )
    return Plan.objects.create(
        **scope,
        document=document,
        division=place.division,
        title=reading.title[:200],
        year=reading.year,
        period_start=date(reading.year, 1, 1),
        period_end=date(reading.year, 12, 31),
        region=place.division.name,
        reading={"fields": {}, "goals": [], "headings": [], "universal": []},
        imported_by=by.person,
        imported_at=at,
    )


def _task(plan: Plan, position: int, row: LedgerRow, cells: dict[str, list[list[int]]]) -> PlanTask:
    sure = 1.0 if row.outcome is RowOutcome.OK else 0.5

    def said(value: str, name: str) -> dict[str, Any]:
        return {"value": value, "spans": cells[name], "confidence": 1.0, "reason": ""}

    kept = {"progress": row.progress, "state": row.state, "note": row.note, **row.extra}
    return PlanTask(
        plan=plan,
        division_path=plan.division_path,
        owner_department=plan.owner_department,
        position=position,
        number=row.number[:40],
        section=list(row.section),
        section_key=" / ".join(row.section)[:400],
        title=row.title[:200],
        text=row.text or row.title,
        deadline_text=row.deadline_text[:200],
        origin="table",
        line=position + 1,
        confidence=sure,
        reading={
            "text": said(row.text or row.title, "text" if row.text else "title"),
            "title": said(row.title, "title") if row.title else None,
            "body_start": 0,
            "kept": {name: value for name, value in kept.items() if value},
            "findings": [finding.sentence() for finding in row.findings],
        },
    )


def _units(plan: Plan, tasks: list[PlanTask], rows: list[LedgerRow]) -> None:
    placer = UnitPlacer(plan.division, date(plan.year or clock.local_day(plan.imported_at).year, 1, 1))
    made = []
    for task, row in zip(tasks, rows, strict=True):
        names = [(role, name) for role in Role for name in getattr(row, role.value)]
        for position, (role, name) in enumerate(names):
            unit = TaskUnit(task=task, position=position, name=name[:120], role=role, source=UnitSource.COLUMN)
            placer.place(unit)
            made.append(unit)
    TaskUnit.objects.bulk_create(made, batch_size=1000)


def _milestones(tasks: list[PlanTask], rows: list[LedgerRow]) -> Iterator[Milestone]:
    for task, row in zip(tasks, rows, strict=True):
        for position, deadline in enumerate(row.deadlines):
            milestone = milestone_row(task, position, deadline)
            milestone.spans = []
            yield milestone
