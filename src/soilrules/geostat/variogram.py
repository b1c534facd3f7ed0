"""The experimental variogram: half the mean square difference of pairs, by their distance.

Lags as in R gstat: the cutoff is a third of the diagonal of the box around the points, cut into 15 lags, each open
below and closed above. Matheron (1962), or Cressie and Hawkins (1980), which bears outliers better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.points import Floats, Points, Whole

LAGS = 15
CUTOFF_PART_OF_DIAGONAL = 3.0
ROWS_AT_ONCE = 512


class Estimator(StrEnum):
    """How the differences of a lag become one figure."""

    MATHERON = "matheron"
    CRESSIE = "cressie"


@dataclass(frozen=True, slots=True, eq=False)
class Experimental:
    """One figure for each lag with pairs in it: how many pairs, their mean distance in metres, their semivariance."""

    pairs: Whole
    distance_m: Floats
    semivariance: Floats
    cutoff_m: float
    lags: int
    estimator: Estimator


def experimental(
    points: Points, *, estimator: Estimator = Estimator.MATHERON, cutoff_m: float | None = None, lags: int = LAGS
) -> Experimental:
    """The experimental variogram of `points` on their scale."""
    cutoff = cutoff_m or float(np.hypot(*np.ptp(points.places, axis=0))) / CUTOFF_PART_OF_DIAGONAL
    if not cutoff > 0 or lags < 1:
        raise CannotInterpolate("no_lags", cutoff=cutoff, lags=lags)
    pairs, distances, sums = np.zeros(lags, np.intp), np.zeros(lags), np.zeros(lags)
    for distance, difference in _pairs(points, cutoff):
        lag = np.maximum(np.ceil(distance / (cutoff / lags)).astype(np.intp) - 1, 0).clip(max=lags - 1)
        summed = difference**2 if Estimator(estimator) is Estimator.MATHERON else np.sqrt(np.abs(difference))
        pairs += np.bincount(lag, minlength=lags)
        distances += np.bincount(lag, distance, lags)
        sums += np.bincount(lag, summed, lags)
    some = pairs > 0
    means = sums[some] / pairs[some]
    halved = means / 2 if Estimator(estimator) is Estimator.MATHERON else _cressie(means, pairs[some])
    return Experimental(pairs[some], distances[some] / pairs[some], halved, cutoff, lags, Estimator(estimator))


def _pairs(points: Points, cutoff: float) -> Iterator[tuple[Floats, Floats]]:
    """Distances and differences of every pair up to the cutoff, some rows at a time."""
    values = points.scaled
    for start in range(0, points.n, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        distances = scipy.spatial.distance.cdist(points.places[rows], points.places[start:])
        one, other = np.nonzero(np.triu(distances <= cutoff, 1))
        yield distances[one, other], values[rows][one] - values[start:][other]


def _cressie(mean_roots: Floats, pairs: Whole) -> Floats:
    return mean_roots**4 / (0.457 + 0.494 / pairs) / 2
