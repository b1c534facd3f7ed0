"""Trends of many series at once: an Arrow batch of results in, one row of Mann–Kendall figures for each series out.

In: the columns of BATCH, in any order of rows; further columns are ignored. Out: the columns of TRENDS, series in the
order of their first rows. Figures, outcome and the id of the message are those of `trend.mann_kendall`, series by
series; the interval of the slope is only there. What cannot be said is null.

Series of one length are reckoned together, so that a pair of rounds is one step for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import scipy
from numpy.typing import NDArray

from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats, Ints
from soilrules.statistics.rule_data import Rule, Rules, evaluation_rules
from soilrules.statistics.trend import DAYS_PER_YEAR, RULE, Trend, exact_p

BATCH = pa.schema(
    [
        ("series", pa.dictionary(pa.int32(), pa.string())), ("on", pa.date32()), ("value", pa.float64()),
        ("censored", pa.bool_()), ("detection_limit", pa.float64()),
    ]
)  # fmt: skip
TRENDS = pa.schema(
    [
        ("series", pa.string()), ("n", pa.int64()), ("not_detected", pa.int64()), ("outcome", pa.string()),
        ("message", pa.string()), ("s", pa.int64()), ("variance_of_s", pa.float64()), ("z", pa.float64()),
        ("p", pa.float64()), ("p_method", pa.string()), ("tau", pa.float64()),
        ("slope_least", pa.float64()), ("slope_greatest", pa.float64()),
    ]
)  # fmt: skip
_CELLS = 1 << 18  # pairs of rounds at a time, so that what one step writes the next still finds in the cache
_FIRST_ORDINAL = date(1970, 1, 1).toordinal()
_BY_SIGN = np.array([Trend.NO_TREND_SHOWN, Trend.RISING, Trend.FALLING], object)  # −1 is the last
_SILENT = ("too_few_values", "cannot_show", "switched_off")
_FIGURES = ("variance", "z", "p", "tau", "slope_least", "slope_greatest")
Wide = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows by series and day; `starts` and `lengths` are of the series, `limit` the largest reporting limit of each."""

    names: list[str | None]
    starts: Wide
    lengths: Wide
    value: Floats
    censored: Flags
    years: Floats
    limit: Floats


@dataclass(frozen=True, slots=True)
class _Figures:
    """What is found for each series, nothing where `silent` is a place in _SILENT; `sign` is that of the trend."""

    s: Wide
    sign: NDArray[np.int8]
    silent: NDArray[np.int8]
    exact: Flags
    numbers: dict[str, Floats]


def trend_columns(batch: pa.RecordBatch, *, rules: Rules | None = None) -> pa.RecordBatch:
    """Whether the values of each series of `batch` (one a day, one unit) rise or fall with time.

    Raises ValueError where a series has two values of a day, a value or a limit is no content, or a row has no series or
    no day.
    """
    rule = (rules or evaluation_rules("trend"))[RULE]
    if not batch.num_rows:
        return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in TRENDS], schema=TRENDS)
    rows = _in_order(batch)
    found = _nothing(len(rows.starts))
    if rule.in_use:
        _judge(rows, rule, found)
    else:
        found.silent[:] = _SILENT.index("switched_off")
    return _as_batch(rows, found)


def _in_order(batch: pa.RecordBatch) -> _Rows:
    codes, names = arrow.words(batch.column("series"))
    for name in ("series", "on"):
        if batch.column(name).null_count:
            row = batch.column(name).is_null().to_numpy(zero_copy_only=False).argmax()
            raise ValueError(f"row {row} has no {name}: expected a series and a day in every row.")
    censored = arrow.flags(batch.column("censored"))
    value = np.where(censored, arrow.floats(batch.column("detection_limit")), arrow.floats(batch.column("value")))
    _check_contents(value, censored)
    days = arrow.days(batch.column("on"), date(1970, 1, 1))
    codes = _by_first_row(codes, names)
    order = np.lexsort((days, codes))
    codes, days, value, censored = codes[order], days[order], value[order], censored[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    _check_days(codes, days, names)
    return _Rows(
        names=names,
        starts=starts,
        lengths=np.diff(starts, append=len(codes)),
        value=value,
        censored=censored,
        years=(days + np.int64(_FIRST_ORDINAL)) / DAYS_PER_YEAR,
        limit=np.maximum.reduceat(np.where(censored, value, 0.0), starts),
    )


def _by_first_row(codes: Ints, names: list[str | None]) -> Ints:
    """The codes renumbered by first occurrence; `names` is brought into the same order."""
    used, first = np.unique(codes, return_index=True)
    ranked = used[np.argsort(first)]
    place = np.empty(len(names), np.int32)
    place[ranked] = np.arange(len(ranked), dtype=np.int32)
    names[:] = [names[code] for code in ranked]
    return place[codes]


def _check_contents(value: Floats, censored: Flags) -> None:
    bad = ~((value > 0) & np.isfinite(value))
    if bad.any():
        row = int(bad.argmax())
        what = "detection limit" if censored[row] else "value"
        raise ValueError(
            f"the {what} of row {row} is {value[row]:g}: expected a number above 0. "
            "Give a non-detect as censored with its reporting limit, never as 0."
        )


def _check_days(codes: Ints, days: Ints, names: list[str | None]) -> None:
    twice = (np.diff(codes) == 0) & (np.diff(days) == 0)
    if twice.any():
        row = int(twice.argmax())
        on = date.fromordinal(int(days[row]) + _FIRST_ORDINAL)
        raise ValueError(
            f"two values of {on} in the series {names[codes[row]]}: expected one for a day. "
            "Put parallel samples together before asking."
        )


def _nothing(count: int) -> _Figures:
    numbers = {name: np.full(count, np.nan) for name in _FIGURES}
    silent = np.full(count, -1, np.int8)
    return _Figures(np.zeros(count, np.int64), np.zeros(count, np.int8), silent, np.zeros(count, bool), numbers)


def _judge(rows: _Rows, rule: Rule, found: _Figures) -> None:
    for n in np.unique(rows.lengths).tolist():
        where = np.flatnonzero(rows.lengths == n)
        if n < rule.whole("minimum_values"):
            found.silent[where] = _SILENT.index("too_few_values")
            continue
        step = max(1, _CELLS // (n * (n - 1) // 2))
        for begin in range(0, len(where), step):
            _judge_alike(rows, where[begin : begin + step], rule, found)


def _judge_alike(rows: _Rows, where: Wide, rule: Rule, found: _Figures) -> None:
    """The figures of some series of one length."""
    n, alpha = int(rows.lengths[where[0]]), float(rule.number("significance"))
    cells = rows.starts[where][:, None] + np.arange(n)
    value, limit = rows.value[cells], rows.limit[where][:, None]
    below = rows.censored[cells] | (value < limit)
    low = np.where(below, 0.0, value)
    years = rows.years[cells]
    slopes = _slopes(low, years)
    s = np.count_nonzero(slopes > 0, axis=1) - np.count_nonzero(slopes < 0, axis=1)
    spread, tied = _ties(low)
    variance, untied = (n * (n - 1) * (2 * n + 5) - spread) / 18, n * (n - 1) // 2 - tied
    exact = (tied == 0) & (n <= rule.whole("exact_up_to"))
    cannot = _p(untied, variance, n, exact) > alpha
    p = _p(s, variance, n, exact)
    found.s[where], found.exact[where] = s, exact
    found.sign[where] = np.where(p > alpha, 0, np.sign(s))
    found.silent[where[cannot]] = _SILENT.index("cannot_show")
    least = _medians(slopes)
    greatest = least.copy()
    if (open_ := below.any(axis=1)).any():
        other = _medians(_slopes(np.where(below, limit, value)[open_], years[open_]))
        least[open_], greatest[open_] = np.minimum(least[open_], other), np.maximum(least[open_], other)
    with np.errstate(invalid="ignore", divide="ignore"):  # nothing is said of a series in which everything ties
        figures = (variance, _z(s, variance), p, s / np.sqrt(n * (n - 1) // 2 * untied), least, greatest)
    for name, column in zip(_FIGURES, figures, strict=True):
        found.numbers[name][where] = np.where(cannot, np.nan, column)


def _slopes(values: Floats, years: Floats) -> Floats:
    """The slope from every value of a row to every later one."""
    count, n = values.shape
    slopes, at = np.empty((count, n * (n - 1) // 2)), 0
    for first in range(n - 1):
        part = slopes[:, at : at + n - 1 - first]
        np.subtract(values[:, first + 1 :], values[:, first : first + 1], out=part)
        np.divide(part, years[:, first + 1 :] - years[:, first : first + 1], out=part)
        at += n - 1 - first
    return slopes


def _medians(slopes: Floats) -> Floats:
    """The median of each row, whose order is lost."""
    middle = (slopes.shape[1] - 1) // 2, slopes.shape[1] // 2
    slopes.partition(sorted(set(middle)), axis=1)
    medians: Floats = (slopes[:, middle[0]] + slopes[:, middle[1]]) / 2
    return medians


def _ties(values: Floats) -> tuple[Floats, Wide]:
    """For each row the part of 18 · var S that ties take away, and the number of pairs that tie."""
    count, n = values.shape
    ordered = np.sort(values, axis=1)
    new = np.ones((count, n), bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    begins = np.flatnonzero(new)
    sizes = np.diff(begins, append=count * n)
    spread: Floats = np.bincount(begins // n, sizes * (sizes - 1) * (2 * sizes + 5), count).astype(np.float64)
    return spread, np.bincount(begins // n, sizes * (sizes - 1) // 2, count).astype(np.int64)


def _z(s: Wide, variance: Floats) -> Floats:
    z: Floats = np.sign(s) * (np.abs(s) - 1) / np.sqrt(variance)
    return z


def _p(s: Wide, variance: Floats, n: int, exact: Flags) -> Floats:
    """Two-sided p of each S; 1 where everything ties."""
    p = np.ones(len(s))
    told = (s != 0) & (variance > 0)
    normal = told & ~exact
    p[normal] = 2 * scipy.special.ndtr(-np.abs(_z(s[normal], variance[normal])))
    for one in np.unique(s[told & exact]).tolist():
        p[told & exact & (s == one)] = exact_p(n, one)
    return p


def _as_batch(rows: _Rows, found: _Figures) -> pa.RecordBatch:
    silent = found.silent >= 0
    outcome = np.where(silent, Trend.UNKNOWN, _BY_SIGN[found.sign])
    variance, z, p, tau, least, greatest = (pa.array(found.numbers[name], from_pandas=True) for name in _FIGURES)
    columns = [
        pa.array(rows.names, pa.string()),
        pa.array(rows.lengths),
        pa.array(np.add.reduceat(rows.censored, rows.starts, dtype=np.int64)),
        pa.array(outcome, pa.string()),
        pa.array(np.where(silent, np.array(_SILENT, object)[found.silent], outcome), pa.string()),
        pa.array(found.s, mask=silent),
        variance,
        z,
        p,
        pa.array(np.where(found.exact, "exact", "normal"), pa.string(), mask=silent),
        tau,
        least,
        greatest,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=TRENDS)
