"""What an office has brought along: plans, and ledgers of former years."""

from __future__ import annotations

from soildesk.core.permissions import Actor
from soildesk.kit.imports import ImportBatch, visible_batches
from soildesk.plans.models import Plan

OLD_LEDGER = "plans.old_ledger"
"""The kind of import by which a ledger of a former year comes in."""


def brought(actor: Actor) -> tuple[int, int]:
    """How many plans are published or history, and how many old ledgers this person took in."""
    plans = Plan.objects.visible_to(actor).exclude(stage=Plan.Stage.REVIEW)
    taken = visible_batches(actor).filter(kind=OLD_LEDGER, state=ImportBatch.State.ACCEPTED)
    return plans.count(), taken.count()
