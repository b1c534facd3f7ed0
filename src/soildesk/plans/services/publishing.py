"""Publishing: accepted tasks go out to their units, and every term becomes a duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from soildesk.core import audit, clock, duties
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Assignment, Milestone, Plan, PlanTask, StandingOrder, TaskUnit
from soildesk.plans.periods import Period, periods_between
from soildesk.plans.refusals import NothingAccepted, NotInReview, Undecided
from soildesk.plans.services.carrying_checks import carry_checks
from soildesk.plans.services.editions import in_force
from soildesk.plans.services.handing_over import Paper, hand_terms_over, hand_work_over, renew_above, worked_on_before
from soildesk.plans.services.history import note_all
from soildesk.plans.services.holding import hold
from soildesk.plans.services.review import accept_indicators, is_standing
from soildesk.plans.services.succession import need_said
from soildesk.plans.services.units import members_of
from soilrules.deadlines.model import DeadlineKind
from soilrules.plantext.draft import Role
from soilrules.supervision.handling import Handling, reached, table

STRENGTH = {Role.SUPPORT: 0, Role.RESPONSIBLE: 1, Role.LEAD: 2}
RECEIPT_WORKING_DAYS = 3
"""A unit signs for its tasks within this many working days (内部时限, our own)."""


def publish(plan: Plan, *, by: Actor, at: datetime, as_history: bool = False) -> Plan:
    """Make the accepted ledger live: units get their tasks, terms become duties.

    A plan taken in only as history is closed at once: it can be read and compared and owes nothing.
    """
    require(by, "plans.publish", plan)
    with transaction.atomic():
        if hold(plan).stage != Plan.Stage.REVIEW:
            raise NotInReview(plan)
        _refuse_unfinished(plan)
        if not as_history:
            need_said(plan, clock.local_day(at))
        accept_indicators(plan, by=by, at=at)
        plan.stage = Plan.Stage.CLOSED if as_history else Plan.Stage.PUBLISHED
        plan.published_by, plan.published_at = by.person, at
        plan.save(update_fields=["stage", "published_by", "published_at"])
        replaced = [] if as_history else editions_in_force(plan)
        for other in replaced:
            supersede(other, by=by, at=at)
        tasks, day = _ledger(plan), clock.local_day(at)
        before = worked_on_before(tasks, replaced)
        carry_checks({each.new.pk: (each.old, each.new) for each in before if each.changed}, {}, at)
        entries = hand_work_over(before)
        fan_out(plan, tasks, by=by, day=day)
        paper = Paper(plan, life_of(plan), day, by, at)
        hand_terms_over(before, entries, paper)
        for each in before:
            _open_again(each.new)
        if replaced:
            _begin_now(plan, [each.new.pk for each in before], by=by, day=day)
        renew_above(paper, replaced, before)
        note_all(tasks, "published", by=by, at=at)
        audit.record(
            "plans.plan.published",
            subject=plan,
            by=by,
            at=at,
            data={"tasks": len(tasks), "as_history": as_history, "handed_over": len(before)},
        )
    return plan


def _begin_now(plan: Plan, handed: Sequence[int], *, by: Actor, day: date) -> None:
    """What an edition asks anew is owed from the day it goes out: before, the edition it replaces was in force."""
    life = life_of(plan)
    if life.start and life.start < day:
        duties.set_life(plan.tasks.exclude(pk__in=handed), replace(life, start=day), by=by)


def _refuse_unfinished(plan: Plan) -> None:
    open_tasks = plan.tasks.filter(status=PlanTask.Status.PROPOSED).count()
    if open_tasks:
        raise Undecided(open_tasks)
    if not plan.tasks.filter(status=PlanTask.Status.ACCEPTED).exists():
        raise NothingAccepted


def _ledger(plan: Plan) -> list[PlanTask]:
    rows = plan.tasks.filter(status=PlanTask.Status.ACCEPTED).select_related("plan", "standing_order")
    return list(rows.prefetch_related("milestones", "units__department"))


def editions_in_force(plan: Plan) -> list[Plan]:
    """Other editions of the same plan that are published, held until the transaction ends: at most one edition counts."""
    return list(Plan.objects.select_for_update().filter(pk__in=list(in_force(plan).values_list("pk", flat=True))))


def supersede(plan: Plan, *, by: Actor, at: datetime) -> None:
    """A newer edition was published: this one stays readable and owes nothing from today."""
    plan.stage = Plan.Stage.SUPERSEDED
    plan.save(update_fields=["stage"])
    duties.end_life(PlanTask.objects.filter(plan=plan), clock.local_day(at), by=by)
    audit.record("plans.plan.superseded", subject=plan, by=by, at=at)


def life_of(plan: Plan) -> duties.Life:
    """The days on which a plan's duties count: from its first day until it is closed or replaced.

    What is open when the period ends stays owed until it is done, or a person closes the plan and says what becomes of
    it. Only a plan whose period was over before it was published owes nothing: it is no wall of red.
    """
    if plan.stage == Plan.Stage.CLOSED or plan.published_at is None:
        return duties.Life()
    start = plan.period_start or plan.issued_on or clock.local_day(plan.published_at)
    ends = None
    if plan.published_late:
        ends = plan.period_end + timedelta(days=1)
    return duties.Life(start=start, end=ends)


def fan_out(plan: Plan, tasks: list[PlanTask], *, by: Actor, day: date) -> None:
    """One 分办 per unit and task, and the duties of those who must answer."""
    life = life_of(plan)
    for task in tasks:
        roles = _units_now(task, plan, day)
        assign(task, roles)
        duties.replace_for(task, list(duty_specs(task, owing(roles), day)), by=by, life=life)


def fan_out_again(plan: Plan, task_ids: Iterable[int], *, by: Actor, day: date) -> None:
    """After a decision on a published plan: the tasks' assignments and duties follow it.

    What was done stays done; a unit the office took a task from does not get it back, and one that took
    it over keeps it. A task that was dropped is withdrawn from everybody.
    """
    rows = plan.tasks.filter(pk__in=list(task_ids)).select_related("plan", "standing_order")
    for task in rows.prefetch_related("milestones", "units__department"):
        roles = _units_now(task, plan, day) if task.status == PlanTask.Status.ACCEPTED else {}
        assign(task, roles)
        gone = task.assignments.exclude(department__in=list(roles)).exclude(state=Assignment.State.WITHDRAWN)
        gone.update(state=Assignment.State.WITHDRAWN)
        owed = owing(roles) if task.status == PlanTask.Status.ACCEPTED else []
        before = list(Duty.objects.for_subject(task).order_by("id"))
        duties.replace_for(task, list(duty_specs(task, owed, day)), by=by, life=_life_so_far(task, plan))
        _keep_issued(task, before)
        _open_again(task)


def _life_so_far(task: PlanTask, plan: Plan) -> duties.Life:
    """The life of the task's duties: what an edition asks anew goes on from the day it did."""
    life = life_of(plan)
    days = Duty.objects.for_subject(task).filter(live_from__isnull=False).values_list("live_from", flat=True)
    return replace(life, start=max(life.start, min(days))) if life.start and days else life


def _keep_issued(task: PlanTask, before: Sequence[Duty]) -> None:
    """A term that was issued by an earlier edition stays missed or owed as from then, whatever was decided beside it."""
    same = {(row.kind, row.unit_id, row.period, row.due): row for row in before}
    anybody = {(row.kind, row.period, row.due): row for row in before}
    for duty in Duty.objects.for_subject(task).order_by("id"):
        held = same.get((duty.kind, duty.unit_id, duty.period, duty.due)) or anybody.get(
            (duty.kind, duty.period, duty.due)
        )
        if held is not None and (held.issued_on, held.live_from) != (duty.issued_on, duty.live_from):
            duty.issued_on, duty.live_from = held.issued_on, held.live_from
            duty.save(update_fields=["issued_on", "live_from"])


def _open_again(task: PlanTask) -> None:
    """A unit that had reported done and now owes another date is at work again."""
    owed = Duty.objects.for_subject(task).filter(done_on__isnull=True).exclude(kind=Duty.Kind.STANDING_CHECK)
    row = table()[Handling.REOPEN]
    done = task.assignments.filter(state__in=row.from_states, department__in=owed.values("unit"))
    done.update(state=row.to[0], reported_on=None, verified_at=None, verified_by=None)


def _units_now(task: PlanTask, plan: Plan, day: date) -> dict[Department, tuple[str, TaskUnit]]:
    """As printed and decided, less the units a person took the task from, and with those who took it over."""
    roles = units_of(task, plan, day)
    for row in task.assignments.select_related("department", "unit"):
        if row.state == Assignment.State.WITHDRAWN and row.returned_why:
            roles.pop(row.department, None)
        elif row.department not in roles and row.unit and not row.unit.overruled_by_id and _taken_over(row, plan, day):
            roles[row.department] = (row.role, row.unit)
    return roles


def _taken_over(row: Assignment, plan: Plan, day: date) -> bool:
    """Whether the unit has the task by a person's hand: the printed unit it stands for is somebody else."""
    return row.unit is not None and row.department not in members_of(row.unit, plan.division, day)


def units_of(task: PlanTask, plan: Plan, day: date) -> dict[Department, tuple[str, TaskUnit]]:
    """The departments on a task with their strongest role and the printed unit that put them there."""
    found: dict[Department, tuple[str, TaskUnit]] = {}
    for unit in task.units.all():
        if unit.overruled_by_id:
            continue
        for department in members_of(unit, plan.division, day):
            known = found.get(department)
            if known is None or STRENGTH[Role(unit.role)] > STRENGTH[Role(known[0])]:
                found[department] = (unit.role, unit)
    return found


def answerable(roles: dict[Department, tuple[str, TaskUnit]]) -> list[Department]:
    """Who owes the task: lead and responsible units; where none is named, those in support."""
    owing = [department for department, (role, _unit) in roles.items() if role != Role.SUPPORT]
    return owing or list(roles)


def owing(roles: dict[Department, tuple[str, TaskUnit]]) -> list[Department | None]:
    """Who owes the task; where no unit could be placed it is owed by nobody yet, and late all the same."""
    return list(answerable(roles)) or [None]


def assign(task: PlanTask, roles: dict[Department, tuple[str, TaskUnit]]) -> None:
    """Give the task to its units; an assignment that exists keeps its state, one that was withdrawn goes out again."""
    present = {assignment.department_id: assignment for assignment in task.assignments.all()}
    for department, (role, unit) in roles.items():
        known = present.pop(department.pk, None)
        if known is None:
            Assignment.objects.create(
                task=task,
                department=department,
                role=role,
                unit=unit,
                division_path=task.division_path,
                owner_department=department,
            )
        elif known.state == Assignment.State.WITHDRAWN:
            send_again(known, role=role, unit=unit)
        elif known.role != role:
            known.role = role
            known.save(update_fields=["role"])


def send_again(assignment: Assignment, *, role: str, unit: TaskUnit | None) -> None:
    """Give a task back to a unit it was taken from: nothing said before counts as receipt or report."""
    assignment.state = reached(Handling.SEND_AGAIN, assignment.state)
    assignment.role, assignment.unit = role, unit
    assignment.received_at, assignment.received_by, assignment.reported_on = None, None, None
    assignment.verified_at, assignment.verified_by, assignment.returned_why = None, None, ""
    assignment.save()


def duty_specs(task: PlanTask, owing: Sequence[Department | None], day: date) -> Iterator[duties.DutySpec]:
    """The duties of one task, for each unit that owes it."""
    plan = task.plan
    for department in owing:
        base = duties.DutySpec(
            kind=Duty.Kind.MILESTONE,
            title=task.heading[:300],
            unit=department,
            basis=plan.doc_number or plan.title,
            issued_on=plan.issued_on,
        )
        for milestone in task.milestones.all():
            if milestone.completion and not milestone.overruled_by_id:
                yield from _milestone_specs(milestone, base, plan)
        if is_standing(task):
            yield from _standing_specs(task, base, plan, day)


def milestone_key(milestone: Milestone, year: int | None = None) -> str:
    """Which milestone (and year) a duty is for, in `Duty.period`."""
    return f"m{milestone.position}" + (f"/{year}" if year else "")


def _milestone_specs(milestone: Milestone, base: duties.DutySpec, plan: Plan) -> Iterator[duties.DutySpec]:
    key = milestone_key(milestone)
    if milestone.kind == DeadlineKind.YEARLY and milestone.month:
        for year in plan_years(plan):
            due = _day_of(year, milestone.month, milestone.day)
            yield replace(base, period=milestone_key(milestone, year), due=due)
    elif milestone.last:
        yield replace(base, period=key, due=milestone.last, period_start=milestone.first, internal=milestone.internal)
    elif milestone.review_on:
        yield replace(base, kind=Duty.Kind.REVIEW_DATE, period=key, due=milestone.review_on, internal=True)


def _day_of(year: int, month: int, day: int | None) -> date:
    """The day of a yearly term; without a day, the last one of the month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    return date(year, month, day) if day and day <= last.day else last


def plan_years(plan: Plan) -> range:
    """The calendar years a plan speaks for."""
    first = plan.period_start.year if plan.period_start else plan.year
    last = plan.period_end.year if plan.period_end else plan.year
    return range(first or 0, (last or 0) + 1) if first and last else range(0)


def _standing_specs(task: PlanTask, base: duties.DutySpec, plan: Plan, day: date) -> Iterator[duties.DutySpec]:
    """A standing task is reported on in our own rhythm, from publication to the end of the plan's period."""
    order = getattr(task, "standing_order", None)
    rhythm = order.rhythm if order else StandingOrder.Rhythm.QUARTER
    for period in standing_periods(plan, rhythm, day):
        yield replace(
            base,
            kind=Duty.Kind.STANDING_CHECK,
            period=period.name,
            period_start=period.first,
            due=period.last,
            internal=True,
        )


def standing_periods(plan: Plan, rhythm: str, day: date) -> list[Period]:
    """The reporting periods still ahead or under way when a plan is published on `day`."""
    years = plan_years(plan)
    if not years:
        return []
    first = max(plan.period_start or date(years[0], 1, 1), min(day, date(years[-1], 12, 31)))
    return periods_between(first, plan.period_end or date(years[-1], 12, 31), rhythm)
