"""Where web-mercator tiles lie: pyproj is the judge of the projection."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from soildesk.maps import tilegrid

WORLD = 20037508.342789244  # metres from the middle of the square world to its edge
MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)

tiles = st.integers(0, 20).flatmap(
    lambda z: st.tuples(st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1)),
)


def test_the_examples_of_the_module() -> None:
    result = doctest.testmod(tilegrid)
    assert result.attempted
    assert not result.failed


@given(tiles)
def test_bounds_are_those_of_the_projection(tile: tuple[int, int, int]) -> None:
    z, x, y = tile
    west, south, east, north = tilegrid.bounds_4490(z, x, y)
    side = 2 * WORLD / 2**z
    left, bottom = MERCATOR.transform(west, south)
    right, top = MERCATOR.transform(east, north)
    assert (left, top) == pytest.approx((x * side - WORLD, WORLD - y * side), abs=1e-3)
    assert (right - left, top - bottom) == pytest.approx((side, side), rel=1e-6, abs=1e-3)


@given(tiles)
def test_units_count_from_the_corner_of_the_tile(tile: tuple[int, int, int]) -> None:
    z, x, y = tile
    west, south, east, north = tilegrid.bounds_4490(z, x, y)
    corners = np.array([[west, north], [east, south]])
    assert tilegrid.units(corners, z, x, y) == pytest.approx(np.array([[0, 0], [4096, 4096]]), abs=1e-3)


def test_neighbours_share_their_edge_and_a_buffer_reaches_over_it() -> None:
    assert tilegrid.bounds_4490(12, 3333, 1712)[2] == tilegrid.bounds_4490(12, 3334, 1712)[0]
    plain = tilegrid.bounds_4490(12, 3333, 1712)
    wide = tilegrid.bounds_4490(12, 3333, 1712, buffer=64)
    assert wide[0] == pytest.approx(plain[0] - 64 / 4096 * (plain[2] - plain[0]), abs=1e-12)
    placed = tilegrid.units(np.array([[wide[0], wide[3]], [wide[2], wide[1]]]), 12, 3333, 1712)
    assert placed == pytest.approx(np.array([[-64, -64], [4160, 4160]]), abs=1e-6)


@given(tiles, st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_place_is_covered_by_the_tile_it_lies_in(tile: tuple[int, int, int], right: float, up: float) -> None:
    z, x, y = tile
    west, south, east, north = tilegrid.bounds_4490(z, x, y)
    lon, lat = west + right * (east - west), south + up * (north - south)
    assert list(tilegrid.covering((lon, lat, lon, lat), z)) == [(x, y)]


def test_an_area_is_covered_row_by_row() -> None:
    west, _, east, north = tilegrid.bounds_4490(10, 833, 428)
    _, south, _, _ = tilegrid.bounds_4490(10, 833, 429)
    inner = (west + 1e-6, south + 1e-6, east - 1e-6, north - 1e-6)
    assert list(tilegrid.covering(inner, 10)) == [(833, 428), (833, 429)]
    assert len(list(tilegrid.covering((-180, -90, 180, 90), 3))) == 64


@pytest.mark.parametrize(
    ("tile", "words"),
    [((-1, 0, 0), "zoom -1"), ((25, 0, 0), "0 to 24"), ((3, 8, 0), "0 to 7"), ((3, 0, -1), "3/0/-1")],
)
def test_a_tile_that_does_not_exist_is_refused(tile: tuple[int, int, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tilegrid.bounds_4490(*tile)


def test_bounds_upside_down_are_refused() -> None:
    with pytest.raises(ValueError, match="rising order"):
        tilegrid.covering((113, 29, 114, 28), 10)
