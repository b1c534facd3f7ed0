"""Arrow columns as numpy arrays without copying where Arrow allows it; a null float is NaN, a null word the last code."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
_EPOCH = date(1970, 1, 1)


def words(column: pa.Array) -> tuple[Ints, list[str | None]]:
    """Codes and the words they stand for; the last word is None, for rows without one."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    known: list[str | None] = [*coded.dictionary.to_pylist(), None]
    indices = coded.indices.cast(pa.int32())  # before the last code is filled in, which a narrow type may not hold
    if indices.null_count:
        indices = pc.fill_null(indices, len(known) - 1)
    return indices.to_numpy(zero_copy_only=False), known


def floats(column: pa.Array) -> Floats:
    """Numbers, NaN where there is none."""
    numbers: Floats = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return numbers


def flags(column: pa.Array) -> Flags:
    """Truth values; none is false."""
    filled = pc.fill_null(column, False) if column.null_count else column
    bits = np.unpackbits(np.frombuffer(filled.buffers()[1], np.uint8), bitorder="little")
    return bits[filled.offset : filled.offset + len(filled)].view(np.bool_)


def days(column: pa.Array, default: date) -> Ints:
    """Days since 1970-01-01; `default` where there is none."""
    numbers = column.cast(pa.int32())
    filled = pc.fill_null(numbers, day_number(default)) if numbers.null_count else numbers
    found: Ints = filled.to_numpy(zero_copy_only=False)
    return found


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days
