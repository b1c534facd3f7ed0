"""Ground that became farmland 新增耕地来源: what it was before, and whether its soil was looked into before it was tilled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from soildesk.core.permissions import Actor
from soildesk.farmland.models import UnitVersion
from soildesk.land.queries.standing import unused_land
from soildesk.land.shapes import area_m2
from soildesk.monitoring.queries.columns import surveyed_in
from soildesk.plots.queries import plots

BASES = ("farmland.law.to_cropland", "farmland.code.to_cropland")
LEAST_M2 = 100.0
"""Ground shared with what stood there by less than this is the width of a drawn line."""


@dataclass(frozen=True, slots=True)
class Was:
    """What a part of a unit was before it was farmland: unused land or a plot of construction land."""

    kind: str  # unused, plot
    name: str
    uid: str
    area_m2: float


@dataclass(frozen=True)
class Origin:
    """What a unit was before, and the surveys of its soil; none found is no survey, never a clean one."""

    was: Sequence[Was]
    surveys: Sequence[Any]

    @property
    def owes(self) -> bool:
        """Whether a survey before tilling is not on record."""
        return bool(self.was) and not self.surveys


def origin_of(actor: Actor, version: UnitVersion) -> Origin:
    """What a unit was before it was entered as cropland."""
    if version.ground != UnitVersion.Ground.CROPLAND:
        return Origin((), ())
    first = UnitVersion.objects.filter(superseded_at=None, unit=version.unit_id).order_by("since").first() or version
    was = [*_unused(actor, version, first.since), *_plots(actor, version, first.since)]
    return Origin(was, surveyed_in(actor, version.geometry, actor.today) if was else ())


def _unused(actor: Actor, version: UnitVersion, since: date) -> list[Was]:
    rows = unused_land(actor, since - timedelta(days=1)).filter(geometry__intersects=version.geometry)
    found = [Was("unused", one.name, str(one.land.uid), _shared(version, one)) for one in rows.select_related("land")]
    return [one for one in found if one.area_m2 > LEAST_M2]


def _plots(actor: Actor, version: UnitVersion, since: date) -> list[Was]:
    found = plots.overlapping(version.geometry, actor, since - timedelta(days=1))
    named = [Was("plot", one.version.name, str(one.version.plot.uid), _shared(version, one.version)) for one in found]
    return [one for one in named if one.area_m2 > LEAST_M2]


def _shared(version: UnitVersion, other: Any) -> float:
    return area_m2(version.geometry.intersection(other.geometry))


def is_heavy(version: UnitVersion, farmland_class: str) -> bool:
    """Whether ground is heavily polluted farmland: of the strict class, or told so by the survey of farmland."""
    return farmland_class == "strict" or version.pollution == UnitVersion.Pollution.HEAVY


def new_ground(actor: Actor, after: date, until: date) -> list[tuple[UnitVersion, Origin]]:
    """Units entered as cropland between two days that were something else before."""
    firsts: dict[int, UnitVersion] = {}
    rows = UnitVersion.objects.visible_to(actor).filter(superseded_at=None).select_related("unit").order_by("since")
    for one in rows.defer("geometry"):
        firsts.setdefault(one.unit_id, one)
    new = [one for one in firsts.values() if after <= one.since <= until]
    found = [(one, origin_of(actor, one)) for one in new]
    return [(one, origin) for one, origin in found if origin.was]
