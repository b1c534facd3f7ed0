"""Shapes for drawing: fewer points, and no shape that keeps a page waiting."""

from __future__ import annotations

import numpy as np
import shapely

from soilrules.geodesy.thinning import MOST_EXACT, thinned


def zigzag(points: int) -> shapely.Polygon:
    """A saw blade, on which line simplification takes quadratic time."""
    x = np.linspace(0, 1, points)
    y = np.where(np.arange(points) % 2, 0.5 + x / 10, 0.4 + x / 10)
    return shapely.polygons(np.vstack([np.column_stack([x, y]), [[1, -1], [0, -1], [0, y[0]]]]))


def test_points_on_a_line_are_left_out() -> None:
    shape = shapely.segmentize(shapely.box(0, 0, 1, 1), 0.1)
    assert shapely.get_num_coordinates(thinned(np.array([shape], dtype=object), 0.01)[0]) == 5


def test_a_heavy_area_stays_valid() -> None:
    heavy = zigzag(50_000)
    (light,) = thinned(np.array([heavy], dtype=object), 0.01)
    assert shapely.get_num_coordinates(light) < MOST_EXACT
    assert shapely.is_valid(light)
    assert np.allclose(shapely.bounds(light), shapely.bounds(heavy), atol=0.02)


def test_a_heavy_line_is_snapped() -> None:
    line = shapely.linestrings(np.column_stack([np.linspace(0, 1, 20_000), np.zeros(20_000)]))
    (light,) = thinned(np.array([line], dtype=object), 0.01)
    assert shapely.get_num_coordinates(light) == 101


def test_what_is_missing_or_none_stays() -> None:
    assert thinned(np.array([], dtype=object), 1.0).size == 0
    assert thinned(np.array([None], dtype=object), 1.0)[0] is None
