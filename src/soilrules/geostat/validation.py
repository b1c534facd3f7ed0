"""Cross-validation: each point estimated from the others, with the variogram fitted to all of them (as gstat does).

The error of an estimate is estimate less measured value, on the scale of the points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soilrules.geostat.inverse_distance import POWER, TWELVE, inverse_distance, weighted
from soilrules.geostat.kriging import krige, krige_from
from soilrules.geostat.models import Model
from soilrules.geostat.neighbourhoods import EVERYTHING, Neighbourhood, other_neighbours
from soilrules.geostat.points import Floats, Points
from soilrules.geostat.whole_systems import inverse_covariances

Estimating = Callable[[Points, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidation:
    """`folds` is the number of points where each is left out alone. `msdr` is the mean of squared error over variance:
    near 1 where the variances tell the truth; None without variances. `correlation` is of measured and estimated.
    `n` counts the points that could be estimated."""

    n: int
    folds: int
    mean_error: float
    rmse: float
    msdr: float | None
    correlation: float | None
    estimates: Floats
    variances: Floats


def leave_one_out(points: Points, model: Model, hood: Neighbourhood = EVERYTHING) -> CrossValidation:
    """Kriging, each point from all others or from its neighbours."""
    if hood.holds_all(points):
        return _summary(points, points.n, *_from_all_others(points, model))
    kriged = krige_from(points, points.places, model, other_neighbours(points, hood)[1], hood)
    return _summary(points, points.n, kriged.estimate, kriged.variance)


def leave_one_out_inverse_distance(
    points: Points, *, power: float = POWER, hood: Neighbourhood = TWELVE
) -> CrossValidation:
    """Inverse distance weighting, each point from its neighbours."""
    estimates = weighted(points, *other_neighbours(points, hood), power=power, at_least=hood.at_least)
    return _summary(points, points.n, estimates, np.full(points.n, np.nan))


def by_folds(points: Points, estimating: Estimating, *, folds: int = 10, seed: int = 0) -> CrossValidation:
    """Each of `folds` random parts from the others; `estimating(points, places)` gives estimates and variances."""
    if not 2 <= folds <= points.n:
        raise ValueError(f"{folds} folds of {points.n} points: expected 2 to {points.n}.")
    estimates, variances = np.full(points.n, np.nan), np.full(points.n, np.nan)
    for part in np.array_split(np.random.default_rng(seed).permutation(points.n), folds):
        estimates[part], variances[part] = estimating(points.without(part), points.places[part])
    return _summary(points, folds, estimates, variances)


def kriging_with(model: Model, hood: Neighbourhood = EVERYTHING) -> Estimating:
    """Kriging as `by_folds` wants it."""

    def estimating(points: Points, places: Floats) -> tuple[Floats, Floats]:
        kriged = krige(points, places, model, hood)
        return kriged.estimate, kriged.variance

    return estimating


def inverse_distance_with(*, power: float = POWER, hood: Neighbourhood = TWELVE) -> Estimating:
    """Inverse distance weighting as `by_folds` wants it."""

    def estimating(points: Points, places: Floats) -> tuple[Floats, Floats]:
        return inverse_distance(points, places, power=power, hood=hood), np.full(len(places), np.nan)

    return estimating


def _from_all_others(points: Points, model: Model) -> tuple[Floats, Floats]:
    """All at once from one inverse (Dubrule 1983), not from n systems."""
    inverse = inverse_covariances(points, model)
    sums = inverse.sum(axis=1)
    projected = inverse - np.outer(sums, sums) / sums.sum()
    variances = 1 / np.diag(projected)
    return points.scaled - variances * (projected @ points.scaled), variances


def _summary(points: Points, folds: int, estimates: Floats, variances: Floats) -> CrossValidation:
    known = np.isfinite(estimates)
    errors, measured = (estimates - points.scaled)[known], points.scaled[known]
    some = known.any()
    with_variance = known & (variances > 0)
    spread = known.sum() > 1 and min(np.ptp(measured), np.ptp(estimates[known])) > 0
    squares = (estimates - points.scaled)[with_variance] ** 2 / variances[with_variance]
    return CrossValidation(
        n=int(known.sum()),
        folds=folds,
        mean_error=float(errors.mean()) if some else float("nan"),
        rmse=float(np.sqrt((errors**2).mean())) if some else float("nan"),
        msdr=float(squares.mean()) if with_variance.any() else None,
        correlation=float(np.corrcoef(measured, estimates[known])[0, 1]) if spread else None,
        estimates=estimates,
        variances=variances,
    )
