"""Tests of produce that are owed before a harvest: of every unit at risk, in every season it bears.

A season ends on the first day of harvest; a test counts where its sample was taken within the season and its result is
known by the day. Plans may ask the same of gardens and forest that grow food (产出一季、检测一季).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


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
        by_crop.setdefault((test.unit, test.crop), []).append(test)
    return tuple(_owed(season, by_crop.get((season.unit, season.crop), []), on) for season in seasons)


def _owed(season: Season, tests: list[ProduceTest], on: date) -> OwedTest:
    if season.harvest is None or season.sown is None:
        return OwedTest(season, None, OwedState.CANNOT_SAY)
    due = season.harvest - timedelta(days=1)
    known = [one.result for one in tests if season.sown <= one.sampled <= due and one.result and one.result <= on]
    if any(one <= due for one in known):
        return OwedTest(season, due, OwedState.DONE)
    return OwedTest(season, due, OwedState.DUE if on <= due else OwedState.OVERDUE)
