"""Models of the variogram, in the terms of R gstat: nugget, partial sill and its range parameter.

γ(0) = 0 and γ(h) = nugget + partial sill · g(h / range) for h > 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy

from soilrules.geostat.points import Floats

SAME_PLACE_M = 1e-10
"""Nearer than this is the same place: there the measured value holds, nugget or not."""
NEARLY_SILL = 0.95


class Kind(StrEnum):
    """The shapes."""

    SPHERICAL = "spherical"
    EXPONENTIAL = "exponential"
    GAUSSIAN = "gaussian"
    MATERN = "matern"


def _spherical(ratio: Floats, _: float) -> Floats:
    inside = np.minimum(ratio, 1.0)
    shape = inside * inside
    shape *= -0.5  # in place: the figures of a block stay in the cache, which doubles the speed of kriging
    shape += 1.5
    shape *= inside
    return shape


def _exponential(ratio: Floats, _: float) -> Floats:
    return -np.expm1(-ratio)


def _gaussian(ratio: Floats, _: float) -> Floats:
    return -np.expm1(-ratio * ratio)


def _matern(ratio: Floats, smoothness: float) -> Floats:
    near = np.maximum(ratio, 1e-12)
    correlation = (
        2 ** (1 - smoothness) / scipy.special.gamma(smoothness) * near**smoothness * scipy.special.kv(smoothness, near)
    )
    return np.asarray(1.0 - np.where(ratio > 0, np.nan_to_num(correlation), 1.0))


SHAPES: Mapping[Kind, Callable[[Floats, float], Floats]] = {
    Kind.SPHERICAL: _spherical,
    Kind.EXPONENTIAL: _exponential,
    Kind.GAUSSIAN: _gaussian,
    Kind.MATERN: _matern,
}


@dataclass(frozen=True, slots=True)
class Model:
    """A variogram model. `smoothness` (κ) counts for the Matérn model alone.

    >>> round(float(Model(Kind.SPHERICAL, nugget=0.05, partial_sill=0.6, range_m=900).semivariance(450.0)), 4)
    0.4625
    """

    kind: Kind
    nugget: float
    partial_sill: float
    range_m: float
    smoothness: float = 0.5

    def __post_init__(self) -> None:
        numbers = (self.nugget, self.partial_sill, self.range_m, self.smoothness)
        if not (np.isfinite(numbers).all() and min(numbers[:2]) >= 0 and min(numbers[2:]) > 0 and self.sill > 0):
            raise ValueError(
                f"{self}: expected nugget and partial sill not below 0 and not both 0, range and smoothness above 0."
            )

    @property
    def sill(self) -> float:
        """Nugget and partial sill together."""
        return self.nugget + self.partial_sill

    @property
    def nugget_share(self) -> float:
        """The part of the sill no distance explains."""
        return self.nugget / self.sill

    @property
    def effective_range_m(self) -> float:
        """The distance at which 95 % of the partial sill is reached; the whole of it for the spherical model."""
        if self.kind is Kind.SPHERICAL:
            return self.range_m
        shape = SHAPES[self.kind]
        root = scipy.optimize.brentq(
            lambda ratio: float(shape(np.asarray(ratio), self.smoothness)) - NEARLY_SILL,
            1e-6,
            50 * self.smoothness + 50,
        )
        return self.range_m * float(root)

    @property
    def reach_m(self) -> float:
        """The distance from which on the covariance is exactly 0; infinite for shapes that only near their sill."""
        return self.range_m if self.kind is Kind.SPHERICAL else float("inf")

    def semivariance(self, distance: Floats | float) -> Floats:
        """γ at `distance`, metres."""
        return self.sill - self.covariance(distance)

    def covariance(self, distance: Floats | float) -> Floats:
        """Sill less γ at `distance`, metres."""
        far = np.asarray(distance, dtype=np.float64)
        covered = np.asarray(SHAPES[self.kind](far / self.range_m, self.smoothness))
        covered *= -self.partial_sill
        covered += self.partial_sill
        covered[far <= SAME_PLACE_M] = self.sill
        return covered
