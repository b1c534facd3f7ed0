"""A sample in which some results are not detected: known only to lie below their own detection limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soilrules.messages import Message

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


class CannotEstimate(ValueError):
    """A sample or an estimate a method cannot work with; `sentence()` says why and what to do."""

    def __init__(self, group: str, message_id: str, **params: object) -> None:
        self.message = Message("statistics", group, message_id, {key: str(value) for key, value in params.items()})
        super().__init__(self.message)

    def sentence(self, language: str = "zh") -> str:
        """The reason in `language` (zh or en)."""
        return self.message.sentence(language)

    def __str__(self) -> str:
        return self.sentence("en")


@dataclass(frozen=True, slots=True, eq=False)
class CensoredSample:
    """Results of one substance in one unit, shape (n,).

    `values` holds a detected result, or the detection limit where `censored` is true; both are positive. A measured 0 is
    no result but a non-detect whose limit is missing, so it is refused, as are negative values, NaN, infinity, a
    non-detect without limit and an empty sample: CannotEstimate, a ValueError, names the place (counted from 1).
    """

    values: Values
    censored: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def __init__(self, values: ArrayLike, censored: Sequence[bool] | Flags | None = None) -> None:
        numbers = np.array(values, dtype=np.float64)
        flags = np.zeros(numbers.shape, np.bool_) if censored is None else np.array(censored, dtype=np.bool_)
        _refuse_what_is_no_sample(numbers, flags)
        numbers.setflags(write=False)
        flags.setflags(write=False)
        object.__setattr__(self, "values", numbers)
        object.__setattr__(self, "censored", flags)

    @property
    def n(self) -> int:
        """How many results, detected or not."""
        return self.values.size

    @property
    def n_censored(self) -> int:
        """How many results are not detected."""
        return int(self.censored.sum())

    @property
    def detects(self) -> Values:
        """The detected results."""
        return self.values[~self.censored]

    @property
    def limits(self) -> Values:
        """The detection limits of the results that are not detected."""
        return self.values[self.censored]


def _refuse_what_is_no_sample(values: Values, censored: Flags) -> None:
    if values.ndim != 1 or values.size == 0:
        raise CannotEstimate("nondetects", "no_values")
    if values.shape != censored.shape:
        raise CannotEstimate("nondetects", "flags_do_not_match", values=values.size, flags=censored.size)
    bad = np.flatnonzero(~np.isfinite(values) | (values <= 0))
    if bad.size:
        place = int(bad[0])
        message_id = "limit_missing" if censored[place] else "not_a_concentration"
        raise CannotEstimate("nondetects", message_id, place=place + 1, value=f"{values[place]:g}")


def need_detects(sample: CensoredSample, method: str, at_least: int) -> None:
    """Refuse a sample with fewer than `at_least` different detected values."""
    distinct = np.unique(sample.detects).size
    if distinct < at_least:
        raise CannotEstimate(
            "nondetects", "too_few_detects", method=method, distinct=distinct, n=sample.n, at_least=at_least
        )
