"""Rows of integers of different lengths, and integers as protobuf writes them.

A vector tile is protobuf, and all of a feature but its length is a run of varints. So rows are put together as
integers, for all features at once, and turned into bytes in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Unsigned = NDArray[np.uint64]


@dataclass(frozen=True)
class Rows:
    """Row after row in `values`; `counts` says how many values each row has."""

    values: Unsigned
    counts: Whole

    @classmethod
    def of_columns(cls, *columns: NDArray[np.integer] | int) -> Rows:
        """Rows of equal length, one value from each column; a number stands in every row."""
        table = np.stack(np.broadcast_arrays(*columns), axis=1).astype(np.uint64)
        return cls(table.ravel(), np.full(len(table), len(columns)))

    def where(self, wanted: NDArray[np.bool_]) -> Rows:
        """The same rows, those not wanted empty."""
        return Rows(self.values[np.repeat(wanted, self.counts)], np.where(wanted, self.counts, 0))

    def joined(self, groups: Whole, number: int) -> Rows:
        """Neighbouring rows of the same group as one row; `number` groups in all."""
        return Rows(self.values, sums(self.counts, np.bincount(groups, minlength=number)))

    def bytes_each(self) -> Whole:
        """How many bytes each row takes as varints."""
        return sums(lengths(self.values), self.counts)


def side_by_side(*parts: Rows) -> Rows:
    """The first rows of all parts as one row, then the second ones, and so on."""
    counts = np.sum([part.counts for part in parts], axis=0)
    values = np.empty(counts.sum(), np.uint64)
    starts = np.cumsum(counts) - counts
    for part in parts:
        values[runs(starts, part.counts)] = part.values
        starts = starts + part.counts
    return Rows(values, counts)


def runs(starts: Whole, counts: Whole) -> Whole:
    """Rising numbers: as many as each count says, from each start."""
    return np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)


def sums(values: Whole, counts: Whole) -> Whole:
    """The sum of each row, where `counts` says how many values the rows have."""
    total: Whole = np.concatenate([[0], np.cumsum(values)])
    ends: Whole = np.cumsum(counts)
    found: Whole = total[ends] - total[ends - counts]
    return found


def zigzag(values: Whole) -> Unsigned:
    """Signed integers as unsigned ones, the small ones small."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def lengths(values: Unsigned) -> Whole:
    """How many bytes each value takes as a varint: one for every seven bits."""
    found = np.ones(len(values), np.int64)
    wide = np.flatnonzero(values >= 128)
    while len(wide):
        found[wide] += 1
        wide = wide[values[wide] >> (7 * found[wide]).astype(np.uint64) > 0]
    return found


def varints(values: Unsigned) -> bytes:
    """The values as varints: seven bits to a byte, the lowest first, and the top bit where more follow."""
    left = lengths(values)
    places = np.cumsum(left) - left
    written = np.empty(left.sum(), np.uint8)
    while len(values):
        written[places] = (values & 127) | np.where(left > 1, 128, 0).astype(np.uint64)
        more = np.flatnonzero(left > 1)
        values, places, left = values[more] >> np.uint64(7), places[more] + 1, left[more] - 1
    return written.tobytes()


def varint(value: int) -> bytes:
    """One value as a varint."""
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)


def field(number: int, payload: bytes) -> bytes:
    """A protobuf field with a length before its payload: text, a message, packed numbers."""
    return bytes([number << 3 | 2]) + varint(len(payload)) + payload
