"""Which parcels lay on a ground and how they were divided, joined or drawn anew, up to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.land.models import LineageEvent, ParcelVersion


@dataclass(frozen=True, slots=True)
class Changed:
    """The lineage of a ground: whether any parcel is on record there, and its events, the earliest first."""

    known: bool
    events: tuple[tuple[str, date], ...]


def lineage_of(shape: BaseGeometry, actor: Actor, on: date) -> Changed:
    """Split, merge and boundary events of the parcels that ever lay on a ground, up to a day."""
    rows = ParcelVersion.objects.visible_to(actor).filter(superseded_at=None, since__lte=on, geometry__intersects=shape)
    parcels = set(rows.values_list("parcel_id", flat=True))
    if not parcels:
        return Changed(False, ())
    touched = Q(links__ancestor__in=parcels) | Q(links__descendant__in=parcels)
    events = LineageEvent.objects.filter(touched, on__lte=on).distinct().order_by("on", "pk")
    return Changed(True, tuple(events.values_list("kind", "on")))
