"""Which rows speak of the same sample: for rows given twice, and for a pH that stands in a row of its own.

A key is 64 bits over what tells samples apart, kept in 12 bytes a row. Python's own hash of a string changes from
process to process; the keys never leave it. In a file of ten million rows two different samples share a key once in
some hundred thousand files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from soilrules.labtables.coded import Coded

Keys = NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads neighbours
SHOWN = 20  # pairs of rows told one by one


def row_keys(columns: Sequence[Coded], rows: int) -> Keys:
    """One key for each row over several columns; their order counts."""
    keys = np.zeros(rows, np.uint64)
    for column in columns:
        keys = _mixed(keys * _ODD + _digests(column)[column.codes])
    return keys


def _digests(column: Coded) -> Keys:
    """A number for each word, and 0 for the blank at the end, where the code -1 finds it."""
    numbers = np.fromiter(map(hash, column.words), np.int64, len(column.words))
    return np.append(numbers.view(np.uint64), np.uint64(0))


def _mixed(keys: Keys) -> Keys:
    """The finish of splitmix64, so that every bit of a digest reaches every bit of the key."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


class SeenRows:
    """The keys of all rows of a file, to find those given twice."""

    def __init__(self) -> None:
        self._keys: list[Keys] = []
        self._rows: list[NDArray[np.uint32]] = []

    def add(self, keys: Keys, rows: NDArray[np.int64]) -> None:
        """Remember some rows."""
        self._keys.append(keys)
        self._rows.append(rows.astype(np.uint32))

    def twice(self) -> tuple[int, list[list[int]]]:
        """How many rows repeat another, and the first groups of row numbers."""
        if not self._keys:
            return 0, []
        keys = np.concatenate(self._keys)
        keys.sort()
        again = keys[1:][keys[1:] == keys[:-1]]
        if not len(again):
            return 0, []
        return len(again), list(self._groups(np.unique(again)))[:SHOWN]

    def _groups(self, again: Keys) -> Iterator[list[int]]:
        """Row numbers of equal keys, the first met first."""
        groups: dict[int, list[int]] = {}
        for keys, rows in zip(self._keys, self._rows, strict=True):
            for at in np.flatnonzero(np.isin(keys, again)):
                key = int(keys[at])
                if key in groups or len(groups) < SHOWN:
                    groups.setdefault(key, []).append(int(rows[at]))
        yield from (group for group in groups.values() if len(group) > 1)


class PhByKey:
    """The pH of samples whose table gives it in rows of its own."""

    def __init__(self, keys: Sequence[Keys], values: Sequence[NDArray[np.float64]]) -> None:
        every = np.concatenate(keys) if keys else np.empty(0, np.uint64)
        numbers = np.concatenate(values) if values else np.empty(0)
        order = np.lexsort((numbers, every))
        self._keys, first, counts = np.unique(every[order], return_index=True, return_counts=True)
        low, high = numbers[order][first], numbers[order][first + counts - 1]
        self._values, self._conflict = np.where(low == high, low, np.nan), low != high

    def __len__(self) -> int:
        return len(self._keys)

    def of(self, keys: Keys) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The pH of each row, NaN where there is none, and where two rows disagree."""
        if not len(self._keys):
            return np.full(len(keys), np.nan), np.zeros(len(keys), np.bool_)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found = self._keys[at] == keys
        return np.where(found, self._values[at], np.nan), found & self._conflict[at]
