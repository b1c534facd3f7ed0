"""Tests of produce that are owed before a harvest: of every unit at risk, in every season it bears.

A season ends on the first day of harvest; a test counts where its sample was taken within the season and its result is
known by the day. Plans may ask the same of gardens and forest that grow food (产出一季、检测一季).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from soilrules.farmland.rulesets import ROOM
from soilrules.farmland.units import FarmlandClass
from soilrules.messages import Message
from soilrules.standards.crops import groups_of

CEREALS = frozenset({"rice", "wheat", "maize", "barley"})
"""Groups of crops that are one crop in the field whatever its grain is milled to."""
TEST_BASES = ("farmland.law.safe_use", "farmland.code.safe_use", "farmland.law.strict", "farmland.code.strict")


class Risk(StrEnum):
    """Why a unit owes a test of its produce before every harvest."""

    STRICT = "strict"
    SAFE_USE = "safe_use"
    LAST_ABOVE = "last_above"
    ZONE = "zone"
    GARDEN = "garden"

    def sentence(self, language: str = "zh") -> str:
        """The reason in words."""
        return Message(ROOM, "risk", self.value).sentence(language)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of a unit: its approved class, whether its last test was above the limit, whether it is in a prohibited
    zone, whether it is a garden or forest whose produce is eaten."""

    farmland_class: FarmlandClass | None
    last_above: bool
    in_zone: bool
    garden: bool = False


def risks(unit: UnitFacts) -> tuple[Risk, ...] | None:
    """Why a unit is at risk, the gravest first; empty: it is not. None: it has no approved class, and nothing else says so.

    >>> risks(UnitFacts(FarmlandClass.SAFE_USE, last_above=True, in_zone=False))
    (<Risk.SAFE_USE: 'safe_use'>, <Risk.LAST_ABOVE: 'last_above'>)
    >>> risks(UnitFacts(None, last_above=False, in_zone=False)) is None
    True
    """
    said = {
        Risk.STRICT: unit.farmland_class is FarmlandClass.STRICT,
        Risk.SAFE_USE: unit.farmland_class is FarmlandClass.SAFE_USE,
        Risk.LAST_ABOVE: unit.last_above,
        Risk.ZONE: unit.in_zone,
        Risk.GARDEN: unit.garden,
    }
    found = tuple(one for one, holds in said.items() if holds)
    return found if found or unit.farmland_class else None


def crop_key(crop: str) -> str:
    """What a crop is in the field, by any name of its grain: 大米 is tested where 水稻 grows.

    >>> crop_key("水稻") == crop_key("糙米") != crop_key("小麦")
    True
    """
    groups = groups_of(crop)
    return groups[-1] if groups and groups[-1] in CEREALS else crop.strip().casefold()


class OwedState(StrEnum):
    """How a test stands."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class Season:
    """One crop on one unit: sown, harvested from `harvest` on; None where nobody said when."""

    unit: str
    crop: str
    sown: date | None
    harvest: date | None


@dataclass(frozen=True, slots=True)
class ProduceTest:
    """A sample of a unit's produce and the day its result was known; None: not yet."""

    unit: str
    crop: str
    sampled: date
    result: date | None


@dataclass(frozen=True, slots=True)
class OwedTest:
    """The test a season owes: last day on which it is in time, and how it stands."""

    season: Season
    due: date | None
    state: OwedState


def owed_tests(seasons: Iterable[Season], tests: Iterable[ProduceTest], on: date) -> tuple[OwedTest, ...]:
    """How the tests of these seasons stand on a day; the last day in time is the day before the harvest.

    >>> rice = Season("GD-1", "水稻", date(2026, 4, 20), date(2026, 9, 20))
    >>> owed_tests([rice], [], date(2026, 9, 19))[0].state
    <OwedState.DUE: 'due'>
    >>> owed_tests([rice], [], date(2026, 9, 20))[0].state
    <OwedState.OVERDUE: 'overdue'>
    """
    by_crop: dict[tuple[str, str], list[ProduceTest]] = {}
    for test in tests:
        by_crop.setdefault((test.unit, crop_key(test.crop)), []).append(test)
    return tuple(_owed(season, by_crop.get((season.unit, crop_key(season.crop)), []), on) for season in seasons)


def _owed(season: Season, tests: list[ProduceTest], on: date) -> OwedTest:
    if season.harvest is None or season.sown is None:
        return OwedTest(season, None, OwedState.CANNOT_SAY)
    due = season.harvest - timedelta(days=1)
    known = [one.result for one in tests if season.sown <= one.sampled <= due and one.result and one.result <= on]
    if any(one <= due for one in known):
        return OwedTest(season, due, OwedState.DONE)
    return OwedTest(season, due, OwedState.DUE if on <= due else OwedState.OVERDUE)
