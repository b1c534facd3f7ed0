"""The encoder of vector tiles against an independent decoder, shapely's clipping, and PostGIS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from soildesk.maps import tilegrid, varints
from soildesk.maps.clipping import clipped
from soildesk.maps.mvt import Tile, encode

Z, X, Y = 12, 3333, 1712
REACH = shapely.box(-64, -64, 4160, 4160)


def degrees(units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Units of the tile as longitude and latitude."""
    lon = (units[:, 0] / 4096 + X) / 2**Z * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(math.pi * (1 - 2 * (units[:, 1] / 4096 + Y) / 2**Z))))
    return np.column_stack([lon, lat])


def drawn(*shapes: BaseGeometry | str, properties: Mapping[str, Sequence[object]] | None = None, **how: Any) -> Tile:
    """The tile of shapes given in its own units; rows are numbered from 100."""
    placed = shapely.transform([shapely.from_wkt(s) if isinstance(s, str) else s for s in shapes], degrees)
    ids = np.arange(100, 100 + len(shapes), dtype=np.uint64)
    return encode("plots", list(shapely.to_wkb(placed)), ids, properties or {}, z=Z, x=X, y=Y, **how)


def features(data: bytes) -> list[dict[str, Any]]:
    """What the decoder reads; it must find the winding right, or holes become areas."""
    layers = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    return layers["plots"]["features"] if layers else []


def shapes_of(tile: Tile) -> list[BaseGeometry]:
    return [shapely.geometry.shape(feature["geometry"]) for feature in features(tile.data)]


def rings(data: bytes) -> Iterator[list[NDArray[np.int64]]]:
    """The rings of each area as they stand in the bytes, read command by command."""
    message = vector_tile_pb2.tile()
    message.ParseFromString(data)
    for feature in message.layers[0].features:
        if feature.type == vector_tile_pb2.tile.Polygon:
            yield list(read_rings(list(feature.geometry)))


def read_rings(words: list[int]) -> Iterator[NDArray[np.int64]]:
    place, cursor = 0, np.zeros(2, np.int64)
    while place < len(words):
        assert words[place] == 1 << 3 | 1, "a ring begins with one move"
        steps = words[place + 3] >> 3
        assert words[place + 3] & 7 == 2 and steps >= 2
        numbers = np.array(words[place + 1 : place + 3] + words[place + 4 : place + 4 + 2 * steps])
        points = cursor + np.cumsum(((numbers >> 1) ^ -(numbers & 1)).reshape(-1, 2), axis=0)
        place, cursor = place + 4 + 2 * steps, points[-1]
        assert words[place] == 15, "a ring is closed"
        place += 1
        yield points


def turn(ring: NDArray[np.int64]) -> int:
    """Twice the area by the surveyor's formula: above zero clockwise on the screen."""
    x, y = ring.T
    return int((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def assert_areas_stand_as_the_format_wants(data: bytes) -> None:
    for area in rings(data):
        assert turn(area[0]) > 0, "the first ring is an outer one"
        for ring in area:
            assert turn(ring)
            assert (ring != np.roll(ring, 1, axis=0)).any(axis=1).all(), "a point stands twice"
            assert ring.min() >= -64 and ring.max() <= 4160


@st.composite
def stars(draw: st.DrawFn) -> BaseGeometry:
    """A valid polygon in units, anywhere around the tile, from tiny to larger than it, maybe with a hole."""
    centre = np.array([draw(st.integers(-300, 4400)), draw(st.integers(-300, 4400))])
    size = draw(st.sampled_from([0.2, 1.0, 3.0, 40.0, 700.0, 9000.0]))
    spread = draw(st.lists(st.floats(0.3, 1), min_size=3, max_size=14))
    angles = np.linspace(0, 2 * math.pi, len(spread), endpoint=False) + draw(st.floats(0, 1))
    shell = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(spread)[:, None] * size
    holes = [shell * 0.4 + centre] if draw(st.booleans()) else []
    return shapely.Polygon((shell + centre)[:: draw(st.sampled_from([1, -1]))], holes)


@settings(max_examples=60, deadline=None)
@given(st.lists(stars(), min_size=1, max_size=6), st.booleans())
def test_areas_are_those_of_clipping_within_rounding(stars: list[BaseGeometry], simplify: bool) -> None:
    tile = drawn(*stars, simplify=simplify)
    found = {feature["id"] - 100: shapely.geometry.shape(feature["geometry"]) for feature in features(tile.data)}
    assert len(found) == tile.features
    met = 0
    for row, star in enumerate(stars):
        there = shapely.intersection(star, REACH)
        met += not there.is_empty
        moved = 0.75 + simplify  # units a point may move
        area = found[row].area if row in found else 0
        assert abs(area - there.area) <= moved * (there.length + 8 * moved)
        assert row in found or there.area <= moved * (there.length + 8)
    assert tile.features + tile.dropped == met
    if tile.data:
        assert_areas_stand_as_the_format_wants(tile.data)


def test_an_area_with_a_hole_keeps_it_and_its_parts() -> None:
    ring = "((10 10, 110 10, 110 110, 10 110, 10 10), (30 30, 90 30, 90 90, 30 90, 30 30))"
    tile = drawn(f"POLYGON {ring}", f"MULTIPOLYGON ({ring}, ((200 200, 260 200, 230 260, 200 200)))")
    first, second = shapes_of(tile)
    assert first.equals(shapely.from_wkt(f"POLYGON {ring}"))
    assert second.equals(shapely.from_wkt(f"MULTIPOLYGON ({ring}, ((200 200, 260 200, 230 260, 200 200)))"))
    assert [[turn(ring) > 0 for ring in area] for area in rings(tile.data)] == [[True, False], [True, False, True]]


def test_a_shape_over_the_whole_tile_is_its_square() -> None:
    assert [shape.equals(REACH) for shape in shapes_of(drawn(shapely.box(-9000, -9000, 9000, 9000)))] == [True]
    (small,) = shapes_of(drawn(shapely.box(-9000, -9000, 9000, 9000), extent=512, buffer=8))
    assert small.equals(shapely.box(-8, -8, 520, 520))


def test_the_edge_of_a_tile_cuts_neither_neighbour() -> None:
    left, right, touching = shapes_of(
        drawn(shapely.box(4000, 0, 4096, 50), shapely.box(4096, 0, 4150, 50), shapely.box(4100, 0, 4160, 50))
    )
    assert (left.area, right.area, touching.area) == (96 * 50, 54 * 50, 60 * 50)


def test_points_and_lines_of_any_number() -> None:
    tile = drawn(
        "POINT (5 6)",
        "MULTIPOINT (1 2, 30 40, 5000 5000, -60 -60)",
        "LINESTRING (0 0, 100 0, 100 50)",
        "MULTILINESTRING ((0 0, 10 10), (5000 200, 4000 200, 4000 300))",
        shapely.box(7, 7, 9, 9),
        "GEOMETRYCOLLECTION (POINT (1 1), GEOMETRYCOLLECTION (LINESTRING (3 3, 4 8)))",
    )
    want = [
        "POINT (5 6)",
        "MULTIPOINT ((-60 -60), (1 2), (30 40))",
        "LINESTRING (0 0, 100 0, 100 50)",
        "MULTILINESTRING ((0 0, 10 10), (4160 200, 4000 200, 4000 300))",
        "POLYGON ((7 7, 9 7, 9 9, 7 9, 7 7))",
        "LINESTRING (3 3, 4 8)",
    ]
    found = shapes_of(tile)
    assert [shape.geom_type.upper() for shape in found] == [wkt.split()[0] for wkt in want]
    assert all(shape.equals(shapely.from_wkt(wkt)) for shape, wkt in zip(found, want, strict=True))


def test_what_is_too_small_is_counted_and_what_is_elsewhere_is_not() -> None:
    tiny = shapely.box(100.2, 100.2, 100.9, 100.9)
    thin = "LINESTRING (50 50, 50.2 50.2)"
    hole = "POLYGON ((10 10, 50 10, 50 50, 10 50, 10 10), (20 20, 20.3 20, 20.3 20.3, 20 20))"
    elsewhere = shapely.box(9000, 0, 9100, 50)
    corner = "POLYGON ((4000 4400, 4400 4000, 4400 4400, 4000 4400))"  # only its box reaches the tile
    empty = "POLYGON EMPTY"
    tile = drawn(tiny, thin, hole, elsewhere, corner, empty)
    assert tile[1:] == (1, 2)
    assert [feature["id"] for feature in features(tile.data)] == [102]
    assert [len(area) for area in rings(tile.data)] == [1], "the hole fell together"
    assert drawn(tiny, thin, hole, elsewhere, corner, empty, simplify=False)[1:] == (2, 1)
    assert drawn(shapely.box(100.6, 100.6, 101.4, 101.4), "POINT (1 1)")[1:] == (1, 1)


def test_a_tile_without_anything_has_no_bytes() -> None:
    assert drawn() == Tile(b"", 0, 0)
    assert drawn("POINT (9000 9000)", shapely.box(1, 1, 1.2, 1.2)) == Tile(b"", 0, 1)


def test_an_outer_ring_that_fell_together_takes_its_hole_along() -> None:
    sliver = "((100 100.1, 900 100.1, 900 100.4, 100 100.4, 100 100.1), (200 100.2, 300 100.2, 300 100.3, 200 100.2))"
    assert drawn(f"POLYGON {sliver}")[1:] == (0, 1)
    eight = "((0 0, 100 100, 100 0, 0 100, 0 0), (20 40, 30 50, 20 60, 20 40))"  # one half undoes the other
    assert drawn(f"POLYGON {eight}")[1:] == (0, 1)
    (area,) = rings(drawn(f"MULTIPOLYGON ({sliver}, {eight}, ((0 0, 9 0, 9 9, 0 0)))").data)
    assert len(area) == 1


def test_thinning_out_leaves_every_beginning_and_end() -> None:
    first, second = np.arange(0, 101), np.arange(101, 301)
    (lines,) = shapes_of(drawn(shapely.MultiLineString([[(x, 7) for x in first], [(x, 7) for x in second]])))
    ends = [(line.coords[0], line.coords[-1]) for line in lines.geoms]
    assert ends == [((0, 7), (100, 7)), ((101, 7), (300, 7))]
    assert all(len(line.coords) < 12 for line in lines.geoms)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(3800, 4500), st.integers(-300, 400)), min_size=4, max_size=9, unique=True))
def test_a_shape_that_crosses_itself_is_cut_like_any_other(points: list[tuple[int, int]]) -> None:
    (cut,) = clipped(np.array([shapely.Polygon(points)]), REACH.bounds)
    places = np.random.default_rng(11).uniform((3800, -64), (4160, 400), (300, 2))
    inside = np.zeros(len(places), bool)
    for ring in shapely.get_rings(shapely.get_parts(cut)):
        inside ^= filled(shapely.get_coordinates(ring), places)
    assert (inside == filled(np.array([*points, points[0]], float), places)).all()


def filled(ring: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each place lies in a closed ring: an odd number of its edges lies to the right."""
    (x0, y0), (x1, y1), (x, y) = ring[:-1].T, ring[1:].T, places.T[:, :, None]
    rise = np.where(y1 == y0, 1, y1 - y0)
    right = ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) / rise * (x1 - x0))
    return right.sum(axis=1) % 2 == 1


def test_both_lobes_of_an_eight_over_the_edge_are_drawn() -> None:
    eight = "POLYGON ((4100 0, 4300 200, 4300 0, 4100 200, 4100 0), (9000 1, 9001 1, 9001 2, 9000 1))"
    (area,) = rings(drawn(eight).data)
    assert [turn(ring) for ring in area] == [2 * (60 * 200 - 60 * 60)]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_place_that_is_no_number_costs_its_shape_only(bad: float) -> None:
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(10, 10), (bad, 10), (50, 50), (10, 50)])
        line = shapely.LineString([(10, 10), (bad, 20), (50, 50)])
    tile = drawn(broken, line, shapely.Point(bad, 1), shapely.box(1, 1, 5, 5))
    assert [feature["id"] for feature in features(tile.data)] == [103]


def test_very_many_long_edges_or_crossings_do_not_stall_the_process() -> None:
    chance = np.random.default_rng(5)
    assert drawn(shapely.Polygon(chance.uniform(-500, 5000, (20_000, 2))))[1:] == (1, 0)
    turns, radius = np.sort(chance.uniform(0, 2 * math.pi, 100_000)), chance.uniform(500, 1000, 100_000)
    spikes = shapely.Polygon(np.column_stack([4000 + radius * np.cos(turns), 2000 + radius * np.sin(turns)]))
    (cut,) = clipped(np.array([spikes]), REACH.bounds)
    assert cut.area == pytest.approx(shapely.clip_by_rect(spikes, *REACH.bounds).area)
    assert drawn(spikes)[1:] == (1, 0)


def test_a_shape_of_very_many_vertices_is_thinned_to_what_is_seen() -> None:
    turns = np.linspace(0, 2 * math.pi, 200_000, endpoint=False)
    radius = 1500 + 40 * np.sin(40 * turns)
    shore = shapely.Polygon(np.column_stack([2000 + radius * np.cos(turns), 2000 + radius * np.sin(turns)]))
    (thin,) = shapes_of(drawn(shore))
    assert shapely.get_num_coordinates(thin) < 3000
    assert shapely.hausdorff_distance(thin.exterior, shapely.simplify(shore, 0.1).exterior) < 1.5
    assert thin.area == pytest.approx(shore.area, rel=1e-3)
    (full,) = shapes_of(drawn(shore, simplify=False))
    assert shapely.get_num_coordinates(full) > 5000


def test_a_hostile_zigzag_neither_stops_nor_stalls_the_process() -> None:
    turns = np.arange(100_000)
    teeth = np.column_stack([turns / 50, 2000 + 1900 * (1 - turns / len(turns)) * (-1.0) ** turns])
    tile = drawn(shapely.Polygon([*teeth, (3000, 2000), (3000, 4100), (0, 4100)]))
    assert tile[1:] == (1, 0)


def test_properties_come_back_as_they_were() -> None:
    properties = {
        "名称": ["北田", "", "北田", None],
        "one": [1, 1.0, True, None],
        "whole": [-1, -(2**63), 2**64 - 1, 0],
        "number": np.array([0.1, math.nan, -math.inf, 1e300]),
        "none": [None] * 4,
        "long": ["长" * 3000, None, "x" * 127, "x" * 128],
        "flag": np.array([True, False, False, True]),
    }
    points = [f"POINT ({place} 5)" for place in (1, 2, 3, 4)]
    rows = [feature["properties"] for feature in features(drawn(*points, properties=properties).data)]
    for row, found in enumerate(rows):
        want = {name: list(column)[row] for name, column in properties.items()}
        want = {name: value for name, value in want.items() if value is not None and value == value}
        assert found == want
    assert [type(found.get("one")) for found in rows[:3]] == [int, float, bool]


def test_equal_values_stand_once_and_rows_keep_theirs() -> None:
    shapes = ["POINT (9000 1)", *[f"POINT ({place} 1)" for place in range(50)]]
    tile = drawn(*shapes, properties={"use": ["x", *["paddy", "dry"] * 25], "kind": ["paddy"] * 51})
    message = vector_tile_pb2.tile()
    message.ParseFromString(tile.data)
    assert [value.string_value for value in message.layers[0].values] == ["paddy", "dry"]
    assert [feature["properties"]["use"] for feature in features(tile.data)] == ["paddy", "dry"] * 25
    assert [feature["id"] for feature in features(tile.data)] == list(range(101, 151))


@pytest.mark.parametrize(
    ("column", "words"),
    [([Decimal(1)], "no Decimal"), ([2**64], "64 bits"), ([-(2**63) - 1], "64 bits"), (["a", "b"], "2 values for 1")],
)
def test_a_value_no_tile_holds_is_refused(column: list[object], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        drawn("POINT (1 1)", properties={"p": column})


def test_features_without_ids_have_none() -> None:
    point = shapely.to_wkb(shapely.transform(shapely.Point(1, 1), degrees))
    (feature,) = features(encode("plots", [point], None, {}, z=Z, x=X, y=Y).data)
    assert "id" not in feature or not feature["id"]


@given(st.lists(st.integers(0, 2**64 - 1)))
@example([0, 127, 128, 2**14 - 1, 2**14, 2**63, 2**64 - 1])
def test_varints_of_many_are_those_of_each(values: list[int]) -> None:
    column = np.array(values, np.uint64)
    assert varints.varints(column) == b"".join(map(varints.varint, values))
    assert varints.lengths(column).tolist() == [len(varints.varint(value)) for value in values]


AS_POSTGIS_DRAWS = """
with rows as (select row_number() over () + 99 as id, ST_GeomFromWKB(wkb, 4326) as shape from unnest(%s) as wkb)
select ST_AsMVT(drawn, 'plots', 4096, 'geom', 'id') from (
    select id, 'P' || id as code, ST_AsMVTGeom(ST_Transform(shape, 3857), ST_TileEnvelope(%s, %s, %s), 4096, 64) as geom
    from rows
) as drawn where geom is not null
"""


@pytest.mark.store
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostGIS is the judge here")
@pytest.mark.django_db
def test_postgis_draws_the_same_features_with_the_same_areas() -> None:
    chance = np.random.default_rng(7)
    angles = np.sort(chance.uniform(0, 2 * math.pi, (400, 10)), axis=1)
    sizes = chance.choice([15, 60, 300, 3000], (400, 1)) * chance.uniform(0.5, 1, (400, 10))
    centres = chance.uniform(-200, 4300, (400, 2, 1))
    stars = np.stack([centres[:, 0] + sizes * np.cos(angles), centres[:, 1] + sizes * np.sin(angles)], axis=2)
    placed = [star for star in shapely.transform(shapely.polygons(stars), degrees) if star.is_valid]
    wkb = [bytes(star) for star in shapely.to_wkb(placed)]
    ids = np.arange(100, 100 + len(wkb), dtype=np.uint64)
    ours = features(encode("plots", wkb, ids, {"code": [f"P{row}" for row in ids]}, z=Z, x=X, y=Y).data)
    with connection.cursor() as cursor:
        cursor.execute(AS_POSTGIS_DRAWS, [wkb, Z, X, Y])
        theirs = {feature["id"]: feature for feature in features(bytes(cursor.fetchone()[0]))}
    assert [feature["id"] for feature in ours] == sorted(theirs)
    for feature in ours:
        got, want = (shapely.geometry.shape(row["geometry"]) for row in (feature, theirs[feature["id"]]))
        assert feature["properties"] == theirs[feature["id"]]["properties"]
        assert abs(got.area - want.area) <= want.length + 8


@pytest.mark.parametrize("z", [0, 3, 8])
def test_low_zooms_draw_what_is_large_enough(z: int) -> None:
    country, plot = shapely.box(75, 20, 134, 52), shapely.box(113, 28, 113.0001, 28.0001)
    x, y = next(tilegrid.covering((113.0, 28.0, 113.0, 28.0), z))
    tile = encode("plots", list(shapely.to_wkb([country, plot])), None, {}, z=z, x=x, y=y)
    assert tile[1:] == (1, 1)
