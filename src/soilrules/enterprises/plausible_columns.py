"""Filed results as columns and tables: what was printed, which samples and rounds belong together, and what agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy
from numpy.typing import NDArray

from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats

Places = NDArray[np.int64]
_WORDS = pa.dictionary(pa.int32(), pa.string())
FILED = pa.schema(
    [
        ("point", _WORDS), ("round", pa.date32()), ("analyte", _WORDS), ("unit", _WORDS), ("value", pa.float64()),
        ("printed", pa.string()), ("censored", pa.bool_()), ("limit", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Values by things compared (rows) and where they could agree (columns), NaN without one, and the result of each cell."""

    values: Floats
    results: Places
    rows: Places

    def equal_rows(self, one: int, other: int) -> list[int]:
        """The results of two things that agree, in pairs."""
        places = np.flatnonzero(self.values[one] == self.values[other])
        return [int(row) for place in places for row in (self.results[one, place], self.results[other, place])]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two things each: how often both have a result, how often it is the same number, and the chance of that."""

    first: Places
    other: Places
    shared: Places
    equal: Places
    p: Floats

    def of(self, place: int) -> tuple[int, int]:
        """The two things of one pair."""
        return int(self.first[place]), int(self.other[place])


@dataclass(frozen=True, slots=True)
class Results:
    """The columns of a filing. `step` is one unit of the last figure that was printed and means something."""

    batch: pa.RecordBatch
    point: Places
    round: Places
    thing: Places  # analyte and unit
    value: Floats
    limit: Floats
    detected: Flags
    is_ph: Flags
    step: Floats

    def of_figures(self, at_least: int) -> Places:
        """The detected rows with so many figures or more."""
        with np.errstate(divide="ignore", invalid="ignore"):
            figures = np.floor(np.log10(self.value / self.step) + 1e-9) + 1
        return np.flatnonzero(self.detected & (figures >= at_least))

    def series(self) -> Iterator[Places]:
        """The detected rows of each point and analyte."""
        rows = np.flatnonzero(self.detected)
        if len(rows):
            yield from _split(rows, self.point[rows] * (self.thing.max() + 1) + self.thing[rows])

    def samples_by_analyte(self) -> Table:
        """One row a sample (point and round), one column an analyte; pH, which few figures tell, is left out."""
        rows = np.flatnonzero(self.detected & ~self.is_ph)
        return _table(
            rows, self.point[rows] * (self.round.max(initial=0) + 1) + self.round[rows], self.thing[rows], self.value
        )

    def points_by_round(self) -> Iterator[Table]:
        """For each analyte one row a point, one column a round."""
        kept = np.flatnonzero(self.detected & ~self.is_ph)
        for rows in _split(kept, self.thing[kept]) if len(kept) else ():
            yield _table(rows, self.point[rows], self.round[rows], self.value)

    def analyte_name(self, row: int) -> str:
        """The analyte of a row."""
        return str(self.batch.column("analyte")[row].as_py() or "")

    def point_name(self, row: int) -> str:
        """The point of a row."""
        return str(self.batch.column("point")[row].as_py() or "")

    def sample_name(self, row: int) -> str:
        """The point and day of a row."""
        return f"{self.point_name(row)} {self.batch.column('round')[row].as_py() or ''}".strip()


def results_of(batch: pa.RecordBatch) -> Results:
    """The columns of FILED as numbers. A result without a number, a unit or a point stands for nothing."""
    codes = {name: arrow.words(batch.column(name)) for name in ("point", "analyte", "unit")}
    point, analyte, unit = (codes[name][0].astype(np.int64) for name in ("point", "analyte", "unit"))
    value = arrow.floats(batch.column("value"))
    text = _plain(batch.column("printed"))
    thing = np.unique(analyte * len(codes["unit"][1]) + unit, return_inverse=True)[1]
    detected = ~arrow.flags(batch.column("censored")) & (value > 0) & (point < len(codes["point"][1]) - 1)
    detected &= ~text.is_null().to_numpy(zero_copy_only=False)
    return Results(
        batch=batch,
        point=point,
        round=np.unique(batch.column("round").cast(pa.int32()).fill_null(0).to_numpy(), return_inverse=True)[1],
        thing=thing,
        value=value,
        limit=arrow.floats(batch.column("limit")),
        detected=detected,
        is_ph=np.array([word == "ph" for word in codes["analyte"][1]])[analyte],
        step=_honest_step(value, _step(text), thing, np.flatnonzero(detected)),
    )


def tie_chance(results: Results, table: Table, numbers: Mapping[str, Decimal]) -> Floats:
    """For each column the chance that two results of the very same soil or water are printed alike.

    Two results that differ by the precision of a method (normal) agree to the last digit with this chance at most.
    """
    precision, figures = float(numbers["precision"]), int(numbers["figures"])
    chances = np.ones(table.values.shape[1])
    for place in range(table.values.shape[1]):
        rows = table.results[:, place]
        rows = rows[rows >= 0]
        middle = float(np.median(results.value[rows]))
        step = max(float(results.step[rows].max()), 10.0 ** (np.floor(np.log10(middle)) + 1 - figures))
        chances[place] = min(1.0, step / (2 * np.sqrt(np.pi) * precision * middle))
    return chances


def copies(values: Floats, ties: Floats, *, least: int, most: float) -> Pairs:
    """All pairs of rows with `least` shared columns whose chance to agree is not above `most`.

    The number of agreements is held to a binomial of the mean chance, which spreads wider than the truth.
    """
    values, ties = values[:, ties <= most], ties[ties <= most]
    told = (~np.isnan(values)).astype(np.float64)
    shared = (told @ told.T).astype(np.int64)
    mean = (told * ties) @ told.T / np.maximum(shared, 1)
    equal = np.zeros(shared.shape, np.int64)
    for column in values.T:
        equal += column[:, None] == column[None, :]
    first, other = np.triu_indices(len(values), 1)
    kept = shared[first, other] >= least
    first, other = first[kept], other[kept]
    p: Floats = scipy.stats.binom.sf(equal[first, other] - 1, shared[first, other], mean[first, other])
    return Pairs(first, other, shared[first, other], equal[first, other], p)


def _table(rows: Places, things: Places, columns: Places, value: Floats) -> Table:
    """A table of results; of two results for one cell the first is kept."""
    names, down = np.unique(things, return_inverse=True)
    across = np.unique(columns, return_inverse=True)[1]
    cells = np.full((len(names), across.max(initial=-1) + 1), -1, np.int64)
    cells[down[::-1], across[::-1]] = rows[::-1]
    return Table(np.where(cells >= 0, value[cells], np.nan), cells, names)


def _split(rows: Places, codes: Places) -> list[Places]:
    order = np.argsort(codes, kind="stable")
    return np.split(rows[order], np.flatnonzero(np.diff(codes[order])) + 1)


def _plain(printed: pa.Array) -> pa.Array:
    """Printed numbers as digits and at most one point, null where a text is no plain number."""
    text = pc.utf8_trim_whitespace(printed)
    return pc.if_else(pc.match_substring_regex(text, r"^[0-9]+(\.[0-9]+)?$"), text, None)


def _honest_step(value: Floats, step: Floats, thing: Places, rows: Places) -> Floats:
    """The step of each result; whole numbers of one analyte that are all tens or hundreds count in those.

    A zero at the end of a whole number may only hold its place: 120 printed with two figures.
    """
    whole = rows[step[rows] == 1]
    step = step.copy()
    for same in _split(whole, thing[whole]) if len(whole) else ():
        common = 1.0
        while common < value[same].max() and not (np.round(value[same]) % (10 * common)).any():
            common *= 10
        step[same] = common
    return step


def _step(text: pa.Array) -> Floats:
    """One unit of the last printed digit, NaN of none."""
    point = pc.find_substring(text, ".")
    decimals = pc.if_else(pc.greater_equal(point, 0), pc.subtract(pc.subtract(pc.utf8_length(text), point), 1), 0)
    step: Floats = 10.0 ** -arrow.floats(decimals.cast(pa.float64()))
    return step
