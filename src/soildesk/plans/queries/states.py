"""How tasks stand on a day, computed from their duties; a page of tasks takes one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Duty
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry
from soilrules.deadlines import State, state
from soilrules.deadlines.tasks import DutyState, TaskState, task_state

SUBJECT = PlanTask._meta.label_lower
CHUNK = 30_000
"""Tasks read at once: a city takes few statements, and every store takes so many parameters (SQLite 32,766)."""
CHECK = Duty.Kind.STANDING_CHECK
CLOSED = (State.DONE, State.DONE_LATE, State.DUE_BEFORE_ISSUE)
OF_UNITS = ~Q(state=Assignment.State.WITHDRAWN)
OF_ENTRIES = ~Q(assignment__state=Assignment.State.WITHDRAWN)


Keys = Collection[int] | QuerySet[Any]
"""Keys of tasks: so many at once, or the query that gives them."""


class DutyRow(NamedTuple):
    """What of a duty is read to judge a task: a hundred tasks have hundreds of duties, too many for model objects."""

    subject_id: int
    unit_id: int | None
    kind: str
    period: str
    due: date | None
    done_on: date | None
    since: date | None
    standing: bool
    issued_on: date | None
    working_days: int | None
    internal: bool
    period_start: date | None


@dataclass(frozen=True, slots=True)
class StandingReport:
    """Where a standing task's last period stands: its name, and how many of the units have reported and been verified."""

    period: str
    reported: int
    owed: int


class TaskStanding(NamedTuple):
    """A task on a day: its state, the next open date and whether that is ours, units done of units on it."""

    state: TaskState
    next_due: date | None = None
    next_internal: bool = False
    days_left: int | None = None
    before_issue: bool = False  # 下发前已到期
    done_units: int = 0
    units: int = 0
    standing: StandingReport | None = None


def standings(
    tasks: Iterable[int] | QuerySet[PlanTask], day: date, plan_of: Mapping[int, int] | None = None
) -> dict[int, TaskStanding]:
    """How each of these tasks, by their keys or as a query, stands on `day`; `plan_of`: their plans, where they are known."""
    found: dict[int, TaskStanding] = {}
    calendar = working_calendar()
    owing = set(Plan.objects.owing_on(day).values_list("pk", flat=True))
    for keys in _chunks(tasks):
        plans = plan_of or dict(PlanTask.objects.filter(pk__in=keys).order_by().values_list("pk", "plan_id"))
        begun = _begun(keys, day)
        by_task = duty_rows(keys)
        for pk in plans if isinstance(keys, QuerySet) else keys:
            judged = [(duty, state(duty, day, calendar)) for duty in by_task.get(pk, ())]
            found[pk] = _standing(judged, day, begun.get(pk, (0, 0, False)), plans.get(pk) in owing)
    return found


def _chunks(tasks: Iterable[int] | QuerySet[PlanTask]) -> Iterator[Keys]:
    if isinstance(tasks, QuerySet):
        yield tasks.order_by().values("pk")
        return
    source = iter(tasks)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def duty_rows(ids: Keys) -> Mapping[int, list[DutyRow]]:
    """The duties of these tasks by task, earliest first."""
    rows = Duty.objects.filter(subject_type=SUBJECT, subject_id__in=ids).order_by("due", "pk")
    by_task: dict[int, list[DutyRow]] = defaultdict(list)
    for row in map(DutyRow._make, rows.values_list(*DutyRow._fields)):
        by_task[row.subject_id].append(row)
    return by_task


def end_of(day: date) -> datetime:
    """The first moment after `day` in the desk's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _begun(ids: Keys, day: date) -> Mapping[int, tuple[int, int, bool]]:
    """Per task: units done, units on it, whether anybody has said anything by the end of `day`."""
    done = Q(state__in=[Assignment.State.REPORTED, Assignment.State.VERIFIED], reported_on__lte=day)
    rows = Assignment.objects.filter(OF_UNITS, task_id__in=ids).values_list("task_id").order_by("task_id")
    counted = rows.annotate(units=Count("pk"), done=Count("pk", filter=done))
    told = set(
        ProgressEntry.objects.filter(OF_ENTRIES, assignment__task_id__in=ids, at__lt=end_of(day))
        .order_by()
        .values_list("assignment__task_id", flat=True)
        .distinct()
    )
    return {pk: (finished, units, pk in told) for pk, units, finished in counted}


def _standing(
    judged: list[tuple[DutyRow, State]], day: date, begun: tuple[int, int, bool], in_force: bool
) -> TaskStanding:
    open_ones = [duty for duty, said in judged if duty.due and said not in CLOSED]
    following = next((duty for duty in open_ones if not duty.internal), open_ones[0] if open_ones else None)
    return TaskStanding(
        state=task_state([DutyState(s, duty.internal) for duty, s in judged], begun=begun[2], in_force=in_force),
        next_due=following.due if following else None,
        next_internal=bool(following and following.internal),
        days_left=(following.due - day).days if following and following.due and in_force else None,
        before_issue=State.DUE_BEFORE_ISSUE in [said for _d, said in judged],
        done_units=begun[0],
        units=begun[1],
        standing=_standing_report([duty for duty, _s in judged], day),
    )


def _standing_report(duties: list[DutyRow], day: date) -> StandingReport | None:
    """The period under way on `day`: who has reported."""
    checks = [d for d in duties if d.period_start and d.kind == CHECK and d.period_start <= day]
    if not checks:
        return None
    last = max(checks, key=lambda duty: duty.period_start or day).period
    current = [duty for duty in checks if duty.period == last]
    return StandingReport(last, sum(bool(d.done_on and d.done_on <= day) for d in current), len(current))


def state_condition(wanted: TaskState, day: date) -> Q:
    """Tasks that stand so on `day`: the same answer as `standings`, as SQL for filters and counts."""
    duties = Duty.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("pk"))
    dated = duties.filter(Q(due__isnull=False) | Q(done_on__lte=day), internal=False)
    open_dated = dated.filter(Q(done_on__isnull=True) | Q(done_on__gt=day))
    late = open_dated.filter(due__lt=day).filter(Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")))
    done = Q(Exists(dated)) & ~Q(Exists(open_dated))
    in_force = Q(plan__in=list(Plan.objects.owing_on(day).values_list("pk", flat=True)))
    entries = ProgressEntry.objects.filter(OF_ENTRIES, assignment__task=OuterRef("pk"), at__lt=end_of(day))
    begun = Q(Exists(entries)) | Q(Exists(dated.filter(done_on__lte=day)))
    told = Q(Exists(entries))
    settled = Q(Exists(duties.filter(Q(internal=True) | Q(standing=True))))
    conditions = {
        TaskState.DONE: done,
        TaskState.UNKNOWN: ~in_force & ~done & ~told,
        TaskState.OVERDUE: in_force & Exists(late) & ~done,
        TaskState.STANDING: in_force & ~Exists(dated) & settled,
        TaskState.PENDING: in_force & ~Exists(dated) & ~settled,
        TaskState.UNDER_WAY: ~done & ((~in_force & told) | (in_force & Exists(dated) & ~Exists(late) & begun)),
        TaskState.NOT_STARTED: in_force & Exists(dated) & ~done & ~Exists(late) & ~begun,
    }
    return conditions[wanted]


def before_issue_condition(day: date) -> Q:
    """Tasks with an open term that had passed when the plan was issued (下发前已到期)."""
    duties = Duty.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("pk"), issued_on__isnull=False)
    return Q(Exists(duties.filter(Q(done_on__isnull=True) | Q(done_on__gt=day), due__lt=F("issued_on"))))


def with_state(tasks: QuerySet[PlanTask], wanted: TaskState, day: date) -> QuerySet[PlanTask]:
    """Tasks that stand so on `day`, see `state_condition`."""
    return tasks.filter(state_condition(wanted, day))


def state_counts(tasks: QuerySet[PlanTask], day: date) -> dict[TaskState, int]:
    """How many tasks stand how on `day`."""
    ids = list(tasks.values_list("pk", flat=True))
    found: dict[TaskState, int] = dict.fromkeys(TaskState, 0)
    for standing in standings(ids, day).values():
        found[standing.state] += 1
    return found
