"""Whose files the room's records carry: evidence of a task is read by the office, and by each unit its own."""

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.plans.models import Activity, Plan, PlanTask
from soildesk.plans.queries.evidence import may_read


def _task(actor: Actor, pk: int) -> PlanTask | None:
    return PlanTask.objects.visible_to(actor).filter(pk=pk).first()


def _activity(actor: Actor, pk: int) -> Activity | None:
    return Activity.objects.visible_to(actor).filter(pk=pk).first()


def _plan(actor: Actor, pk: int) -> Plan | None:
    return Plan.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(Plan._meta.label_lower, _plan, "plans.read")
files.register_subject(Activity._meta.label_lower, _activity, "plans.read")
files.register_subject(PlanTask._meta.label_lower, _task, "plans.read", may_read)
