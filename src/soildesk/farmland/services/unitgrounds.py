"""Ground is one unit's at a time, or its area would be counted twice: part of the acts on units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.farmland.models import UnitVersion
from soildesk.farmland.refusals import UnitRefused
from soildesk.land.shapes import area_m2
from soildesk.land.tiling import tolerance_m2


def refuse_overlap(shape: BaseGeometry, since: date, *beside: int) -> None:
    """Ground is one unit's at a time, or its area would be counted twice. `beside`: units whose ground it may take."""
    for other in _meeting(shape, since).exclude(unit__in=beside):
        _refuse_met(shape, other)


def refuse_overlaps(shapes: Sequence[BaseGeometry], since: date) -> None:
    """The same of many grounds, asked for at once."""
    if not shapes:
        return
    others = list(_meeting(shapely.box(*shapely.total_bounds(list(shapes))), since))
    tree = shapely.STRtree([one.geometry for one in others])
    for one, other in zip(*tree.query(list(shapes), predicate="intersects"), strict=True):
        _refuse_met(shapes[int(one)], others[int(other)])


def _meeting(shape: BaseGeometry, since: date) -> Any:
    later = Q(superseded_at=None) & (Q(until=None) | Q(until__gt=since))
    return UnitVersion.objects.filter(later, geometry__intersects=shape).select_related("unit")


def _refuse_met(shape: BaseGeometry, other: UnitVersion) -> None:
    shared = area_m2(other.geometry.intersection(shape))
    spare = min(tolerance_m2(shape), tolerance_m2(other.geometry))
    if shared > spare:
        raise UnitRefused(
            _(
                "与“%(name)s”（%(number)s）重叠 %(area)s m²，超过允许的 %(spare)s m²：同一块地只能属于一个单元，请检查边界。"
            )
            % {"name": other.name, "number": other.unit.number, "area": f"{shared:,.1f}", "spare": f"{spare:,.1f}"},
            code="farmland.unit.overlap",
        )


def refuse_shared(names: Sequence[str], shapes: Sequence[BaseGeometry]) -> None:
    """The same among units that are entered together."""
    tree = shapely.STRtree(list(shapes))
    for one, other in zip(*tree.query(list(shapes), predicate="overlaps"), strict=True):
        _refuse_pair(names, shapes, int(one), int(other))
    for one, other in zip(*tree.query(list(shapes), predicate="contains"), strict=True):
        _refuse_pair(names, shapes, int(one), int(other))


def _refuse_pair(names: Sequence[str], shapes: Sequence[BaseGeometry], one: int, other: int) -> None:
    if one == other:
        return
    shared = area_m2(shapes[one].intersection(shapes[other]))
    if shared > min(tolerance_m2(shapes[one]), tolerance_m2(shapes[other])):
        raise UnitRefused(
            _("“%(one)s”与“%(other)s”重叠 %(area)s m²：同一块地只能属于一个单元，请检查边界。")
            % {"one": names[one], "other": names[other], "area": f"{shared:,.1f}"},
            code="farmland.unit.overlap",
        )


class Before:
    """The grounds of new units of a file met so far: none of the later ones may lie on them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._shapes: list[BaseGeometry] = []
        self._bounds = np.empty((256, 4))

    def take(self, name: str, shape: BaseGeometry) -> None:
        """Remember a ground; refused where it lies on one met before."""
        west, south, east, north = shape.bounds
        met = len(self._shapes)
        held = self._bounds[:met]
        near = (held[:, 0] <= east) & (held[:, 2] >= west) & (held[:, 1] <= north) & (held[:, 3] >= south)
        for at in np.flatnonzero(near).tolist():
            _refuse_pair((self._names[at], name), (self._shapes[at], shape), 0, 1)
        if met == len(self._bounds):
            self._bounds = np.vstack([self._bounds, np.empty_like(self._bounds)])
        self._bounds[met] = shape.bounds
        self._names.append(name)
        self._shapes.append(shape)
