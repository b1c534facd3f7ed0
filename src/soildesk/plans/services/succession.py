"""Tasks a new edition prints in other words: is it the task of the edition before? A person says so, or says no.

What is said stands in the history of the new task; the last word counts. A task said to be the same gets at publication all
that one printed in the same words gets, see `handing_over`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor
from soildesk.plans.models import Milestone, Plan, PlanTask, StandingOrder, TaskEvent
from soildesk.plans.queries.review import GONE, SUCCEEDS
from soildesk.plans.queries.states import TaskStanding, standings
from soildesk.plans.refusals import SuccessorsUnsaid, WrongState, WrongValue
from soildesk.plans.services import editions, review
from soildesk.plans.services.handing_over import terms_now, worked_on_before
from soildesk.plans.services.history import note
from soildesk.plans.services.holding import reviewing
from soilrules.deadlines.tasks import TaskState

Status = PlanTask.Status
CONFIRMED, DENIED = "confirmed", "denied"


@dataclass(frozen=True)
class Proposal:
    """A task of the new edition with the one of the edition before it may be; `said` is empty until a person said it."""

    task: PlanTask
    old: PlanTask | None
    change: editions.Change | None
    said: str
    standing: TaskStanding | None = None

    @property
    def late(self) -> bool:
        """Whether the task of the edition before is overdue."""
        return self.standing is not None and self.standing.state is TaskState.OVERDUE


def compared_with(plan: Plan) -> Plan | None:
    """The edition a plan is laid beside: the one in force while it is under review, else the one it was read after."""
    if plan.edition_of is None:
        return None
    found = editions.in_force(plan).first() if plan.stage == Plan.Stage.REVIEW else None
    return found or plan.edition_of


def told(plan: Plan) -> dict[int, str]:
    """What was said of the plan's tasks last: the uid of the old task, or nothing."""
    events = TaskEvent.objects.filter(kind=SUCCEEDS, task__plan=plan).order_by("id")
    return {task: data["from"] for task, data in events.values_list("task_id", "data")}


def told_by_key(plan: Plan) -> dict[int, int | None]:
    """The same by the keys of both."""
    said = told(plan)
    keys = {
        str(uid): pk
        for pk, uid in PlanTask.objects.filter(uid__in=filter(None, said.values())).values_list("pk", "uid")
    }
    return {new: keys.get(old) for new, old in said.items()}


def proposals(plan: Plan, day: date) -> list[Proposal]:
    """Tasks under review that print other words than an accepted task of the edition in force, in order of print."""
    before = compared_with(plan)
    if before is None or before.stage != Plan.Stage.PUBLISHED or plan.stage != Plan.Stage.REVIEW:
        return []
    tasks = {row.pk: row for row in plan.tasks.exclude(status__in=[*GONE, Status.REJECTED]).select_related("plan")}
    said = told_by_key(plan)
    known = {each.new.pk: each for each in worked_on_before(list(tasks.values()), [before])}
    old, new = editions.facts_of(before), editions.facts_of(plan)
    settled = {pk: each.old.pk for pk, each in known.items()} | said
    found = editions.matched(old, new, settled)
    facts = {each.pk: each for each in new}
    asked = [pk for pk in tasks if pk in found and (pk in said or pk not in known)] + [
        pk for pk in tasks if said.get(pk, 0) is None
    ]
    olds = {row.pk: row for row in before.tasks.filter(status=Status.ACCEPTED).select_related("plan")}
    stands = standings([found[pk].pk for pk in asked if pk in found], day)
    rows = []
    for pk in sorted(asked, key=lambda key: tasks[key].position):
        if pk not in found:
            rows.append(Proposal(tasks[pk], None, None, DENIED))
        elif found[pk].pk in olds:
            change = editions.change(found[pk], facts[pk])
            rows.append(
                Proposal(tasks[pk], olds[found[pk].pk], change, CONFIRMED if pk in said else "", stands[found[pk].pk])
            )
    return rows


def confirm(task: PlanTask, old: PlanTask, *, by: Actor, at: datetime) -> PlanTask:
    """It is the same task: what was done and owed under the edition before goes along, and it is accepted."""
    with reviewing(task.plan, by, task):
        _check(task, old)
        note(task, SUCCEEDS, by=by, at=at, data={"from": str(old.uid), "name": old.heading})
        audit.record("plans.task.succeeds", subject=task, by=by, at=at, data={"from": str(old.uid)})
        _keep_review_dates(old, task)
        if task.status == Status.PROPOSED:
            review.accept(task, by=by, at=at, standing=_order_of(old) if review.is_standing(task) else None)
    return task


def _keep_review_dates(old: PlanTask, task: PlanTask) -> None:
    """The days a person gave to terms without one hold for the same terms."""
    days = {row.position: row.review_on for row in old.milestones.filter(review_on__isnull=False)}
    places = {new: days[before] for before, new in terms_now(old, task).items() if before in days}
    rows = list(task.milestones.filter(position__in=places, last=None, month=None, review_on=None))
    for row in rows:
        row.review_on, row.internal = places[row.position], True
    Milestone.objects.bulk_update(rows, ["review_on", "internal"])


def _order_of(old: PlanTask) -> review.Standing | None:
    order = StandingOrder.objects.filter(task=old).first()
    if order is None:
        return None
    return review.Standing(order.action, order.result_form, order.person, StandingOrder.Rhythm(order.rhythm))


def _check(task: PlanTask, old: PlanTask) -> None:
    before = compared_with(task.plan)
    if task.status in {*GONE, Status.REJECTED}:
        raise WrongState(
            _("“%(task)s”%(state)s，不能承接上一版的任务。请先撤回这个决定。")
            % {"task": task.heading, "state": task.get_status_display()}
        )
    if before is None or old.plan_id != before.pk or old.status != Status.ACCEPTED:
        raise WrongValue(
            _("“%(old)s”不是上一版《%(plan)s》中已采纳的任务，应为其中一项。请在“与上一版比较”中选择。")
            % {"old": old.heading, "plan": before or task.plan}
        )
    others = plan_successors(task.plan, before)
    held = others.get(old.pk)
    if held is not None and held.pk != task.pk:
        raise WrongState(
            _("上一版的“%(old)s”已由新版的“%(task)s”承接，一项只能由一项承接。请先把那一项改为“不是同一项”。")
            % {"old": old.heading, "task": held.heading}
        )


def plan_successors(plan: Plan, before: Plan) -> dict[int, PlanTask]:
    """The tasks of the edition before that have a successor, by key."""
    tasks = list(plan.tasks.exclude(status__in=[*GONE, Status.REJECTED]))
    return {each.old.pk: each.new for each in worked_on_before(tasks, [before])}


def deny(task: PlanTask, *, by: Actor, at: datetime) -> PlanTask:
    """It is another task: it begins with the new edition, and the old one ends with the old."""
    with reviewing(task.plan, by, task):
        if worked_on_before([task], editions.in_force(task.plan)) and task.pk not in told(task.plan):
            raise WrongState(
                _("“%(task)s”与上一版文字相同，自动沿用，不用确认。确实不是同一件事的，请改正它的文字。")
                % {"task": task.heading}
            )
        note(task, SUCCEEDS, by=by, at=at, data={"from": ""})
        audit.record("plans.task.succeeds_none", subject=task, by=by, at=at)
    return task


def confirm_all(plan: Plan, *, by: Actor, at: datetime) -> int:
    """Everything proposed and not yet said is the same task; returns how many."""
    with reviewing(plan, by):
        waiting = [each for each in proposals(plan, by.today) if not each.said and each.old]
        for each in waiting:
            confirm(each.task, each.old, by=by, at=at)
    return len(waiting)


def waiting(found: Iterable[Proposal]) -> list[Proposal]:
    """Those a person has said nothing of."""
    return [each for each in found if not each.said]


def need_said(plan: Plan, day: date) -> None:
    """Refuse to publish while nobody said whether an overdue task goes on: it would be fresh without anybody saying so."""
    late = [each for each in waiting(proposals(plan, day)) if each.late]
    if late:
        raise SuccessorsUnsaid([each.task.number or each.task.heading for each in late])
