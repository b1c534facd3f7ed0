"""The ledger of a plan as plain rows for the forms that go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from soildesk.core import clock
from soildesk.plans.exports import ExportIndicator, ExportMilestone, ExportRow, ExportSection, LedgerExport
from soildesk.plans.models import Indicator, Milestone, Plan, PlanTask, ProgressEntry
from soildesk.plans.queries.reading import clause_of
from soildesk.plans.queries.states import TaskStanding, standings
from soildesk.plans.wording import TASK_STATES
from soilrules.deadlines.model import DeadlineKind
from soilrules.plantext.draft import Role

GONE = (PlanTask.Status.REJECTED, PlanTask.Status.MERGED, PlanTask.Status.SPLIT)


def ledger_of(plan: Plan, day: date) -> LedgerExport:
    """The ledger as it stands on `day`; of a plan under review, everything nobody has left out."""
    tasks = list(
        plan.tasks.exclude(status__in=GONE).select_related("plan__document").prefetch_related("units", "milestones")
    )
    live = plan.stage != Plan.Stage.REVIEW
    standing = standings([task.pk for task in tasks], day) if live else {}
    progress = _last_entries(tasks)
    clause = next(iter(plan.reading.get("universal", [])), None)
    return LedgerExport(
        title=plan.title,
        sections=tuple(_sections(tasks, standing, progress)),
        doc_number=plan.doc_number,
        issuer=plan.issuer,
        issued_on=plan.issued_on,
        region=plan.region,
        as_of=day if live else None,
        prepared_by=plan.owner_department.name,
        indicators=tuple(_indicator(row) for row in plan.indicators.filter(rejected_why="", overruled_by=None)),
        universal_clause=clause["text"]["value"] if clause else "",
        universal_units=tuple(clause["units"]) if clause else (),
        universal_role=clause["role"] if clause else Role.RESPONSIBLE,
    )


def _sections(
    tasks: Iterable[PlanTask], standing: dict[int, TaskStanding], progress: dict[int, str]
) -> Iterable[ExportSection]:
    for path, rows in groupby(tasks, key=lambda task: tuple(task.section)):
        yield ExportSection(path, tuple(_row(task, standing.get(task.pk), progress.get(task.pk, "")) for task in rows))


def _last_entries(tasks: list[PlanTask]) -> dict[int, str]:
    """The newest progress of each task, with the unit that wrote it."""
    rows = ProgressEntry.objects.filter(assignment__task__in=[task.pk for task in tasks]).order_by("at", "id")
    found: dict[int, str] = {}
    for entry in rows.select_related("assignment__department"):
        said = entry.text or entry.unfinished_why
        found[entry.assignment.task_id] = f"{entry.assignment.department}（{clock.local_day(entry.at):%m-%d}）：{said}"
    return found


def _row(task: PlanTask, standing: TaskStanding | None, progress: str) -> ExportRow:
    terms = [m for m in task.milestones.all() if not m.overruled_by_id]
    days = sorted({day for m in terms if m.completion and not m.internal and (day := _gold_day(m))})
    alternatives = {date.fromisoformat(text) for m in terms for text in m.alternatives}
    return ExportRow(
        uid=str(task.uid),
        number=task.number,
        title=task.title,
        text=task.text,
        deadline_text=task.deadline_text,
        deadline=days[-1] if days else None,
        deadline_alt=tuple(sorted(alternatives | set(days[:-1]))),
        ongoing=any(m.kind == DeadlineKind.STANDING for m in terms),
        **_units(task),
        state=str(TASK_STATES[standing.state][2]) if standing else "",
        progress=progress,
        milestones=tuple(ExportMilestone(m.text, m.last or m.review_on, m.what, m.kind, m.internal) for m in terms),
        because=tuple(dict.fromkeys(u.name for u in task.units.all() if u.inherited and not u.overruled_by_id)),
        quote=clause_of(task),
        body_start=int(task.reading.get("body_start") or 0),
        line=task.line or None,
        spans=_spans(task, terms),
    )


def _spans(task: PlanTask, terms: Iterable[Milestone]) -> dict[str, Any]:
    """Where the fields stand in the published text, as half-open character offsets."""
    read = {name: (task.reading.get(name) or {}).get("spans", []) for name in ("text", "title")}
    units = [{"name": u.name, "role": u.role, "spans": u.spans, "because": u.because} for u in task.units.all()]
    return {**read, "units": units, "deadlines": [{"text": m.text, "spans": m.spans} for m in terms]}


def _gold_day(milestone: Milestone) -> date | None:
    """The day that closes a term; a yearly term and a window without an end close nothing."""
    return milestone.last if milestone.kind == DeadlineKind.DATE else None


def _units(task: PlanTask) -> dict[str, Any]:
    found: dict[str, list[str]] = {role.value: [] for role in Role}
    for unit in task.units.all():
        if not unit.overruled_by_id and not unit.inherited and unit.name not in found[unit.role]:
            found[unit.role].append(unit.name)
    return {role: tuple(names) for role, names in found.items()}


def _indicator(row: Indicator) -> ExportIndicator:
    number = None if row.target_number is None else float(row.target_number)
    target: float | str | None = number if number is not None else row.target_text or None
    return ExportIndicator(row.name, target, row.comparator, row.year, row.unit, row.quote, row.scope)
