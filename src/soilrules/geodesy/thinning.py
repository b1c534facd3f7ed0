"""Fewer points for drawing: shapes that look the same at a scale, never for measuring or storing."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

MOST_EXACT = 5_000
"""Points above which a shape is thinned otherwise: GEOS's line simplification takes quadratic time on zigzags."""


def thinned(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """`shapes` with points left out that lie within `tolerance` (units of the coordinates) of what is drawn.

    Of more than `MOST_EXACT` points, areas lose the corners that enclose less than the tolerance squared
    (Visvalingam and Whyatt), lines and points are snapped to a grid of the tolerance.

    >>> line = shapely.from_wkt("LINESTRING (0 0, 1 0.01, 2 0)")
    >>> thinned(np.array([line], dtype=object), 0.1)[0].wkt
    'LINESTRING (0 0, 2 0)'
    """
    found = np.array(shapes, dtype=object)
    heavy = shapely.get_num_coordinates(found) > MOST_EXACT
    found[~heavy] = shapely.simplify(found[~heavy], tolerance)
    for at in np.flatnonzero(heavy):
        found[at] = _thin(found[at], tolerance)
    return found


def _thin(shape: shapely.Geometry, tolerance: float) -> shapely.Geometry:
    if shapely.get_type_id(shape) in (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON):
        return shapely.coverage_simplify([shape], tolerance)[0]
    return shapely.remove_repeated_points(shapely.set_precision(shape, tolerance, mode="pointwise"), 0.0)
