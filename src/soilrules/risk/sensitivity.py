"""Which parameter moves the result: the bars of a tornado, rank correlation, and the ratio of HJ 25.3-2019 appendix D."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy

from soilrules.risk.case import Case
from soilrules.risk.distributions import Array
from soilrules.risk.uncertainty import Draws, Inputs, Uncertain, evaluate, prepare

LOW, HIGH = 0.05, 0.95  # the shares of a distribution a bar reaches from and to


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the quantity with a parameter at its 5th and 95th percentile and everything else as in the case.

    sensitivity_ratio is the change of the quantity over the change of the parameter, both relative, from low to high
    (appendix D, as a fraction); rank_correlation is Spearman's over the draws. None where it is not defined.
    """

    name: str
    low_input: float
    high_input: float
    low: float
    high: float
    sensitivity_ratio: float | None
    rank_correlation: float | None

    @property
    def width(self) -> float:
        """How far the quantity moves."""
        return abs(self.high - self.low)


def tornado(
    case: Case, uncertain: Mapping[str, Uncertain], draws: Draws, *, slug: str, quantity: str
) -> tuple[Bar, ...]:
    """The bars of one quantity of one substance, the widest first; empty where the quantity is not defined."""
    values = draws.of(slug, quantity)
    if np.isnan(values).any():
        return ()
    bars = []
    for name in (name for name in uncertain if _touches(name, slug)):
        inputs = uncertain[name].distribution.quantiles(np.array([LOW, HIGH]))
        low, high = (_single(prepare(case, (slug,), {name: float(at)}), case, quantity) for at in inputs)
        bars.append(
            Bar(
                name=name,
                low_input=float(inputs[0]),
                high_input=float(inputs[1]),
                low=low,
                high=high,
                sensitivity_ratio=_ratio((float(inputs[0]), float(inputs[1])), (low, high)),
                rank_correlation=rank_correlation(draws.inputs[name], values),
            )
        )
    return tuple(sorted(bars, key=lambda bar: -bar.width))


def _touches(name: str, slug: str) -> bool:
    """Whether a name is a parameter of the model or belongs to this substance."""
    return "." not in name or name.startswith(f"{slug}.")


def _single(inputs: Inputs, case: Case, quantity: str) -> float:
    return float(np.asarray(evaluate(inputs, case)[quantity]).item())


def _ratio(inputs: tuple[float, float], outputs: tuple[float, float]) -> float | None:
    (p1, p2), (x1, x2) = inputs, outputs
    if p1 == 0 or x1 == 0 or p1 == p2:
        return None
    return ((x2 - x1) / x1) / ((p2 - p1) / p1)


def rank_correlation(inputs: Array, outputs: Array) -> float | None:
    """Spearman's rank correlation; None where one of the two does not vary or is not known."""
    if np.isnan(outputs).any() or np.ptp(inputs) == 0 or np.ptp(outputs) == 0:
        return None
    ranks = np.array([scipy.stats.rankdata(inputs), scipy.stats.rankdata(outputs)])
    return float(np.corrcoef(ranks)[0, 1])
