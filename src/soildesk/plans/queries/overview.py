"""Plans at a glance: the list's counts, and one page for one plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment, Indicator, Plan, PlanConflict, PlanTask
from soildesk.plans.queries.states import DutyRow, TaskStanding, duty_rows, standings, state_condition
from soildesk.plans.queries.task import worst
from soilrules.deadlines import State, state
from soilrules.deadlines.tasks import TaskState

OF_PHASE = ("stage", "period_start", "period_end", "abolished_on")
"""What of a plan says its phase."""


def phase_condition(phase: Plan.Phase, on: date) -> Q:
    """Plans in `phase` on a day: the same answer as `Plan.phase`."""
    begun = Q(period_start__isnull=True) | Q(period_start__lte=on)
    running = Q(period_end__isnull=True) | Q(period_end__gte=on)
    published = Q(stage=Plan.Stage.PUBLISHED)
    return {
        Plan.Phase.REVIEW: Q(stage=Plan.Stage.REVIEW),
        Plan.Phase.NOT_BEGUN: published & running & Q(period_start__gt=on),
        Plan.Phase.IN_FORCE: published & begun & running,
        Plan.Phase.TO_CLOSE: published & Q(period_end__lt=on),
        Plan.Phase.SUPERSEDED: Q(stage=Plan.Stage.SUPERSEDED),
        Plan.Phase.ABOLISHED: Q(abolished_on__isnull=False),
        Plan.Phase.HISTORY: Q(stage=Plan.Stage.CLOSED, abolished_on__isnull=True),
    }[phase]


def places(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The divisions whose plans the actor may read: (code, name)."""
    rows = Plan.objects.visible_to(actor).order_by("division_path")
    return list(dict.fromkeys(rows.values_list("division__code", "division__name")))


def years(actor: Actor, on: date) -> list[tuple[int, int]]:
    """The years of the plans the actor may read, newest first."""
    rows = Plan.objects.visible_to(actor).exclude(year=None).order_by("-year").values_list("year", flat=True)
    return [(year, year) for year in dict.fromkeys(rows)]


def period_words(row: Mapping[str, Any]) -> str:
    """2026年, 2017—2020年, or the days where a period is no whole years."""
    first, last = row["period_start"], row["period_end"]
    if first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return _("%(year)s年") % {"year": first.year if first.year == last.year else f"{first.year}—{last.year}"}
    return f"{first or '…'} — {last or '…'}" if first or last else ""


def enrich_plans(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """Add phase and counts to the plans of a page, in two queries."""
    keys = [row["pk"] for row in rows]
    accepted = Q(status=PlanTask.Status.ACCEPTED)
    counted = (
        PlanTask.objects.filter(plan_id__in=keys)
        .order_by()
        .values("plan_id")
        .annotate(
            accepted=Count("pk", filter=accepted),
            proposed=Count("pk", filter=Q(status=PlanTask.Status.PROPOSED)),
            done=Count("pk", filter=accepted & state_condition(TaskState.DONE, on)),
            late=Count("pk", filter=accepted & state_condition(TaskState.OVERDUE, on)),
        )
    )
    found = {one["plan_id"]: one for one in counted}
    conflicts = PlanConflict.objects.filter(plan_id__in=keys, settled_at__isnull=True).order_by()
    unsettled = dict(conflicts.values_list("plan_id").annotate(n=Count("pk")))
    for row in rows:
        numbers = found.get(row["pk"], {})
        plan = Plan(**{name: row[name] for name in OF_PHASE})
        row["_phase"], row["_on"] = plan.phase(on), on
        row["_conflicts"] = unsettled.get(row["pk"], 0)
        row |= {f"_{name}": numbers.get(name, 0) for name in ("accepted", "proposed", "done", "late")}


@dataclass(frozen=True)
class Share:
    """A section or a department of a plan: how many are done, late and due soon, of how many."""

    name: str
    key: str
    done: int
    late: int
    soon: int
    total: int


@dataclass(frozen=True)
class Dated:
    """A dated term of a task on the plan's timeline: how it stands over all units."""

    on: date
    label: str
    state: State
    done: int
    units: int
    internal: bool


@dataclass(frozen=True)
class Overview:
    """One plan on one page."""

    plan: Plan
    tasks: Sequence[PlanTask]
    standings: Mapping[int, TaskStanding]
    counts: Mapping[TaskState, int]
    before_issue: int
    sections: Sequence[Share]
    departments: Sequence[Share]
    dated: Mapping[int, Sequence[Dated]]
    indicators: Sequence[Indicator]
    units: int
    units_done: int


def overview(plan: Plan, on: date) -> Overview:
    """What one page says of `plan` on a day, in a constant number of queries."""
    tasks = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED).order_by("position"))
    keys = [task.pk for task in tasks]
    stands, duties = standings(keys, on), _duties(keys)
    counts = dict.fromkeys(TaskState, 0)
    for stand in stands.values():
        counts[stand.state] += 1
    in_force = plan.owes_on(on)
    return Overview(
        plan=plan,
        tasks=tasks,
        standings=stands,
        counts=counts,
        before_issue=sum(stand.before_issue for stand in stands.values()),
        sections=_sections(tasks, stands),
        departments=_departments(plan, duties, on, in_force),
        dated=_dated(duties, on),
        indicators=list(plan.indicators.filter(rejected_why="").select_related("overruled_by")),
        units=sum(stand.units for stand in stands.values()),
        units_done=sum(stand.done_units for stand in stands.values()),
    )


def _duties(keys: Sequence[int]) -> dict[int, list[DutyRow]]:
    found: dict[int, list[DutyRow]] = {}
    for start in range(0, len(keys), 900):
        found |= duty_rows(keys[start : start + 900])
    return found


def _sections(tasks: Iterable[PlanTask], stands: Mapping[int, TaskStanding]) -> list[Share]:
    by_section: dict[str, list[TaskStanding]] = defaultdict(list)
    for task in tasks:
        by_section[task.section_key].append(stands[task.pk])
    return [
        Share(
            key.rpartition(" / ")[2],
            key,
            sum(one.state is TaskState.DONE for one in group),
            sum(one.state is TaskState.OVERDUE for one in group),
            0,
            len(group),
        )
        for key, group in by_section.items()
    ]


SOON = frozenset({State.DUE_SOON, State.DUE_TODAY})


def _departments(plan: Plan, duties: Mapping[int, Sequence[DutyRow]], on: date, in_force: bool) -> list[Share]:
    """Per department: dates of the plan done, late and soon; the latest first. A plan out of force has nobody late."""
    calendar = working_calendar()
    judged: dict[int, list[State]] = defaultdict(list)
    for rows in duties.values():
        for duty in rows:
            if duty.unit_id and not duty.internal and duty.due:
                judged[duty.unit_id].append(state(duty, on, calendar))
    known = Department.objects.in_bulk(judged)
    found = [
        Share(
            str(known[unit]),
            str(known[unit].uid),
            sum(one in {State.DONE, State.DONE_LATE} for one in states),
            states.count(State.OVERDUE) if in_force else 0,
            sum(one in SOON for one in states) if in_force else 0,
            len(states),
        )
        for unit, states in judged.items()
    ]
    return sorted(found, key=lambda share: (-share.late, -share.soon, -share.total))


def _dated(duties: Mapping[int, Sequence[DutyRow]], on: date) -> dict[int, list[Dated]]:
    calendar = working_calendar()
    found: dict[int, list[Dated]] = defaultdict(list)
    for task, rows in duties.items():
        groups: dict[tuple[str, date], list[DutyRow]] = defaultdict(list)
        for duty in rows:
            if duty.due:
                groups[duty.period, duty.due].append(duty)
        for (period, due), group in groups.items():
            states = [state(duty, on, calendar) for duty in group]
            how = worst(states) or State.UNDETERMINED
            done = sum(one in {State.DONE, State.DONE_LATE} for one in states)
            found[task].append(Dated(due, period, how, done, len(group), group[0].internal))
    return found


def receipts(plan: Plan) -> dict[str, int]:
    """How many 分办 of the plan are signed for, of how many."""
    rows = plan.tasks.filter(status=PlanTask.Status.ACCEPTED)
    working = Assignment.objects.filter(task__in=rows).exclude(state=Assignment.State.WITHDRAWN)
    return working.aggregate(total=Count("pk"), received=Count("pk", filter=Q(received_at__isnull=False)))
