"""How the documents a task is proved by stand: which are asked for, which came, and what was said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from soildesk.plans.models import AskedDocument, Assignment, DocumentFiling, PlanTask
from soildesk.plans.queries.states import end_of
from soildesk.plans.queries.taskrows import Task

Outcome = DocumentFiling.Outcome


@dataclass(frozen=True, slots=True)
class Slot:
    """One document of one unit (or of the whole task) with the newest file given for it, as known then."""

    document: AskedDocument
    assignment: Assignment | None
    filing: DocumentFiling | None
    outcome: str | None

    @property
    def name(self) -> str:
        """What it is called in lists."""
        return f"{self.document.name} · {self.assignment.department}" if self.assignment else self.document.name


def slots(task: PlanTask, known_on: date) -> list[Slot]:
    """Every document asked for by the end of a day and not dropped by then, one for each unit where each owes it."""
    return slots_of([task], known_on)[task.pk]


def slots_of(tasks: Sequence[Task], known_on: date) -> dict[int, list[Slot]]:
    """The same for many tasks, by their keys; three queries."""
    until, keys = end_of(known_on), [task.pk for task in tasks]
    asked = AskedDocument.objects.filter(Q(dropped_at=None) | Q(dropped_at__gte=until), asked_at__lt=until)
    rows = list(asked.filter(task__in=keys).select_related("task").defer("task__reading").order_by("id"))
    units: dict[int, list[Assignment]] = defaultdict(list)
    for one in (
        Assignment.objects.filter(task__in={row.task_id for row in rows if row.each_unit})
        .exclude(state=Assignment.State.WITHDRAWN)
        .order_by("id")
        .select_related("department")
    ):
        units[one.task_id].append(one)
    given = DocumentFiling.objects.filter(document__in=[row.pk for row in rows], filed_at__lt=until)
    newest = _newest(given.select_related("use", "filed_by").order_by("filed_at", "id"), until)
    found: dict[int, list[Slot]] = {key: [] for key in keys}
    for row in rows:
        found[row.task_id] += _slots([row], units[row.task_id], newest, until)
    return found


def _newest(rows: Iterable[DocumentFiling], until: datetime) -> dict[tuple[int, int | None], DocumentFiling]:
    """The last file of each document and unit whose use was not withdrawn."""
    standing = (row for row in rows if row.use.withdrawn_at is None or row.use.withdrawn_at >= until)
    return {(row.document_id, row.assignment_id): row for row in standing}


def _slots(
    asked: Iterable[AskedDocument],
    units: list[Assignment],
    newest: dict[tuple[int, int | None], DocumentFiling],
    until: datetime,
) -> Iterator[Slot]:
    for document in asked:
        owing: list[Assignment | None] = [*units] if document.each_unit else [None]
        for unit in owing:
            found = newest.get((document.pk, unit.pk if unit else None)) or _of_anybody(newest, document, unit)
            yield Slot(document, unit, found, _said(found, until))


def _of_anybody(
    newest: dict[tuple[int, int | None], DocumentFiling], document: AskedDocument, unit: Assignment | None
) -> DocumentFiling | None:
    """A document of the whole task may come from any of its units."""
    if unit is not None:
        return None
    rows = [row for (of, _unit), row in newest.items() if of == document.pk]
    return max(rows, key=lambda row: (row.filed_at, row.pk), default=None)


def _said(filing: DocumentFiling | None, until: datetime) -> str | None:
    """What was said of a file by then; what was said later was not known."""
    if filing is None:
        return None
    known = filing.checked_at is not None and filing.checked_at < until
    return filing.outcome if known else Outcome.WAITING
