"""What is not known for sure, as a distribution: every one turns shares between 0 and 1 into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
import scipy
from numpy.typing import NDArray

from soilrules.risk.errors import CaseError, unknown

Array = NDArray[np.float64]


class Distribution(Protocol):
    """A distribution by its quantiles."""

    def quantiles(self, shares: Array) -> Array:
        """The values below which `shares` of the distribution lie; same shape."""
        ...


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything from `low` to `high`, equally likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered("uniform", low=self.low, high=self.high)

    def quantiles(self, shares: Array) -> Array:
        """See Distribution."""
        return self.low + (self.high - self.low) * shares


@dataclass(frozen=True, slots=True)
class Triangular:
    """From `low` to `high`, most likely `mode`."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _ordered("triangular", low=self.low, high=self.high)
        if not self.low <= self.mode <= self.high:
            raise CaseError("mode_outside", mode=self.mode, low=self.low, high=self.high)

    def quantiles(self, shares: Array) -> Array:
        """See Distribution."""
        width = self.high - self.low
        return _array(scipy.stats.triang.ppf(shares, (self.mode - self.low) / width, loc=self.low, scale=width))


@dataclass(frozen=True, slots=True)
class TruncatedNormal:
    """Normal with `mean` and `sd`, cut off below `low` and above `high` (mean and sd are those before the cut)."""

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered("truncated_normal", low=self.low, high=self.high)
        _positive("sd", self.sd)

    def quantiles(self, shares: Array) -> Array:
        """See Distribution."""
        cut = ((self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd)
        return _array(scipy.stats.truncnorm.ppf(shares, *cut, loc=self.mean, scale=self.sd))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal with median `geometric_mean` and geometric standard deviation `gsd`, which is above 1."""

    geometric_mean: float
    gsd: float

    def __post_init__(self) -> None:
        _positive("geometric_mean", self.geometric_mean)
        if not self.gsd > 1:
            raise CaseError("gsd", gsd=self.gsd)

    def quantiles(self, shares: Array) -> Array:
        """See Distribution."""
        return _array(scipy.stats.lognorm.ppf(shares, np.log(self.gsd), scale=self.geometric_mean))


@dataclass(frozen=True, slots=True)
class Discrete:
    """One of `values`, each as likely as its weight says."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        lengths_fit = len(self.values) == len(self.weights) > 0
        if not lengths_fit or min(self.weights) < 0 or sum(self.weights) <= 0:
            raise CaseError("weights", values=self.values, weights=self.weights)

    def quantiles(self, shares: Array) -> Array:
        """See Distribution."""
        order = np.argsort(self.values)
        below = np.cumsum(np.asarray(self.weights, dtype=np.float64)[order])
        at = np.searchsorted(below / below[-1], shares, side="left")
        return _array(np.asarray(self.values, dtype=np.float64)[order][np.minimum(at, len(order) - 1)])


KINDS: Mapping[str, type[Any]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "truncated_normal": TruncatedNormal,
    "lognormal": LogNormal,
    "discrete": Discrete,
}

_LISTS = ("values", "weights")


def read_distribution(data: Mapping[str, object], *, place: str) -> Distribution:
    """The distribution in a mapping such as {"kind": "uniform", "low": 1, "high": 2}; raises CaseError."""
    kind = data.get("kind")
    if kind not in KINDS:
        raise unknown("distribution", kind, KINDS, place=f"{place}.kind")
    names = [one.name for one in fields(KINDS[str(kind)])]
    for key in data:
        if key not in ("kind", "because", *names):
            raise unknown("key", key, names, place=f"{place}.{key}")
    found: Distribution = KINDS[str(kind)](
        **{name: (_figures if name in _LISTS else _figure)(data.get(name), f"{place}.{name}") for name in names}
    )
    return found


def _figures(value: object, place: str) -> tuple[float, ...]:
    if not isinstance(value, list | tuple):
        raise CaseError("no_figure", place=place, value=repr(value))
    return tuple(_figure(one, place) for one in value)


def _figure(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise CaseError("no_figure", place=place, value=repr(value))
    return float(value)


def _array(values: object) -> Array:
    return np.asarray(values, dtype=np.float64)


def _ordered(kind: str, *, low: float, high: float) -> None:
    if not low < high:
        raise CaseError("low_high", kind=kind, low=low, high=high)


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise CaseError("not_positive", name=name, value=value)
