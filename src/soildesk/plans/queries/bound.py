"""Tasks and indicators that are checked by measures."""

from __future__ import annotations

from dataclasses import dataclass

from soildesk.core.permissions import Actor
from soildesk.plans.models import Binding, Indicator, Plan, PlanTask


@dataclass(frozen=True, slots=True)
class Bound:
    """One task or indicator with the measure that checks it; `key` names it in an address."""

    key: str
    measure: str
    title: str
    subject: PlanTask | Indicator


def bound_to_measures(actor: Actor) -> list[Bound]:
    """Those an actor sees, by plan and number; of a plan in several editions the one that counts."""
    rows = Binding.objects.filter(superseded_at__isnull=True).exclude(measure="")
    rows = rows.exclude(task__plan__stage=Plan.Stage.SUPERSEDED).exclude(indicator__plan__stage=Plan.Stage.SUPERSEDED)
    rows = rows.select_related("task__plan__division", "indicator__plan__division")
    tasks = set(PlanTask.objects.visible_to(actor).values_list("pk", flat=True))
    indicators = set(Indicator.objects.visible_to(actor).values_list("pk", flat=True))
    found = []
    for one in rows.order_by("id"):
        if one.task is not None and one.task_id in tasks:
            title = f"{one.task.plan} {one.task.number} {one.task.heading}"
            found.append(Bound(f"task-{one.task_id}", one.measure, title, one.task))
        elif one.indicator is not None and one.indicator_id in indicators:
            title = f"{one.indicator.plan} {one.indicator.name}"
            found.append(Bound(f"indicator-{one.indicator_id}", one.measure, title, one.indicator))
    return found
