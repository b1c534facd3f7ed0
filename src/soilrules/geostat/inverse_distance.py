"""Inverse distance weighting: a mean of the nearest points, weighted by distance to a power. It knows no error."""

from __future__ import annotations

import numpy as np

from soilrules.geostat.models import SAME_PLACE_M
from soilrules.geostat.neighbourhoods import Neighbourhood, neighbours
from soilrules.geostat.points import Floats, Points, Whole

TWELVE = Neighbourhood(nearest=12)
POWER = 2.0
TARGETS_AT_ONCE = 1 << 14


def inverse_distance(points: Points, targets: Floats, *, power: float = POWER, hood: Neighbourhood = TWELVE) -> Floats:
    """Estimates on the scale of the points; NaN where there are too few neighbours. `power` is above 0."""
    if not power > 0:
        raise ValueError(f"power {power}: expected a number above 0; 2 is usual.")
    parts = np.array_split(targets, max(1, -(-len(targets) // TARGETS_AT_ONCE)))
    return np.concatenate(
        [weighted(points, *neighbours(points, part, hood), power=power, at_least=hood.at_least) for part in parts]
    )


def weighted(points: Points, distances: Floats, found: Whole, *, power: float, at_least: int) -> Floats:
    """The same from given neighbours: distances and indices, infinite where there is none."""
    values = np.append(points.scaled, 0.0)[found]
    here = distances <= SAME_PLACE_M
    there = found < points.n
    apart = np.where(there, np.maximum(distances, SAME_PLACE_M), SAME_PLACE_M)
    weights = np.where(there, (apart / apart[:, :1]) ** -power, 0.0)  # relative: no power overflows
    weights = np.where(here.any(axis=1, keepdims=True), here, weights)
    sums = weights.sum(axis=1)
    enough = there.sum(axis=1) >= at_least
    return np.where(enough, (weights * values).sum(axis=1) / np.where(sums > 0, sums, 1.0), np.nan)
