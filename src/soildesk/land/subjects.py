"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.land.models import Patrol


def _patrol(actor: Actor, pk: int) -> Patrol | None:
    return Patrol.objects.visible_to(actor).filter(pk=pk).first()


files.register_subject(Patrol._meta.label_lower, _patrol, "land.read")
