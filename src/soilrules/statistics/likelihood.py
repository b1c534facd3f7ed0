"""Maximum likelihood with non-detects: a detect counts with its density, a non-detect with the probability from 0 to its limit.

No concentration is negative, so the normal distribution too counts a non-detect from 0 on, as NADA does.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
import scipy

from soilrules.statistics.censored import CannotEstimate, CensoredSample, Values, need_detects
from soilrules.statistics.results import PROBABILITIES, Estimate, caveat, common_caveats


class Distribution(StrEnum):
    """The distributions a sample is compared with or fitted by."""

    NORMAL = "normal"
    GAMMA = "gamma"
    LOGNORMAL = "lognormal"


def maximum_likelihood(sample: CensoredSample, *, distribution: Distribution) -> Estimate:
    """Mean, sd and quantiles of the fitted distribution; the standard error of the mean from the observed information.

    Fitted by scipy.stats with CensoredData. Raises CannotEstimate with fewer than three different detects or where the
    search finds no maximum.
    """
    distribution = Distribution(distribution)
    need_detects(sample, "maximum_likelihood", 3)
    unit = float(np.exp(np.log(sample.values).mean()))  # the search stops at absolute tolerances
    scaled = CensoredSample(sample.values / unit, sample.censored)
    mean, sd = _fit(scaled, distribution)
    quantiles = dict(
        zip(PROBABILITIES, (unit * _frozen(distribution, mean, sd).ppf(PROBABILITIES)).tolist(), strict=True)
    )
    below_zero = distribution is Distribution.NORMAL and _frozen(distribution, mean, sd).cdf(0) > 0.05
    return Estimate(
        method="maximum_likelihood",
        convention=distribution,
        n=sample.n,
        n_censored=sample.n_censored,
        caveats=(*common_caveats(sample), *((caveat("normal_below_zero"),) if below_zero else ())),
        mean=unit * mean,
        sd=unit * sd,
        se_mean=unit * _standard_error(scaled, distribution, mean, sd),
        quantiles=quantiles,
    )


def _frozen(distribution: Distribution, mean: float, sd: float) -> Any:
    """The distribution with this mean and sd."""
    if distribution is Distribution.NORMAL:
        return scipy.stats.norm(mean, sd)
    if distribution is Distribution.GAMMA:
        return scipy.stats.gamma((mean / sd) ** 2, scale=sd**2 / mean)
    of_logs = float(np.sqrt(np.log1p((sd / mean) ** 2)))
    return scipy.stats.lognorm(of_logs, scale=mean * np.exp(-(of_logs**2) / 2))


def _fit(sample: CensoredSample, distribution: Distribution) -> tuple[float, float]:
    """Mean and sd of the best distribution."""
    if distribution is Distribution.LOGNORMAL:
        logs = scipy.stats.CensoredData(uncensored=np.log(sample.detects), left=np.log(sample.limits))
        middle, of_logs = _search(scipy.stats.norm.fit, logs)
        fitted = scipy.stats.lognorm(of_logs, scale=np.exp(middle))
    else:
        from_zero = np.column_stack([np.zeros(sample.n_censored), sample.limits])
        data = scipy.stats.CensoredData(uncensored=sample.detects, interval=from_zero)
        if distribution is Distribution.GAMMA:
            shape, _, scale = _search(scipy.stats.gamma.fit, data, floc=0)
            fitted = scipy.stats.gamma(shape, scale=scale)
        else:
            fitted = scipy.stats.norm(*_search(scipy.stats.norm.fit, data))
    return float(fitted.mean()), float(fitted.std())


def _search(fit: Callable[..., tuple[float, ...]], data: scipy.stats.CensoredData, **fixed: float) -> tuple[float, ...]:
    """scipy's fit with a finer tolerance than its own 1e-4, and first steps that do not vanish with a start at 0."""

    def minimise(function: Any, start: Any, args: Any = (), disp: int = 0) -> Any:
        simplex = np.vstack([start, start + 0.1 * np.eye(len(start))])
        found = scipy.optimize.minimize(
            function, start, args=args, method="Nelder-Mead",
            options={"initial_simplex": simplex, "xatol": 1e-10, "fatol": 1e-13, "maxiter": 5000},
        )  # fmt: skip
        if not found.success:
            raise CannotEstimate("nondetects", "no_maximum", method="maximum_likelihood")
        return found.x

    return fit(data, optimizer=minimise, **fixed)


def _standard_error(sample: CensoredSample, distribution: Distribution, mean: float, sd: float) -> float:
    """From the curvature of the log-likelihood over (log mean, log sd) by central differences."""

    def log_likelihood(at: Values) -> float:
        fitted = _frozen(distribution, mean * float(np.exp(at[0])), sd * float(np.exp(at[1])))
        return float(fitted.logpdf(sample.detects).sum() + np.log(fitted.cdf(sample.limits) - fitted.cdf(0)).sum())

    step = 1e-4 * np.eye(2)
    information = -np.array(
        [
            [
                sum(a * b * log_likelihood(a * step[i] + b * step[j]) for a in (1, -1) for b in (1, -1)) / (4 * 1e-8)
                for j in range(2)
            ]
            for i in range(2)
        ]
    )
    return mean * float(np.sqrt(np.linalg.inv(information)[0, 0]))
