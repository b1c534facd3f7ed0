"""Activities of publicity and training: in reach, and as they stood on a day, as known then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place
from soildesk.plans.models import Activity, PlanTask
from soildesk.plans.queries import ledger

WORDS = ("培训", "宣传", "普法", "科普", "公众参与")
"""A clause that asks for activities uses one of these."""
State = Activity.State


def activities(actor: Actor, on: date) -> QuerySet[Activity]:
    """Every activity in reach."""
    return Activity.objects.visible_to(actor)


def activity_of(actor: Actor, uid: UUID) -> Activity | None:
    """One activity in reach."""
    rows = Activity.objects.visible_to(actor).select_related("owner_department", "task__plan", "made_by")
    return rows.filter(uid=uid).first()


def tasks_asking(actor: Actor, on: date) -> QuerySet[PlanTask]:
    """Tasks in force whose words ask for publicity or training."""
    asks = Q()
    for word in WORDS:
        asks |= Q(text__contains=word)
    plans = [row.pk for row in ledger.plans_out(actor, on) if row.in_force]
    return ledger.tasks_of(plans, on).filter(asks).select_related("plan").order_by("plan_id", "position")


def task_choices(actor: Actor, on: date) -> list[tuple[str, Any]]:
    """Those tasks by name."""
    return [
        (str(one.uid), f"{one.number} {one.heading}（{one.plan.title}）".strip()) for one in tasks_asking(actor, on)
    ]


@dataclass(frozen=True, slots=True)
class Stood:
    """One activity, and its state as it stood."""

    activity: Activity
    state: State

    @property
    def counts(self) -> bool:
        """Whether it took place and another person looked at its papers."""
        return self.state is State.COUNTED


@once_a_pass(of_place)
def known(asked: Asked) -> Sequence[Stood]:
    """The activities of the place, as known; what was held later than the day is still planned on it."""
    rows = Activity.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, made_at__lt=asked.known
    )
    return [Stood(one, _state(one, asked)) for one in rows.order_by("planned_on", "pk")]


def _state(one: Activity, asked: Asked) -> State:
    if one.cancelled_at is not None and one.cancelled_at < asked.known:
        return State.CANCELLED
    if one.held_at is None or one.held_at >= asked.known or one.held_on is None or one.held_on > asked.limit:
        return State.PLANNED
    return State.COUNTED if one.counted_at is not None and one.counted_at < asked.known else State.HELD


def of_year(asked: Asked) -> Sequence[Stood]:
    """Those held, or still to be held, in the year asked for."""
    return [one for one in known(asked) if (one.activity.held_on or one.activity.planned_on).year == asked.year]
