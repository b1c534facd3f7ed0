"""Ordinary kriging: the linear unbiased estimate of least variance where the mean is unknown, and its variance.

With C the covariances of the points and k those with the target, the weights λ and the multiplier m solve
C λ + m 1 = k, 1ᵀλ = 1; the variance is sill − kᵀλ − m. At a measured place the measured value comes out with variance 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.models import Model
from soilrules.geostat.neighbourhoods import EVERYTHING, Neighbourhood, neighbours
from soilrules.geostat.points import Floats, Points, Whole
from soilrules.geostat.shared_systems import same_systems, solve_systems
from soilrules.geostat.whole_systems import solve_whole

MOST_TOGETHER = 5_000
"""Points in one system; more take minutes and gigabytes and change nothing a near neighbourhood does not give."""
TARGETS_SEARCHED = 1 << 16
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
    counts = np.full(len(targets), points.n)
    if points.n < hood.at_least:
        return _nothing_yet(counts)
    return Kriged(*solve_whole(points, targets, model), counts)


def _nothing_yet(counts: Whole) -> Kriged:
    estimate, variance, multiplier = np.full((3, len(counts)), np.nan)
    return Kriged(estimate, variance, multiplier, counts)


def _checked(answer: Kriged, model: Model) -> Kriged:
    if (answer.variance < -STILL_ZERO * model.sill).any() or (answer.variance > 1e6 * model.sill).any():
        raise CannotInterpolate("ill_conditioned")
    np.maximum(answer.variance, 0.0, out=answer.variance)
    return answer
