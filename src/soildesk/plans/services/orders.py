"""Orders and minutes become plans: their clauses are tasks, accepted and worked on as those of plans are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.plans.models import Plan, TaskUnit
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services import publishing, review, whole_plan
from soildesk.plans.services.intake import Place, Source, import_plan
from soilrules.plantext.draft import PlanDraft


@transaction.atomic
def issue(draft: PlanDraft, place: Place, units: Mapping[str, Department], *, by: Actor, at: datetime) -> Plan:
    """An order that is signed: its clauses are accepted by whoever signs it and go out to their units at once.

    `units` says which department each name in the text is: the office chose them when it wrote the order.
    """
    source = Source.of(draft.text.encode("utf-8", "surrogatepass"), "", Plan.Kind.ORDER)
    plan = import_plan(draft, source, place, by=by, at=at)
    for name, department in units.items():
        rows = TaskUnit.objects.filter(task__plan=plan, name=name)
        rows.update(department=department, match=TaskUnit.Match.CONFIRMED, match_note="")
    review.accept_confident(plan, by=by, at=at, everything=True)
    return publishing.publish(plan, by=by, at=at)


@transaction.atomic
def propose(draft: PlanDraft, data: bytes, place: Place, *, by: Actor, at: datetime) -> Plan:
    """Minutes as read: a plan under review, which a person accepts clause by clause and publishes."""
    source = Source.of(data, "", Plan.Kind.MINUTES)
    return import_plan(draft, source, place, by=by, at=at, as_edition=True)


def withdraw(plan_id: int, *, by: Actor, at: datetime) -> None:
    """Throw the draft of minutes away, so that others can be read; what was published stays."""
    plan = Plan.objects.get(pk=plan_id)
    if plan.stage != Plan.Stage.REVIEW:
        raise WrongValue(_("《%(plan)s》的议定事项已经发布，不能重新读入。") % {"plan": plan})
    whole_plan.discard(plan, by=by, at=at)
