"""Which points adjoin: those no third point lies between, as the triangles of Delaunay join them, within one unit.

The procedure says that points of a minority must not be contiguous (连片) and not how that is seen: this reading is
from knowledge (K-low). It needs no distance and follows the density of the points.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import scipy
from numpy.typing import NDArray

MARK = "K-low"


def adjoining(places: NDArray[np.float64], unit: NDArray[np.int32]) -> NDArray[np.int32]:
    """Pairs (m, 2) of rows that adjoin and are of one unit, the smaller row first, each pair once.

    `places`: (n, 2) metres in a plane system. Points at one place adjoin. Raises ValueError for a place that is no number.

    >>> line = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    >>> adjoining(line, np.zeros(3, np.int32)).tolist()
    [[0, 1], [1, 2]]
    """
    if len(places) != len(unit) or places.ndim != 2 or not np.isfinite(places).all():
        raise ValueError("expected two coordinates in metres for every point. Check points without a place.")
    if len(places) < 2:
        return np.empty((0, 2), np.int32)
    distinct, of = np.unique(places, axis=0, return_inverse=True)
    of = of.ravel()
    joined = np.vstack([_edges(distinct), np.column_stack([np.arange(len(distinct))] * 2)])
    rows = _rows_of(of, len(distinct))
    pairs = _expand(joined, rows) if len(distinct) < len(places) else np.sort(np.argsort(of)[joined], axis=1)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    same = unit[pairs[:, 0]] == unit[pairs[:, 1]]
    return np.unique(pairs[same], axis=0).astype(np.int32)


def _edges(places: NDArray[np.float64]) -> NDArray[np.intp]:
    """Edges of the triangles; of points on one line those between neighbours."""
    if len(places) < 2:
        return np.empty((0, 2), np.intp)
    try:
        triangles = scipy.spatial.Delaunay(places - places.mean(axis=0)).simplices
    except scipy.spatial.QhullError:
        order = np.lexsort((places[:, 1], places[:, 0]))
        return np.sort(np.column_stack([order[:-1], order[1:]]), axis=1)
    return np.unique(np.sort(np.vstack([triangles[:, pair] for pair in combinations(range(3), 2)]), axis=1), axis=0)


def _rows_of(of: NDArray[np.intp], count: int) -> list[NDArray[np.intp]]:
    """The rows at each distinct place."""
    order = np.argsort(of, kind="stable")
    return np.split(order, np.searchsorted(of[order], np.arange(1, count)))


def _expand(joined: NDArray[np.intp], rows: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Pairs of places as pairs of the rows at them."""
    found = [
        np.stack(np.meshgrid(rows[first], rows[second], indexing="ij"), axis=-1).reshape(-1, 2)
        for first, second in joined
    ]
    return np.sort(np.vstack(found), axis=1)
