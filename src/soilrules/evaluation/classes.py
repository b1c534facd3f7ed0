"""The class of groundwater indices by columns: how many of a place's limits each result lies above.

Rows at one place above as many limits have one class, so they may share a frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import units
from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats, Ints
from soilrules.standards.places import Place
from soilrules.units import Unit

_NOT_SAID = 9  # not detected, by a method too coarse for the first class


class Classes:
    """The limits of all classes at the places of one standard, in the unit of the results."""

    def __init__(self) -> None:
        self._limits: dict[int, Floats | None] = {}

    def codes(self, batch: pa.RecordBatch, place: Ints, places: Sequence[Place]) -> tuple[NDArray[np.int64], Flags]:
        """A number for the class of each row, and whether its numbers decide in a way that is not counted here."""
        codes = np.zeros(len(place), np.int64)
        exact = np.zeros(len(place), np.bool_)
        censored = arrow.flags(batch.column("censored"))
        value = np.where(censored, arrow.floats(batch.column("detection_limit")), arrow.floats(batch.column("value")))
        unit, printed = arrow.words(batch.column("unit"))
        for one, first in zip(*np.unique(place, return_index=True), strict=True):
            here = place == one
            if int(one) not in self._limits:
                self._limits[int(one)] = _limits(places[one], units.parse(printed[unit[first]] or ""))
            limits = self._limits[int(one)]
            exact[here] = limits is None
            if limits is not None and len(limits):
                codes[here] = (value[here, np.newaxis] > limits).sum(axis=1)
        codes[censored & (codes > 0)] = _NOT_SAID
        return codes, exact


def _limits(place: Place, unit: Unit | None) -> Floats | None:
    """The upper limits of the classes; none where the place has one outcome or one class; None to judge each number."""
    edition = place.ruling.edition
    if place.by_hand:
        return None
    if edition is None or len(edition.levels) < 3 or place.ruling.cause or place.unit_cause:
        return np.empty(0)
    of_levels = [place.ruling.limits.get(level, ()) for level in edition.levels]
    if any(len(one) > 1 or any(limit.bound.upper is None for limit in one) for one in of_levels):
        return None
    return np.array([float(one[0].upper * one[0].unit.to(unit or one[0].unit)) for one in of_levels if one])
