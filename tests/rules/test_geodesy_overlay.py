"""Overlays against a plain double loop: the same pairs and areas, and nothing lost between pieces and remainder."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.geodesy.measure import area_m2, straight_m2
from soilrules.geodesy.overlay import overlay, remainders

Geometries = np.ndarray[Any, Any]


def grid(columns: int, rows: int, side: float, west: float = 114.0, south: float = 30.0) -> Geometries:
    """Cells that touch and cover a rectangle."""
    return np.array(
        [
            shapely.box(west + i * side, south + j * side, west + (i + 1) * side, south + (j + 1) * side)
            for i in range(columns)
            for j in range(rows)
        ],
        dtype=object,
    )


def rows(batches: Any) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.to_pylist()]


def names(prefix: str, geoms: Geometries) -> list[str]:
    return [f"{prefix}{number}" for number in range(len(geoms))]


def discs(count: int, seed: int) -> Geometries:
    middle = np.random.default_rng(seed).uniform((114, 30), (114.05, 30.05), (count, 2))
    return np.asarray(shapely.buffer(shapely.points(middle), 0.006, quad_segs=4))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_the_same_pairs_and_areas_as_a_double_loop(chunk: int, workers: int) -> None:
    a, b = grid(8, 8, 0.006), discs(12, 1)
    found = rows(overlay(names("a", a), a, names("b", b), b, chunk=chunk, workers=workers, pieces=True))
    truth = {
        (f"a{i}", f"b{j}"): shapely.intersection(one, other)
        for i, one in enumerate(a)
        for j, other in enumerate(b)
        if shapely.intersection(one, other).area > 0
    }
    assert {(row["a"], row["b"]) for row in found} == set(truth) and len(found) == len(truth)
    for row in found:
        piece = truth[row["a"], row["b"]]
        assert row["area_m2"] == pytest.approx(straight_m2(np.array([piece]))[0], rel=1e-6)
        # a cut through an edge of 600 m leaves its geodesic: up to two square metres
        assert row["area_m2"] == pytest.approx(area_m2(np.array([piece]))[0], rel=1e-5, abs=2.0)
        assert shapely.equals(shapely.from_wkb(row["piece"]), piece)
    order = [int(row["a"][1:]) for row in found]
    assert order == sorted(order)


def test_touching_is_no_pair() -> None:
    a, b = grid(1, 1, 0.01), grid(1, 1, 0.01, west=114.01)
    assert rows(overlay(["a"], a, ["b"], b)) == []
    (row,) = rows(remainders(["a"], a, b))
    assert (row["covered_m2"], row["remainder_m2"]) == (0, row["parent_m2"])


def test_pieces_that_cover_their_parent_sum_to_it() -> None:
    # rotated, so that every cut makes new vertices off the geodesics of the parents
    a = np.array([shapely.affinity.rotate(cell, 30, origin=(114, 30)) for cell in grid(4, 4, 0.02)], dtype=object)
    b = grid(30, 30, 0.01, west=113.85, south=29.95)
    sums: dict[int, list[float]] = defaultdict(list)
    for row in rows(overlay(np.arange(len(a)), a, np.arange(len(b)), b)):
        sums[row["a"]].append(row["area_m2"])
    left = {row["a"]: row for row in rows(remainders(np.arange(len(a)), a, b))}
    assert len(left) == len(a)
    for number, parent in enumerate(area_m2(a)):
        assert math.fsum(sums[number]) == pytest.approx(parent, rel=1e-15)
        assert (left[number]["remainder_m2"], left[number]["overlap_m2"]) == (0, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_pieces_and_remainder_make_the_parent(seed: int) -> None:
    a, b = grid(5, 5, 0.01), discs(10, seed)
    pieces: dict[int, float] = defaultdict(float)
    for row in rows(overlay(np.arange(len(a)), a, np.arange(len(b)), b)):
        pieces[row["a"]] += row["area_m2"]
    for row in rows(remainders(np.arange(len(a)), a, b, pieces=True, chunk=4)):
        assert row["covered_m2"] + row["remainder_m2"] == pytest.approx(row["parent_m2"], rel=1e-12)
        assert pieces[row["a"]] == pytest.approx(row["covered_m2"] + row["overlap_m2"], rel=1e-8, abs=1e-5)
        left = shapely.difference(a[row["a"]], shapely.union_all(b))
        assert (row["piece"] is None) == (row["remainder_m2"] == 0)
        if row["piece"]:
            assert shapely.area(shapely.symmetric_difference(shapely.from_wkb(row["piece"]), left)) < 1e-15


def test_what_is_covered_twice_is_said() -> None:
    parcel, zone = grid(1, 1, 0.01), shapely.box(114, 30, 114.005, 30.01)
    zones = np.array([zone, zone], dtype=object)
    pieces = rows(overlay(["a"], parcel, ["b", "c"], zones))
    (row,) = rows(remainders(["a"], parcel, zones))
    half = area_m2(np.array([zone]))[0]
    assert [one["area_m2"] for one in pieces] == pytest.approx([half, half], rel=1e-6)
    assert [row["covered_m2"], row["overlap_m2"]] == pytest.approx([half, half], rel=1e-6)
    assert row["remainder_m2"] == pytest.approx(half, rel=1e-6)


def test_a_shared_corner_of_ground_and_a_shared_line_elsewhere_is_a_polygon() -> None:
    a = np.array([shapely.from_wkt("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))")], dtype=object)
    b = np.array([shapely.from_wkt("POLYGON ((10 0, 12 0, 12 10, 8 10, 8 8, 10 8, 10 0))")], dtype=object)
    (row,) = rows(overlay(["a"], a, ["b"], b, pieces=True, planar=True))
    assert (shapely.from_wkb(row["piece"]).geom_type, row["area_m2"]) == ("Polygon", 4)


def test_missing_geometries_and_empty_layers_have_no_pair() -> None:
    a, none = grid(2, 1, 0.01), np.array([], dtype=object)
    gap = np.array([a[0], None, shapely.Polygon()], dtype=object)
    assert len(rows(overlay([1, 2, 3], gap, ["b"], a[:1]))) == 1
    assert rows(overlay([1, 2], a, [], none)) == [] and rows(overlay([], none, [1, 2], a)) == []
    assert [row["remainder_m2"] for row in rows(remainders([1, 2, 3], gap, a[:1]))] == [0, 0, 0]


def test_ids_keep_their_type_and_the_schema_is_the_same_for_every_batch() -> None:
    a = grid(4, 1, 0.01)
    batches = list(overlay(pa.array(["一", "二", "三", "四"]), a, np.array([7]), a[:1], chunk=2, pieces=True))
    assert len({batch.schema.to_string() for batch in batches}) == 1
    assert batches[0].to_pylist()[0] | {"piece": None} == {
        "a": "一",
        "b": 7,
        "area_m2": pytest.approx(area_m2(a)[0]),
        "piece": None,
    }
