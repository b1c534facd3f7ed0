"""Whose files the room's records carry: evidence of tasks is read by whoever may read the plan."""

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.plans.models import PlanTask


def _task(actor: Actor, pk: int) -> PlanTask | None:
    return PlanTask.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(PlanTask._meta.label_lower, _task, "plans.read")
