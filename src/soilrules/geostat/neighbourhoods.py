"""Which points an estimate is made from: all, the nearest few, those within a distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from soilrules.geostat.points import Floats, Points, Whole


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The `nearest` points, of those not farther than `within_m` metres; None is no bound, both None is all points.

    Where fewer than `at_least` remain, nothing is estimated.
    """

    nearest: int | None = None
    within_m: float | None = None
    at_least: int = 1

    def __post_init__(self) -> None:
        if (self.nearest or 1) < 1 or (self.within_m is not None and not self.within_m > 0) or self.at_least < 1:
            raise ValueError(f"{self}: expected at least one point and a distance above 0.")

    def holds_all(self, points: Points) -> bool:
        """Whether every estimate is made from every point."""
        return self.within_m is None and (self.nearest is None or self.nearest >= points.n)


EVERYTHING = Neighbourhood()


def neighbours(points: Points, targets: Floats, hood: Neighbourhood) -> tuple[Floats, Whole]:
    """Distances and indices of the neighbours of each target, nearest first, shape (m, k).

    Where there are fewer than k, the distance is infinite and the index is the number of points.
    """
    tree = scipy.spatial.cKDTree(points.places)
    farthest = np.inf if hood.within_m is None else np.nextafter(hood.within_m, np.inf)  # the tree stays below it
    most = min(hood.nearest or points.n, points.n)
    if hood.nearest is None and hood.within_m is not None:
        most = max(int(tree.query_ball_point(targets, hood.within_m, return_length=True).max(initial=1)), 1)
    distances, found = tree.query(targets, k=np.arange(1, most + 1), distance_upper_bound=farthest)
    return distances, found


def other_neighbours(points: Points, hood: Neighbourhood) -> tuple[Floats, Whole]:
    """For each point its neighbours among the other points."""
    one_more = Neighbourhood(None if hood.nearest is None else hood.nearest + 1, hood.within_m)
    distances, found = neighbours(points, points.places, one_more)
    return distances[:, 1:], found[:, 1:]  # places differ, so the nearest is the point itself


def nearest_m(points: Points, targets: Floats) -> Floats:
    """Metres from each target to the nearest point."""
    return np.asarray(scipy.spatial.cKDTree(points.places).query(targets)[0])


def beyond(points: Points, targets: Floats, reach_m: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where no point lies within `reach_m` (the range of the variogram, say): an estimate there is only a mean."""
    return np.asarray(nearest_m(points, targets) > reach_m)
