"""Into the stored system and back: zones, axis order, old datums and the coordinates of web maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soilrules.geodesy.crs import Crs, Datum, known, named
from soilrules.geodesy.shifts import Shift, published
from soilrules.geodesy.transform import from_stored, to_stored
from soilrules.messages import LANGUAGES

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
GRID = [crs for crs in known().values() if crs.datum is Datum.CGCS2000 and crs.zone]
# Pairs printed in the tests of public implementations of the algorithm, which agree with each other.
GCJ_PAIRS = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
# From GCJ-02 116.404, 39.915 to BD-09 by the same sources.
BD_PAIR = ((116.404, 39.915), (116.41036949371029, 39.92133699351021))
longitudes = st.floats(73.5, 135.0)
latitudes = st.floats(3.5, 53.5)


def points(*places: tuple[float, float]) -> np.ndarray[Any, Any]:
    return np.array([shapely.Point(*place) for place in places], dtype=object)


def place(geoms: np.ndarray[Any, Any]) -> tuple[float, float]:
    x, y = shapely.get_coordinates(geoms)[0]
    return float(x), float(y)


def metres_apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2])


@pytest.mark.parametrize("crs", GRID, ids=lambda crs: crs.code)
def test_every_zone_as_proj_has_it(crs: Crs) -> None:
    assert crs.zone is not None
    here = (crs.zone.meridian + 0.9, 31.0)
    oracle = pyproj.Transformer.from_crs(4490, crs.epsg, always_xy=True).transform(*here)
    assert place(from_stored(points(here), crs).geoms) == pytest.approx(oracle, abs=1e-6)
    assert place(to_stored(points(oracle), crs).geoms) == pytest.approx(here, abs=1e-11)


def test_a_meridian_of_ones_own() -> None:
    crs = named("CGCS2000:114.5:500000")
    assert place(to_stored(points((500_000.0, 3_320_000.0)), crs).geoms)[0] == pytest.approx(114.5, abs=1e-12)
    assert to_stored(points((500_000.0, 3_320_000.0)), crs).notes == ()


def test_axis_order_both_ways() -> None:
    zone = named("EPSG:4526")
    # EPSG defines the zones of China with northing first: PROJ without always_xy is the file that follows it.
    north, east = pyproj.Transformer.from_crs(4490, 4526).transform(30.2, 114.3)
    assert north < east
    for coordinates, axis in (((east, north), "xy"), ((north, east), "yx")):
        assert place(to_stored(points(coordinates), zone, axis=axis).geoms) == pytest.approx((114.3, 30.2), abs=1e-10)
        assert place(from_stored(points((114.3, 30.2)), zone, axis=axis).geoms) == pytest.approx(coordinates, abs=1e-4)
    assert place(to_stored(points((30.2, 114.3)), named(4490), axis="yx").geoms) == (114.3, 30.2)


def at_an_edge(datum: Datum, longitude: float, latitude: float) -> bool:
    """Whether a place lies so near the edge of a published shift that the shift itself carries it over."""
    edges = [shift.area for shift in published().get(datum, ()) if shift.area]
    return any(
        min(abs(longitude - area[0]), abs(longitude - area[2]), abs(latitude - area[1]), abs(latitude - area[3])) < 0.01
        for area in edges
    )


@settings(max_examples=60, deadline=None)
@given(longitudes, latitudes, st.sampled_from(sorted(known())))
@example(78.0, 36.98, "EPSG:2424")
@example(78.0, 37.02, "EPSG:2424")
def test_there_and_back_in_every_system(longitude: float, latitude: float, code: str) -> None:
    crs = known()[code]
    if crs.zone:  # a zone is for its own strip
        longitude = crs.zone.meridian + (longitude - 104) / 10
    if not 72.1 < longitude < 137.7 or at_an_edge(crs.datum, longitude, latitude):
        return
    there = from_stored(points((longitude, latitude)), crs).geoms
    assert place(to_stored(there, crs).geoms) == pytest.approx((longitude, latitude), abs=1e-9)


@pytest.mark.parametrize(("wgs", "gcj"), GCJ_PAIRS)
def test_published_pairs_of_gcj02(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert place(from_stored(points(wgs), named("GCJ-02")).geoms) == pytest.approx(gcj, abs=1e-12)
    assert place(to_stored(points(gcj), named("GCJ-02")).geoms) == pytest.approx(wgs, abs=1e-11)


def test_published_pair_of_bd09() -> None:
    gcj, bd = BD_PAIR
    stored = to_stored(points(gcj), named("GCJ-02")).geoms
    assert place(from_stored(stored, named("BD-09")).geoms) == pytest.approx(bd, abs=1e-11)
    assert place(to_stored(points(bd), named("BD-09")).geoms) == pytest.approx(place(stored), abs=1e-11)


@pytest.mark.parametrize("code", ["GCJ-02", "BD-09"])
def test_web_maps_leave_other_countries_alone_and_say_what_they_are(code: str) -> None:
    abroad = points((2.35, 48.86), (151.2, -33.9), (137.9, 35.0))
    for converted in (to_stored(abroad, named(code)), from_stored(abroad, named(code))):
        assert shapely.equals(converted.geoms, abroad).all()
        assert [note.id for note in converted.notes] == ["web_map"]


@pytest.mark.parametrize(
    ("source", "here", "note", "metres"),
    [
        (4610, (114.0, 30.0), "no_shift_xian80", 0.0),
        (4214, (114.0, 30.0), "no_shift_beijing54", 0.0),
        (4214, (108.5, 37.0), "shifted", 47.84),  # the Ordos basin
        (4214, (82.0, 39.5), "shifted", 51.03),  # the Tarim basin
        (4214, (110.02, 37.0), "no_shift_beijing54", 0.0),  # just east of the Ordos set
        (4214, (106.99, 37.0), "no_shift_beijing54", 0.0),  # just west of it
        (4214, (108.5, 34.99), "no_shift_beijing54", 0.0),  # just south
        (4214, (108.5, 39.01), "no_shift_beijing54", 0.0),  # just north
    ],
)
def test_the_shift_of_an_old_datum_is_said(source: int, here: tuple[float, float], note: str, metres: float) -> None:
    converted = to_stored(points(here), named(source))
    assert [one.id for one in converted.notes] == [note]
    assert metres_apart(here, place(converted.geoms)) == pytest.approx(metres, abs=0.01)
    assert all("{" not in converted.notes[0].sentence(language) for language in LANGUAGES)


def test_half_a_layer_is_never_shifted() -> None:
    both = points((109.9, 37.0), (110.1, 37.0))
    assert shapely.equals(to_stored(both, named(4214)).geoms, both).all()


def test_published_sets_are_those_of_epsg() -> None:
    (tarim, ordos) = published()[Datum.BEIJING54]
    assert (tarim.metres, tarim.accuracy_m) == ((15.8, -154.4, -82.3), 1.0)
    assert (ordos.metres, ordos.accuracy_m) == ((11.911, -154.833, -80.079), 1.0)
    # PROJ's own way to WGS 84 with the operation of that number, latitude first
    latitude, longitude = pyproj.Transformer.from_pipeline("EPSG:15936").transform(37.0, 108.5)
    assert place(to_stored(points((108.5, 37.0)), named(4214)).geoms) == pytest.approx((longitude, latitude), abs=1e-9)


@pytest.mark.parametrize("source", ["EPSG:2383", "EPSG:2435"])
def test_an_offices_own_parameters(source: str) -> None:
    shift = Shift("省测绘院七参数", (12.0, -150.0, -80.0), (0.1, -0.2, 0.3), 1.5, accuracy_m=0.1)
    here = points((505_000.0, 3_320_000.0))
    converted = to_stored(here, named(source), shift=shift)
    assert [note.params["shift"] for note in converted.notes] == ["省测绘院七参数"]
    assert metres_apart(place(to_stored(here, named(source)).geoms), place(converted.geoms)) > 10
    back = from_stored(converted.geoms, named(source), shift=shift)
    # heights are not kept, which costs a millimetre on the way back
    assert place(back.geoms) == pytest.approx(place(here), abs=5e-3)


def test_heights_go_and_it_is_said_and_holes_stay() -> None:
    ring = [(114, 30, 5), (114.1, 30, 5), (114.1, 30.1, 5), (114, 30.1, 5)]
    solid = np.array([shapely.Polygon(ring), None, shapely.Polygon()], dtype=object)
    converted = to_stored(solid, named(4490))
    assert not shapely.has_z(converted.geoms).any()
    assert [(note.id, note.params["count"]) for note in converted.notes] == [("heights_dropped", "1")]
    assert converted.geoms[1] is None and converted.geoms[2].is_empty
    holed = np.array([shapely.box(114, 30, 114.1, 30.1) - shapely.box(114.02, 30.02, 114.05, 30.05)], dtype=object)
    assert len(to_stored(from_stored(holed, named(4547)).geoms, named(4547)).geoms[0].interiors) == 1


def test_wgs84_is_taken_as_it_is_and_that_is_said() -> None:
    converted = to_stored(points((114.0, 30.0)), named("WGS84"))
    assert place(converted.geoms) == (114.0, 30.0)
    assert [note.id for note in converted.notes] == ["wgs84"]
