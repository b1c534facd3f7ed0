"""Holding what an act changes: what two people do at once happens one after the other, each on what the other left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from soildesk.core.permissions import Actor, require
from soildesk.plans.models import Assignment, Milestone, Plan, PlanTask, TaskUnit
from soildesk.plans.refusals import NotInReview

DECIDED = ("status", "accepted_by", "accepted_at", "decided_why", "number", "title", "text", "deadline_text")
WORKED = ("state", "role", "received_at", "received_by", "reported_on", "verified_at", "verified_by", "returned_why")


def hold(plan: Plan) -> Plan:
    """Lock the plan until the transaction ends and take over its stage as it stands now; a plan thrown away is refused.

    On SQLite the transaction itself is the lock.
    """
    stage = Plan.objects.select_for_update().filter(pk=plan.pk).values_list("stage", flat=True).first()
    if stage is None:
        raise NotInReview(plan)
    plan.stage = stage
    return plan


@contextmanager
def reviewing(plan: Plan, by: Actor, *tasks: PlanTask) -> Iterator[None]:
    """One act of review in one transaction: the plan is held and still under review, the tasks are as they stand now."""
    require(by, "plans.review", plan)
    with transaction.atomic():
        if hold(plan).stage != Plan.Stage.REVIEW:
            raise NotInReview(plan)
        for task in tasks:
            task.refresh_from_db(fields=DECIDED)
        yield


@contextmanager
def working(assignment: Assignment) -> Iterator[None]:
    """One act on a 分办 in one transaction: its plan is held, its state is the one it has now."""
    with transaction.atomic():
        hold(assignment.task.plan)
        assignment.refresh_from_db(fields=WORKED)
        yield


def meaning(row: Milestone | TaskUnit) -> tuple[object, ...]:
    """What a term or a unit says: two rows with the same meaning need not stand twice on a task."""
    if isinstance(row, TaskUnit):
        return (row.name, row.role)
    words = "" if row.last or row.month else row.text
    return (row.kind, row.first, row.last, row.month, row.day, words)


def next_position(rows: list[Milestone] | list[TaskUnit]) -> int:
    """The position behind all of these: positions name duties, so none is given twice."""
    return max((row.position for row in rows), default=-1) + 1
