"""One line of a task's history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.plans.models import PlanTask, TaskEvent


def note(
    task: PlanTask,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    department: Department | None = None,
    data: dict[str, Any] | None = None,
) -> TaskEvent:
    """Write one event of `task`."""
    return TaskEvent.objects.create(task=task, kind=kind, by=by.person, department=department, at=at, data=data or {})


def note_all(tasks: Iterable[PlanTask], kind: str, *, by: Actor, at: datetime) -> None:
    """Write the same event for many tasks."""
    TaskEvent.objects.bulk_create(
        (TaskEvent(task=task, kind=kind, by=by.person, at=at) for task in tasks), batch_size=1000
    )
