"""我的单位: what a department has on its table, and what waits for the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department, Duty, RoleGrant
from soildesk.core.permissions import OF_DEPARTMENT, Actor
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry
from soildesk.plans.queries.ledger import next_due
from soildesk.plans.queries.states import SUBJECT, DutyRow, duty_rows, end_of
from soilrules.deadlines import State, state

SOON_DAYS = 14
OFFICE = (RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER)
WATCHERS = (*OFFICE, RoleGrant.Role.AUDITOR, RoleGrant.Role.READER)
UNIT_BUCKETS = ("receive", "returned", "late", "soon", "period", "internal")
OFFICE_BUCKETS = ("verify", "misdirected")


def uids(texts: Iterable[str]) -> list[UUID]:
    """The texts that are names of records; others name none."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def is_office(actor: Actor) -> bool:
    """Whether the actor verifies what units report, somewhere."""
    return actor.has_role(*OFFICE)


def own_departments(actor: Actor) -> list[Department]:
    """The departments an actor works for: by post and by grant."""
    own = [grant.department for grant in actor.grants if grant.department and grant.role in OF_DEPARTMENT]
    if actor.person and actor.person.department:
        own.append(actor.person.department)
    return list({department.pk: department for department in own}.values())


def queue(actor: Actor, on: date) -> QuerySet[Assignment]:
    """Every 分办 of plans that are owed on `on` that the actor may look at.

    Units see those of their own departments; the office all of its division. What a superior's plan
    asks of others is the superior's to watch.
    """
    plans = Plan.objects.visible_to(actor).owing_on(on)
    rows = Assignment.objects.filter(
        task__plan_id__in=list(plans.values_list("pk", flat=True)), task__status=PlanTask.Status.ACCEPTED
    ).exclude(state=Assignment.State.WITHDRAWN)
    own = Q(department_id__in=[department.pk for department in own_departments(actor)])
    rows = rows.filter(own | watched(actor))
    return rows.alias(next_due=_next_due(on))


def watched(actor: Actor) -> Q:
    """Rows of the divisions the actor watches over."""
    if actor.system:
        return Q()
    paths = [grant.division.path for grant in actor.grants if grant.role in WATCHERS]
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(division_path__startswith=path)
    return found


def _next_due(on: date) -> Any:
    return next_due(on, "task_id", unit="department_id")


def choosable(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The departments whose table the actor may look at: (uid, name)."""
    rows = Department.objects.filter(pk__in=queue(actor, on).order_by().values("department_id").distinct())
    return [(str(row.uid), str(row)) for row in rows]


def _duties(**what: Any) -> QuerySet[Duty]:
    return Duty.objects.filter(
        subject_type=SUBJECT, subject_id=OuterRef("task_id"), unit_id=OuterRef("department_id"), **what
    )


def _open(on: date) -> Q:
    return Q(done_on__isnull=True) | Q(done_on__gt=on)


def late(on: date) -> Q:
    """A date of the plan has passed."""
    not_before_issue = Q(issued_on__isnull=True) | Q(due__gte=F("issued_on"))
    return Q(Exists(_duties(due__lt=on, internal=False).filter(_open(on), not_before_issue)))


def soon(on: date) -> Q:
    """A date of the plan comes within two weeks."""
    last = on + timedelta(days=SOON_DAYS)
    return Q(Exists(_duties(due__gte=on, due__lte=last, internal=False).filter(_open(on))))


def period_open(on: date) -> Q:
    """The reporting period under way has not been reported on."""
    return Q(Exists(_duties(kind=Duty.Kind.STANDING_CHECK, period_start__lte=on, due__gte=on).filter(_open(on))))


def internal_late(on: date) -> Q:
    """A date of our own has passed."""
    return Q(Exists(_duties(due__lt=on, internal=True).filter(_open(on))))


def unverified(on: date) -> Q:
    """Reported, and the office has not looked at it yet."""
    rows = ProgressEntry.objects.filter(assignment=OuterRef("pk"), verified_at__isnull=True, at__lt=end_of(on))
    return Q(Exists(rows), state__in=[Assignment.State.UNDER_WAY, Assignment.State.REPORTED])


def not_received(on: date) -> Q:
    """Nobody has signed for it."""
    return Q(state=Assignment.State.SENT, received_at__isnull=True)


def returned(on: date) -> Q:
    """The office sent the report back."""
    return Q(state=Assignment.State.RETURNED)


def misdirected(on: date) -> Q:
    """The unit says it is not its own."""
    return Q(state=Assignment.State.MISDIRECTED)


BUCKETS: dict[str, Callable[[date], Q]] = {
    "receive": not_received,
    "returned": returned,
    "late": late,
    "soon": soon,
    "period": period_open,
    "internal": internal_late,
    "verify": unverified,
    "misdirected": misdirected,
}


def bucket_counts(rows: QuerySet[Assignment], on: date, names: Iterable[str] = tuple(BUCKETS)) -> dict[str, int]:
    """How many 分办 lie in which bucket, in one query."""
    wanted = {name: Count("pk", filter=BUCKETS[name](on)) for name in names}
    return dict(rows.order_by().aggregate(**wanted))


def by_department(rows: QuerySet[Assignment], name: str, on: date) -> list[tuple[Department, int]]:
    """How many 分办 of a bucket each department has, the most first; departments without any are left out."""
    counted = rows.filter(BUCKETS[name](on)).order_by().values_list("department_id").annotate(n=Count("pk"))
    found = dict(counted)
    known = Department.objects.in_bulk(found)
    return sorted(((known[pk], n) for pk, n in found.items()), key=lambda pair: (-pair[1], pair[0].pk))


@dataclass(frozen=True)
class UnitStanding:
    """A task at one unit: its duties there, how each stands, and the last thing the unit said."""

    judged: tuple[tuple[DutyRow, State], ...] = ()
    last_entry: dict[str, Any] = field(default_factory=dict)

    @property
    def following(self) -> tuple[DutyRow, State] | None:
        """The next open date, the plan's own before ours."""
        closed = {State.DONE, State.DONE_LATE, State.DUE_BEFORE_ISSUE}
        waiting = [(duty, how) for duty, how in self.judged if how not in closed and duty.due]
        return next((pair for pair in waiting if not pair[0].internal), None) or next(iter(waiting), None)

    @property
    def is_late(self) -> bool:
        """Whether a date of the plan has passed."""
        return any(how is State.OVERDUE and not duty.internal for duty, how in self.judged)


def unit_standings(pairs: Sequence[tuple[int, int, int]], on: date) -> dict[int, UnitStanding]:
    """For (assignment, task, department) keys: how the task stands at that unit. Three queries."""
    calendar = working_calendar()
    duties = duty_rows({task for _pk, task, _unit in pairs})
    entries = last_entries([pk for pk, _task, _unit in pairs], on)
    found = {}
    for pk, task, unit in pairs:
        own = [duty for duty in duties.get(task, ()) if duty.unit_id == unit]
        found[pk] = UnitStanding(tuple((duty, state(duty, on, calendar)) for duty in own), entries.get(pk, {}))
    return found


def last_entries(assignment_ids: Sequence[int], on: date) -> Mapping[int, dict[str, Any]]:
    """The latest entry of each 分办 by the end of `on`, with how many there are."""
    rows = ProgressEntry.objects.filter(assignment_id__in=assignment_ids, at__lt=end_of(on)).order_by("at", "pk")
    found: dict[int, dict[str, Any]] = {}
    counted: dict[int, int] = defaultdict(int)
    for row in rows.values("assignment_id", "text", "unfinished_why", "at", "claims_done", "verified_at", "period"):
        counted[row["assignment_id"]] += 1
        found[row["assignment_id"]] = row | {"count": counted[row["assignment_id"]]}
    return found


def enrich(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """Add the standing at its unit to each row of a page."""
    stands = unit_standings([(row["pk"], row["task_id"], row["department_id"]) for row in rows], on)
    for row in rows:
        row["_stand"], row["_on"] = stands[row["pk"]], on


@dataclass(frozen=True)
class Owing:
    """A department and what it has not done: (task, day, late, internal)."""

    department: Department
    late: tuple[dict[str, Any], ...]
    soon: tuple[dict[str, Any], ...]


def owing(actor: Actor, on: date, days: int = SOON_DAYS) -> list[Owing]:
    """Which departments are late with dates of the plans in force, and what is due soon; the latest first."""
    plans = Plan.objects.visible_to(actor).filter(watched(actor)).owing_on(on)
    tasks = PlanTask.objects.filter(plan__in=list(plans), status=PlanTask.Status.ACCEPTED)
    rows = (
        Duty.objects.filter(
            _open(on),
            Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")),
            subject_type=SUBJECT,
            internal=False,
            subject_id__in=tasks.values("pk"),
            due__lte=on + timedelta(days=days),
            unit__isnull=False,
        )
        .order_by("due", "pk")
        .values("subject_id", "unit_id", "due", "title", "basis", "period")
    )
    found = list(rows)
    named = {task.pk: task for task in PlanTask.objects.filter(pk__in={row["subject_id"] for row in found})}
    departments = Department.objects.in_bulk({row["unit_id"] for row in found})
    by_unit: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        row |= {"task": named[row["subject_id"]], "late": row["due"] < on, "days": abs((row["due"] - on).days)}
        by_unit[row["unit_id"]].append(row)
    made = [
        Owing(departments[unit], tuple(r for r in rows if r["late"]), tuple(r for r in rows if not r["late"]))
        for unit, rows in by_unit.items()
    ]
    return sorted(made, key=lambda one: (-len(one.late), -len(one.soon), one.department.pk))


@dataclass(frozen=True)
class Waiting:
    """One 分办 in a short list: which task, whose, and the date that matters."""

    task_uid: Any
    task: str
    department: str
    due: date | None
    late: bool
    internal: bool
    note: str


def of_departments(rows: QuerySet[Assignment], departments: Iterable[Department]) -> QuerySet[Assignment]:
    """Those on the tables of these departments."""
    return rows.filter(department_id__in=[department.pk for department in departments])


def waiting(rows: QuerySet[Assignment], name: str, on: date, most: int) -> list[Waiting]:
    """The first rows of a bucket, the earliest date first."""
    chosen = list(
        rows.filter(BUCKETS[name](on))
        .select_related("task", "department")
        .order_by("next_due", "task__position", "pk")[:most]
    )
    stands = unit_standings([(one.pk, one.task_id, one.department_id) for one in chosen], on)
    return [_waiting(one, stands[one.pk]) for one in chosen]


def _waiting(one: Assignment, stand: UnitStanding) -> Waiting:
    following = stand.following
    due = following[0].due if following else None
    name = f"{one.task.number} {one.task.heading}".strip()
    return Waiting(
        one.task.uid,
        name,
        str(one.department),
        due,
        stand.is_late,
        bool(following and following[0].internal),
        one.returned_why,
    )


@dataclass(frozen=True)
class UnderReview:
    """A plan that waits for its review: tasks nobody decided, conflicts nobody settled."""

    uid: Any
    title: str
    tasks: int
    conflicts: int


def under_review(actor: Actor) -> list[UnderReview]:
    """Plans under review that the actor may read, the newest first."""
    plans = Plan.objects.visible_to(actor).filter(stage=Plan.Stage.REVIEW).order_by("-imported_at")
    counted = plans.annotate(
        open_tasks=Count("tasks", filter=Q(tasks__status=PlanTask.Status.PROPOSED), distinct=True),
        open_conflicts=Count("conflicts", filter=Q(conflicts__settled_at__isnull=True), distinct=True),
    )
    return [UnderReview(plan.uid, plan.title, plan.open_tasks, plan.open_conflicts) for plan in counted]


def has_plans(actor: Actor, on: date) -> tuple[bool, bool]:
    """Whether the actor sees any plan at all, and any in force on `on`."""
    plans = Plan.objects.visible_to(actor)
    return plans.exists(), plans.owing_on(on).exists()
