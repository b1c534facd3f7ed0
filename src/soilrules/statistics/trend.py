"""Trends of one analyte at one point: Mann–Kendall, plain and by season, with the Theil–Sen slope.

S is the number of later-above-earlier pairs less the number of later-below-earlier pairs. Its variance counts ties;
z has the continuity correction. Where no values tie and there are few, p is exact, else from the normal
distribution. tau is S over the square root of (pairs · pairs that do not tie), Kendall's tau-b. Numbers:
data/evaluation/trend.yaml. Mann 1945, Kendall 1975, Hirsch et al. 1982, Sen 1968.

Non-detects (convention `ties_below_largest_limit`): all values below the largest reporting limit, detected or not, tie
with each other below everything else. With one limit this ties the non-detects below all else; with several
it is the only way to order them without inventing a trend out of a change of method.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.typing import NDArray

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.readings import Observation, in_order
from soilrules.statistics.rule_data import ROOM, Rule, Rules, evaluation_rules

RULE = "trend.mann_kendall"
DAYS_PER_YEAR = 365.25
CONVENTION = "ties_below_largest_limit"
Floats = NDArray[np.float64]


class Trend(StrEnum):
    """What the values show. `no_trend_shown` is said only where a trend could have been shown."""

    RISING = "rising"
    FALLING = "falling"
    NO_TREND_SHOWN = "no_trend_shown"
    UNKNOWN = "unknown"


class Season(StrEnum):
    """How a year is cut."""

    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Slope:
    """Theil–Sen slope per year in the unit of the values: the range over what the non-detects may be (0 to the largest
    limit; one number where they do not matter), and the confidence interval over the same range."""

    least: float
    greatest: float
    interval: tuple[float, float]
    confidence: float


@dataclass(frozen=True, slots=True)
class TrendTest:
    """The answer and its figures. `method` is mann_kendall or seasonal_mann_kendall, `p_method` exact or normal."""

    outcome: Trend
    rule: Rule
    message: Message
    method: str
    n: int
    not_detected: int
    s: int | None = None
    variance_of_s: float | None = None
    z: float | None = None
    p: float | None = None
    p_method: str = ""
    tau: float | None = None
    slope: Slope | None = None
    convention: str = CONVENTION
    version: str = __version__


@dataclass(frozen=True, slots=True)
class _Counts:
    s: int
    variance: float
    pairs: int
    tied_pairs: int

    @property
    def tau_base(self) -> float:
        return math.sqrt(self.pairs * (self.pairs - self.tied_pairs))


def mann_kendall(series: Sequence[Observation], *, rules: Rules | None = None) -> TrendTest:
    """Whether the values of `series` (one a day, one unit) rise or fall with time."""
    ordered = in_order(series)
    return _test("mann_kendall", [np.arange(len(ordered))], ordered, (rules or evaluation_rules("trend"))[RULE])


def seasonal_mann_kendall(
    series: Sequence[Observation], *, season: Season = Season.QUARTER, rules: Rules | None = None
) -> TrendTest:
    """The same with each season compared with itself only, so that a yearly course is no trend."""
    ordered = in_order(series)
    months = np.array([one.on.month - 1 for one in ordered], dtype=int)
    seasons = months // 3 if season is Season.QUARTER else months
    groups = [np.flatnonzero(seasons == one) for one in np.unique(seasons)]
    return _test("seasonal_mann_kendall", groups, ordered, (rules or evaluation_rules("trend"))[RULE])


def _test(method: str, groups: Sequence[NDArray[np.int_]], series: Sequence[Observation], rule: Rule) -> TrendTest:
    missing = sum(not one.reading.detected for one in series)
    if not rule.in_use:
        return _unknown(method, series, rule, "switched_off", {"rule": rule.id})
    if len(series) < rule.whole("minimum_values"):
        least = str(rule.whole("minimum_values"))
        return _unknown(method, series, rule, "too_few_values", {"n": str(len(series)), "least": least})
    low, high = _bounds(series)
    counts = _sum([_counts(low[group]) for group in groups])
    exact = len(groups) == 1 and not counts.tied_pairs and len(series) <= rule.whole("exact_up_to")
    alpha = float(rule.number("significance"))
    if _p(counts.pairs - counts.tied_pairs, counts, len(series), exact=exact) > alpha:
        return _unknown(method, series, rule, "cannot_show", {"n": str(len(series)), "tied": str(counts.tied_pairs)})
    p = _p(counts.s, counts, len(series), exact=exact)
    slope = _slope(groups, series, (low, high), counts.variance, float(rule.number("slope_confidence")))
    outcome = Trend.NO_TREND_SHOWN if p > alpha else Trend.RISING if counts.s > 0 else Trend.FALLING
    params = {"s": str(counts.s), "p": f"{p:.3g}", "alpha": str(rule.number("significance")), "slope": _said(slope)}
    return TrendTest(
        outcome,
        rule,
        Message(ROOM, "trend", outcome, params),
        method,
        n=len(series),
        not_detected=missing,
        s=counts.s,
        variance_of_s=counts.variance,
        z=_z(counts.s, counts.variance),
        p=p,
        p_method="exact" if exact else "normal",
        tau=counts.s / counts.tau_base,
        slope=slope,
    )


def _bounds(series: Sequence[Observation]) -> tuple[Floats, Floats]:
    """The values with all below the largest reporting limit at 0, and with them at that limit."""
    values = np.array([float(one.reading.value) for one in series])
    missing = np.array([not one.reading.detected for one in series])
    limit = values[missing].max(initial=0.0)
    below = missing | (values < limit)
    return np.where(below, 0.0, values), np.where(below, limit, values)


def _counts(values: Floats) -> _Counts:
    n = len(values)
    earlier, later = np.triu_indices(n, 1)
    ties = np.unique(values, return_counts=True)[1]
    return _Counts(
        s=int(np.sign(values[later] - values[earlier]).sum()),
        variance=float(_spread(np.array([n])) - _spread(ties)) / 18,
        pairs=len(earlier),
        tied_pairs=int((ties * (ties - 1) // 2).sum()),
    )


def _spread(sizes: NDArray[np.int_]) -> int:
    return int((sizes * (sizes - 1) * (2 * sizes + 5)).sum())


def _sum(seasons: Sequence[_Counts]) -> _Counts:
    return _Counts(
        s=sum(one.s for one in seasons),
        variance=sum(one.variance for one in seasons),
        pairs=sum(one.pairs for one in seasons),
        tied_pairs=sum(one.tied_pairs for one in seasons),
    )


def _z(s: int, variance: float) -> float:
    return float(np.sign(s)) * (abs(s) - 1) / math.sqrt(variance)


def _p(s: int, counts: _Counts, n: int, *, exact: bool) -> float:
    """Two-sided p of `s`; 1 where everything ties."""
    if s == 0 or counts.variance == 0:
        return 1.0
    return exact_p(n, s) if exact else float(2 * scipy.stats.norm.sf(abs(_z(s, counts.variance))))


def exact_p(n: int, s: int) -> float:
    """Two-sided p of S without ties: the share of the n! orders with at least so many more rises than falls."""
    orders = np.ones(1)
    for size in range(2, n + 1):  # the number of falls adds 0 to size - 1 with each further value
        orders = np.convolve(orders, np.ones(size))
    falls = (n * (n - 1) // 2 - abs(s)) // 2
    return min(1.0, float(2 * orders[: falls + 1].sum() / orders.sum()))


def _slope(
    groups: Sequence[NDArray[np.int_]],
    series: Sequence[Observation],
    bounds: tuple[Floats, Floats],
    variance: float,
    confidence: float,
) -> Slope:
    years = np.array([one.on.toordinal() for one in series]) / DAYS_PER_YEAR
    reach = float(scipy.stats.norm.ppf((1 + confidence) / 2)) * math.sqrt(variance)
    found = [_sen(np.concatenate([_pair_slopes(values[g], years[g]) for g in groups]), reach) for values in bounds]
    middles = [middle for middle, _, _ in found]
    interval = (min(low for _, low, _ in found), max(high for _, _, high in found))
    return Slope(min(middles), max(middles), interval, confidence)


def _pair_slopes(values: Floats, years: Floats) -> Floats:
    earlier, later = np.triu_indices(len(values), 1)
    slopes: Floats = (values[later] - values[earlier]) / (years[later] - years[earlier])
    return slopes


def _sen(slopes: Floats, reach: float) -> tuple[float, float, float]:
    """Median slope and its interval by ranks (Sen 1968); `reach` is z · √var S."""
    ordered = np.sort(slopes)
    last = len(ordered) - 1
    lower = max(round((len(ordered) - reach) / 2) - 1, 0)
    upper = min(round((len(ordered) + reach) / 2), last)
    return float(np.median(ordered)), float(ordered[lower]), float(ordered[upper])


def _said(slope: Slope) -> str:
    if slope.least == slope.greatest:
        return f"{slope.least:.4g}"
    return f"{slope.least:.4g} – {slope.greatest:.4g}"


def _unknown(
    method: str, series: Sequence[Observation], rule: Rule, message: str, params: Mapping[str, str]
) -> TrendTest:
    missing = sum(not one.reading.detected for one in series)
    return TrendTest(Trend.UNKNOWN, rule, Message(ROOM, "trend", message, params), method, len(series), missing)
