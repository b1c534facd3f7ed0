"""Plans and tasks by what a person types, and their facts as plain data: what the command line prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.plans.folding import fold_title
from soildesk.plans.models import Assignment, Plan, PlanConflict, PlanTask, TaskEvent
from soildesk.plans.queries.evidence import visible_events
from soildesk.plans.queries.reading import questions
from soildesk.plans.queries.states import TaskStanding, standings, state_counts, with_state
from soilrules.deadlines.tasks import TaskState
from soilrules.plantext.draft import Role

LEAST_TAIL = 4
"""Characters of the end of an id that may stand for it."""
SOON_DAYS = 30


def plans_named(wanted: str, actor: Actor) -> list[Plan]:
    """Plans under an id, the end of one, a document number or a title; more than one is for the person to tell apart."""
    plans = list(Plan.objects.visible_to(actor).select_related("division", "edition_of"))
    exact = [plan for plan in plans if str(plan.uid) == wanted]
    number = fold_title(wanted)
    return exact or [
        plan
        for plan in plans
        if (len(wanted) >= LEAST_TAIL and str(plan.uid).endswith(wanted))
        or number in {fold_title(plan.doc_number), fold_title(plan.title)}
    ]


def tasks_named(wanted: str, actor: Actor) -> list[PlanTask]:
    """Tasks under an id or the end of one, two at most."""
    rows = PlanTask.objects.visible_to(actor).select_related("plan__division")
    try:
        return list(rows.filter(uid=UUID(wanted)))
    except ValueError:
        pass
    if len(wanted) < LEAST_TAIL:
        return []
    tail = wanted.replace("-", "")
    uids = [uid for uid in rows.values_list("uid", flat=True).iterator() if uid.hex.endswith(tail)]
    return list(rows.filter(uid__in=uids[:2]))


def visible_plans(actor: Actor) -> list[Plan]:
    """Plans the actor may read, newest first."""
    return list(Plan.objects.visible_to(actor).select_related("division", "edition_of"))


def conflict_at(plan: Plan, position: int) -> PlanConflict | None:
    """A conflict of the plan by its number."""
    return plan.conflicts.filter(position=position).first()


def assignment_of(task: PlanTask, department: Department) -> Assignment | None:
    """The task's 分办 at a department."""
    return task.assignments.filter(department=department).select_related("task__plan", "department").first()


def clause_facts(plan: Plan) -> list[dict[str, Any]]:
    """The clauses without a unit as data, in order of print."""
    return [
        {"clause": one.position, "line": one.line, "number": one.number, "section": one.section, "title": one.heading,
         "text": one.text, "decision": one.decision or None, "decision_word": one.get_decision_display(),
         "task": str(one.task.uid) if one.task else None}
        for one in plan.unassigned.select_related("task")
    ]  # fmt: skip


def plan_facts(plan: Plan, day: date) -> dict[str, Any]:
    """A plan as data."""
    tasks = plan.tasks.exclude(status__in=[PlanTask.Status.MERGED, PlanTask.Status.SPLIT])
    return {
        "id": str(plan.uid),
        "title": plan.title,
        "doc_number": plan.doc_number or None,
        "issuer": plan.issuer or None,
        "issued_on": plan.issued_on and plan.issued_on.isoformat(),
        "region": plan.region or None,
        "division": plan.division.code,
        "year": plan.year,
        "period": [edge and edge.isoformat() for edge in (plan.period_start, plan.period_end)],
        "stage": plan.stage,
        "phase": plan.phase(day),
        "tasks": tasks.count(),
        "accepted": tasks.filter(status=PlanTask.Status.ACCEPTED).count(),
        "edition_of": str(plan.edition_of.uid) if plan.edition_of else None,
    }


def plan_state(plan: Plan, day: date) -> dict[str, Any]:
    """A plan as data, with how its tasks stand and what it still asks."""
    asked = questions(plan)
    states = state_counts(plan.tasks.filter(status=PlanTask.Status.ACCEPTED), day)
    return plan_facts(plan, day) | {
        "states": {str(state): count for state, count in states.items() if count},
        "open": {
            "tasks": asked["tasks"],
            "conflicts": asked["conflicts"],
            "units": [unit["name"] for unit in asked["units"]],
            "clauses": asked["clauses"],
        },
    }


@dataclass(frozen=True)
class LedgerFilter:
    """Which tasks of the ledger: of one plan (else of the plans in force), a department, a state."""

    plan: Plan | None = None
    department: Department | None = None
    state: TaskState | None = None


def ledger_facts(wanted: LedgerFilter, actor: Actor, day: date) -> list[dict[str, Any]]:
    """Accepted tasks as data, in the order of the ledger."""
    plans = [wanted.plan] if wanted.plan else list(Plan.objects.visible_to(actor).owing_on(day))
    rows: QuerySet[PlanTask] = PlanTask.objects.visible_to(actor)
    rows = rows.filter(plan__in=plans, status=PlanTask.Status.ACCEPTED)
    if wanted.department:
        rows = rows.filter(pk__in=Assignment.objects.filter(department=wanted.department).values("task_id"))
    if wanted.state:
        rows = with_state(rows, wanted.state, day)
    tasks = list(rows.select_related("plan").prefetch_related("units"))
    found = standings([task.pk for task in tasks], day)
    return [task_facts(task, found[task.pk]) for task in tasks]


def task_facts(task: PlanTask, standing: TaskStanding) -> dict[str, Any]:
    """A task as data."""
    by_role: dict[str, list[str]] = {role.value: [] for role in Role}
    for unit in task.units.all():
        if not unit.overruled_by_id:
            by_role[unit.role].append(unit.name)
    return {
        "id": str(task.uid), "plan": str(task.plan.uid), "number": task.number, "section": task.section,
        "title": task.heading, "deadline_text": task.deadline_text, **by_role, "state": str(standing.state),
        "next_due": standing.next_due and standing.next_due.isoformat(), "internal": standing.next_internal,
        "days_left": standing.days_left, "before_issue": standing.before_issue,
        "units_done": standing.done_units, "units": standing.units,
    }  # fmt: skip


def whole_task(task: PlanTask, actor: Actor, day: date) -> dict[str, Any]:
    """A task as data, with its terms, its units and its history as far as the actor reads it."""
    events: Sequence[TaskEvent] = visible_events(actor, task, task.events.select_related("by"))
    return task_facts(task, standings([task.pk], day)[task.pk]) | {
        "text": task.text,
        "milestones": [
            {"text": m.text, "kind": m.kind, "due": m.last and m.last.isoformat(), "internal": m.internal,
             "overruled": m.overruled_by_id is not None}
            for m in task.milestones.all()
        ],
        "assignments": [
            {"department": str(a.department), "role": a.role, "state": a.state, "state_word": a.get_state_display(),
             "received_at": a.received_at, "reported_on": a.reported_on}
            for a in task.assignments.select_related("department")
        ],
        "history": [{"at": e.at, "kind": e.kind, "by": str(e.by or ""), "data": e.data} for e in events],
    }  # fmt: skip


def owed_by(department: Department, actor: Actor, day: date) -> dict[str, Any]:
    """What a department owes: overdue, due within a month, waiting for its signature."""
    owed = Duty.objects.visible_to(actor).of_unit(department.pk)
    unsigned = Assignment.objects.visible_to(actor).filter(
        department=department, state=Assignment.State.SENT, task__plan__in=Plan.objects.owing_on(day)
    )
    return {
        "department": str(department),
        "overdue": [_duty(duty) for duty in owed.late_on(day).order_by("due")],
        "due": [_duty(duty) for duty in owed.due_within(day, SOON_DAYS).order_by("due")],
        "to_receive": [{"task": str(a.task.uid), "title": a.task.heading} for a in unsigned.select_related("task")],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {"title": duty.title, "due": duty.due and duty.due.isoformat(), "period": duty.period,
            "internal": duty.internal, "basis": duty.basis}  # fmt: skip
