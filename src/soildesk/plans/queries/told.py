"""On which days units told how their tasks go: what supervision counts as progress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.urls import reverse

from soildesk.core import clock
from soildesk.plans.models import Assignment, ProgressEntry
from soildesk.plans.queries.states import OF_ENTRIES, SUBJECT

Told = dict[tuple[int, int], list[date]]
"""Days by task and unit."""


def progress_days(tasks: Collection[int]) -> Told:
    """The days on which anything was reported on these tasks, by (task, unit)."""
    found: Told = defaultdict(list)
    rows = ProgressEntry.objects.filter(OF_ENTRIES, assignment__task_id__in=list(tasks)).order_by("at")
    for task, unit, at in rows.values_list("assignment__task_id", "assignment__department_id", "at"):
        found[task, unit].append(clock.local_day(at))
    return found


def report_address(task: int, unit: int) -> str:
    """The form in which a unit reports on its task; empty where the task is not its own any more."""
    rows = Assignment.objects.exclude(state=Assignment.State.WITHDRAWN)
    assignment = rows.filter(task_id=task, department_id=unit).first()
    return reverse("plans:report", args=[assignment.uid]) if assignment else ""


__all__ = ["SUBJECT", "Told", "progress_days", "report_address"]
