"""One batch of records judged: a frame for each row, and the rows written as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules.evaluation.rows import Frame, encode
from soilrules.standards import arrow
from soilrules.standards.wording import times

Texts = list[str]


@dataclass(frozen=True)
class Judged:
    """Records and the number of each one's frame."""

    batch: pa.RecordBatch
    frames: Sequence[Frame]
    codes: NDArray[np.int32]

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """Value over the first limit, NaN where there is none."""
        first = np.array([np.nan if one.first is None else one.first for one in self.frames])[self.codes]
        value = arrow.floats(self.batch.column("value"))
        factor = np.where(arrow.flags(self.batch.column("censored")), np.nan, value) / first
        known = np.array([np.nan if one.factor is None else one.factor for one in self.frames])[self.codes]
        factor = np.where(np.isnan(known), factor, known)
        found: NDArray[np.float64] = np.where(np.isfinite(factor), factor, np.nan)
        return found

    @cached_property
    def samples(self) -> pa.Array:
        """The name of each record's sample, or of its point; null where it has neither."""
        sample, point = (self.batch.column(name).cast(pa.string()) for name in ("sample", "point"))
        return pc.coalesce(sample, point) if point.null_count < len(point) else sample

    def texts(self) -> Iterator[str]:
        """Every row as one JSON object."""
        templates = [one.template for one in self.frames]
        picks = [one.pick for one in self.frames]
        for code, *texts in zip(self.codes.tolist(), *self._columns(), strict=True):
            yield templates[code] % picks[code](texts)

    def _columns(self) -> list[Texts]:
        """The texts of every row by VARYING, then by TOLD."""
        batch = self.batch
        censored = arrow.flags(batch.column("censored"))
        value, limit, ph = (batch.column(name) for name in ("value", "detection_limit", "ph"))
        measured = pc.if_else(pa.array(censored), limit, value)
        day = batch.column("date").cast(pa.string())
        return [
            _texts(self.samples, encode),
            _texts(value, repr),
            _texts(batch.column("unit"), encode),
            ["null" if one != one else repr(float(f"{one:.6g}")) for one in self.factor.tolist()],
            _texts(batch.column("text"), encode),
            _texts(limit, repr),
            _texts(ph, repr),
            _texts(day, encode),
            _texts(batch.column("row"), str),
            _texts(batch.column("cell"), encode),
            _texts(measured, plain, blank=""),
            self._told_factors(),
            _texts(day, str, blank=""),
            _texts(ph, plain, blank=""),
        ]

    def _told_factors(self) -> Texts:
        """The factor as sentences say it, where one does."""
        telling = np.array([one.tells_factor for one in self.frames])[self.codes]
        texts = [""] * len(telling)
        for at in np.flatnonzero(telling & ~np.isnan(self.factor)).tolist():
            texts[at] = times(Decimal(repr(float(self.factor[at]))))
        return texts


def _texts(column: pa.Array, text: Callable[[Any], str], *, blank: str = "null") -> Texts:
    """The text of each row; what repeats is written once."""
    codes, words = arrow.words(column)
    known = np.array([blank if word is None else text(word) for word in words], object)
    texts: Texts = known[codes].tolist()
    return texts


def plain(number: float) -> str:
    """A number as it is printed: 21 and not 21.0, 0.00004 and not 4e-05."""
    if number.is_integer():
        return str(int(number))
    text = repr(number)
    return f"{number:.20f}".rstrip("0") if "e" in text else text
