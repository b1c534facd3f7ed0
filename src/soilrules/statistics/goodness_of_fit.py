"""Does a sample look normal, gamma or log-normal? A test can only say that it does not.

With non-detects the tests see the detects alone, as in ProUCL: the limits of the detected results are not recorded, so the
censoring cannot be simulated. The result says so (convention `detects_only`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from soilrules.statistics.censored import CannotEstimate, CensoredSample, need_detects
from soilrules.statistics.likelihood import Distribution
from soilrules.statistics.results import Result, common_caveats

LEVEL = 0.05
SHAPIRO_WILK_UP_TO = 5000  # Royston (1995), algorithm AS R94, gives p values up to here
SIMULATIONS = 999


@dataclass(frozen=True, kw_only=True)
class Fit(Result):
    """A goodness-of-fit test: `p` below `level` rejects the distribution."""

    distribution: Distribution
    statistic: float
    p: float
    level: float = LEVEL

    @property
    def holds(self) -> bool:
        """Whether the distribution is not rejected."""
        return self.p >= self.level


def shapiro_wilk(sample: CensoredSample, *, distribution: Distribution) -> Fit:
    """Shapiro–Wilk on the detects (normal) or their logarithms (log-normal).

    Raises CannotEstimate with fewer than three different detects or more than 5,000, and for any other distribution.
    """
    need_detects(sample, "shapiro_wilk", 3)
    if distribution is Distribution.GAMMA or sample.detects.size > SHAPIRO_WILK_UP_TO:
        raise CannotEstimate(
            "confidence", "not_for_shapiro_wilk", distribution=distribution, n=sample.detects.size, at_most=5000
        )
    values = np.log(sample.detects) if distribution is Distribution.LOGNORMAL else sample.detects
    statistic, p = scipy.stats.shapiro(values)
    return Fit(
        method="shapiro_wilk",
        convention=_looked_at(sample),
        n=sample.n,
        n_censored=sample.n_censored,
        caveats=common_caveats(sample),
        distribution=distribution,
        statistic=float(statistic),
        p=float(p),
    )


def anderson_darling_gamma(sample: CensoredSample, *, seed: int, simulations: int = SIMULATIONS) -> Fit:
    """Anderson–Darling against the gamma fitted to the detects, its p by simulating from the fit and fitting again.

    Tables for known parameters do not hold once the parameters are fitted; simulating is Lilliefors' way. `seed` fixes p.
    """
    need_detects(sample, "anderson_darling_gamma", 3)
    test = scipy.stats.goodness_of_fit(
        scipy.stats.gamma,
        sample.detects,
        known_params={"loc": 0},
        statistic="ad",
        n_mc_samples=simulations,
        rng=np.random.default_rng(seed),
    )
    return Fit(
        method="anderson_darling_gamma",
        convention=_looked_at(sample),
        n=sample.n,
        n_censored=sample.n_censored,
        seed=seed,
        caveats=common_caveats(sample),
        distribution=Distribution.GAMMA,
        statistic=float(test.statistic),
        p=float(test.pvalue),
    )


def fits(sample: CensoredSample, *, seed: int) -> tuple[Fit, Fit, Fit]:
    """The three tests, in the order in which a distribution is preferred: normal, gamma, log-normal."""
    return (
        shapiro_wilk(sample, distribution=Distribution.NORMAL),
        anderson_darling_gamma(sample, seed=seed),
        shapiro_wilk(sample, distribution=Distribution.LOGNORMAL),
    )


def _looked_at(sample: CensoredSample) -> str:
    return "detects_only" if sample.n_censored else "complete"
