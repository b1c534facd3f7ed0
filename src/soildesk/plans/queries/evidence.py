"""Whose evidence an actor reads: the office all of a task's, a unit its own."""

from __future__ import annotations

from collections.abc import Iterable

from soildesk.core import files
from soildesk.core.models import FileUse, RoleGrant
from soildesk.core.permissions import OF_DEPARTMENT, READERS, Actor, grant_condition, grant_covers
from soildesk.plans.models import PlanTask, TaskEvent
from soildesk.plans.queries.taskrows import Task

ADDED = "evidence"
"""The kind of event that names a file."""


def reads_all(actor: Actor, task: Task) -> bool:
    """Whether the actor reads what every unit filed: the office, readers and auditors of the plan's division."""
    wide = READERS - OF_DEPARTMENT
    return actor.system or any(grant.role in wide and _reaches(grant, task) for grant in actor.grants)


def _reaches(grant: RoleGrant, task: Task) -> bool:
    """Whether a grant reaches a task; one of a department reaches those it works on, as the query says."""
    if grant.department_id is None:
        return grant_covers(grant, task)
    return PlanTask.objects.filter(grant_condition(grant, PlanTask), pk=task.pk).exists()


def may_read(actor: Actor, task: PlanTask, use: FileUse) -> bool:
    """Whether the actor reads one file of a task: all, or those filed by or for the own unit."""
    return use in visible(actor, task, [use])


def visible(actor: Actor, task: PlanTask, uses: Iterable[FileUse]) -> list[FileUse]:
    """Those of a task's files that the actor reads."""
    if reads_all(actor, task):
        return list(uses)
    own = [grant.department for grant in actor.grants if grant.role in OF_DEPARTMENT and grant.department]
    keys, names = {one.pk for one in own}, {name for one in own for name in (one.name, str(one))}
    return [
        use for use in uses if use.note in names or (use.added_by is not None and use.added_by.department_id in keys)
    ]


def evidence_of(actor: Actor, task: PlanTask) -> list[FileUse]:
    """The files of a task that the actor reads, oldest first."""
    return visible(actor, task, files.uses_of(task))


def visible_events(actor: Actor, task: PlanTask, events: Iterable[TaskEvent]) -> list[TaskEvent]:
    """The history without the names of files the actor does not read."""
    if reads_all(actor, task):
        return list(events)
    own = {grant.department_id for grant in actor.grants if grant.role in OF_DEPARTMENT}
    return [event for event in events if event.kind != ADDED or (event.department_id in own and event.department_id)]
