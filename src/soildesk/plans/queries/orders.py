"""The tasks of an order or of minutes with how they stand: what its letter or meeting shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.kit.languages import listed
from soildesk.plans.addresses import task_address
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.queries.states import standings
from soilrules.deadlines.tasks import TaskState
from soilrules.plantext.draft import Role

FINISHED = (Assignment.State.REPORTED, Assignment.State.VERIFIED, Assignment.State.WITHDRAWN)

ROLES = (Role.LEAD, Role.RESPONSIBLE, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class OrderTask:
    """One task: its clause in the document, whose it is, by when, how it stands."""

    number: str
    text: str
    url: str
    units: str
    due: date | None
    state: TaskState
    handled: tuple[str, ...]  # states of its 分办
    span: tuple[int, int] | None  # characters of its clause in the text
    plan_id: int
    uid: str

    @property
    def done(self) -> bool:
        """Whether it is done, by what its units reported."""
        return self.state is TaskState.DONE


def tasks_of(actor: Actor, plan_ids: Sequence[int], on: date) -> list[OrderTask]:
    """The accepted tasks of these documents that the actor sees, in their order; a few queries for any number."""
    rows = PlanTask.objects.visible_to(actor).filter(plan_id__in=plan_ids, status=PlanTask.Status.ACCEPTED)
    tasks = list(rows.exclude(plan__stage=Plan.Stage.REVIEW).order_by("plan_id", "position"))
    stand = standings([task.pk for task in tasks], on)
    sent: dict[int, list[Assignment]] = {task.pk: [] for task in tasks}
    for one in Assignment.objects.filter(task__in=tasks).select_related("department").order_by("id"):
        if one.state != Assignment.State.WITHDRAWN:
            sent[one.task_id].append(one)
    return [_task(task, stand[task.pk].state, stand[task.pk].next_due, sent[task.pk], on) for task in tasks]


def _task(task: PlanTask, state: TaskState, due: date | None, sent: Sequence[Assignment], on: date) -> OrderTask:
    spans = (task.reading.get("text") or {}).get("spans") or []
    return OrderTask(
        number=task.number,
        text=task.title or task.text,
        url=task_address(task.uid, on),
        units=listed(str(one.department) for one in sent),
        due=due,
        state=state,
        handled=tuple(one.state for one in sent),
        span=(spans[0][0], spans[0][1]) if spans else None,
        plan_id=task.plan_id,
        uid=str(task.uid),
    )


def speakers(tasks: Collection[str]) -> dict[str, Department]:
    """Which unit speaks for each of these tasks, by their uids: the leading one of those that have it still to do."""
    rows = Assignment.objects.filter(task__uid__in=tasks).exclude(state=Assignment.State.WITHDRAWN)
    found: dict[str, Department] = {}
    for one in sorted(rows.select_related("department", "task").order_by("id"), key=_turn):
        found.setdefault(str(one.task.uid), one.department)
    return found


def _turn(one: Assignment) -> tuple[bool, int]:
    return one.state in FINISHED, ROLES.index(Role(one.role))


def unfinished(plan_id: int) -> int:
    """How many 分办 of a document are not reported done yet."""
    rows = Assignment.objects.filter(task__plan_id=plan_id, task__status=PlanTask.Status.ACCEPTED)
    return rows.exclude(state__in=FINISHED).count()


def phase_of(plan_id: int, on: date) -> Plan.Phase:
    """Where a document stands: under review, or at work."""
    return Plan.objects.get(pk=plan_id).phase(on)
