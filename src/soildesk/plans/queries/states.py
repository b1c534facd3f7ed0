"""How tasks stand on a day, computed from their duties; a page of tasks takes one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Duty
from soildesk.plans.models import Assignment, Plan, PlanTask
from soilrules.deadlines import State, state
from soilrules.deadlines.tasks import DutyState, TaskState, task_state

SUBJECT = PlanTask._meta.label_lower
_BEGUN = (
    Assignment.State.UNDER_WAY,
    Assignment.State.REPORTED,
    Assignment.State.VERIFIED,
    Assignment.State.RETURNED,
)


@dataclass(frozen=True)
class StandingReport:
    """Where a standing task's last period stands: its name, and how many of the units have reported and been verified."""

    period: str
    reported: int
    owed: int


@dataclass(frozen=True)
class TaskStanding:
    """A task on a day: its state, the next open date and whether that is ours, units done of units on it."""

    state: TaskState
    next_due: date | None = None
    next_internal: bool = False
    days_left: int | None = None
    before_issue: bool = False  # 下发前已到期
    done_units: int = 0
    units: int = 0
    standing: StandingReport | None = None


def standings(task_ids: Iterable[int], day: date) -> dict[int, TaskStanding]:
    """How each of these tasks stands on `day`."""
    ids = list(task_ids)
    in_force = _in_force(ids, day)
    begun = _begun(ids)
    by_task: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(subject_type=SUBJECT, subject_id__in=ids).order_by("due"):
        by_task[duty.subject_id].append(duty)
    return {pk: _standing(by_task[pk], day, begun.get(pk, (0, 0, False)), pk in in_force) for pk in ids}


def _in_force(ids: list[int], day: date) -> set[int]:
    plans = Plan.objects.in_force_on(day).values("pk")
    return set(PlanTask.objects.filter(pk__in=ids, plan__in=plans).values_list("pk", flat=True))


def _begun(ids: list[int]) -> Mapping[int, tuple[int, int, bool]]:
    """Per task: units done, units on it, whether anybody has begun."""
    done = Q(state__in=[Assignment.State.REPORTED, Assignment.State.VERIFIED])
    rows = (
        Assignment.objects.filter(task_id__in=ids)
        .exclude(state=Assignment.State.WITHDRAWN)
        .values("task_id")
        .annotate(units=Count("pk"), done=Count("pk", filter=done), begun=Count("pk", filter=Q(state__in=_BEGUN)))
    )
    return {row["task_id"]: (row["done"], row["units"], row["begun"] > 0) for row in rows}


def _standing(duties: list[Duty], day: date, begun: tuple[int, int, bool], in_force: bool) -> TaskStanding:
    calendar = working_calendar()
    judged = [(duty, state(duty, day, calendar)) for duty in duties]
    open_ones = [d for d, s in judged if s not in {State.DONE, State.DONE_LATE, State.DUE_BEFORE_ISSUE} and d.due]
    following = next((duty for duty in open_ones if not duty.internal), None) or next(iter(open_ones), None)
    return TaskStanding(
        state=task_state(
            [DutyState(s, duty.internal) for duty, s in judged], begun=begun[2], in_force=in_force
        ),
        next_due=following.due if following else None,
        next_internal=bool(following and following.internal),
        days_left=(following.due - day).days if following and following.due and in_force else None,
        before_issue=any(s is State.DUE_BEFORE_ISSUE for _d, s in judged),
        done_units=begun[0],
        units=begun[1],
        standing=_standing_report(duties, day),
    )


def _standing_report(duties: list[Duty], day: date) -> StandingReport | None:
    """The period under way on `day`: who has reported."""
    checks = [d for d in duties if d.kind == Duty.Kind.STANDING_CHECK and d.period_start and d.period_start <= day]
    if not checks:
        return None
    last = max(checks, key=lambda duty: duty.period_start or day).period
    current = [duty for duty in checks if duty.period == last]
    return StandingReport(last, sum(duty.done_on is not None for duty in current), len(current))


def with_state(tasks: QuerySet[PlanTask], wanted: TaskState, day: date) -> QuerySet[PlanTask]:
    """Tasks that stand so on `day`: the same answer as `standings`, as SQL for filters and counts."""
    duties = Duty.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("pk"))
    dated = duties.filter(due__isnull=False, internal=False)
    open_dated = dated.filter(Q(done_on__isnull=True) | Q(done_on__gt=day))
    late = open_dated.filter(due__lt=day).filter(Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")))
    done = Exists(dated) & ~Exists(open_dated)
    in_force = Q(plan__in=Plan.objects.in_force_on(day).values("pk"))
    begun = Exists(Assignment.objects.filter(task=OuterRef("pk"), state__in=_BEGUN))
    some_done = Exists(dated.filter(done_on__lte=day))
    settled = Exists(duties.filter(Q(internal=True) | Q(standing=True)))
    conditions = {
        TaskState.DONE: done,
        TaskState.UNKNOWN: ~in_force & ~done & ~begun,
        TaskState.OVERDUE: in_force & Exists(late) & ~done,
        TaskState.STANDING: in_force & ~Exists(dated) & settled,
        TaskState.PENDING: in_force & ~Exists(dated) & ~settled,
        TaskState.UNDER_WAY: ~done
        & ((~in_force & begun) | (in_force & Exists(dated) & ~Exists(late) & (begun | some_done))),
        TaskState.NOT_STARTED: in_force & Exists(dated) & ~done & ~Exists(late) & ~begun & ~some_done,
    }
    return tasks.filter(conditions[wanted])


def state_counts(tasks: QuerySet[PlanTask], day: date) -> dict[TaskState, int]:
    """How many tasks stand how on `day`."""
    ids = list(tasks.values_list("pk", flat=True))
    found: dict[TaskState, int] = dict.fromkeys(TaskState, 0)
    for standing in standings(ids, day).values():
        found[standing.state] += 1
    return found
