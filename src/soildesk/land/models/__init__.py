"""Tables of the room `land`."""

from soildesk.land.models.parcels import LineageEvent, LineageLink, Parcel, ParcelCode, ParcelVersion
from soildesk.land.models.unused import Patrol, UnusedLand, UnusedLandVersion
from soildesk.land.models.zones import Layer, LayerEdition, Zone

__all__ = [
    "Layer",
    "LayerEdition",
    "LineageEvent",
    "LineageLink",
    "Parcel",
    "ParcelCode",
    "ParcelVersion",
    "Patrol",
    "UnusedLand",
    "UnusedLandVersion",
    "Zone",
]
