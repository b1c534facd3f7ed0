"""Upper confidence limits of the mean from an estimate: Student t, Chebyshev, normal and gamma."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from soilrules.statistics.censored import CannotEstimate
from soilrules.statistics.results import Estimate, Result

CONFIDENCE = 0.95
# Grice and Bain (1980), table 2: the significance that keeps 0.05 although the shape is estimated, over 1 / n
GRICE_BAIN_N = (5, 10, 20, 40, np.inf)
GRICE_BAIN = {
    0.90: (0.0432, 0.0724, 0.0866, 0.0934, 0.1000),
    0.95: (0.0086, 0.0267, 0.0380, 0.0440, 0.0500),
}


@dataclass(frozen=True, kw_only=True)
class UpperLimit(Result):
    """A one-sided upper confidence limit of the mean. `convention` names the estimate it rests on, as method/convention."""

    value: float
    confidence: float
    estimate: Estimate


def student_t(estimate: Estimate, *, confidence: float = CONFIDENCE) -> UpperLimit:
    """Mean + t(n - 1) × standard error; right for means that are near normal. CannotEstimate without a standard error."""
    quantile = scipy.stats.t.ppf(confidence, estimate.n - 1)
    return limit_from(estimate, "student_t", estimate.mean + quantile * _standard_error(estimate), confidence)


def normal_approximation(estimate: Estimate, *, confidence: float = CONFIDENCE) -> UpperLimit:
    """Mean + z × standard error: Wald's limit of a maximum likelihood estimate, too low in small samples."""
    quantile = scipy.stats.norm.ppf(confidence)
    return limit_from(
        estimate, "normal_approximation", estimate.mean + quantile * _standard_error(estimate), confidence
    )


def chebyshev(estimate: Estimate, *, confidence: float = CONFIDENCE) -> UpperLimit:
    """Mean + √(1 / (1 - confidence) - 1) × standard error: holds for any distribution whose sd is known, so it is wide."""
    factor = np.sqrt(1 / (1 - confidence) - 1)
    return limit_from(estimate, "chebyshev", estimate.mean + factor * _standard_error(estimate), confidence)


def gamma_approximate(estimate: Estimate, *, confidence: float = CONFIDENCE, bias_corrected: bool = True) -> UpperLimit:
    """2 n k mean / χ²(1 - confidence; 2 n k) with the shape k of the estimate; exact if k were known (Grice and Bain).

    k = (mean / sd)², by default corrected for bias: (n - 3) / n × k + 2 / (3 n). For a complete sample pass the gamma
    maximum likelihood estimate; with non-detects the Kaplan–Meier one, as ProUCL does.
    """
    value = _gamma_limit(estimate, 1 - confidence, bias_corrected)
    return limit_from(estimate, "gamma_approximate", value, confidence)


def gamma_adjusted(estimate: Estimate, *, confidence: float = CONFIDENCE, bias_corrected: bool = True) -> UpperLimit:
    """The approximate gamma limit at the significance of Grice and Bain (1980), who allow for the estimated shape.

    For confidence 0.90 and 0.95 and n from 5; else CannotEstimate. The table is interpolated linearly, beyond n = 40 over 1 / n.
    """
    if confidence not in GRICE_BAIN or estimate.n < GRICE_BAIN_N[0]:
        raise CannotEstimate("confidence", "outside_grice_bain", n=estimate.n, confidence=confidence)
    value = _gamma_limit(estimate, _grice_bain(estimate.n, confidence), bias_corrected)
    return limit_from(estimate, "gamma_adjusted", value, confidence)


def limit_from(
    estimate: Estimate, method: str, value: float, confidence: float, *, seed: int | None = None
) -> UpperLimit:
    """A limit that keeps the names and caveats of the estimate it rests on."""
    return UpperLimit(
        method=method,
        convention=f"{estimate.method}/{estimate.convention}",
        n=estimate.n,
        n_censored=estimate.n_censored,
        seed=seed,
        caveats=estimate.caveats,
        value=float(value),
        confidence=confidence,
        estimate=estimate,
    )


def gamma_shape(estimate: Estimate, *, bias_corrected: bool = True) -> float:
    """The shape k that gives the mean and sd of the estimate."""
    if not estimate.sd > 0:
        raise CannotEstimate("confidence", "all_equal", n=estimate.n, mean=f"{estimate.mean:g}")
    shape = (estimate.mean / estimate.sd) ** 2
    n = estimate.n
    return (n - 3) / n * shape + 2 / (3 * n) if bias_corrected else shape


def _gamma_limit(estimate: Estimate, significance: float, bias_corrected: bool) -> float:
    freedom = 2 * estimate.n * gamma_shape(estimate, bias_corrected=bias_corrected)
    return float(freedom * estimate.mean / scipy.stats.chi2.ppf(significance, freedom))


def _grice_bain(n: int, confidence: float) -> float:
    column = GRICE_BAIN[confidence]
    if n <= GRICE_BAIN_N[-2]:
        return float(np.interp(n, GRICE_BAIN_N[:-1], column[:-1]))
    return column[-1] + (column[-2] - column[-1]) * GRICE_BAIN_N[-2] / n


def _standard_error(estimate: Estimate) -> float:
    if estimate.se_mean is None:
        raise CannotEstimate("confidence", "no_standard_error", method=estimate.method, n=estimate.n)
    return estimate.se_mean
