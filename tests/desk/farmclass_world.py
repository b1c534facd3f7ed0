"""A round of monitoring on the farming county for the tests of classes: three points in each unit that is asked for.

    farm = farmland_world.county(world)
    soil = farmclass_world.soil_round(world, farm, {"priority_1": {"cadmium": 0.2}, "safe_1": {"cadmium": 0.9}})

What a unit is not given is clean: pH 6.0 and contents far below every screening value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desk import judging_world
from desk.farmland_world import Farm
from soildesk.farmland.models import Classification
from soildesk.farmland.queries.whatif import Terms
from soildesk.farmland.services import classifying
from soildesk.farmland.services.classifying import Wanted
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Campaign, Judgement
from soildesk.monitoring.services import judging

ON = date(2026, 9, 10)
CLEAN = {
    "ph": 6.0,
    "cadmium": 0.1,
    "mercury": 0.1,
    "arsenic": 5,
    "lead": 20,
    "chromium": 60,
    "copper": 20,
    "nickel": 20,
    "zinc": 60,
}
GRAIN = {"cadmium": 0.05, "mercury": 0.005, "inorganic_arsenic": 0.1, "lead": 0.05, "chromium": 0.2}
SPOTS = ((0.3, 0.3), (0.7, 0.3), (0.5, 0.7))
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def soil_round(world: Any, farm: Farm, given: Mapping[str, Values], on: date = ON, **facts: Any) -> Campaign:
    """A round with three points in each unit, judged; a unit's values hold for all its points, or are given point by point."""
    return _round(world, farm, given, on, {"medium": "soil", "standard": "gb15618", "use": "paddy"}, CLEAN, **facts)


def grain_round(world: Any, farm: Farm, given: Mapping[str, Values], on: date = ON, **facts: Any) -> Campaign:
    """A round of rice at three points in each unit, judged."""
    return _round(world, farm, given, on, {"medium": "produce", "crop": "稻谷"}, GRAIN, **facts)


def _round(
    world: Any, farm: Farm, given: Mapping[str, Values], on: date, kind: Mapping[str, Any], usual: Mapping[str, Any], **facts: Any
) -> Campaign:  # fmt: skip
    made = judging_world.campaign(world, on, media=[kind["medium"]], **facts)
    results = {}
    for name, values in given.items():
        west, south, east, north = farm.version(name).geometry.bounds
        for at, (x, y) in enumerate(SPOTS):
            number = f"{kind['medium'][:1].upper()}-{name}-{at + 1}-{made.number}"
            point = judging_world.point(
                world, number, x=west + x * (east - west), y=south + y * (north - south), **kind
            )
            of_point = values if isinstance(values, Mapping) else values[at] if at < len(values) else None
            if of_point is not None:
                results[point] = {slug: value for slug, value in {**usual, **of_point}.items() if value is not None}
    judging_world.results(world, made, results, on)
    judging.judge(made, Judgement.Why.ACCEPTED, by=world.actor("officer"), at=judging_world.moment(on, 8))
    return made


def opened(
    world: Any, soil: Sequence[Campaign], produce: Sequence[Campaign] = (), *, on: date = ON, terms: Terms | None = None
) -> Classification:
    """A classification of the district in draft."""
    given = {"terms": terms} if terms else {}
    wanted = Wanted("2026年耕地类别划分", on, soil, produce, **given)
    where = Place(world.district, world.departments["agriculture"])
    return classifying.open_(wanted, where, by=world.actor("agriculture_head"), at=judging_world.moment(on, 9))


def computed(world: Any, *args: Any, **facts: Any) -> Classification:
    """A classification with its proposals."""
    made = opened(world, *args, **facts)
    return classifying.compute(made, by=world.actor("agriculture_head"), at=judging_world.moment(made.on, 10))
