"""The table behind the judgement by columns: what applies to each analyte, unit, use, pH band and turn of editions.

A *turn* is a stretch of days in which no edition comes or goes. A *place* is one row of the table; the places of one
combination follow each other: a place for each pH band, then pH missing, then a number that is no pH.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from soilrules import units
from soilrules.standards import uses
from soilrules.standards.arrow import Flags, Floats, Ints
from soilrules.standards.judge import SOIL_LEVELS, unit_cause
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Limit
from soilrules.standards.names import Named, resolve
from soilrules.standards.rulings import Cause, Circumstances, Ruling, of_editions
from soilrules.units import Unit
from soilrules.verdict import Outcome

CAUSES = tuple(Cause)


@dataclass(frozen=True, slots=True)
class Place:
    """What applies at one place. `first` is NaN where nothing can be compared, `second` infinite where there is none.

    `cause` says why nothing applies; `unit_cause` why the unit cannot be compared; `by_hand` that the limit is no
    upper bound and each result must be judged by itself.
    """

    analyte: str
    around: Circumstances
    ruling: Ruling
    named: Named
    first: float = math.nan
    second: float = math.inf
    unit_cause: Cause | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of all places."""

    first: Floats
    second: Floats
    cause: NDArray[np.int8]  # code in CAUSES, −1 where there is none
    unit_cause: NDArray[np.int8]
    by_hand: Flags

    def with_more(self, more: Table) -> Table:
        """This table and the places of another below it."""
        pairs = ((getattr(self, one.name), getattr(more, one.name)) for one in fields(self))
        return Table(*map(np.concatenate, pairs))


def _table(places: Sequence[Place]) -> Table:
    return Table(
        np.array([one.first for one in places]),
        np.array([one.second for one in places]),
        np.array([_code(one.ruling.cause) for one in places], np.int8),
        np.array([_code(one.unit_cause) for one in places], np.int8),
        np.array([one.by_hand for one in places], np.bool_),
    )


def _code(cause: Cause | None) -> int:
    return -1 if cause is None else CAUSES.index(cause)


class Places:
    """Places found so far for one standard in one division; they only grow."""

    def __init__(self, library: Library, family: str, *, level: str, division: str) -> None:
        self.library, self.family, self.level, self.division = library, family, level or "III", division
        self.editions = library.national(family)
        if not self.editions:
            raise KeyError(family)
        held = [one for one in library.editions if one.family == family]
        starts = {day for one in held for day in (one.since, one.until) if day is not None}
        self.turns = tuple(sorted(starts))
        self.edges = _edges(held)
        self.found: list[Place] = []
        self._bases: dict[tuple[int, str | None, str | None, str | None], int] = {}
        self.table = _table(())

    @property
    def bands(self) -> int:
        """How many places a combination has."""
        return len(self.edges) + 3 if self.edges else 1

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes of this standard in the order of their codes; unknown is the last."""
        over = ("exceeds_screening", "exceeds_control") if self.editions[0].levels == SOIL_LEVELS else ("exceeds",)
        return tuple(map(Outcome, ("meets", *over, "unknown")))

    def bases(self, combinations: Sequence[tuple[int, str | None, str | None, str | None]]) -> Ints:
        """The first place of each combination of turn, analyte, unit and use, as printed; new ones are looked up."""
        known = len(self.found)
        for one in combinations:
            if one not in self._bases:
                self._bases[one] = len(self.found)
                self.found.extend(self._places(*one))
        if len(self.found) != known:
            self.table = self.table.with_more(_table(self.found[known:]))
        return np.array([self._bases[one] for one in combinations], np.int32)

    def _places(self, turn: int, name: str | None, unit: str | None, use: str | None) -> list[Place]:
        day = self.turns[turn - 1] if turn else self.turns[0] - timedelta(days=1)
        named = resolve(name or "", self.editions)
        where = uses.resolve(self.family, use) if use else None
        around = [Circumstances(day, where, ph, self.division) for ph in _one_ph_of_each_band(self.edges)]
        return [self._place(named, one, units.parse(unit) if unit else None, unit) for one in around]

    def _place(self, named: Named, around: Circumstances, unit: Unit | None, printed: str | None) -> Place:
        edition = self.library.edition(self.family, around.on)
        if edition is None:
            return Place(named.slug, around, Ruling(None, cause=Cause.NOT_IN_FORCE), named)
        if named.cause:
            return Place(named.slug, around, Ruling(edition, cause=named.cause), named)
        local = self.library.overlays(self.family, around.on, self.division)
        ruling = of_editions(edition, local, named.slug, around)
        if ruling.cause:
            by_hand = ruling.cause is Cause.RELATED_ANALYTE and _stands_in(edition, named.slug)
            return Place(named.slug, around, ruling, named, by_hand=by_hand)
        return self._compared(Place(named.slug, around, ruling, named), unit, printed)

    def _compared(self, place: Place, unit: Unit | None, printed: str | None) -> Place:
        """The place with its thresholds in the unit of the results."""
        levels = self.editions[0].levels
        wanted = levels if levels == SOIL_LEVELS or len(levels) == 1 else (self.level,)
        limits = [place.ruling.limits.get(level, ()) for level in wanted]
        plain = all(len(of_level) == 1 and of_level[0].bound.upper is not None for of_level in limits if of_level)
        if not plain or not limits[0]:
            return replace(place, by_hand=True)
        if cause := Cause.UNIT_UNKNOWN if printed and unit is None else unit_cause(unit, limits[0][0]):
            return replace(place, unit_cause=cause)
        bounds = [_in_unit(of_level[0], unit or of_level[0].unit) for of_level in limits if of_level]
        return replace(place, first=bounds[0], second=bounds[1] if len(bounds) > 1 else math.inf)


def _in_unit(limit: Limit, unit: Unit) -> float:
    return float(limit.upper * limit.unit.to(unit))


def _stands_in(edition: Edition, slug: str) -> bool:
    return any(one.offered == slug and one.stands_in_when_meets for one in edition.related)


def _edges(editions: Sequence[Edition]) -> tuple[Decimal, ...]:
    """The pH at which limits change. Every edge belongs to the band below it, which the kernel relies on."""
    bands = [limit.ph for one in editions for limit in one.limits if limit.ph is not None]
    if any((one.high is not None and not one.high_closed) or (one.low is not None and one.low_closed) for one in bands):
        raise ValueError("A pH edge that belongs to the band above it: the judgement by columns compares with > only.")
    return tuple(sorted({edge for one in bands for edge in (one.low, one.high) if edge is not None}))


def _one_ph_of_each_band(edges: Sequence[Decimal]) -> list[Decimal | None]:
    """A pH inside every band, then none, then a number that is no pH; a single none where pH does not matter."""
    if not edges:
        return [None]
    return [*edges, edges[-1] + Decimal("0.1"), None, Decimal(-1)]
