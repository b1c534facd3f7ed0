"""Ordinary kriging: the linear unbiased estimate of least variance where the mean is unknown, and its variance.

With C the covariances of the points and k those with the target, the weights λ and the multiplier m solve
C λ + m 1 = k, 1ᵀλ = 1; the variance is sill − kᵀλ − m. At a measured place the measured value comes out with variance 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.spatial.distance import cdist

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.models import Model
from soilrules.geostat.neighbourhoods import EVERYTHING, Neighbourhood, neighbours
from soilrules.geostat.points import Floats, Points, Whole
from soilrules.geostat.shared_systems import same_systems, solve_systems

MOST_TOGETHER = 5_000
"""Points in one system; more take minutes and gigabytes and change nothing a near neighbourhood does not give."""
COVARIANCES_AT_ONCE, TARGETS_SEARCHED = 1 << 17, 1 << 16
STILL_ZERO = 1e-6  # times the sill; a variance further below 0 is a system that cannot be solved


@dataclass(frozen=True, slots=True, eq=False)
class Kriged:
    """On the scale of the points: estimates, variances and multipliers (m above), NaN where there are too few neighbours;
    and how many neighbours each has."""

    estimate: Floats
    variance: Floats
    multiplier: Floats
    neighbours: Whole


def krige(points: Points, targets: Floats, model: Model, hood: Neighbourhood = EVERYTHING) -> Kriged:
    """Ordinary kriging of `points` at `targets`, shape (m, 2)."""
    if hood.holds_all(points):
        return _checked(_all_together(points, targets, model, hood), model)
    answer = _nothing_yet(np.zeros(len(targets), np.intp))
    for start in range(0, len(targets), TARGETS_SEARCHED):
        part = slice(start, start + TARGETS_SEARCHED)
        found = neighbours(points, targets[part], hood)[1]
        solved = krige_from(points, targets[part], model, found, hood)
        answer.estimate[part], answer.variance[part] = solved.estimate, solved.variance
        answer.multiplier[part], answer.neighbours[part] = solved.multiplier, solved.neighbours
    return answer


def krige_from(points: Points, targets: Floats, model: Model, found: Whole, hood: Neighbourhood) -> Kriged:
    """The same from given neighbours: indices of points for each target, the number of points where there is none."""
    counts = (found < points.n).sum(axis=1)
    answer = _nothing_yet(counts)
    enough = np.flatnonzero(counts >= hood.at_least)
    for systems in same_systems(found[enough], points.n):
        cells = enough[systems.cells]
        solved = solve_systems(points, targets[cells], model, systems.neighbours)
        answer.estimate[cells], answer.variance[cells], answer.multiplier[cells] = solved
    return _checked(answer, model)


def _all_together(points: Points, targets: Floats, model: Model, hood: Neighbourhood) -> Kriged:
    if points.n > MOST_TOGETHER:
        raise CannotInterpolate("too_many_together", n=points.n, most=MOST_TOGETHER)
    root = cholesky(points, model)
    values, ones = (linalg.solve_triangular(root, one, lower=True) for one in (points.scaled, np.ones(points.n)))
    of_ones = ones @ ones
    mean = (ones @ values) / of_ones
    answer = _nothing_yet(np.full(len(targets), points.n))
    together = max(1, COVARIANCES_AT_ONCE // points.n)
    for start in range(0, len(targets) if points.n >= hood.at_least else 0, together):
        part = slice(start, start + together)
        covered = model.covariance(cdist(targets[part], points.places)).T
        halves = linalg.solve_triangular(root, covered, lower=True, overwrite_b=True, check_finite=False)
        answer.estimate[part] = mean + (values - mean * ones) @ halves
        answer.multiplier[part] = (ones @ halves - 1) / of_ones
        squares = np.einsum("ij,ij->j", halves, halves)
        answer.variance[part] = model.sill - squares + answer.multiplier[part] ** 2 * of_ones
    return answer


def _nothing_yet(counts: Whole) -> Kriged:
    estimate, variance, multiplier = np.full((3, len(counts)), np.nan)
    return Kriged(estimate, variance, multiplier, counts)


def cholesky(points: Points, model: Model) -> Floats:
    """The lower Cholesky factor of the covariances between all points."""
    try:
        return np.asarray(linalg.cholesky(model.covariance(cdist(points.places, points.places)), lower=True))
    except linalg.LinAlgError:
        raise CannotInterpolate("ill_conditioned") from None


def _checked(answer: Kriged, model: Model) -> Kriged:
    if (answer.variance < -STILL_ZERO * model.sill).any() or (answer.variance > 1e6 * model.sill).any():
        raise CannotInterpolate("ill_conditioned")
    np.maximum(answer.variance, 0.0, out=answer.variance)
    return answer
