"""Tasks as rows: what lists and measures read of a task. A city has twenty thousand, too many for model objects."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from soildesk.plans.models import Plan, PlanTask


class TaskRow(NamedTuple):
    """What is read of a task, with its plan and the plan's division; section and term only where they were asked for."""

    plan: Plan
    pk: int
    uid: UUID
    number: str
    title: str
    text: str
    division_path: str
    section_key: str = ""
    deadline_text: str = ""

    @property
    def plan_id(self) -> int:
        """The key of its plan."""
        return int(self.plan.pk)

    @property
    def heading(self) -> str:
        """What the task is called in lists."""
        return self.title or self.text[:40]


Task = PlanTask | TaskRow
"""A task as a record or as a row: measures read no more than a row has."""
READ = TaskRow._fields[1:-2]
PRINTED = TaskRow._fields[-2:]


def task_rows(tasks: QuerySet[PlanTask], *, printed: bool = False) -> list[TaskRow]:
    """These tasks in the order of the query; `printed`: with section and term as the plan prints them."""
    rows = list(tasks.values_list("plan_id", *READ, *(PRINTED if printed else ())))
    plans = Plan.objects.select_related("division").defer("reading").in_bulk({row[0] for row in rows})
    return [TaskRow(plans[row[0]], *row[1:]) for row in rows]
