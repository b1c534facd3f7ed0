"""Kaplan–Meier for left-censored results: the product-limit curve, run from the largest value down.

Below the smallest detect the curve is unknown, and the mean needs a place for the probability that is left there: that
is the tail convention, and it is named in every result. Formulas: Beal (2010); USEPA ProUCL 5.2 technical guide.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soilrules.statistics.censored import CensoredSample, Flags, Values, need_detects
from soilrules.statistics.results import PROBABILITIES, Estimate, caveat, common_caveats


class Tail(StrEnum):
    """Where the probability below the smallest detect is put when the lowest results are not detected."""

    SMALLEST_DETECT = "smallest_detect"  # Efron's; NADA, ProUCL 5.2, EnvStats 3
    SMALLEST_LIMIT = "smallest_limit"  # the restricted mean; EnvStats 2, USEPA (2009)


class _Curve(NamedTuple):
    """The curve at the distinct detects, ascending, shape (k,)."""

    points: Values
    steps: Values
    detected: NDArray[np.int64]
    at_or_below: NDArray[np.int64]
    below_all: float  # probability left below the smallest detect


def kaplan_meier(sample: CensoredSample, *, tail: Tail) -> Estimate:
    """Mean, sd, standard error of the mean and quantiles without assuming a distribution.

    A non-detect whose limit equals a detect counts as below it. The sd is the root of the variance of the curve (divisor
    n, as ProUCL and EnvStats print it); the standard error carries the correction d / (d - 1) for d values taken as
    detected and is None for d = 1. A quantile among the unknown values below the smallest detect is None. Raises
    CannotEstimate where nothing is detected.
    """
    tail = Tail(tail)
    need_detects(sample, "kaplan_meier", 1)
    values, censored = sample.values, sample.censored
    known = _curve(values, censored)
    curve = _curve(values, _with_tail(values, censored, tail))
    mean, variance = _moments(curve)
    remarks = (caveat("lowest_is_censored", below=f"{known.points[0]:g}"),) if known.below_all else ()
    return Estimate(
        method="kaplan_meier",
        convention=tail,
        n=sample.n,
        n_censored=sample.n_censored,
        caveats=(*common_caveats(sample), *remarks),
        mean=mean,
        sd=float(np.sqrt(variance)),
        se_mean=_standard_error(curve),
        quantiles={p: _quantile(known, p) for p in PROBABILITIES},
    )


def kaplan_meier_mean(values: Values, censored: Flags, tail: Tail) -> float:
    """The mean alone, for resampling; at least one result is detected."""
    return _moments(_curve(values, _with_tail(values, censored, tail)))[0]


def _with_tail(values: Values, censored: Flags, tail: Tail) -> Flags:
    """The flags of what is taken as not detected: the lowest limit may stand in for what lies below it."""
    if tail is Tail.SMALLEST_DETECT:
        return censored
    above: Flags = values > values.min()
    return censored & above


def _curve(values: Values, censored: Flags) -> _Curve:
    points, detected = np.unique(values[~censored], return_counts=True)
    at_or_below = np.searchsorted(np.sort(values), points, side="right")
    below = np.cumprod((1 - detected / at_or_below)[::-1])[::-1]
    steps = np.append(below[1:], 1.0) - below
    return _Curve(points, steps, detected, at_or_below, float(below[0]))


def _moments(curve: _Curve) -> tuple[float, float]:
    weights = curve.steps.copy()
    weights[0] += curve.below_all
    mean = float(curve.points @ weights)
    return mean, float((curve.points - mean) ** 2 @ weights)


def _standard_error(curve: _Curve) -> float | None:
    """Beal (2010), equation for left-censored data, with the correction of Kaplan and Meier for bias."""
    detects = int(curve.detected.sum())
    if detects == 1:
        return None
    up_to = curve.below_all + np.cumsum(curve.steps)
    areas = np.cumsum(np.diff(curve.points) * up_to[:-1])
    detected, at_or_below = curve.detected[1:], curve.at_or_below[1:]
    variance = np.sum(areas**2 * detected / (at_or_below * (at_or_below - detected)))
    return float(np.sqrt(variance * detects / (detects - 1)))


def _quantile(curve: _Curve, probability: float) -> float | None:
    if probability <= curve.below_all:
        return None
    up_to = curve.below_all + np.cumsum(curve.steps)
    rounding = 1e-12  # of the cumulated steps
    return float(curve.points[np.searchsorted(up_to, probability - rounding).clip(max=curve.points.size - 1)])
