"""What a task's page tells of the slips of its duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.kit.parts import Chip
from soildesk.supervision import words
from soildesk.supervision.models import Slip
from soildesk.supervision.queries import seen

MOST = 6


def of_task(actor: Actor, task: int, on: date) -> Iterator[Chip]:
    """The slips that are not over, each as a chip that leads to it."""
    if not may(actor, "supervision.read"):
        return
    found = [one for one in seen.of_task(actor, task, on) if one.state in (Slip.State.WAITING, Slip.State.ANSWERED)]
    for one in found[:MOST]:
        tone, icon, word = words.COLOURS[one.colour]
        told = f"{word}{_('督办单')} {one.unit or ''} {one.get_state_display()}"
        yield Chip(tone, told, icon, words.why_of(one), reverse("kit:record", args=["slips", str(one.uid)]))  # type: ignore[arg-type]
