"""Every accepted task of every plan that went out: what is reported, what the records say, and where the two disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from soildesk.core.permissions import Actor
from soildesk.kit.measures import Outcome, Proof
from soildesk.kit.passes import many_rows
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.queries.checked import Checked, Pass
from soildesk.plans.queries.states import TaskStanding, standings
from soildesk.plans.queries.taskrows import TaskRow, task_rows
from soilrules.deadlines.tasks import TaskState

KINDS = {"computed": _("台账核算"), "evidence": _("材料核对"), "none": _("没有选定")}
"""What a task is checked by, in the words of the desk."""


@dataclass(frozen=True, slots=True)
class Status:
    """One task with both answers."""

    task: TaskRow
    standing: TaskStanding
    checked: Checked

    @property
    def disagrees(self) -> bool:
        """Whether the units say done and the records say not done, or the records say done and a unit is overdue."""
        said = (self.standing.state, self.checked.outcome)
        return said in {(TaskState.DONE, Outcome.NOT_DONE), (TaskState.OVERDUE, Outcome.DONE)}

    @property
    def against(self) -> list[Proof]:
        """The rows that contradict what is reported: those that do not count where it is said to be done, else those that do."""
        counts = self.standing.state is not TaskState.DONE
        rows = [row for one in self.checked.judged for row in one.result.rows if row.counts is counts]
        return rows if self.disagrees else []


def statuses(
    actor: Actor, on: date, known_on: date, plan: Plan | None = None, *, printed: bool = False
) -> Iterator[Status]:
    """The accepted tasks of plans that went out, by plan and place in it; those of one plan where it is named.

    `printed`: with section and term as the plan prints them.
    """
    tasks = PlanTask.objects.visible_to(actor).filter(status=PlanTask.Status.ACCEPTED)
    tasks = tasks.exclude(plan__stage=Plan.Stage.REVIEW) if plan is None else tasks.filter(plan=plan)
    with many_rows():
        rows = task_rows(tasks.order_by("-plan__year", "plan_id", "position"), printed=printed)
        standing = standings(tasks, min(on, known_on), {row.pk: row.plan.pk for row in rows})
    for task, checked in Pass(actor, on, known_on).of_tasks(rows, tasks):
        yield Status(task, standing[task.pk], checked)


def as_json(one: Status) -> dict[str, Any]:
    """A status as data; what does not apply says of itself no more than that nothing can be said."""
    checked = one.checked
    leading, deciding = checked.leading, checked.deciding
    applies = checked.outcome is not Outcome.NOT_APPLICABLE
    return {
        "plan": str(one.task.plan.uid),
        "task": str(one.task.uid),
        "number": one.task.number,
        "title": one.task.heading,
        "reported": str(one.standing.state),
        "kind": checked.kind,
        "measure": leading.measure.id if leading else None,
        "outcome": str(checked.outcome if applies else Outcome.CANNOT_SAY),
        "as_of": deciding.result.as_of.isoformat() if deciding else None,
        "applicable": applies,
        "disagrees": one.disagrees,
        "decided_by": deciding.measure.id if deciding else None,
        "reason": str(deciding.result.reason) if deciding else checked.nothing.reason if checked.nothing else None,
        "rows": [
            {"register": row.subject_type, "id": row.uid, "counts": row.counts}
            for judged in checked.judged
            for row in judged.result.rows
        ],
        "measures": [{"measure": each.measure.id, "outcome": str(each.result.outcome)} for each in checked.judged],
    }
