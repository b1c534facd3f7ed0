"""The geometry field answers like shapely on both stores, and its index stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from django.apps import apps
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from desk.conftest import World
from soildesk.core.geometry import GeometryField, RawWkb, extents, index
from soildesk.core.geometry.loading import load
from soildesk.core.geometry.lookups import widened, zone_srid
from soildesk.core.geometry.sqlite import in_zone
from soildesk.land.models import Layer, LayerEdition, Patrol, UnusedLand, UnusedLandVersion, Zone

pytestmark = [pytest.mark.store, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WEST, SOUTH = 116.0, 36.0
STEP = 1 / 512  # a grid that doubles hold exactly, so that shapes really touch
SQLITE = connection.vendor == "sqlite"
READ_ONLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PREDICATES: dict[str, Callable[[Any, Any], Any]] = {
    "intersects": shapely.intersects,
    "within": shapely.within,
    "contains": shapely.contains,
    "touches": shapely.touches,
    "overlaps": shapely.overlaps,
}


def cell(x: int, y: int, width: int = 1, height: int = 1) -> Polygon:
    """A rectangle of the grid."""
    return box(WEST + x * STEP, SOUTH + y * STEP, WEST + (x + width) * STEP, SOUTH + (y + height) * STEP)


def slope(x: int, y: int, size: int) -> Polygon:
    """A triangle with one side at 45 degrees: its crossings with the grid are exact doubles too.

    Where two boundaries cross at a point no double can hold, GEOS of the server (3.11) and of the wheel (3.14)
    may answer `touches` and `overlaps` differently, within a billionth of a metre.
    """
    return Polygon([(WEST + a * STEP, SOUTH + b * STEP) for a, b in ((x, y), (x + size, y), (x, y + size))])


@pytest.fixture
def edition(world: World) -> LayerEdition:
    """An empty edition of a layer."""
    layer = Layer.objects.create(
        code="test",
        title="测试图层",
        created_at=AT,
        division_path=world.district.path,
        owner_department=world.departments["ecology"],
    )
    return LayerEdition.objects.create(layer=layer, since=AT, recorded_at=AT, state="accepted")


def stored(edition: LayerEdition, shapes: list[Any]) -> list[Zone]:
    """The shapes as rows."""
    layer = edition.layer
    return Zone.objects.bulk_create(
        Zone(
            edition=edition, code=str(number), geometry=shape, division_path=layer.division_path,
            owner_department=layer.owner_department,
        )
        for number, shape in enumerate(shapes)
    )  # fmt: skip


@pytest.fixture
def shapes(edition: LayerEdition) -> list[Any]:
    """Neighbours, overlaps, holes, lines and points on one grid, stored in this order."""
    chance = np.random.default_rng(7)
    made: list[Any] = [cell(x, y) for x in range(6) for y in range(6)]
    made += [cell(*chance.integers(0, 12, 2), *chance.integers(1, 6, 2)) for _ in range(60)]
    made += [shapely.difference(cell(x, 0, 5, 5), cell(x + 1, 1, 2, 2)) for x in range(3)]
    made += [shapely.union(cell(0, y), cell(5, y)) for y in range(3)]
    made += [Point(WEST + x * STEP, SOUTH + 2 * STEP) for x in range(8)]
    made += [shapely.LineString([(WEST, SOUTH), (WEST + n * STEP, SOUTH + STEP * 3)]) for n in range(1, 6)]
    stored(edition, made)
    return made


def found(**lookup: Any) -> list[int]:
    """The numbers of the rows a lookup gives."""
    return sorted(int(code) for code in Zone.objects.filter(**lookup).values_list("code", flat=True))


grid = st.integers(-1, 13)
asked = st.one_of(
    st.builds(cell, grid, grid, st.integers(1, 6), st.integers(1, 6)),
    st.builds(lambda x, y: Point(WEST + x * STEP, SOUTH + y * STEP), grid, grid),
    st.builds(slope, grid, grid, st.integers(1, 9)),
)  # fmt: skip


@pytest.mark.parametrize("name", PREDICATES)
def test_a_predicate_answers_like_shapely(name: str, shapes: list[Any]) -> None:
    @READ_ONLY
    @given(shape=asked)
    def holds(shape: Any) -> None:
        expected = [number for number, each in enumerate(shapes) if PREDICATES[name](each, shape)]
        assert found(**{f"geometry__{name}": shape}) == expected

    holds()


@READ_ONLY
@given(shape=asked)
def test_boxes_are_compared_in_doubles(shape: Any, shapes: list[Any]) -> None:
    west, south, east, north = shape.bounds
    expected = [
        number
        for number, (left, low, right, high) in enumerate(each.bounds for each in shapes)
        if right >= west and left <= east and high >= south and low <= north
    ]
    assert found(geometry__bbox=shape) == expected


@READ_ONLY
@given(shape=asked, metres=st.integers(0, 1200))
def test_distance_is_in_metres_of_the_right_zone(shape: Any, metres: int, shapes: list[Any]) -> None:
    zone = zone_srid(shape)
    far = [shapely.distance(in_zone(shape, zone), in_zone(each, zone)) for each in shapes]
    got = found(geometry__distance=(shape, metres))
    # PROJ of the server and of the wheel agree to the micrometre; a row exactly on the limit may fall either way
    assert [n for n, d in enumerate(far) if d <= metres - 1e-6] <= sorted(
        set(got) | {n for n, d in enumerate(far) if abs(d - metres) < 1e-6}
    )
    assert all(far[number] <= metres + 1e-6 for number in got)
    assert {n for n, d in enumerate(far) if d < metres - 1e-6} <= set(got)


@pytest.mark.parametrize(
    ("at", "metres"), [((116.39, 39.9), 500), ((87.6, 43.8), 3000), ((126.6, 53.3), 20000), ((110.0, 3.8), 1)]
)
def test_the_window_of_a_distance_is_never_too_small(at: tuple[float, float], metres: float) -> None:
    geod = pyproj.Geod(ellps="GRS80")
    window = widened(Point(at), metres)
    for bearing in range(0, 360, 15):
        lon, lat, _back = geod.fwd(*at, bearing, metres)
        assert window.covers(Point(lon, lat))


@pytest.mark.parametrize(("lon", "srid"), [(115.4, 4526), (115.6, 4527), (117.0, 4527), (70.0, 4513), (140.0, 4533)])
def test_the_zone_is_that_of_the_middle(lon: float, srid: int) -> None:
    assert zone_srid(Point(lon, 36)) == srid


def test_what_goes_in_comes_out(edition: LayerEdition) -> None:
    shape = shapely.difference(cell(0, 0, 4, 4), cell(1, 1))
    (row,) = stored(edition, [shape])
    again = Zone.objects.get(pk=row.pk)
    assert again.geometry.equals_exact(shape, 0)
    raw = Zone.objects.annotate(wkb=RawWkb("geometry")).values_list("wkb", flat=True).get()
    assert shapely.from_wkb(bytes(raw)).equals_exact(shape, 0)
    assert Zone.objects.filter(geometry__isnull=True).count() == 0


def test_height_is_left_out_and_a_part_becomes_a_multi() -> None:
    field = GeometryField(kind="MultiPolygon")
    high = shapely.force_3d(cell(0, 0), 12.0)
    assert field.get_prep_value(high).geom_type == "MultiPolygon"
    assert not field.get_prep_value(high).has_z
    with pytest.raises(ValueError, match="expected a MultiPolygon"):
        field.get_prep_value(Point(1, 2))
    with pytest.raises(ValueError, match="empty"):
        field.get_prep_value(Polygon())


@pytest.mark.parametrize(
    "text", ["POINT (1 2)", '{"type": "Point", "coordinates": [1, 2]}', shapely.to_wkb(Point(1, 2), hex=True)]
)
def test_text_is_read(text: str) -> None:
    assert GeometryField().to_python(text) == Point(1, 2)


def test_text_that_is_no_shape_is_refused_with_the_value() -> None:
    with pytest.raises(ValidationError, match="三角形"):
        GeometryField().to_python("三角形")


def test_the_index_follows_every_write(edition: LayerEdition) -> None:
    row, other = stored(edition, [cell(0, 0), cell(5, 5)])
    Zone.objects.filter(pk=row.pk).update(geometry=cell(9, 9))
    assert found(geometry__intersects=cell(9, 9)) == [0]
    assert found(geometry__intersects=cell(0, 0)) == []
    other.delete()
    assert found(geometry__bbox=cell(0, 0, 20, 20)) == [0]
    assert index.faults(connection) == []


@pytest.mark.skipif(not SQLITE, reason="the R*Tree is SQLite's")
def test_a_table_made_anew_gets_its_index_back(edition: LayerEdition) -> None:
    stored(edition, [cell(0, 0), cell(5, 5)])
    with connection.cursor() as cursor:
        for act in index.TRIGGERS:  # what Django's AlterField does without a word
            cursor.execute(f'DROP TRIGGER "rtree_land_zone_geometry_{act}"')
    Zone.objects.filter(code="0").update(geometry=cell(8, 8))
    assert index.faults(connection) == ["rtree_land_zone_geometry"]
    errors = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [error.id for error in errors] == ["core.E001"]
    assert index.keep(connection) == ["rtree_land_zone_geometry"]
    assert found(geometry__intersects=cell(8, 8)) == [0]
    assert index.faults(connection) == index.keep(connection) == []


@pytest.mark.skipif(not SQLITE, reason="the R*Tree is SQLite's")
def test_an_index_whose_column_is_gone_goes_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE rtree_gone_geometry USING rtree(id, minx, maxx, miny, maxy)")
        index.keep(connection)
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'rtree_gone%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.skipif(SQLITE, reason="GiST is PostgreSQL's")
def test_migrations_make_the_gist_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'zone_geometry'")
        assert "USING gist (geometry)" in cursor.fetchone()[0]


def test_every_geometry_column_is_indexed() -> None:
    for model in apps.get_models():
        fields = [field.name for field in model._meta.local_fields if isinstance(field, GeometryField)]
        indexed = [name for each in model._meta.indexes if isinstance(each, index.SpatialIndex) for name in each.fields]
        assert set(fields) <= set(indexed), f"{model.__name__}: a geometry without SpatialIndex is searched row by row"


def test_a_lookup_reaches_over_a_relation(edition: LayerEdition) -> None:
    stored(edition, [cell(0, 0)])
    assert LayerEdition.objects.filter(zones__geometry__intersects=cell(0, 0)).count() == 1
    assert LayerEdition.objects.exclude(zones__geometry__intersects=cell(0, 0)).count() == 0


def test_the_reach_of_rows_is_told_over_a_relation_too(edition: LayerEdition) -> None:
    first, _far = stored(edition, [cell(0, 0), cell(5, 5)])
    over = LayerEdition.objects.filter(zones=first)
    west, south, east, north = extents.extent(over, "zones__geometry") or ()
    assert (west, south, east, north) == pytest.approx(first.geometry.bounds, abs=1e-4)
    assert extents.extent(Zone.objects.filter(pk=first.pk), "geometry") == (west, south, east, north)
    assert extents.extent(over.none(), "zones__geometry") is None
    box = first.geometry.bounds
    assert not extents.is_crowded(LayerEdition, "zones__geometry", box, from_rows=3)


def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_field_tells_migrations_what_it_is() -> None:
    name, path, _args, kwargs = GeometryField(kind="Point", null=True).clone().deconstruct()
    assert (name, path, kwargs) == (None, "soildesk.core.geometry.GeometryField", {"kind": "Point", "null": True})


def test_many_rows_go_in_at_once(edition: LayerEdition) -> None:
    layer, shapes = edition.layer, [cell(n, n) for n in range(5)]
    count = load(
        Zone,
        {
            "edition": edition, "division_path": layer.division_path, "owner_department": layer.owner_department,
            "code": [str(n) for n in range(5)], "name": "一片", "level": "", "area_m2": np.arange(5) / 3,
            "attributes": [{"级": n} for n in range(5)], "geometry": shapes,
        },
    )  # fmt: skip
    rows = list(Zone.objects.order_by("code"))
    assert count == len(rows) == len({row.uid for row in rows}) == 5
    assert [row.attributes for row in rows] == [{"级": n} for n in range(5)]
    assert all(row.geometry.equals_exact(shape, 0) for row, shape in zip(rows, shapes, strict=True))
    assert rows[4].area_m2 == 4 / 3
    assert found(geometry__intersects=cell(4, 4)) == [3, 4]
    assert index.faults(connection) == []


def test_a_point_may_be_missing_and_a_part_becomes_a_multi(edition: LayerEdition) -> None:
    layer = edition.layer
    land = UnusedLand.objects.create(number="W-1")
    place = {"division_path": layer.division_path, "owner_department": layer.owner_department}
    load(
        Patrol,
        {
            **place,
            "land": land,
            "on": AT.date(),
            "found": "nothing",
            "note": "",
            "action": "",
            "at": AT,
            "point": [None, Point(116, 36)],
        },
    )
    assert sorted(bool(row.point) for row in Patrol.objects.all()) == [False, True]
    facts = {
        "land": land,
        "name": "滩",
        "kind": "shoal",
        "is_reserve": False,
        "keeper": layer.owner_department,
        "area_m2": 1.0,
    }
    load(
        UnusedLandVersion,
        {
            **place,
            **facts,
            "code": "",
            "patrol_every_months": 6,
            "reason": "",
            "since": AT.date(),
            "recorded_at": AT,
            "geometry": [cell(0, 0)],
        },
    )
    assert UnusedLandVersion.objects.get().geometry.geom_type == "MultiPolygon"


def test_columns_of_unequal_length_are_refused(edition: LayerEdition) -> None:
    with pytest.raises(ValueError, match="one length"):
        load(Zone, {"code": ["1", "2"], "geometry": [cell(0, 0)]})
