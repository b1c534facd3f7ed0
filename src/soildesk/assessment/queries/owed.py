"""What assessment puts before people: self-assessments to sign."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from soildesk.assessment.models import Assessment
from soildesk.core.models import Duty
from soildesk.core.owed import Waiting, waiting
from soildesk.core.permissions import Actor, may


def to_sign(actor: Actor, on: date, units: Collection[int]) -> list[Waiting]:
    """Self-assessments that these departments have still to sign, the nearest term first."""
    if not may(actor, "assessment.fill"):
        return []
    found = waiting(actor, on, [Duty.Kind.ASSESSMENT.value], {Assessment: "assessments"})
    return [one for one in found if one.unit_id in units]
