"""Rows behind the rates over a plan: its tasks with an end, the units that owed reports, the divisions below."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from soildesk.core.models import Department, Duty
from soildesk.core.models.places import is_valid
from soildesk.core.permissions import Actor
from soildesk.kit.passes import once_a_pass
from soildesk.plans.models import Plan, PlanTask, ProgressEntry
from soildesk.plans.periods import Period, period_of
from soildesk.plans.queries.states import SUBJECT, end_of, standings
from soilrules.deadlines.tasks import TaskState

NONE_BELOW = gettext_noop("没有登记 %(all)d 个下级行政区中任何一个的本年度方案：没有登记不等于没有印发，不能判断。")


@dataclass(frozen=True)
class Counted:
    """One row of a rate: its table and key, its name, whether it counts, and why not."""

    type: str
    uid: str
    name: str
    counts: bool
    note: str = ""


def tasks_with_an_end(plan: Plan, actor: Actor, day: date) -> list[Counted]:
    """Accepted tasks of the plan that are not standing ones; those done on `day` count."""
    tasks = list(
        PlanTask.objects.visible_to(actor).filter(plan=plan, status=PlanTask.Status.ACCEPTED).order_by("position")
    )
    stands = standings([task.pk for task in tasks], day)
    return [
        Counted(
            SUBJECT, str(task.uid), f"{task.number} {task.heading}".strip(), stands[task.pk].state is TaskState.DONE
        )
        for task in tasks
        if stands[task.pk].state is not TaskState.STANDING
    ]


def last_quarter(day: date) -> Period:
    """The quarter that was over on `day`.

    >>> last_quarter(date(2026, 11, 21)).name
    '2026Q3'
    """
    return period_of(period_of(day, "quarter").first - timedelta(days=1), "quarter")


def units_owing_reports(plan: Plan, actor: Actor, day: date) -> list[Counted]:
    """Units with a report of the plan's tasks due in the last full quarter; those count that were on time with all."""
    quarter = last_quarter(day)
    tasks = PlanTask.objects.visible_to(actor).filter(plan=plan, status=PlanTask.Status.ACCEPTED)
    owed = Duty.objects.filter(
        subject_type=SUBJECT, subject_id__in=tasks.values("pk"), unit__isnull=False,
        due__range=(quarter.first, quarter.last),
    )  # fmt: skip
    entries = ProgressEntry.objects.filter(assignment__task__in=tasks, at__lt=end_of(day))
    known = set(entries.values_list("pk", flat=True))
    late: dict[int, int] = defaultdict(int)
    for duty in owed:
        if duty.issued_on is None or duty.due is None or duty.due >= duty.issued_on:
            late[duty.unit_id or 0] += not _in_time(duty, known)
    named = Department.objects.in_bulk(late)
    return [
        Counted("core.department", str(named[unit].uid), str(named[unit]), not count,
                _("%(count)d 次未按时") % {"count": count} if count else "")
        for unit, count in sorted(late.items(), key=lambda item: (-item[1], item[0]))
    ]  # fmt: skip


def _in_time(duty: Duty, known: set[int]) -> bool:
    answered = any(item.get("type") == "progress" and item.get("id") in known for item in duty.evidence)
    return bool(answered and duty.done_on and duty.due and duty.done_on <= duty.due)


@once_a_pass(lambda plan, actor, day: (plan.division_id, plan.year, day))
def divisions_below(plan: Plan, actor: Actor, day: date) -> list[Counted]:
    """Cities, counties and districts one level below on `day`; those count that published a plan of the same year."""
    below = [one for one in plan.division.children.all() if one.level in {"city", "county"} and is_valid(one, day)]
    published = Plan.objects.visible_to(actor).filter(year=plan.year, published_at__lt=end_of(day), division__in=below)
    have = {one.division_id: one for one in published.defer("reading")}
    return [Counted("core.division", one.code, one.name, one.pk in have, str(have.get(one.pk, ""))) for one in below]
