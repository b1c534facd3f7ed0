"""Plans of use as they stand: which of their blocks are filled, the zones of their units, how far they are."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from soildesk.farmland.models import ProhibitedZone, UsePlan
from soilrules.farmland.useplans import Block, plan_kinds

OF_TEXT = (Block.AGRONOMY, Block.MONITORING, Block.TRAINING, Block.OTHER)
APPROVED = [kind for kind, one in plan_kinds().items() if one.approved]
UPLOADED = [kind for kind, one in plan_kinds().items() if one.uploaded]
STATES = {
    "waiting": Q(approved_on=None, kind__in=APPROVED),
    "approved": Q(approved_on__isnull=False),
    "unsent": Q(approved_on__isnull=False, uploaded_on=None, kind__in=UPLOADED),
}


def filled(plan: UsePlan, on: date) -> set[str]:
    """The blocks something was said of; that of zones is filled by a zone proposed for the plan's units."""
    found = {str(one) for one in OF_TEXT if getattr(plan, str(one)).strip()}
    return found | ({str(Block.ZONE)} if zones_of(plan, on) else set())


def zones_of(plan: UsePlan, on: date) -> list[ProhibitedZone]:
    """Zones proposed for units of a plan by a day."""
    rows = ProhibitedZone.objects.filter(superseded_at=None, units__in=plan.units.all(), proposed_on__lte=on)
    return list(rows.distinct().order_by("number"))


def done(plan: UsePlan) -> bool:
    """Whether a plan is approved and uploaded where that is asked for."""
    kind = plan_kinds()[plan.kind]
    approved = plan.approved_on is not None or not kind.approved
    return approved and (plan.uploaded_on is not None or not kind.uploaded)
