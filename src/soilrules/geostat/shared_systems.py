"""Kriging systems of targets with the same neighbours: each is set up and factored once, many at a time.

On a grid finer than the points most neighbouring cells have the same neighbours, so there are far fewer systems than
cells. Systems with about as many cells lie together in one stack, which numpy solves in one call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.models import Model
from soilrules.geostat.points import Floats, Points, Whole

NUMBERS_AT_ONCE = 1 << 20
"""In one stack: eight megabytes, which stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Systems:
    """A stack of systems: `neighbours` of shape (g, k), and `cells`, (g, c), which cells each serves. A system with
    fewer than c cells names its last one again."""

    neighbours: Whole
    cells: Whole


def same_systems(found: Whole, n: int) -> Iterator[Systems]:
    """The rows of `found` by equal sets of indices, in stacks of systems with about as many rows."""
    if not len(found):
        return
    # The sum of random 64-bit numbers names a set: two sets of a million share a name once in 10^7 runs.
    names = np.random.default_rng(0).integers(0, 1 << 63, n + 1, dtype=np.uint64)
    _, first, inverse, counts = np.unique(
        names[found].sum(axis=1), return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(inverse, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    widths = 1 << np.ceil(np.log2(counts)).astype(int)
    size = found.shape[1] + 1
    for width in np.unique(widths):
        alike = np.flatnonzero(widths == width)
        together = max(1, NUMBERS_AT_ONCE // (size * (size + int(width))))
        for part in np.array_split(alike, -(-len(alike) // together)):
            steps = np.minimum(np.arange(width), counts[part, None] - 1)
            yield Systems(found[first[part]], order[starts[part, None] + steps])


def solve_systems(points: Points, targets: Floats, model: Model, found: Whole) -> tuple[Floats, Floats, Floats]:
    """Estimates, variances and multipliers for targets of shape (g, c, 2) from neighbours of shape (g, k)."""
    there = found < points.n
    at = points.places[np.minimum(found, points.n - 1)]
    left = _left_sides(at, there, model)
    right = np.ones((*found.shape[:1], found.shape[1] + 1, targets.shape[1]))
    right[:, :-1] = np.where(there[:, :, None], model.covariance(_distances(at, targets)), 0.0)
    try:
        weights = np.linalg.solve(left, right)
    except np.linalg.LinAlgError:
        raise CannotInterpolate("ill_conditioned") from None
    centre = points.scaled.mean()  # weights sum to one; figures near 0 keep more digits
    values = np.where(there, points.scaled[np.minimum(found, points.n - 1)] - centre, 0.0)
    estimates = centre + np.einsum("gk,gkc->gc", values, weights[:, :-1])
    variances = model.sill - np.einsum("gkc,gkc->gc", weights, right)
    return estimates, variances, np.asarray(weights[:, -1], dtype=np.float64)


def _left_sides(at: Floats, there: np.ndarray, model: Model) -> Floats:
    """Covariances bordered with ones. Where a neighbour is missing, a row that gives it the weight 0."""
    groups, size = there.shape
    left = np.zeros((groups, size + 1, size + 1))
    both = there[:, :, None] & there[:, None, :]
    left[:, :size, :size] = np.where(both, model.covariance(_distances(at, at)), np.eye(size))
    left[:, :size, size] = left[:, size, :size] = there
    return left


def _distances(at: Floats, to: Floats) -> Floats:
    """Metres between places of shape (g, k, 2) and (g, c, 2), as (g, k, c)."""
    squares = at[:, :, None, 0] - to[:, None, :, 0]
    squares *= squares
    north = at[:, :, None, 1] - to[:, None, :, 1]
    north *= north
    squares += north
    return np.sqrt(squares, out=squares)
