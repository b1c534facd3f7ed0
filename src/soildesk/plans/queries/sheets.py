"""The units of a plan as the page of 分办 sheets lists them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from soildesk.core.models import Department
from soildesk.plans.models import Assignment, Plan, SheetIssue


@dataclass(frozen=True)
class SheetUnit:
    """A unit with `tasks`, `unanswered` and `accounts` counted on it, and the last sheet it was sent."""

    unit: Department
    last: SheetIssue | None


def sheet_units(plan: Plan) -> list[SheetUnit]:
    """Every unit that has tasks of the plan."""
    last = {row.department_id: row for row in SheetIssue.objects.filter(plan=plan).order_by("issued_at")}
    of_plan = Q(assignments__task__plan=plan) & ~Q(assignments__state=Assignment.State.WITHDRAWN)
    waiting = Q(assignments__state__in=[Assignment.State.SENT, Assignment.State.RECEIVED])
    units = Department.objects.filter(of_plan).annotate(
        tasks=Count("assignments", filter=of_plan, distinct=True),
        unanswered=Count("assignments", filter=of_plan & waiting, distinct=True),
        accounts=Count("people", filter=Q(people__is_active=True), distinct=True),
    )
    return [SheetUnit(unit, last.get(unit.pk)) for unit in units.order_by("kind", "id")]


def unit_of_plan(plan: Plan, uid: UUID) -> Department | None:
    """A unit by its uid, if it has tasks of the plan."""
    return Department.objects.filter(uid=uid, assignments__task__plan=plan).distinct().first()
