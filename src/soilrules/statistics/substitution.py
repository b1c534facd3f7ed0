"""Complete samples, and non-detects replaced by a number: biased, and done only when asked for by name."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from soilrules.messages import Message
from soilrules.statistics.censored import CannotEstimate, CensoredSample, Values
from soilrules.statistics.results import Estimate, caveat, common_caveats, quantiles_of


class Substitute(StrEnum):
    """The number written in place of a non-detect."""

    ZERO = "zero"
    HALF_LIMIT = "half_limit"
    LIMIT = "limit"
    REPORTING_LIMIT_HJ25_5 = "reporting_limit_hj25_5"  # HJ 25.5-2018; from knowledge: its full text was not at hand


FRACTION_OF_LIMIT = {
    Substitute.ZERO: 0.0,
    Substitute.HALF_LIMIT: 0.5,
    Substitute.LIMIT: 1.0,
    Substitute.REPORTING_LIMIT_HJ25_5: 1.0,
}


def arithmetic(sample: CensoredSample) -> Estimate:
    """Mean, sd (divisor n - 1) and quantiles of a sample in which everything is detected; else CannotEstimate."""
    if sample.n_censored:
        raise CannotEstimate("nondetects", "not_for_nondetects", n_censored=sample.n_censored)
    return _of_complete(sample, sample.values, "arithmetic", "complete")


def substitute(sample: CensoredSample, *, by: Substitute) -> Estimate:
    """Mean, sd and quantiles after every non-detect became zero, half its limit or its limit.

    The result depends on the laboratory's limits and not on the soil; the caveat says so. Works where nothing is detected.
    """
    by = Substitute(by)
    filled = np.where(sample.censored, FRACTION_OF_LIMIT[by] * sample.values, sample.values)
    remarks = [caveat("substituted", count=sample.n_censored)] if sample.n_censored else []
    if by is Substitute.REPORTING_LIMIT_HJ25_5:
        remarks.append(caveat("hj25_5_from_knowledge"))
    return _of_complete(sample, filled, "substitution", by, tuple(remarks))


def _of_complete(
    sample: CensoredSample, filled: Values, method: str, convention: str, remarks: tuple[Message, ...] = ()
) -> Estimate:
    sd = float(filled.std(ddof=1)) if sample.n > 1 else float("nan")
    return Estimate(
        method=method,
        convention=convention,
        n=sample.n,
        n_censored=sample.n_censored,
        caveats=(*common_caveats(sample), *remarks),
        mean=float(filled.mean()),
        sd=sd,
        se_mean=sd / float(np.sqrt(sample.n)) if sample.n > 1 else None,
        quantiles=quantiles_of(filled),
    )
