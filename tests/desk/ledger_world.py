"""A published plan for the tests of the ledger at work: four tasks in their units' hands since March."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.services import intake, publishing, review
from soildesk.plans.services.drafts import read_pasted

TEXT = (Path(__file__).parents[1] / "cases" / "plans" / "small_plan.txt").read_text("utf-8")
MARCH = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


def taken_in(world: Any) -> Plan:
    """The small plan under review."""
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(TEXT.encode(), "方案.txt")
    return intake.import_plan(read_pasted(TEXT), source, place, by=world.actor("officer"), at=MARCH)


def published(world: Any) -> Plan:
    """The small plan in force."""
    plan = taken_in(world)
    review.accept_confident(plan, by=world.actor("officer"), at=MARCH, everything=True)
    return publishing.publish(plan, by=world.actor("issuer"), at=MARCH)


def task(plan: Plan, number: str) -> PlanTask:
    """A task by its printed number."""
    return plan.tasks.get(number=number)


def at_unit(plan: Plan, number: str, department: Any) -> Assignment:
    """The 分办 of a task at a department."""
    return Assignment.objects.get(task=task(plan, number), department=department)
