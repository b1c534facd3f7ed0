"""The results of one column, for many rows at once: numbers as arrays, each different printing understood once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules import units
from soilrules.labtables import notation
from soilrules.labtables.coded import Coded, Codes, Vocabulary
from soilrules.labtables.schema import NO_VALUE, PROBLEMS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CODE = {problem: at for at, problem in enumerate(PROBLEMS)}
NOTHING = -1  # no problem


@dataclass(slots=True)
class Results:
    """Results by row; NaN where there is no number. `unit` and `qualifier` count in vocabularies, `problem` in PROBLEMS."""

    value: Floats
    censored: Flags
    limit: Floats
    more_than: Floats
    unit: Codes
    qualifier: Codes
    problem: NDArray[np.int8]

    def taken(self, rows: NDArray[np.integer[Any]]) -> Results:
        """The results of some rows."""
        return Results(*(getattr(self, one.name)[rows] for one in fields(self)))

    def below(self, rows: Flags) -> None:
        """A column says these are below the limit: the number printed is the limit, but for a 0."""
        number = rows & ~np.isnan(self.value)
        self.limit[number] = np.where(self.value[number] > 0, self.value[number], np.nan)
        unmeasured = rows & (self.problem == CODE["no_value"])
        self.censored[number | unmeasured] = True
        self.value[number] = np.nan
        self.problem[unmeasured] = NOTHING

    def above(self, rows: Flags) -> None:
        """A column of qualifiers says these are above the number printed."""
        number = rows & ~np.isnan(self.value)
        self.more_than[number] = self.value[number]
        self.value[number] = np.nan
        self.problem[number] = CODE["above_range"]

    def zero_below(self, rows: Flags) -> None:
        """A 0 with a detection limit beside it is below that limit."""
        zero = rows & (self.value == 0)
        self.censored[zero] = True
        self.value[zero] = np.nan

    def refuse(self, rows: Flags, problem: str) -> None:
        """These cannot be judged, whatever is printed."""
        self.problem[rows] = CODE[problem]

    def beside(self, rows: Flags, problem: str) -> None:
        """Tell a problem of something beside the result, where the result has none of its own."""
        self.problem[rows & (self.problem == NOTHING)] = CODE[problem]

    def without_refused(self) -> None:
        """What cannot be judged says nothing."""
        refused = (self.problem >= 0) & (self.problem < len(NO_VALUE))
        for numbers in (self.value, self.limit, self.more_than):
            numbers[refused] = np.nan
        self.censored[refused] = False


def read(printed: Coded, unit_words: Vocabulary, qualifiers: Vocabulary, *, comma_decimal: bool) -> Results:
    """Understand a column of results. Plain numbers are cast at once, all else is read once for each printing."""
    numbers = _plain_numbers(printed.words)
    odd = np.flatnonzero(np.isnan(numbers)).tolist()
    readings = [notation.read(printed.words[at], comma_decimal=comma_decimal) for at in odd]
    by_word = Results(
        value=np.append(numbers, np.nan),
        censored=np.zeros(len(numbers) + 1, np.bool_),
        limit=np.full(len(numbers) + 1, np.nan),
        more_than=np.full(len(numbers) + 1, np.nan),
        unit=np.full(len(numbers) + 1, -1, np.int32),
        qualifier=np.full(len(numbers) + 1, -1, np.int32),
        problem=np.full(len(numbers) + 1, NOTHING, np.int8),
    )
    by_word.problem[-1] = CODE["no_value"]  # blank cells have the code -1
    for at, one in zip(odd, readings, strict=True):
        by_word.value[at] = _or_nan(one.value)
        by_word.censored[at] = one.censored
        by_word.limit[at] = _or_nan(one.limit)
        by_word.more_than[at] = _or_nan(one.more_than)
        by_word.unit[at] = unit_words.code(one.unit)
        by_word.qualifier[at] = qualifiers.code(one.qualifier)
        by_word.problem[at] = CODE[one.problem] if one.problem else NOTHING
    return by_word.taken(printed.codes)


def numbers_of(printed: Coded, unit_words: Vocabulary) -> tuple[Floats, Codes, Flags]:
    """A column of limits or background values: the numbers, the units in the cells, and where something is no number."""
    plain = _plain_numbers(printed.words)
    unit = np.full(len(plain) + 1, -1, np.int32)
    unread = np.zeros(len(plain) + 1, np.bool_)
    for at in np.flatnonzero(np.isnan(plain)).tolist():
        one = notation.read(printed.words[at])
        plain[at] = _or_nan(one.limit if one.censored else one.value)
        unit[at] = unit_words.code(one.unit)
        unread[at] = np.isnan(plain[at]) and one.problem != "no_value" and not one.censored
    return np.append(plain, np.nan)[printed.codes], unit[printed.codes], unread[printed.codes]


def _plain_numbers(words: Sequence[str]) -> Floats:
    """The words that are plain finite numbers, NaN for all others."""
    texts = pa.array(words, pa.string())
    plain = pc.if_else(pc.match_substring_regex(texts, notation.PLAIN), pc.utf8_ltrim(texts, "+"), None)
    numbers: Floats = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False).copy()
    numbers[np.isinf(numbers)] = np.nan
    return numbers


def _or_nan(number: float | None) -> float:
    return np.nan if number is None else number


def factors(have: Codes, want: Codes, words: Sequence[str]) -> Floats:
    """What to multiply a number by to bring it from unit `have` to unit `want`, by row; NaN where they do not convert."""
    if np.array_equal(have, want):
        return np.ones(len(have))
    width = len(words) + 1
    pairs, at = np.unique((have.astype(np.int64) + 1) * width + want + 1, return_inverse=True)
    said = [None, *words]
    known = [_factor(said[pair // width], said[pair % width]) for pair in pairs.tolist()]
    return np.array(known, np.float64)[at]


def _factor(have: str | None, want: str | None) -> float:
    if have == want:
        return 1.0
    known, wanted = units.parse(have or ""), units.parse(want or "")
    return float(known.to(wanted)) if known and wanted and known.dimension is wanted.dimension else np.nan
