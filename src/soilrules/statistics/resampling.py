"""Upper confidence limits of the mean by resampling, with the method of the estimate run again in every resample."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

import numpy as np
import scipy
from numpy.typing import NDArray

from soilrules.messages import Message
from soilrules.statistics.censored import CannotEstimate, CensoredSample, Flags, Values
from soilrules.statistics.confidence import CONFIDENCE, UpperLimit, limit_from
from soilrules.statistics.kaplan_meier import Tail, kaplan_meier_mean
from soilrules.statistics.regression_on_order import Plotting, fill_in
from soilrules.statistics.results import Estimate

RESAMPLES = 2000
Mean = Callable[[Values, Flags], float]


class Bootstrap(StrEnum):
    """How the resampled means become a limit."""

    BCA = "bca"  # bias-corrected and accelerated: Efron (1987)
    PERCENTILE = "percentile"


def bootstrap(
    sample: CensoredSample,
    estimate: Estimate,
    *,
    seed: int,
    kind: Bootstrap = Bootstrap.BCA,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> UpperLimit:
    """The limit of the mean that `estimate` (arithmetic, Kaplan–Meier or ROS, made from `sample`) gives.

    Resamples with too few detects for the method are left out and counted in a caveat; CannotEstimate where that is every
    second one, where all values are equal, or for another method. The same seed gives the same limit.
    """
    kind = Bootstrap(kind)
    mean_of = _mean_of(estimate)
    rng = np.random.default_rng(seed)
    draws = (rng.integers(sample.n, size=sample.n) for _ in range(resamples))
    means = _means(sample, draws, mean_of)
    if means.size <= resamples / 2 or np.ptp(means) == 0:
        raise CannotEstimate("confidence", "cannot_resample", usable=means.size, resamples=resamples)
    probability = confidence
    if kind is Bootstrap.BCA:
        everything = np.arange(sample.n)
        without_one = _means(sample, (np.delete(everything, i) for i in everything), mean_of)
        probability = accelerated(means, estimate.mean, without_one, confidence)
    limit = limit_from(estimate, f"bootstrap_{kind}", np.quantile(means, probability), confidence, seed=seed)
    left_out = resamples - means.size
    if not left_out:
        return limit
    remark = Message("statistics", "confidence", "resamples_left_out", {"count": str(left_out), "of": str(resamples)})
    return replace(limit, caveats=(*limit.caveats, remark))


def _mean_of(estimate: Estimate) -> Mean:
    """The mean of a resample by the method and convention of the estimate; NaN where a resample has too few detects."""
    if estimate.method == "arithmetic":
        return lambda values, _: float(values.mean())
    if estimate.method == "kaplan_meier":
        tail = Tail(estimate.convention)
        return lambda values, censored: np.nan if censored.all() else kaplan_meier_mean(values, censored, tail)
    if estimate.method == "regression_on_order":
        plotting = Plotting(estimate.convention)
        return lambda values, censored: (
            np.nan if np.unique(values[~censored]).size < 2 else float(fill_in(values, censored, plotting).mean())
        )
    raise CannotEstimate("confidence", "not_for_bootstrap", method=estimate.method)


def _means(sample: CensoredSample, draws: Iterable[NDArray[np.int64]], mean_of: Mean) -> Values:
    means = np.array([mean_of(sample.values[draw], sample.censored[draw]) for draw in draws])
    usable: Values = means[np.isfinite(means)]
    return usable


def accelerated(means: Values, mean: float, without_one: Values, confidence: float) -> float:
    """The probability whose quantile is the BCa limit: Efron and Tibshirani (1993), equations 14.9 to 14.15."""
    below = (np.mean(means < mean) + np.mean(means <= mean)) / 2
    bias = scipy.special.ndtri(below)
    apart = without_one.mean() - without_one
    acceleration = np.sum(apart**3) / (6 * np.sum(apart**2) ** 1.5)
    shifted = bias + scipy.special.ndtri(confidence)
    return float(scipy.special.ndtr(bias + shifted / (1 - acceleration * shifted)))
