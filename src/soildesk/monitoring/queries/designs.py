"""The design of a campaign: how many points it needs by the rules of density, how many it has, and what may be added."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.kit.parts import Chip
from soildesk.land.shapes import areas_m2
from soildesk.monitoring import gridcells
from soildesk.monitoring.markwords import mark_word
from soildesk.monitoring.models import Campaign, Medium, PointVersion, SamplingTask
from soildesk.monitoring.queries import network
from soildesk.monitoring.wording import spoken
from soilrules.monitoring import density
from soilrules.monitoring.dated import Medium as RuleMedium
from soilrules.monitoring.density import Comparison, Enough, Ground, Requirement, Stage, Survey

STAGES = {
    (Campaign.Kind.SURVEY, Campaign.Stage.INITIAL): Stage.INITIAL,
    (Campaign.Kind.SURVEY, Campaign.Stage.DETAILED): Stage.DETAILED,
    (Campaign.Kind.CENSUS, ""): Stage.CENSUS,
    (Campaign.Kind.DETAILED, ""): Stage.FARMLAND_DETAILED,
    (Campaign.Kind.ROUTINE, ""): Stage.ROUTINE,
}
GROUNDS = {
    Campaign.Unit.CULTIVATED: Ground.CULTIVATED,
    Campaign.Unit.FOREST_GRASS: Ground.FOREST_GRASS,
    Campaign.Unit.UNUSED: Ground.UNUSED,
}
KEY_AREA = {Campaign.Unit.KEY_AREA: True, Campaign.Unit.PLAIN_AREA: False}
BY_PLAN = (Campaign.Kind.ROUTINE, Campaign.Kind.JOINT)
"""Kinds of campaigns that sample a standing network: the density of surveys does not apply to them."""
COARSEST_M, FINEST_M = 40_000.0, 5.0
MOST_TRIED = 2_000
"""Cells of a grid that is tried; a finer one is left to the person."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One medium of one area: required n, found m. Without a rule of its stage nothing is required by number."""

    medium: str
    area: int
    area_m2: float | None
    shape: Any
    found: int
    comparison: Comparison | None

    @property
    def medium_word(self) -> str:
        """The medium in words."""
        return str(Medium(self.medium).label)

    @property
    def mark_word(self) -> str:
        """How sure the rule is, in words."""
        return mark_word(str(self.comparison.required.mark)) if self.comparison else ""

    @property
    def chip(self) -> Chip:
        """The verdict on the number."""
        words = {
            Enough.MEETS: Chip("good", _("够数")),
            Enough.TOO_FEW: Chip("bad", _("不够")),
            Enough.UNKNOWN: Chip("unknown", _("无法判断")),
        }
        return words[self.comparison.verdict] if self.comparison else Chip("unknown", _("没有数量要求"))

    @property
    def said(self) -> str:
        """Why, and by which rule, in the reader's language."""
        if self.comparison is None:
            return ""
        messages = (self.comparison.message, self.comparison.required.message)
        return "".join(dict.fromkeys(map(spoken, messages)))


def needed(campaign: Campaign, on: date) -> list[Needed]:
    """What each area of the campaign needs, medium by medium."""
    stage = STAGES.get((campaign.kind, campaign.stage)) or STAGES.get((campaign.kind, ""))
    areas: list[tuple[BaseGeometry | None, float | None]] = [(None, None)]
    if campaign.geometry is not None:
        parts = list(shapely.get_parts(campaign.geometry))
        areas = list(zip(parts, areas_m2(parts), strict=True))
    places = places_of(campaign)
    found = []
    for medium in campaign.media:
        for number, (shape, area_m2) in enumerate(areas, 1):
            held = _found(places, medium, shape)
            comparison = density.compare(_asked(campaign, stage, medium, area_m2, on), held) if stage else None
            found.append(Needed(medium, number, area_m2, shape, held, comparison))
    return found


def has_density(campaign: Campaign, lines: Sequence[Needed]) -> bool:
    """Whether a number of points is asked of this campaign at all: its plan does not give it, or a rule knows its kind."""
    known = (line.comparison and line.comparison.verdict is not Enough.UNKNOWN for line in lines)
    return campaign.kind not in BY_PLAN or any(known)


def _found(places: Sequence[tuple[str, Any]], medium: str, shape: BaseGeometry | None) -> int:
    return sum(1 for of, at in places if of == medium and (shape is None or (at is not None and shape.covers(at))))


def _asked(campaign: Campaign, stage: Stage, medium: str, area_m2: float | None, on: date) -> Requirement:
    return density.required(
        Survey(
            stage,
            RuleMedium(medium),
            Decimal(str(round(area_m2, 2))) if area_m2 else None,
            on,
            suspected_parcel=campaign.suspected,
            ground=GROUNDS.get(campaign.unit_kind),
            key_area=KEY_AREA.get(campaign.unit_kind),
        )
    )


def places_of(campaign: Campaign) -> list[tuple[str, Any]]:
    """Medium and place of each place that is sampled: several depths of one point are one place."""
    rows = campaign.tasks.filter(role=SamplingTask.Role.ORDINARY).exclude(state=SamplingTask.State.DROPPED)
    found = {}
    for medium, point, at, pk in rows.values_list("medium", "point_id", "planned_at", "pk"):
        found.setdefault((medium, point or shapely.to_wkt(at) if at is not None else pk), (medium, at))
    return list(found.values())


def spacing_m(lines: Sequence[Needed]) -> float | None:
    """The side of a grid that gives every area as many places as the rules ask for; None where none says."""
    sides = [side for line in lines if (side := _side(line)) is not None]
    return min(sides) if sides else None


def _side(line: Needed) -> float | None:
    """The root of the ground a place stands for, made smaller until a grid of it has enough places."""
    required = line.comparison.required if line.comparison else None
    count = (required.needed or required.at_least) if required else 0
    if not count or not line.area_m2:
        return None
    side = min(max(math.sqrt(line.area_m2 / count), FINEST_M), COARSEST_M)
    while side > FINEST_M and gridcells.count_cells(line.shape, side) < MOST_TRIED:
        if len(gridcells.grid_points(line.shape, side)) >= count:
            break
        side *= 0.95
    return math.floor(side * 100) / 100


def free_points(campaign: Campaign, actor: Actor, on: date) -> QuerySet[PointVersion]:
    """Points of the campaign's media and ground that have no sample in it yet."""
    rows = network.points(actor, on).filter(medium__in=campaign.media)
    if campaign.geometry is not None:
        rows = rows.filter(geometry__intersects=campaign.geometry)
    held = campaign.tasks.exclude(state=SamplingTask.State.DROPPED).exclude(point=None)
    return rows.exclude(point__in=held.values("point")).select_related("point", "keeper")
