"""The combination of turn of editions, analyte, unit and use of every row of a batch, and the first place of each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules.standards.arrow import Ints
from soilrules.standards.places import Places

_DENSE = 1 << 22  # combinations that may stand in one table; more are coded by those that occur

Words = Sequence[str | None]


class Combinations:
    """A batch's combinations, numbered; each is looked up in `places` when the first row of it comes by.

    Every column is given as its codes and what they stand for; the codes of a column with one word are not read.
    """

    def __init__(
        self,
        places: Places,
        *,
        turn: tuple[Ints, Sequence[int]],
        name: tuple[Ints, Words],
        unit: tuple[Ints, Words],
        use: tuple[Ints, Words],
    ) -> None:
        self._places = places
        self._turns, self._words = turn[1], (name[1], unit[1], use[1])
        self._shape = tuple(len(words) for _, words in (turn, name, unit, use))
        self._columns = [(codes, len(words)) for codes, words in (turn, name, unit, use) if len(words) > 1]
        self._occurring: Sequence[int] | None = None
        if math.prod(self._shape) > _DENSE:
            self._number_those_that_occur()
        count = math.prod(self._shape) if self._occurring is None else len(self._occurring)
        self._first = np.full(count, -1, np.int32)

    def first_places(self, rows: slice, out: Ints) -> None:
        """The first place of each of `rows`, into `out`."""
        number = self._numbers(rows, len(out))
        np.take(self._first, number, out=out, mode="clip")
        if out.min() < 0:
            unseen = np.zeros(len(self._first), np.bool_)
            unseen[number[out < 0]] = True
            new = np.flatnonzero(unseen)
            self._first[new] = self._places.bases(self._combinations(new))
            np.take(self._first, number, out=out, mode="clip")

    def _numbers(self, rows: slice, count: int) -> Ints:
        if not self._columns:
            return np.zeros(count, np.int32)
        number = self._columns[0][0][rows]
        for codes, size in self._columns[1:]:
            number = number * size  # a new array: the first column belongs to the batch
            number += codes[rows]
        return number

    def _number_those_that_occur(self) -> None:
        number = self._columns[0][0].astype(np.int64)
        for codes, size in self._columns[1:]:
            number = number * size + codes
        found = pa.array(number).dictionary_encode()
        self._columns = [(found.indices.to_numpy(), 1)]
        self._occurring = found.dictionary.to_numpy()

    def _combinations(self, numbers: NDArray[np.intp]) -> list[tuple[int, str | None, str | None, str | None]]:
        of_all = numbers if self._occurring is None else np.asarray(self._occurring)[numbers]
        parts = zip(*(axis.tolist() for axis in np.unravel_index(of_all, self._shape)), strict=True)
        names, symbols, uses = self._words
        return [(self._turns[turn], names[name], symbols[unit], uses[use]) for turn, name, unit, use in parts]
