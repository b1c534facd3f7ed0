"""Cells of one class joined to ground: what a grid of numbers looks like as shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from soilrules.geostat import Grid

Floats = NDArray[np.float64]


def classes_of(values: Floats, breaks: Sequence[float]) -> NDArray[np.int64]:
    """The class of each cell: how many of the `breaks` lie below it (a break itself belongs to the class under it); -1 where masked."""
    found = np.searchsorted(np.asarray(breaks, dtype=np.float64), values, side="left").astype(np.int64)
    return np.where(np.isnan(values), -1, found)


def ground_of(classes: NDArray[np.int64], wanted: int, grid: Grid) -> BaseGeometry | None:
    """The cells of one class as one ground in the grid's system; None where there is none."""
    boxes = _runs(classes == wanted, grid)
    if not len(boxes):
        return None
    joined = shapely.union_all(boxes)
    return shapely.multipolygons(shapely.get_parts(joined))


def _runs(held: NDArray[np.bool_], grid: Grid) -> NDArray[np.object_]:
    """Neighbours in a row as one rectangle."""
    edge = np.zeros((held.shape[0], 1), dtype=np.int8)
    steps = np.diff(np.hstack((edge, held.astype(np.int8), edge)), axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    west, east = grid.west + starts * grid.cell, grid.west + ends * grid.cell
    north = grid.north - rows * grid.cell
    return np.asarray(shapely.box(west, north - grid.cell, east, north), dtype=object)
