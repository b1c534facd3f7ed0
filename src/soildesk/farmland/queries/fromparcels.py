"""Units proposed from parcels: farm parcels of one place that lie together and are alike in use, soil and source of pollution.

Only ground that is no unit yet is proposed. What nobody said (soil, source) makes no difference between parcels.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import meeting
from soildesk.core.permissions import Actor
from soildesk.enterprises.queries import sites
from soildesk.farmland.models import UnitVersion
from soildesk.farmland.refusals import UnitRefused
from soildesk.land.queries import standing
from soildesk.land.shapes import area_m2, union
from soildesk.land.tiling import tolerance_m2

if TYPE_CHECKING:
    from soildesk.land.models import Layer, ParcelVersion

MOST = 5_000
"""Parcels looked at together; more are asked for town by town."""
GROUNDS = {
    "01": UnitVersion.Ground.CROPLAND,
    "02": UnitVersion.Ground.GARDEN,
    "03": UnitVersion.Ground.FOREST,
    "04": UnitVersion.Ground.GRASS,
}
"""The first digits of national land codes that are farmland, alike in both classifications of digits."""
USES = {
    "0101": UnitVersion.Use.PADDY,
    "0102": UnitVersion.Use.OTHER,
    "0103": UnitVersion.Use.OTHER,
    "0201": UnitVersion.Use.ORCHARD,
}
"""Codes that tell the use of GB 15618; of others nobody says it."""
METRES = 111_320.0
"""Of a degree of latitude; along a parallel less, by the cosine. Enough for gaps of some metres."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which parcels, and what makes them alike: how far apart they may lie, by which layer of soil, sources within how far."""

    path: str
    gap_m: float = 0.0
    soil: Layer | None = None
    source_m: float | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One unit as it would be entered, and the parcels it is made of."""

    path: str
    ground: str
    use: str
    soil_type: str
    source: str
    geometry: BaseGeometry
    area_m2: float
    parcels: tuple[ParcelVersion, ...]


def proposed(actor: Actor, asked: Asked, on: date) -> list[Proposed]:
    """The units that could be made of the parcels of a place, the largest first."""
    found = _free(_farm_parcels(actor, asked, on), on)
    shapes = [one.geometry for one in found]
    soils, sources = _soils(actor, asked, shapes, on), _sources(actor, asked, shapes, on)
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        use = USES.get(one.use_now[:4], "")
        alike[one.division_path, GROUNDS[one.use_now[:2]], use, soils[at], sources[at]].append(at)
    made = [
        _made(key, [found[at] for at in together])
        for key, places in alike.items()
        for together in _together(places, shapes, asked.gap_m)
    ]
    return sorted(made, key=lambda one: -one.area_m2)


def _farm_parcels(actor: Actor, asked: Asked, on: date) -> list[ParcelVersion]:
    farm = Q()
    for digits in GROUNDS:
        farm |= Q(use_now__startswith=digits)
    rows = standing.parcels(actor, on).filter(farm, division_path__startswith=asked.path).select_related("parcel")
    found = list(rows.order_by("pk")[: MOST + 1])
    if len(found) > MOST:
        raise UnitRefused(
            _("这个范围内有 %(most)d 块以上的农用地地块：请分乡镇（街道）办理。") % {"most": MOST},
            code="farmland.unit.place",
        )
    return found


def _free(parcels: Sequence[ParcelVersion], on: date) -> list[ParcelVersion]:
    """The parcels that lie in no unit yet, nor cut one."""
    if not parcels:
        return []
    later = Q(superseded_at=None) & (Q(until=None) | Q(until__gt=on))
    met = meeting.met(UnitVersion.objects.filter(later), [one.geometry for one in parcels])
    return [
        one
        for one, others in zip(parcels, met, strict=True)
        if all(area_m2(one.geometry.intersection(other.geometry)) <= tolerance_m2(one.geometry) for other in others)
    ]


def _soils(actor: Actor, asked: Asked, shapes: Sequence[BaseGeometry], on: date) -> list[str]:
    """The soil of each ground: the zone of the layer it lies in for the most part."""
    if asked.soil is None or not shapes:
        return [""] * len(shapes)
    met = meeting.met(standing.zones(asked.soil, actor, on), shapes)
    found = []
    for shape, zones in zip(shapes, met, strict=True):
        best = max(zones, key=lambda zone: zone.geometry.intersection(shape).area, default=None)
        found.append((best.level or best.name) if best is not None else "")
    return found


def _sources(actor: Actor, asked: Asked, shapes: Sequence[BaseGeometry], on: date) -> list[str]:
    """The nearest site of an enterprise within the distance asked for, by its name."""
    if asked.source_m is None or not shapes:
        return [""] * len(shapes)
    held = list(sites.sites(actor, on))
    if not held:
        return [""] * len(shapes)
    flat, ours = _flat([one.geometry for one in held], shapes[0]), _flat(shapes, shapes[0])
    tree = shapely.STRtree(flat)
    places, nearest = tree.query_nearest(ours, max_distance=asked.source_m, all_matches=False)
    found = [""] * len(shapes)
    for at, site in zip(places.tolist(), nearest.tolist(), strict=True):
        found[at] = held[site].name
    return found


def _flat(shapes: Sequence[BaseGeometry], near: BaseGeometry) -> list[BaseGeometry]:
    """Shapes in metres around one of them."""
    squeeze = math.cos(math.radians(near.bounds[1]))
    scale = np.array([METRES * squeeze, METRES])
    return [shapely.transform(shape, lambda points: points * scale) for shape in shapes]


def _together(places: Sequence[int], shapes: Sequence[BaseGeometry], gap_m: float) -> Iterator[list[int]]:
    """Places of shapes that lie no further apart than a gap, by way of each other."""
    flat = _flat([shapes[at] for at in places], shapes[places[0]])
    tree = shapely.STRtree(flat)
    left, right = tree.query(flat, predicate="dwithin", distance=max(gap_m, 0.05))
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        beside[one].append(other)
    waiting = set(range(len(places)))
    while waiting:
        reached, new = [], [waiting.pop()]
        while new:
            here = new.pop()
            reached.append(here)
            next_ = [other for other in beside[here] if other in waiting]
            waiting.difference_update(next_)
            new += next_
        yield [places[at] for at in sorted(reached)]


def _made(key: tuple[str, ...], parcels: Sequence[ParcelVersion]) -> Proposed:
    path, ground, use, soil, source = key
    geometry = union(one.geometry for one in parcels)
    return Proposed(path, ground, use, soil, source, geometry, area_m2(geometry), tuple(parcels))
