"""What every statistic carries: by which method and convention, from how many results, with which seed and software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.censored import CensoredSample, Values

PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
# Helsel (2012), Statistics for Censored Environmental Data: above this share only proportions are worth telling
MOSTLY_CENSORED = 0.8


def software() -> Mapping[str, str]:
    """The versions a number depends on."""
    return {"soilrules": __version__, "numpy": np.__version__, "scipy": scipy.__version__}


@dataclass(frozen=True, kw_only=True)
class Result:
    """One computed statistic. `method` and `convention` are ids with a sentence in the room's messages."""

    method: str
    convention: str
    n: int
    n_censored: int
    seed: int | None = None
    caveats: tuple[Message, ...] = ()
    versions: Mapping[str, str] = field(default_factory=software)


@dataclass(frozen=True, kw_only=True)
class Estimate(Result):
    """Mean, standard deviation and quantiles in the unit of the sample; None where the method cannot say."""

    mean: float
    sd: float
    se_mean: float | None
    quantiles: Mapping[float, float | None]

    @property
    def median(self) -> float | None:
        """The quantile at 0.5."""
        return self.quantiles[0.5]


def caveat(message_id: str, **params: object) -> Message:
    """A remark on a result, by the id of its sentence."""
    return Message("statistics", "nondetects", message_id, {key: str(value) for key, value in params.items()})


def common_caveats(sample: CensoredSample) -> tuple[Message, ...]:
    """What holds whatever the method: too many non-detects, or limits above everything detected."""
    remarks = []
    if sample.n_censored > MOSTLY_CENSORED * sample.n:
        remarks.append(caveat("mostly_censored", share=f"{sample.n_censored / sample.n:.0%}"))
    above = sample.limits[sample.limits > sample.detects.max(initial=0.0)]
    if above.size:
        remarks.append(caveat("limits_above_detects", count=above.size))
    return tuple(remarks)


def quantiles_of(values: Values) -> dict[float, float | None]:
    """Quantiles of complete values, linear between order statistics (Hyndman and Fan type 7)."""
    return dict(zip(PROBABILITIES, np.quantile(values, PROBABILITIES).tolist(), strict=True))
