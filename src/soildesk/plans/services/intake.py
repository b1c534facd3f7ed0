"""Taking a plan in: the document as read becomes rows under review. Nothing of it is live."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from soildesk.core import audit, clock
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.plans.folding import fold_edition, fold_title
from soildesk.plans.models import (
    Indicator,
    Milestone,
    Plan,
    PlanConflict,
    PlanDocument,
    PlanNote,
    PlanTask,
    TaskUnit,
    UnassignedClause,
)
from soildesk.plans.queries.reading import departments_day
from soildesk.plans.refusals import AlreadyImported
from soildesk.plans.services.units import UnitPlacer
from soilrules.deadlines.model import Deadline
from soilrules.plantext.draft import Field, PlanDraft, Span, TaskDraft, UnitMention

CHUNK = 1000


@dataclass(frozen=True)
class Place:
    """Where a plan is taken in: the division it is for and the department that keeps it."""

    division: Division
    department: Department


@dataclass(frozen=True)
class Source:
    """The file a draft was read from, and what it is: a plan, an order, minutes; pasted text has no name."""

    file_name: str
    sha256: str
    kind: Plan.Kind = Plan.Kind.PLAN

    @classmethod
    def of(cls, data: bytes, file_name: str = "", kind: Plan.Kind = Plan.Kind.PLAN) -> Source:
        return cls(file_name, hashlib.sha256(data).hexdigest(), kind)


def import_plan(
    draft: PlanDraft, source: Source, place: Place, *, by: Actor, at: datetime, as_edition: bool = False
) -> Plan:
    """Keep `draft` as a plan under review and return it.

    The same text twice is refused with `AlreadyImported` unless the person wants a new edition; another
    text of the same plan (number or title) becomes a new edition of it by itself.
    """
    require(by, "plans.import", place.division)
    with transaction.atomic():
        Division.objects.select_for_update().get(
            pk=place.division.pk
        )  # two readings of one text do not miss each other
        known = same_text(draft, place.division)
        if known and not as_edition:
            raise AlreadyImported(known, known.doc_number or str(clock.local_day(known.imported_at)))
        earlier = known or earlier_edition(draft, place.division, source.kind)
        plan = _plan(draft, source, place, earlier, by=by, at=at)
        tasks = _tasks(plan, draft)
        indicators = _indicators(plan, draft)
        _units(plan, draft, tasks)
        _milestones(draft, tasks)
        _conflicts(plan, draft, tasks, indicators)
        if source.kind == Plan.Kind.PLAN:
            _unassigned(plan, draft)
        PlanNote.objects.bulk_create(
            PlanNote(plan=plan, kind=note.kind, params=note.params, spans=_spans(note.spans)) for note in draft.notes
        )
        audit.record(
            "plans.plan.imported",
            subject=plan,
            by=by,
            at=at,
            data={"file": source.sha256, "text": draft.sha256, "tasks": len(tasks), "reader": draft.reader},
        )
    return plan


def same_text(draft: PlanDraft, division: Division) -> Plan | None:
    """The latest plan of the division read from the very same text."""
    return Plan.objects.filter(division=division, document__text_sha256=draft.sha256).order_by("-imported_at").first()


def earlier_edition(draft: PlanDraft, division: Division, kind: Plan.Kind = Plan.Kind.PLAN) -> Plan | None:
    """The latest document of a kind in the division with the same number, or the same title (revised or not) and years."""
    plans = Plan.objects.filter(division=division, kind=kind).order_by("-imported_at")
    number = draft.doc_number.value if draft.doc_number else ""
    title = fold_edition(draft.title.value) if draft.title else ""
    for plan in plans:
        if number and fold_title(plan.doc_number) == fold_title(number):
            return plan
        same_years = plan.year == draft.year or (plan.period_start, plan.period_end) == draft.period
        if title and fold_edition(plan.title) == title and same_years:
            return plan
    return None


def _plan(draft: PlanDraft, source: Source, place: Place, edition_of: Plan | None, *, by: Actor, at: datetime) -> Plan:
    scope = {"division_path": place.division.path, "owner_department": place.department}
    document = PlanDocument.objects.create(
        **scope,
        file_name=source.file_name,
        file_sha256=source.sha256,
        text=draft.text,
        text_sha256=draft.sha256,
        reader=draft.reader,
        read_at=at,
        read_by=by.person,
    )
    first, last = draft.period or _year_period(draft.year)
    return Plan.objects.create(
        **scope,
        kind=source.kind,
        document=document,
        division=place.division,
        title=_text(draft.title, 200) or source.file_name or str(place.division),
        issuer=_text(draft.issuer, 400),
        doc_number=_text(draft.doc_number, 80),
        issued_on=draft.issued_on_date,
        region=_text(draft.region, 80),
        year=draft.year,
        period_start=first,
        period_end=last,
        edition_of=edition_of,
        reading=_plan_reading(draft),
        imported_by=by.person,
        imported_at=at,
    )


def _year_period(year: int | None) -> tuple[date | None, date | None]:
    return (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)


def _plan_reading(draft: PlanDraft) -> dict[str, Any]:
    names = ("title", "issuer", "doc_number", "issued_on", "region")
    return {
        "fields": {name: _field(getattr(draft, name)) for name in names if getattr(draft, name)},
        "year": draft.year,
        "goals": [_field(goal) for goal in draft.goals],
        "headings": [{"level": h.level, "text": h.text, "span": [h.span.start, h.span.end]} for h in draft.headings],
        "universal": [
            {"text": _field(clause.text), "role": clause.role, "units": [unit.name.value for unit in clause.units]}
            for clause in draft.universal_clauses
        ],
    }


def _text(field: Field | None, limit: int) -> str:
    return field.value[:limit] if field else ""


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "spans": _spans(field.spans),
        "confidence": field.confidence,
        "reason": field.reason,
    }


def _lowest(task: TaskDraft) -> float:
    """A task is as sure as its least sure field."""
    sure = [task.text.confidence, *(unit.name.confidence for unit in task.units)]
    sure += [deadline.confidence for deadline in task.deadlines]
    return min(sure + ([task.title.confidence] if task.title else []))


def _task_reading(task: TaskDraft) -> dict[str, Any]:
    """What was read, whatever a person makes of it: units and terms too, so that a later edition can be laid beside it."""
    return {
        "text": _field(task.text),
        "title": _field(task.title) if task.title else None,
        "body_start": task.body_start,
        "units": [(unit.name.value[:120], unit.role) for unit in (*task.units, *task.inherited)],
        "terms": [deadline.text[:200] for deadline in task.deadlines],
    }


def _task_row(plan: Plan, position: int, task: TaskDraft) -> PlanTask:
    deadlines = [deadline.text for deadline in task.deadlines if deadline.completion]
    return PlanTask(
        plan=plan,
        division_path=plan.division_path,
        owner_department=plan.owner_department,
        position=position,
        number=(task.number or "")[:40],
        section=list(task.section),
        section_key=" / ".join(task.section)[:400],
        title=_text(task.title, 200),
        text=task.text.value,
        deadline_text="；".join(dict.fromkeys(deadlines))[:200],
        origin=task.origin,
        part=task.part,
        line=task.line,
        reading=_task_reading(task),
        confidence=_lowest(task),
    )


def _tasks(plan: Plan, draft: PlanDraft) -> list[PlanTask]:
    rows = [_task_row(plan, position, task) for position, task in enumerate(draft.tasks)]
    return list(PlanTask.objects.bulk_create(rows, batch_size=CHUNK))


def _unassigned(plan: Plan, draft: PlanDraft) -> None:
    rows = [
        UnassignedClause(
            plan=plan,
            position=position,
            number=(read.number or "")[:40],
            section=list(read.section),
            title=_text(read.title, 200),
            text=read.text.value,
            part=read.part,
            line=read.line,
            reading=_task_reading(read),
        )
        for position, read in enumerate(draft.unassigned)
    ]
    UnassignedClause.objects.bulk_create(rows, batch_size=CHUNK)


def _unit_row(task: PlanTask, position: int, mention: UnitMention, inherited: bool) -> TaskUnit:
    return TaskUnit(
        task=task,
        position=position,
        name=mention.name.value[:120],
        role=mention.role,
        source=mention.source,
        spans=_spans(mention.name.spans),
        because=_spans(mention.because),
        inherited=inherited,
        confidence=mention.name.confidence,
    )


def _units(plan: Plan, draft: PlanDraft, tasks: list[PlanTask]) -> None:
    placer = UnitPlacer(plan.division, departments_day(plan))
    rows = []
    for task, read in zip(tasks, draft.tasks, strict=True):
        mentions = [(mention, False) for mention in read.units] + [(mention, True) for mention in read.inherited]
        for position, (mention, inherited) in enumerate(mentions):
            row = _unit_row(task, position, mention, inherited)
            placer.place(row)
            rows.append(row)
    TaskUnit.objects.bulk_create(rows, batch_size=CHUNK)


def milestone_row(task: PlanTask, position: int, deadline: Deadline) -> Milestone:
    """The row of one deadline as read."""
    return Milestone(
        task=task,
        position=position,
        kind=deadline.kind,
        text=deadline.text[:200],
        what=deadline.what[:200],
        spans=[[deadline.start, deadline.end]],
        first=deadline.first,
        last=deadline.last,
        alternatives=[day.isoformat() for day in deadline.alternatives],
        month=deadline.month,
        day=deadline.day,
        event=deadline.event[:120],
        count=deadline.count,
        count_unit=deadline.count_unit,
        completion=deadline.completion,
        confidence=deadline.confidence,
    )


def _milestones(draft: PlanDraft, tasks: list[PlanTask]) -> None:
    rows = [
        milestone_row(task, position, deadline)
        for task, read in zip(tasks, draft.tasks, strict=True)
        for position, deadline in enumerate(read.deadlines)
    ]
    Milestone.objects.bulk_create(rows, batch_size=CHUNK)


def _indicators(plan: Plan, draft: PlanDraft) -> list[Indicator]:
    rows = [
        Indicator(
            plan=plan,
            position=position,
            name=read.name.value[:120],
            comparator=read.comparator,
            target_number=Decimal(str(read.target)) if isinstance(read.target, int | float) else None,
            target_text="" if read.target is None else str(read.target)[:200],
            unit=read.unit,
            year=read.year,
            wording=read.wording[:40],
            alternative=read.alternative[:200],
            not_applicable=read.not_applicable,
            scope=read.scope,
            quote=read.quote.value,
            reading={"name": _field(read.name), "quote": _field(read.quote)},
            confidence=min(read.name.confidence, read.quote.confidence),
        )
        for position, read in enumerate(draft.indicators)
    ]
    return list(Indicator.objects.bulk_create(rows, batch_size=CHUNK))


def _sides(sides: Iterable[Field], rows: list[Any], key: Callable[[Any], object]) -> list[dict[str, Any]]:
    """Each side as printed, with the row it speaks of (same order as the conflict's tasks or indicators)."""
    out = []
    for position, side in enumerate(sides):
        row = rows[position] if position < len(rows) else None
        out.append({"text": side.value, "spans": _spans(side.spans), "subject": str(key(row)) if row else None})
    return out


def _conflicts(plan: Plan, draft: PlanDraft, tasks: list[PlanTask], indicators: list[Indicator]) -> None:
    for position, read in enumerate(draft.conflicts):
        of_tasks = [tasks[i] for i in read.tasks]
        of_indicators = [indicators[i] for i in read.indicators]
        row = PlanConflict.objects.create(
            plan=plan,
            position=position,
            kind=read.kind,
            sides=_sides(read.sides, of_tasks, lambda task: task.uid)
            if of_tasks
            else _sides(read.sides, of_indicators, lambda indicator: indicator.pk),
        )
        row.tasks.add(*of_tasks)
        row.indicators.add(*of_indicators)
