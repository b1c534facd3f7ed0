"""Written opinions that wait for their answer."""

from __future__ import annotations

from datetime import date

from soildesk.core.models import Duty
from soildesk.core.owed import Waiting
from soildesk.core.owed import waiting as of_kinds
from soildesk.core.permissions import Actor
from soildesk.decisions.models import OpinionRequest


def waiting(actor: Actor, on: date) -> list[Waiting]:
    """The requests the actor sees that are open."""
    return of_kinds(actor, on, (Duty.Kind.OPINION.value,), {OpinionRequest: "gate-opinions"})
