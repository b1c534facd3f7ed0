"""Robust regression on order statistics: a log-normal line through the detects fills in the non-detects alone.

Plotting positions with several limits: Hirsch and Stedinger (1987), Helsel and Cohn (1988), doi 10.1029/WR024i012p01997.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import scipy

from soilrules.statistics.censored import CannotEstimate, CensoredSample, Flags, Values, need_detects
from soilrules.statistics.results import Estimate, common_caveats, quantiles_of


class Plotting(StrEnum):
    """How the rank of a result becomes a probability."""

    HELSEL_COHN = "helsel_cohn"  # i / (n + 1) within each pair of limits: NADA, wqio, Helsel (2012)
    BLOM = "blom"  # (i - 0.375) / (n + 0.25) within each pair of limits: EnvStats with several limits
    BLOM_WHOLE_SAMPLE = "blom_whole_sample"  # the same over all ranks: EnvStats with one limit, below every detect


def regression_on_order(sample: CensoredSample, *, plotting: Plotting = Plotting.HELSEL_COHN) -> Estimate:
    """Mean, sd (divisor n - 1), standard error sd / √n and quantiles of detects and filled-in non-detects.

    The standard error takes the filled-in values for measured ones, which makes it too small: bootstrap the mean instead.
    Raises CannotEstimate with fewer than three different detects.
    """
    plotting = Plotting(plotting)
    need_detects(sample, "regression_on_order", 3)
    filled = fill_in(sample.values, sample.censored, plotting)
    sd = float(filled.std(ddof=1))
    return Estimate(
        method="regression_on_order",
        convention=plotting,
        n=sample.n,
        n_censored=sample.n_censored,
        caveats=common_caveats(sample),
        mean=float(filled.mean()),
        sd=sd,
        se_mean=sd / float(np.sqrt(filled.size)),
        quantiles=quantiles_of(filled),
    )


def fill_in(values: Values, censored: Flags, plotting: Plotting) -> Values:
    """The detects, ascending, followed by the values the line gives the non-detects.

    A non-detect whose limit lies above every detect has no place on the line and is left out, as in NADA and statsmodels.
    """
    detects, limits = np.sort(values[~censored]), np.sort(values[censored])
    limits = limits[limits <= detects[-1]]
    if plotting is Plotting.BLOM_WHOLE_SAMPLE:
        at_limits, at_detects = _positions_of_one_limit(detects, limits)
    else:
        at_limits, at_detects = _positions_between_limits(detects, limits, 0.375 if plotting is Plotting.BLOM else 0.0)
    scores = scipy.special.ndtri(at_detects)
    logs = np.log(detects)
    slope = ((scores - scores.mean()) @ logs) / ((scores - scores.mean()) @ scores)
    return np.concatenate([detects, np.exp(logs.mean() + slope * (scipy.special.ndtri(at_limits) - scores.mean()))])


def _positions_of_one_limit(detects: Values, limits: Values) -> tuple[Values, Values]:
    if limits.size and (limits[0] != limits[-1] or limits[-1] > detects[0]):
        raise CannotEstimate("nondetects", "needs_one_limit", convention=Plotting.BLOM_WHOLE_SAMPLE)
    positions = _spread(limits.size + detects.size, 0.375)
    return positions[: limits.size], positions[limits.size :]


def _positions_between_limits(detects: Values, limits: Values, constant: float) -> tuple[Values, Values]:
    """Probabilities of non-detects and of detects, by the chance to exceed each limit."""
    edges = np.unique(np.concatenate([[0.0], limits]))
    first = np.searchsorted(detects, edges)
    between = np.diff(np.append(first, detects.size))  # detects from this limit up to the next
    below = first + np.searchsorted(limits, edges, side="right")  # known to lie below this limit
    exceed = np.zeros(edges.size + 1)
    for j in range(edges.size - 1, -1, -1):
        known = between[j] + below[j]
        share = between[j] / known if known else 0.0
        exceed[j] = exceed[j + 1] + share * (1 - exceed[j + 1])
    exceed[0] = 1.0
    at_detects = [
        1 - exceed[j] + (exceed[j] - exceed[j + 1]) * _spread(int(count), constant) for j, count in enumerate(between)
    ]
    at_limits = [(1 - exceed[j]) * _spread(int(np.sum(limits == edge)), constant) for j, edge in enumerate(edges) if j]
    return np.concatenate([*at_limits, np.zeros(0)]), np.concatenate(at_detects)


def _spread(count: int, constant: float) -> Values:
    """`count` probabilities spread over (0, 1)."""
    positions: Values = (np.arange(1, count + 1, dtype=np.float64) - constant) / (count + 1 - 2 * constant)
    return positions
