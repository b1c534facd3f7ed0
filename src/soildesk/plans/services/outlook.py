"""What publishing a plan would cause, counted before anybody does it: nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department
from soildesk.plans.models import Milestone, Plan, PlanTask, TaskUnit
from soildesk.plans.services.publishing import STRENGTH, answerable, duty_specs
from soildesk.plans.services.review import NO_DAY, is_standing
from soildesk.plans.services.units import members_of
from soilrules import deadlines
from soilrules.plantext.draft import Role


@dataclass(frozen=True)
class Outlook:
    """How much publishing makes: 分办 and units, terms of the plan and of our own, what stays open."""

    tasks: int
    assignments: int
    units: list[tuple[Department, int]]
    dated: int
    internal: int
    provisional: int
    before_issue: int
    nobody: list[PlanTask]
    no_review_date: list[Milestone]
    standing: int
    no_action: int


def outlook(plan: Plan, day: date) -> Outlook:
    """What publishing `plan` on `day` would cause; the number of queries does not grow with its tasks."""
    rows = plan.tasks.filter(status=PlanTask.Status.ACCEPTED).select_related("plan", "standing_order")
    tasks = list(rows.prefetch_related("milestones", "units__department"))
    members = Members(plan, day)
    shares: Counter[Department] = Counter()
    specs, nobody = [], []
    for task in tasks:
        roles = members.of(task)
        shares.update(roles.keys())
        specs += duty_specs(task, answerable(roles), day)
        if not roles:
            nobody.append(task)
    calendar = working_calendar()
    standing = [task for task in tasks if is_standing(task)]
    own_days = [spec for spec in specs if not spec.internal]
    return Outlook(
        tasks=len(tasks),
        assignments=sum(shares.values()),
        units=shares.most_common(),
        dated=len(own_days),
        internal=len(specs) - len(own_days),
        provisional=sum(deadlines.due_day(spec, calendar)[1] for spec in specs),
        before_issue=sum(bool(plan.issued_on and spec.due and spec.due < plan.issued_on) for spec in own_days),
        nobody=nobody,
        no_review_date=[term for task in tasks for term in task.milestones.all() if _without_day(term)],
        standing=len(standing),
        no_action=sum(not _action(task) for task in standing),
    )


def _action(task: PlanTask) -> str:
    order = getattr(task, "standing_order", None)
    return order.action if order else ""


def _without_day(term: Milestone) -> bool:
    open_term = term.completion and not term.overruled_by_id and term.review_on is None
    return term.kind in NO_DAY and open_term and not term.last


class Members:
    """The departments each printed unit stands for; each name is looked up once."""

    def __init__(self, plan: Plan, day: date) -> None:
        self._plan = plan
        self._day = day
        self._known: dict[tuple[str, str, int | None], list[Department]] = {}

    def of(self, task: PlanTask) -> dict[Department, tuple[str, TaskUnit]]:
        """The departments on a task with their strongest role: the same answer as `publishing.units_of`."""
        found: dict[Department, tuple[str, TaskUnit]] = {}
        for unit in task.units.all():
            if unit.overruled_by_id:
                continue
            for department in self._members(unit):
                known = found.get(department)
                if known is None or STRENGTH[Role(unit.role)] > STRENGTH[Role(known[0])]:
                    found[department] = (unit.role, unit)
        return found

    def _members(self, unit: TaskUnit) -> list[Department]:
        key = (unit.name, unit.match, unit.department_id)
        if key not in self._known:
            self._known[key] = members_of(unit, self._plan.division, self._day)
        return self._known[key]
