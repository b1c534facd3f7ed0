"""Shapes cut to a rectangle, those that cross themselves among them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .tilegrid import Bounds

POINT, AREA = 0, 2  # dimensions
MANY = 1000  # vertices
Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]


def clipped(shapes: Shapes, bounds: Bounds) -> Shapes:
    """The parts of shapes within bounds.

    The clip of GEOS fills the wrong side of an area that crosses itself. To see whether it does, and to make it
    valid, takes minutes for some areas of very many vertices. So both kinds are cut ring by ring and drawn as they are.
    """
    found, dimensions = shapes.copy(), shapely.get_dimensions(shapes)
    points, by_ring = dimensions == POINT, dimensions == AREA
    short = np.flatnonzero(by_ring & (shapely.get_num_coordinates(shapes) <= MANY))
    by_ring[short] = ~shapely.is_valid(shapes[short])
    others = ~(points | by_ring)
    found[points] = shapely.intersection(shapes[points], shapely.box(*bounds))
    found[by_ring] = [_cut_area(shape, bounds) for shape in shapes[by_ring]]
    found[others] = shapely.clip_by_rect(shapes[others], *bounds)
    return found


def _cut_area(shape: shapely.Geometry, bounds: Bounds) -> shapely.Geometry:
    """A shape cut ring by ring; where it is cut twice, the pieces hang together along the edge."""
    cut = []
    for part in shapely.get_parts(shape):
        rings = [_cut_ring(shapely.get_coordinates(ring), bounds) for ring in shapely.get_rings(part)]
        if rings and len(rings[0]):
            cut.append(shapely.Polygon(rings[0], [ring for ring in rings[1:] if len(ring)]))
    return shapely.MultiPolygon(cut)


def _cut_ring(ring: Numbers, bounds: Bounds) -> Numbers:
    """A closed ring cut at each side of the bounds; no points where it lies outside."""
    west, south, east, north = bounds
    for axis, limit, side in ((0, west, 1), (1, south, 1), (0, east, -1), (1, north, -1)):
        inside = (ring[:, axis] - limit) * side >= 0
        passes = np.flatnonzero(inside[1:] != inside[:-1])
        start, step = ring[passes], ring[passes + 1] - ring[passes]
        crossings = start + step * ((limit - start[:, axis]) / step[:, axis])[:, None]
        crossings[:, axis] = limit
        ring = np.insert(ring, passes + 1, crossings, axis=0)[np.insert(inside, passes + 1, True)]
        if not len(ring):
            break
        if (ring[0] != ring[-1]).any():
            ring = np.append(ring, ring[:1], axis=0)
    return ring if len(ring) > 3 else ring[:0]
