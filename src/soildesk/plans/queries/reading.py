"""The review screen: the document in pieces, each piece knowing which fields were read from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from soildesk.core import clock, departments
from soildesk.plans.models import Indicator, Plan, PlanConflict, PlanTask, TaskUnit


@dataclass(frozen=True)
class Piece:
    """Characters `[start, end)` of the document and the keys of the fields read from them."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    doubtful: bool = False


@dataclass
class Marks:
    """All spans of a plan: key -> spans. A key names a field: `t12.title`, `t12.m0`, `t12.u3`, `p.title`, `i4`."""

    spans: list[tuple[int, int, str, bool]] = field(default_factory=list)

    def add(self, key: str, spans: Iterable[Iterable[int]], *, doubtful: bool = False) -> None:
        """Note that the field `key` was read from these characters."""
        for start, end in spans:
            if end > start:
                self.spans.append((start, end, key, doubtful))


DOUBT = 0.8
"""A field less sure than this stands out."""


def marks_of(plan: Plan) -> Marks:
    """Every field of the plan with the characters it came from."""
    marks = Marks()
    for name, value in plan.reading.get("fields", {}).items():
        marks.add(f"p.{name}", value["spans"], doubtful=value["confidence"] < DOUBT)
    for number, clause in enumerate(plan.reading.get("universal", [])):
        marks.add(f"c{number}", clause["text"]["spans"])
    for number, goal in enumerate(plan.reading.get("goals", [])):
        marks.add(f"g{number}", goal["spans"], doubtful=goal["confidence"] < DOUBT)
    tasks = plan.tasks.prefetch_related("units", "milestones")
    for task in tasks:
        _mark_task(marks, task)
    for indicator in Indicator.objects.filter(plan=plan):
        marks.add(
            f"i{indicator.pk}",
            (indicator.reading.get("quote") or {}).get("spans", []),
            doubtful=indicator.confidence < DOUBT,
        )
    for clause in plan.unassigned.filter(task=None):
        marks.add(f"l{clause.pk}", clause.reading["text"]["spans"])
    for conflict in PlanConflict.objects.filter(plan=plan):
        for side in conflict.sides:
            marks.add(f"x{conflict.pk}", side["spans"])
    return marks


def _mark_task(marks: Marks, task: PlanTask) -> None:
    for name in ("text", "title"):
        value = task.reading.get(name)
        if value:
            marks.add(f"t{task.pk}.{name}", value["spans"], doubtful=value["confidence"] < DOUBT)
    for unit in task.units.all():
        _mark_unit(marks, task, unit)
    for milestone in task.milestones.all():
        marks.add(f"t{task.pk}.m{milestone.pk}", milestone.spans, doubtful=milestone.confidence < DOUBT)


def _mark_unit(marks: Marks, task: PlanTask, unit: TaskUnit) -> None:
    marks.add(f"t{task.pk}.u{unit.pk}", unit.spans, doubtful=unit.confidence < DOUBT)


def pieces(text: str, marks: Marks) -> Iterator[Piece]:
    """Cut the text wherever a field begins or ends: in order, without gaps."""
    bounds = sorted({0, len(text), *(edge for span in marks.spans for edge in span[:2] if 0 <= edge <= len(text))})
    starting: dict[int, list[tuple[int, str, bool]]] = {}
    for start, end, key, doubtful in marks.spans:
        starting.setdefault(start, []).append((end, key, doubtful))
    running: list[tuple[int, str, bool]] = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        running = [item for item in running if item[0] > start] + starting.get(start, [])
        yield Piece(
            start,
            end,
            text[start:end],
            tuple(dict.fromkeys(key for _e, key, _d in running)),
            any(doubtful for _e, _k, doubtful in running),
        )


def clause_of(task: PlanTask, around: int = 0) -> str:
    """The words of the document a task was read from (with `around` characters on each side)."""
    document = task.plan.document
    spans = (task.reading.get("text") or {}).get("spans") or []
    if document is None or not spans:
        return task.text
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return document.text[max(0, start - around) : end + around]


def because_of(unit: TaskUnit, document_text: str) -> str:
    """The bracket, cell, clause or heading that put a unit on its task."""
    return "…".join(document_text[start:end] for start, end in unit.because)


PLACE = re.compile(
    r"^(?:关于|印发|《)*([\u4e00-\u9fff]{1,7}?(?:自治[州县旗]|[省市区县州盟旗]))(?!域|间|划|级|内|界|民)"
)
NO_PLACE = re.compile(r"(开发|示范|产业|保护|工业园|功能|试验|新|园|矿|灌|库|景|牧|社|辖|片|地|全|我|本|各)[区市县]$")
"""What ends like a place and is none of the table of divisions."""
OPEN_MATCHES = (TaskUnit.Match.DOUBTFUL, TaskUnit.Match.NONE)


def departments_day(plan: Plan) -> date:
    """The day whose departments a plan speaks of."""
    return plan.issued_on or date(plan.year or clock.local_day(plan.imported_at).year, 1, 1)


def other_place(plan: Plan) -> str:
    """The place a title begins with, where it is neither the one the plan is kept for nor one that lies above it."""
    here = departments.lineage(plan.division)
    found = PLACE.match(plan.title)
    if found is None or NO_PLACE.search(found[1]) or any(place.name in plan.title for place in here):
        return ""
    return found[1]


def open_units(plan: Plan) -> QuerySet[TaskUnit]:
    """Printed names that nobody could place yet, of the tasks that count."""
    gone = [PlanTask.Status.REJECTED, PlanTask.Status.MERGED, PlanTask.Status.SPLIT]
    rows = TaskUnit.objects.filter(task__plan=plan, match__in=OPEN_MATCHES, overruled_by=None)
    return rows.exclude(task__status__in=gone).select_related("department").order_by("id")


def questions(plan: Plan) -> dict[str, Any]:
    """What a person is still asked before the ledger is complete."""
    names: dict[str, dict[str, Any]] = {}
    for unit in open_units(plan):
        entry = names.setdefault(
            unit.name, {"name": unit.name, "tasks": set(), "proposed": unit.department, "note": unit.match_note}
        )
        entry["tasks"].add(unit.task_id)
    return {
        "units": sorted(
            ({**entry, "count": len(entry.pop("tasks"))} for entry in names.values()), key=lambda entry: -entry["count"]
        ),
        "conflicts": plan.conflicts.filter(settled_at__isnull=True).count(),
        "tasks": plan.tasks.filter(status=PlanTask.Status.PROPOSED).count(),
        "clauses": plan.unassigned.filter(decision="").count() if plan.stage == Plan.Stage.REVIEW else 0,
    }
