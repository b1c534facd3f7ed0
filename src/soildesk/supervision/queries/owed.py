"""Slips whose answer is owed: one reading for 今日."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, may
from soildesk.supervision.models import DispatchSheet, Slip


def to_answer(actor: Actor, on: date, units: Collection[int]) -> list[Waiting]:
    """The slips these departments have still to answer, and the sheets of 调度 they have still to sign."""
    if not may(actor, "supervision.answer"):
        return []
    kinds = [Duty.Kind.SLIP.value, Duty.Kind.SHEET.value]
    found = waiting(actor, on, kinds, {Slip: "slips", DispatchSheet: "dispatch_sheets"})
    return [one for one in found if one.unit_id in units]
