"""What a round of 调度 reads of plans: the units at work on their tasks, what each said of each task, what the records say.

It is read for the office that asks, not for who looks: a unit's sheet says the same to the unit and to the office, as
numbers and sentences. The rows behind stay with the registers and their own permissions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from soildesk.core import clock
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, system_actor
from soildesk.kit.measures import Outcome, Proof
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.queries.checked import Checked, Pass
from soildesk.plans.queries.department import UnitStanding, unit_standings
from soildesk.plans.queries.states import OF_UNITS
from soildesk.plans.queries.taskrows import TaskRow, task_rows
from soildesk.plans.wording import ROLES
from soilrules.deadlines import State

Handling = Assignment.State
SAID_DONE = (Handling.REPORTED, Handling.VERIFIED)
COUNTED = (State.DONE, State.DONE_LATE, State.OVERDUE)


@dataclass(frozen=True)
class UnitTask:
    """One task at one unit on a day: what the unit said, what the records say."""

    task: TaskRow
    unit_id: int
    role: str
    handling: str
    standing: UnitStanding
    checked: Checked
    on: date

    @property
    def said_done(self) -> bool:
        """Whether the unit says it is done."""
        return self.handling in SAID_DONE

    @property
    def late(self) -> bool:
        """Whether a date of the plan has passed."""
        return self.standing.is_late

    @property
    def passed(self) -> list[State]:
        """How the terms of the plan that lie behind the day stand; dates of our own are left out."""
        return [
            how
            for duty, how in self.standing.judged
            if not duty.internal and duty.due and duty.due <= self.on and how in COUNTED
        ]

    @property
    def differs(self) -> bool:
        """Whether the unit says done and the records say not, or the unit is late with what the records say is done."""
        if self.said_done:
            return self.checked.outcome is Outcome.NOT_DONE
        return self.late and self.checked.outcome is Outcome.DONE

    @property
    def unbound(self) -> bool:
        """Whether no record and no document tells of it: only the unit can."""
        return not self.checked.judged

    @property
    def rows(self) -> Sequence[Proof]:
        """The rows behind what the records say: those of the answer that decides."""
        return self.checked.deciding.result.rows if self.checked.deciding else ()


def dispatched_plans(actor: Actor, place: Division, on: date) -> list[tuple[str, str]]:
    """The place's own plans whose tasks are owed on a day, as (uid, title): what a round may ask about."""
    rows = Plan.objects.visible_to(actor).owing_on(on).filter(division=place).order_by("-year", "pk")
    return [(str(one.uid), one.title) for one in rows]


def plans_named(actor: Actor, place: Division, uids: Collection[str], on: date) -> list[Any]:
    """Those of the place's plans owed on a day that are named, in the order of their keys."""
    rows = Plan.objects.visible_to(actor).owing_on(on).filter(division=place, uid__in=list(uids))
    return list(rows.order_by("pk"))


def units_at_work(plans: Collection[int]) -> list[Department]:
    """The departments with a task of these plans on their table."""
    rows = _assignments(plans).values("department_id")
    return list(Department.objects.filter(pk__in=rows).select_related("division").order_by("division__path", "id"))


def uids_of(plans: Collection[int]) -> frozenset[str]:
    """The names of the tasks of these plans."""
    rows = PlanTask.objects.filter(plan_id__in=list(plans)).values_list("uid", flat=True)
    return frozenset(map(str, rows))


def unit_tasks(
    plans: Collection[int], on: date, known_on: date, units: Collection[int] | None = None
) -> Mapping[int, list[UnitTask]]:
    """The tasks of units (all, or these) in these plans, by unit, in the order of the plans; one pass over the records."""
    rows = _assignments(plans)
    if units is not None:
        rows = rows.filter(department_id__in=list(units))
    held = list(rows.order_by("-task__plan__year", "task__plan_id", "task__position", "pk"))
    tasks = {task.pk: task for task in task_rows(PlanTask.objects.filter(pk__in={one.task_id for one in held}))}
    checked = {
        task.pk: found
        for task, found in Pass(system_actor("dispatch", known_on), on, known_on).of_tasks(tasks.values())
    }
    stands = unit_standings([(one.pk, one.task_id, one.department_id) for one in held], on)
    found: dict[int, list[UnitTask]] = defaultdict(list)
    for one in held:
        stand = stands[one.pk]
        role = str(ROLES.get(one.role, one.role))
        handling = handled(one, on, told=bool(stand.last_entry))
        found[one.department_id].append(
            UnitTask(tasks[one.task_id], one.department_id, role, handling, stand, checked[one.task_id], on)
        )
    return found


def handled(one: Assignment, on: date, *, told: bool) -> str:
    """How a 分办 stood on a day, as far as its days tell; `told`: the unit had said something by then."""
    if one.verified_at is not None and clock.local_day(one.verified_at) <= on:
        return Handling.VERIFIED
    if one.state in SAID_DONE and one.reported_on is not None and one.reported_on <= on:
        return Handling.REPORTED
    if one.state in (Handling.RETURNED, Handling.MISDIRECTED):
        return Handling(one.state)
    if told:
        return Handling.UNDER_WAY
    received = one.received_at is not None and clock.local_day(one.received_at) <= on
    return Handling.RECEIVED if received else Handling.SENT


def _assignments(plans: Collection[int]) -> Any:
    return Assignment.objects.filter(OF_UNITS, task__plan_id__in=list(plans), task__status=PlanTask.Status.ACCEPTED)
