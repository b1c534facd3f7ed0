"""Columns of laboratory results in one unit, grouped, and the medians of what was found before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import units
from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats

DIMENSIONS = list(units.Dimension)
_PLACES = len(DIMENSIONS) + 1
_COMPARED = (units.Dimension.MASS_FRACTION, units.Dimension.MASS_CONCENTRATION)


class Groups:
    """Rows of one thing (a code) in one dimension (a place of `in_base`); groups are counted from 0."""

    def __init__(self, codes: NDArray[np.int64], dimension: NDArray[np.int64]) -> None:
        self.keys, self.of_row = np.unique(codes * _PLACES + dimension, return_inverse=True)
        self._order = np.argsort(self.of_row, kind="stable")
        self._ends = np.cumsum(np.bincount(self.of_row, minlength=len(self.keys)))

    def rows(self) -> Sequence[NDArray[np.int64]]:
        """The rows of each group, in order."""
        return np.split(self._order, self._ends[:-1])

    def alike(self, one: int, other: int) -> bool:
        """Whether two groups are of one dimension."""
        return bool((self.keys[one] - self.keys[other]) % _PLACES == 0)

    def medians(self, values: Floats, *, at_least: int) -> Floats:
        """For each row the median of its group's numbers, NaN where there are fewer than `at_least`."""
        found = np.full(len(self.keys), np.nan)
        for number, rows in enumerate(self.rows()):
            told = values[rows][~np.isnan(values[rows])]
            if len(told) >= at_least:
                found[number] = np.median(told)
        return found[self.of_row]

    def shares(self, found: Flags, *, among: Flags, at_least: int) -> Floats:
        """For each row the share of `found` in its group's rows `among`, 0 where fewer than `at_least` are found."""
        count = np.bincount(self.of_row, found, len(self.keys))
        of = np.maximum(np.bincount(self.of_row, among, len(self.keys)), 1)
        shares: Floats = np.where(count >= at_least, count / of, 0.0)[self.of_row]
        return shares


def in_base(batch: pa.RecordBatch) -> tuple[Floats, NDArray[np.int64]]:
    """Detected values in mg/kg or mg/L, else as they are, and the place of each unit's dimension.

    NaN where nothing was detected or the unit is not readable; the place after the last dimension is no unit.
    """
    codes, words = arrow.words(batch.column("unit"))
    read = [units.parse(word or "") for word in words]
    factors = np.array([_factor(one) for one in read])
    places = np.array([len(DIMENSIONS) if one is None else DIMENSIONS.index(one.dimension) for one in read])
    amount = arrow.floats(batch.column("value")) * factors[codes]
    amount[arrow.flags(batch.column("censored"))] = np.nan
    return amount, places[codes]


def former_medians(history: pa.RecordBatch, batch: pa.RecordBatch) -> pa.Array:
    """For each row of `batch` the median of its point and analyte in `history`, null where there is none.

    Both have the columns point, analyte, value, unit, censored. The median is of detected results in the base unit; where
    half or more were not detected there is none.
    """
    both = [
        pa.concat_arrays([one.column(name).cast(pa.string()) for one in (history, batch)])
        for name in ("point", "analyte")
    ]
    (point, _), (analyte, names) = (arrow.words(one) for one in both)
    amount, dimension = in_base(history)
    more = in_base(batch)[1]
    place = np.concatenate([dimension, more])
    groups = Groups(point.astype(np.int64) * len(names) + analyte, place)
    former = np.concatenate([amount, np.full(batch.num_rows, np.nan)])
    medians = _where_most_are_told(groups, former, history.num_rows)[history.num_rows :]
    return pa.array(medians, from_pandas=True)


def _where_most_are_told(groups: Groups, former: Floats, count: int) -> Floats:
    """The median of each row's group, NaN where half or more of its first `count` rows have no number."""
    of_row, told = groups.of_row, ~np.isnan(former)
    of_group = np.bincount(of_row[:count], minlength=len(groups.keys))
    detected = np.bincount(of_row[told], minlength=len(groups.keys))
    order = np.lexsort((former, of_row))  # NaN is sorted last
    begin = np.searchsorted(of_row[order], np.arange(len(groups.keys)))
    low, high = begin + np.maximum(detected - 1, 0) // 2, begin + detected // 2
    middle = (former[order][low] + former[order][high]) / 2
    return np.where(2 * detected > of_group, middle, np.nan)[of_row]


def _factor(unit: units.Unit | None) -> float:
    if unit is None:
        return np.nan
    return float(unit.factor) if unit.dimension in _COMPARED else 1.0
