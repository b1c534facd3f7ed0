"""The parcels beside some parcels: those that could be merged with them or share a boundary."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from soildesk.core.permissions import Actor
from soildesk.land.models import ParcelVersion
from soildesk.land.tiling import NEAR_DEGREES, side_by_side

MOST = 40


def of(chosen: Sequence[ParcelVersion], actor: Actor) -> list[ParcelVersion]:
    """The standing neighbours of the same kind, by number; none of the chosen themselves."""
    if not chosen:
        return []
    ground = shapely.union_all([version.geometry for version in chosen])
    reach = shapely.buffer(ground, NEAR_DEGREES)
    rows = ParcelVersion.objects.visible_to(actor).standing(actor.today)
    rows = rows.filter(kind=chosen[0].kind, geometry__intersects=reach, until=None)
    beside = rows.exclude(parcel__in=[version.parcel_id for version in chosen])
    found = beside.select_related("parcel").order_by("parcel__number")[:MOST]
    return [version for version in found if side_by_side(ground, version.geometry)]
