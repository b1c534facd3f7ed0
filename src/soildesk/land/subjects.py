"""Whose files the room's records carry."""

from __future__ import annotations

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.land.models import Parcel, ParcelVersion, Patrol


def _patrol(actor: Actor, pk: int) -> Patrol | None:
    return Patrol.objects.visible_to(actor).filter(pk=pk).first()


def _parcel(actor: Actor, pk: int) -> ParcelVersion | None:
    """The photographs of a parcel are read by whoever sees it as it last stood."""
    return ParcelVersion.objects.visible_to(actor).filter(parcel=pk, superseded_at=None).order_by("-since").first()


files.register_subject(Parcel._meta.label_lower, _parcel, "land.read")
files.register_subject(Patrol._meta.label_lower, _patrol, "land.read")
