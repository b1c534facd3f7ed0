"""One kriging system of all points for every target, in parts small enough to stay in the cache.

With the mean μ estimated by generalised least squares the estimate is μ + kᵀC⁻¹(z − μ1), and the multiplier
m = (1ᵀC⁻¹k − 1) / 1ᵀC⁻¹1. Where the covariance ends at a reach, k is 0 for points farther away, so a block of near targets needs
only the rows and columns of C⁻¹ near it: the same figures from a small part of the work.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.models import Model
from soilrules.geostat.points import Floats, Points, Whole

COVARIANCES_AT_ONCE, TARGETS_IN_BLOCK = 1 << 17, 200
Solved = tuple[Floats, Floats, Floats]
"""Estimates, variances and multipliers."""


def solve_whole(points: Points, targets: Floats, model: Model) -> Solved:
    """Estimates, variances and multipliers at `targets`, shape (m, 2), each from all points."""
    if np.isfinite(model.reach_m):
        return _near_blocks(points, targets, model)
    return _by_factor(points, targets, model)


def cholesky(points: Points, model: Model) -> Floats:
    """The lower Cholesky factor of the covariances between all points."""
    try:
        return np.asarray(
            scipy.linalg.cholesky(
                model.covariance(scipy.spatial.distance.cdist(points.places, points.places)), lower=True
            )
        )
    except scipy.linalg.LinAlgError:
        raise CannotInterpolate("ill_conditioned") from None


def inverse_covariances(points: Points, model: Model) -> Floats:
    """The inverse of the covariances between all points."""
    return np.asarray(scipy.linalg.cho_solve((cholesky(points, model), True), np.eye(points.n)))


def _near_blocks(points: Points, targets: Floats, model: Model) -> Solved:
    inverse = inverse_covariances(points, model)
    sums = inverse.sum(axis=1)
    of_ones = sums.sum()
    mean = sums @ points.scaled / of_ones
    pull = inverse @ (points.scaled - mean)
    estimate, variance, multiplier = np.empty((3, len(targets)))
    for block in _blocks(targets):
        near = _within_reach(points, targets[block], model.reach_m)
        covered = model.covariance(scipy.spatial.distance.cdist(targets[block], points.places[near]))
        multiplier[block] = (covered @ sums[near] - 1) / of_ones
        estimate[block] = mean + covered @ pull[near]
        squares = np.einsum("ij,ij->i", covered @ inverse[near[:, None], near], covered)
        variance[block] = model.sill - squares + multiplier[block] ** 2 * of_ones
    return estimate, variance, multiplier


def _blocks(targets: Floats) -> Iterator[Whole]:
    """Indices of targets tile by tile, tiles so large that each would hold a block if all were even."""
    if not len(targets):
        return iter(())
    corner, extent = targets.min(axis=0), np.ptp(targets, axis=0)
    side = max(float(np.sqrt(extent.prod() * TARGETS_IN_BLOCK / len(targets))), float(extent.max()) / len(targets), 1.0)
    across, up = ((targets - corner) / side).astype(np.intp).T
    tile = across * (up.max() + 1) + up
    order = np.argsort(tile, kind="stable")
    return iter(np.split(order, np.flatnonzero(np.diff(tile[order])) + 1))


def _within_reach(points: Points, targets: Floats, reach_m: float) -> Whole:
    """Indices of the points within reach of the box around `targets`."""
    outside = points.places - points.places.clip(targets.min(axis=0), targets.max(axis=0))
    return np.flatnonzero(np.einsum("ij,ij->i", outside, outside) <= reach_m**2)


def _by_factor(points: Points, targets: Floats, model: Model) -> Solved:
    root = cholesky(points, model)
    values, ones = (scipy.linalg.solve_triangular(root, one, lower=True) for one in (points.scaled, np.ones(points.n)))
    of_ones = ones @ ones
    mean = (ones @ values) / of_ones
    estimate, variance, multiplier = np.empty((3, len(targets)))
    together = max(1, COVARIANCES_AT_ONCE // points.n)
    for start in range(0, len(targets), together):
        part = slice(start, start + together)
        covered = model.covariance(scipy.spatial.distance.cdist(targets[part], points.places)).T
        halves = scipy.linalg.solve_triangular(root, covered, lower=True, overwrite_b=True, check_finite=False)
        multiplier[part] = (ones @ halves - 1) / of_ones
        estimate[part] = mean + (values - mean * ones) @ halves
        variance[part] = model.sill - np.einsum("ij,ij->j", halves, halves) + multiplier[part] ** 2 * of_ones
    return estimate, variance, multiplier
