"""The own plans in force at a glance: how many of the tasks of each stand how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from soildesk.core.permissions import Actor
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.queries.ledger import plans_out
from soildesk.plans.queries.states import standings
from soilrules.deadlines.tasks import TaskState


@dataclass(frozen=True, slots=True)
class PlanBar:
    """A plan in force with the number of its tasks in each state."""

    uid: UUID
    title: str
    tasks: int
    states: Mapping[TaskState, int]


def plan_bars(actor: Actor, on: date, most: int) -> tuple[list[PlanBar], int]:
    """The own plans in force, the newest first and orders and minutes after plans, and how many more there are."""
    ours = [row for row in plans_out(actor, on) if row.ours]
    kinds = dict(Plan.objects.filter(pk__in=[row.pk for row in ours]).values_list("pk", "kind"))
    ours.sort(key=lambda row: (kinds[row.pk] != Plan.Kind.PLAN, -row.pk))
    shown = ours[:most]
    rows = PlanTask.objects.filter(status=PlanTask.Status.ACCEPTED, plan_id__in=[row.pk for row in shown])
    plan_of = dict(rows.order_by("position").values_list("pk", "plan_id"))
    counted: dict[int, Counter[TaskState]] = {row.pk: Counter() for row in shown}
    for pk, stand in standings(list(plan_of), on).items():
        counted[plan_of[pk]][stand.state] += 1
    bars = [PlanBar(row.uid, row.title, counted[row.pk].total(), counted[row.pk]) for row in shown]
    return bars, len(ours) - len(shown)
