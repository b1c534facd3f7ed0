"""Areas, lengths, distances and buffers on the ellipsoid, against PROJ's geodesics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.geodesy import measure
from soilrules.geodesy.crs import named
from soilrules.geodesy.measure import (
    GEOD,
    LONG_EDGE_M,
    area_finding,
    area_m2,
    buffer,
    distance_m,
    length_m,
    mu,
    scaled_to_parent,
    straight_m2,
    zone_of,
)
from soilrules.geodesy.transform import from_stored, to_stored


def stars(count: int, size: tuple[float, float], seed: int = 4) -> np.ndarray[Any, Any]:
    """Ten-cornered plots all over China, their radius between the two sizes in degrees."""
    random = np.random.default_rng(seed)
    middle = random.uniform((75, 18), (134, 53), (count, 2))
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    radius = random.uniform(0.6, 1, (count, 10)) * random.uniform(*size, (count, 1))
    around = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    return np.asarray(shapely.polygons(middle[:, None, :] + radius[..., None] * around))


def by_geod(geoms: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([abs(GEOD.geometry_area_perimeter(geom)[0]) for geom in geoms])


@pytest.mark.parametrize("size", [(2e-4, 1e-3), (1e-3, 1e-2), (1e-2, 2e-2)])
def test_areas_of_plots_are_those_of_geodesics_to_a_millionth(size: tuple[float, float]) -> None:
    plots = stars(3000, size)
    assert np.abs(area_m2(plots) / by_geod(plots) - 1).max() < 1e-6


def test_the_limit_of_short_edges_is_where_the_worst_triangle_still_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "LONG_EDGE_M", math.inf)
    degrees = LONG_EDGE_M / 112_000
    corner = np.random.default_rng(4).uniform((75, 18), (134, 53), (500, 2))
    triangles = shapely.polygons(
        np.stack([corner, corner + np.array((degrees, 0)), corner + np.array((0, degrees))], axis=1)
    )
    assert np.abs(area_m2(triangles) / by_geod(triangles) - 1).max() < 1e-6


def test_long_edges_go_by_the_geodesic() -> None:
    county = np.array([shapely.box(113.0, 29.5, 115.0, 31.0)], dtype=object)
    assert area_m2(county) == pytest.approx(by_geod(county), rel=1e-12)


def test_tiny_plots_are_right_where_geodesics_lose_digits() -> None:
    legs = 1e-4
    corner = np.array([114.3, 30.2])
    triangle = shapely.polygons(np.array([[corner, corner + np.array((legs, 0)), corner + np.array((0, legs))]]))
    sides = [GEOD.inv(*corner, *(corner + step))[2] for step in ((legs, 0), (0, legs))]
    assert area_m2(triangle)[0] == pytest.approx(math.prod(sides) / 2, rel=1e-7)


def test_holes_parts_and_what_has_no_area() -> None:
    outer, inner = shapely.box(114, 30, 114.01, 30.01), shapely.box(114.002, 30.002, 114.004, 30.004)
    apart = shapely.box(114.1, 30, 114.11, 30.01)
    shapes = [outer, inner, outer - inner, shapely.union_all([outer - inner, apart]), apart]
    collection = shapely.GeometryCollection([outer, shapely.LineString([(114, 30), (115, 31)])])
    others = [None, shapely.Point(114, 30), shapely.LineString([(114, 30), (114.1, 30)]), shapely.Polygon(), collection]
    whole, hole, holed, both, alone, nothing, *flat, with_line = area_m2(np.array([*shapes, *others], dtype=object))
    assert holed == pytest.approx(whole - hole, rel=1e-12)
    assert both == pytest.approx(holed + alone, rel=1e-12)
    assert math.isnan(nothing) and flat == [0, 0, 0] and with_line == pytest.approx(whole)
    assert area_m2(np.array([], dtype=object)).shape == (0,)


def test_straight_edges_are_near_geodesics_and_cutting_changes_nothing() -> None:
    plots = stars(500, (2e-4, 1e-2))
    assert np.abs(straight_m2(plots) / area_m2(plots) - 1).max() < 2e-5
    county = np.array([shapely.box(113.0, 29.5, 115.0, 31.0)], dtype=object)
    blade = shapely.from_wkt("POLYGON ((112 29, 114.7 29, 113.3 32, 112 32, 112 29))")
    halves = straight_m2(np.array([county[0] & blade, county[0] - blade]))
    assert halves.sum() == pytest.approx(straight_m2(county)[0], rel=1e-9)
    # a box of parallels and meridians is what its formula says
    assert straight_m2(county)[0] == pytest.approx(np.radians(2) * (strip(31.0) - strip(29.5)), rel=1e-12)


def strip(latitude: float) -> float:
    """Area between the equator and a latitude for a radian of longitude, from the textbook."""
    e, sine = math.sqrt(GEOD.es), math.sin(math.radians(latitude))
    return GEOD.b**2 / 2 * (sine / (1 - (e * sine) ** 2) + math.log((1 + e * sine) / (1 - e * sine)) / (2 * e))


def test_a_ring_may_turn_either_way() -> None:
    plots = stars(50, (1e-3, 1e-2))
    assert area_m2(shapely.reverse(plots)) == pytest.approx(area_m2(plots), rel=1e-9)


def test_lengths() -> None:
    line = shapely.LineString([(114, 30), (115, 30.5), (116, 30)])
    box = shapely.box(114, 30, 114.1, 30.1)
    lengths = length_m(np.array([line, box, shapely.Point(1, 1), None, shapely.MultiLineString([line, line])]))
    truth = GEOD.geometry_length(line)
    assert lengths[:3] == pytest.approx([truth, GEOD.geometry_length(box.exterior), 0])
    assert math.isnan(lengths[3]) and lengths[4] == pytest.approx(2 * truth)


def test_distances() -> None:
    a = np.array([shapely.Point(114, 30), shapely.box(114, 30, 114.1, 30.1), None, shapely.Point()], dtype=object)
    b = np.array([shapely.Point(114.01, 30.02), shapely.Point(114.2, 30.05), a[0], a[0]], dtype=object)
    assert distance_m(a, b)[:2] == pytest.approx(
        [GEOD.inv(114, 30, 114.01, 30.02)[2], GEOD.inv(114.1, 30.05, 114.2, 30.05)[2]], rel=1e-6
    )
    assert np.isnan(distance_m(a, b)[2:]).all()
    assert distance_m(a[1:2], a[1:2]).tolist() == [0.0]


@pytest.mark.parametrize("longitude", [75.0, 112.51, 113.0, 114.0, 115.49, 134.9])
def test_a_buffer_is_metres_wherever_it_is(longitude: float) -> None:
    (disc,) = buffer(np.array([shapely.Point(longitude, 40.0)], dtype=object), 500.0, quad_segs=32)
    rim = shapely.get_coordinates(disc)
    radii = GEOD.inv(np.full(len(rim), longitude), np.full(len(rim), 40.0), *rim.T)[2]
    assert radii == pytest.approx(np.full(len(rim), 500.0), rel=4e-4)


def test_buffers_of_many_widths_and_of_nothing() -> None:
    points = np.array([shapely.Point(114, 30), None, shapely.Point(120, 30)], dtype=object)
    discs = buffer(points, np.array([100.0, 100.0, 200.0]))
    assert discs[1] is None
    assert area_m2(discs)[[0, 2]] == pytest.approx([math.pi * 1e4, math.pi * 4e4], rel=5e-3)


def test_the_zone_of_a_geometry_changes_at_its_edge() -> None:
    edge = np.array([shapely.Point(x, 30) for x in (112.499, 112.5, 115.499, 115.5, 60, 140)], dtype=object)
    assert zone_of(edge).tolist() == [37, 38, 38, 39, 25, 45]


def test_the_gauss_kruger_area_agrees_on_the_meridian() -> None:
    zone = named("EPSG:4547")
    square = to_stored(np.array([shapely.box(500_000, 3_320_000, 500_100, 3_320_100)], dtype=object), zone).geoms
    assert area_m2(square)[0] == pytest.approx(10_000, rel=1e-7)
    assert shapely.area(from_stored(square, zone).geoms)[0] == pytest.approx(10_000, rel=1e-9)


def test_fifteen_mu_are_a_hectare() -> None:
    assert mu(10_000.0) == 15
    assert mu(np.array([2000 / 3, 0.0])).tolist() == [1, 0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0.01, 1e7), min_size=1, max_size=30), st.floats(0.01, 1e9))
def test_pieces_sum_to_their_parent(pieces: list[float], parent: float) -> None:
    scaled = scaled_to_parent(pieces, parent)
    assert math.fsum(scaled) == pytest.approx(parent, rel=1e-15)
    assert scaled == pytest.approx(np.array(pieces) * parent / sum(pieces), rel=1e-9)


def test_no_pieces_are_not_scaled() -> None:
    assert scaled_to_parent([], 5.0).tolist() == []
    assert scaled_to_parent([0.0], 5.0).tolist() == [0.0]


@pytest.mark.parametrize(
    ("computed", "record", "found"),
    [(101.0, 100.0, False), (101.01, 100.0, True), (98.9, 100.0, True), (1.0, 0.0, True), (0.0, 0.0, False)],
)
def test_a_hundredth_of_the_area_of_record(computed: float, record: float, found: bool) -> None:
    finding = area_finding(computed, record)
    assert (finding is not None) == found
    assert finding is None or "{" not in finding.sentence("en")
