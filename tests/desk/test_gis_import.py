"""Bad input through the command: every kind of fault, every kind of broken file, told with place and next step."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from desk.gis_world import LAT, LON, feature, geojson, in_process, run, square
from soildesk.kit.gis import checking, judging, loading, understanding
from soildesk.kit.models import ImportBatch
from soildesk.land.models import Layer, ParcelVersion, Zone
from soildesk.land.services import layers
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.writing import Place
from soilrules.geodesy.taxonomy import taxonomy

pytestmark = pytest.mark.django_db
__all__ = ["in_process"]
ROUND = shapely.Point(LON, LAT).buffer(0.2)


@pytest.fixture(autouse=True)
def officer(monkeypatch: Any, world: Any) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    monkeypatch.setenv("SOILDESK_USER", "officer")


def make_layer(world: Any, code: str, kind: str = Layer.Kind.OTHER) -> Layer:
    place = Place(world.district, world.departments["ecology"])
    return layers.make(LayerFacts(code, code, kind), place, by=world.actor("officer"), at=world.at)


@pytest.fixture
def division(capsys: Any, world: Any, tmp_path: Path, in_process: None) -> None:
    """The boundary of the district, about 20 km around the middle, and its neighbour's."""
    make_layer(world, "divisions", Layer.Kind.DIVISION)
    other = shapely.affinity.translate(ROUND, 1)
    zones = [feature(ROUND, code="990101", name="青禾区"), feature(other, code="990102", name="赤岩区")]
    run(capsys, "import", "divisions", geojson(tmp_path / "divisions.geojson", zones), "--on", "2020-01-01")


def ring(*corners: tuple[float, float]) -> shapely.Polygon:
    """A polygon of corners in metres from the middle."""
    return shapely.Polygon([(LON + x / 95_900, LAT + y / 110_860) for x, y in corners])


def circle(points: int) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return shapely.Polygon(np.column_stack([LON + 0.05 + 0.02 * np.cos(turn), LAT - 0.05 + 0.02 * np.sin(turn)]))


SQUARE = square(0, 5000)
FAULTS: list[tuple[str, Any]] = [
    ("geometry_missing", None),
    ("wrong_kind", shapely.Point(LON, LAT)),
    ("geometry_empty", shapely.Polygon()),
    ("flipped", shapely.transform(square(), lambda xy: xy[:, ::-1])),
    ("wrong_hemisphere", shapely.transform(square(), lambda xy: xy * [-1, 1])),
    ("outside_china", shapely.box(10, 50, 10.01, 50.01)),
    ("outside_division", shapely.box(LON + 1, LAT, LON + 1.001, LAT + 0.001)),
    ("crosses_division", shapely.box(LON + 0.19, LAT, LON + 0.21, LAT + 0.001)),
    ("self_crossing", ring((0, 0), (90, 90), (90, 0), (0, 90))),
    ("overlapping_parts", shapely.MultiPolygon([square(1000), square(1050)])),
    ("hole_outside", shapely.Polygon(square(2000).exterior, [square(2200, side_m=20).exterior])),
    ("spike", ring((3000, 0), (3100, 0), (3100, 100), (3050, 100), (3050.1, 400), (3049.9, 100), (3000, 100))),
    ("duplicate_vertices", ring((4000, 0), (4100, 0), (4100, 0), (4100, 100), (4000, 100))),
    ("too_many_vertices", circle(200_000)),
    ("sliver", ring((6000, 0), (6500, 0), (6500, 0.1), (6000, 0.1))),
    ("tiny_area", square(7000, side_m=0.5)),
    ("huge_area", shapely.box(LON - 0.2, LAT - 0.19, LON + 0.19, LAT + 0.19)),
    ("", SQUARE),
    ("duplicate_geometry", SQUARE),
    ("overlaps_neighbour", square(9000, 9000)),
    ("overlaps_neighbour", square(9050, 9000)),
]
ELSEWHERE = {"no_geometry", "empty", "not_finite", "invalid_ring", "wrong_zone"}
"""Told by the reader of the file in its own words, or tested with other files below."""


def test_every_kind_of_fault_is_told_with_its_row(capsys: Any, tmp_path: Path, division: None) -> None:
    path = geojson(
        tmp_path / "faults.geojson", [feature(shape, code=str(n)) for n, (_code, shape) in enumerate(FAULTS)]
    )
    report = run(capsys, "import", "parcels", path, "--dry-run", expect=1)
    told = {(one["row"], one["code"]) for one in report["findings"]}
    for row, (code, _shape) in enumerate(FAULTS, start=1):
        assert not code or (row, code) in told, (row, code, [one for one in report["findings"] if one["row"] == row])
    assert {code for code, _shape in FAULTS} | ELSEWHERE >= set(taxonomy())
    for one in report["findings"]:
        kind = taxonomy().get(one["code"])
        assert kind is None or (one["severity"], one["who"]) == (kind.severity, kind.who)
        assert one["expected"] and one["sentence"], one
    named = next(one for one in report["findings"] if one["code"] == "outside_division")
    assert "落在赤岩区" in named["sentence"]


def test_outside_is_told_of_days_before_the_boundary_was_kept(capsys: Any, tmp_path: Path, division: None) -> None:
    path = geojson(tmp_path / "far.geojson", [feature(shapely.affinity.translate(SQUARE, 5), code="远")])
    report = run(capsys, "import", "parcels", path, "--on", "2015-01-01", "--dry-run", expect=1)
    assert [one["code"] for one in report["findings"]] == ["outside_division"]


def test_a_plot_in_the_wrong_zone_is_told_which_zone_would_fit(capsys: Any, tmp_path: Path, division: None) -> None:
    table = tmp_path / "地块.csv"
    corners = "528700 3375400,528800 3375400,528800 3375500,528700 3375500,528700 3375400"
    table.write_text(f'外部代码,WKT\nB1,"POLYGON(({corners}))"\n', "utf-8")
    asked = run(capsys, "import", "parcels", table, expect=1)
    assert asked["error"]["code"] == "gis.crs_unknown"
    assert asked["guesses"][0]["crs"] == "EPSG:4547"
    report = run(capsys, "import", "parcels", table, "--crs", "EPSG:4548", expect=1)
    found = report["findings"][0]
    assert (found["code"], found["who"]) == ("wrong_zone", "import")
    assert "应为 114°" in found["sentence"]
    assert run(capsys, "import", "parcels", table, "--crs", "EPSG:4547")["rows"]["new"] == 1


def test_axes_are_what_one_says(capsys: Any, tmp_path: Path, in_process: None) -> None:
    flipped = shapely.transform(square(), lambda xy: xy[:, ::-1])
    path = geojson(tmp_path / "a.geojson", [feature(flipped, code="1")])
    assert run(capsys, "import", "parcels", path, expect=1)["findings"][0]["code"] == "flipped"
    assert run(capsys, "import", "parcels", path, "--axis", "yx")["rows"]["new"] == 1
    assert ParcelVersion.objects.get().geometry.bounds[0] == pytest.approx(LON)


def test_repair_is_done_on_request_and_keeps_what_was(capsys: Any, tmp_path: Path, in_process: None) -> None:
    twice = ring((0, 0), (100, 0), (100, 0), (100, 100), (0, 100))
    bow = ring((1000, 0), (1090, 90), (1090, 0), (1000, 90))
    path = geojson(tmp_path / "a.geojson", [feature(twice, code="1"), feature(bow, code="2")])
    report = run(capsys, "import", "parcels", path, "--repair", "--skip-refused")
    assert {"repaired", "repair_refused"} & {one["code"] for one in report["findings"]}
    row = ImportBatch.objects.get().rows.get(position=1)
    before, after = (shapely.from_wkb(bytes(wkb)) for wkb in (row.wkb_before, row.wkb))
    assert (shapely.get_num_coordinates(before), shapely.get_num_coordinates(after)) == (6, 5)


def test_a_polygon_of_200_000_vertices_is_taken_whole_with_a_word(
    capsys: Any, tmp_path: Path, in_process: None, world: Any
) -> None:
    make_layer(world, "redline")
    path = geojson(tmp_path / "a.geojson", [feature(circle(200_000), code="1")])
    report = run(capsys, "import", "redline", path)
    assert [one["code"] for one in report["findings"]] == ["too_many_vertices"]
    assert shapely.get_num_coordinates(Zone.objects.get().geometry) == 200_001


def test_a_code_twice_in_a_file_is_refused(capsys: Any, tmp_path: Path, in_process: None) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), code="1"), feature(square(500), code="1")])
    report = run(capsys, "import", "parcels", path, expect=1)
    assert [(one["row"], one["code"]) for one in report["findings"]] == [(2, "repeated_code")]


def test_more_rows_than_can_be_registered_one_by_one_are_refused(
    capsys: Any, tmp_path: Path, in_process: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(loading, "ROW_LIMIT", 2)
    path = geojson(tmp_path / "a.geojson", [feature(square(n * 300), code=str(n)) for n in range(3)])
    assert run(capsys, "import", "parcels", path, expect=1)["error"]["code"] == "gis.too_many_rows"
    assert not ImportBatch.objects.exists()


BAD_FILES = {
    "empty.geojson": ('{"type": "FeatureCollection", "features": []}', "gis.empty_layer"),
    "nothing.gpkg": ("", "gis.empty_file"),
    "图纸.dwg": ("AC1032" + "x" * 200, "gis.dwg"),
    "address.geojson": ("https://example.org/features.json", "gis.address"),
    "entities.kml": ('<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "gis.xml_entities"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_are_none_are_refused_in_words(capsys: Any, tmp_path: Path, in_process: None, name: str) -> None:
    content, code = BAD_FILES[name]
    (tmp_path / name).write_text(content, "utf-8")
    report = run(capsys, "import", "parcels", tmp_path / name, expect=1)
    assert report["error"]["code"] == code
    assert not report["ok"]
    assert not ImportBatch.objects.exists()


def test_a_zip_that_leads_outside_itself_is_refused(capsys: Any, tmp_path: Path, in_process: None) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.shp", b"\x00\x00\x27\x0a" + b"\0" * 200)
    assert run(capsys, "import", "parcels", path, expect=1)["error"]["code"] == "gis.zip_outside"
    assert not (tmp_path.parent / "evil.shp").exists()


def test_a_kml_with_network_links_is_read_without_following_them(
    capsys: Any, tmp_path: Path, world: Any, in_process: None
) -> None:
    make_layer(world, "redline")
    x, y = LON, LAT
    place = f"<Placemark><name>甲</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{x},{y} {x + 0.01},{y} {x + 0.01},{y + 0.01} {x},{y}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    link = "<NetworkLink><Link><href>http://127.0.0.1:1/other.kml</href></Link></NetworkLink>"
    path = tmp_path / "a.kml"
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}{place}</Document></kml>', "utf-8")
    report = run(capsys, "import", "redline", path)
    assert report["rows"]["new"] == 1
    assert any("链接" in note for note in report["notes"]), report["notes"]


def test_a_shapefile_without_its_table_or_its_system(capsys: Any, tmp_path: Path, world: Any) -> None:
    """Through the real child process, as all files of people are read."""
    make_layer(world, "redline")
    run(capsys, "import", "redline", geojson(tmp_path / "a.geojson", [feature(square(), code="R1", name="红线")]))
    whole = tmp_path / "out.zip"
    run(capsys, "export", "redline", "--out", whole)
    bare = tmp_path / "bare.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            if name.endswith((".shp", ".shx")):
                target.writestr(name, source.read(name))
    asked = run(capsys, "import", "redline", bare, expect=1)
    assert asked["error"]["code"] == "gis.crs_unknown"
    assert asked["guesses"]
    report = run(capsys, "import", "redline", bare, "--crs", "4490", "--dry-run")
    assert report["rows"]["new"] == 1
    assert any(".dbf" in note for note in report["notes"])


@pytest.mark.parametrize("ending", ["zip", "kml", "dxf", "txt"])
def test_what_is_written_is_read_again(
    capsys: Any, tmp_path: Path, world: Any, ending: str, request: pytest.FixtureRequest
) -> None:
    if ending != "txt":  # one through the real child process
        request.getfixturevalue("in_process")
    make_layer(world, "redline")
    run(capsys, "import", "redline", geojson(tmp_path / "a.geojson", [feature(square(), code="R1", name="红线")]))
    out = tmp_path / f"out.{ending}"
    run(capsys, "export", "redline", "--out", out)
    more = ["--crs", "EPSG:4526"] if ending in ("dxf", "txt") else []
    report = run(capsys, "import", "redline", out, "--dry-run", *more)
    taken = sum(report["rows"][fate] for fate in ("new", "changed", "same"))
    assert taken == (2 if ending == "dxf" else 1), report  # a drawing has its label as a point beside the outline
    assert report["area_m2"] == pytest.approx(Zone.objects.get().area_m2, rel=1e-4)


@pytest.mark.parametrize("ending", ["txt", "zip", "gpkg", "geojson"])
def test_what_is_exported_comes_back_unchanged(capsys: Any, tmp_path: Path, in_process: None, ending: str) -> None:
    ring = square(600).difference(square(630, 30, 20))
    two = shapely.MultiPolygon([square(0, 400), square(300, 400)])
    rows = [
        ("990101001", "东地块", square(), "1001"),
        ("990101002", "环形地块", ring, "0103"),
        ("990101003", "两片", two, ""),
    ]
    given = [
        feature(shape, 宗地代码=code, 名称=name, 现状用途=use, 用地分类标准="guide2023")
        for code, name, shape, use in rows
    ]
    run(capsys, "import", "parcels", geojson(tmp_path / "a.geojson", given))
    out = tmp_path / f"out.{ending}"
    run(capsys, "export", "parcels", "--out", out)
    report = run(capsys, "import", "parcels", out, "--dry-run")
    assert report["rows"] == {"new": 0, "changed": 0, "same": 3, "refused": 0}, report
    if ending == "txt":
        lines = [line.split(",") for line in out.read_text("gb18030").splitlines() if line.endswith("@")]
        assert [line[2:5] + line[7:9] for line in lines] == [
            [code, name, "面", use, f"DK-990101-2026-{at:05d}"] for at, (code, name, _shape, use) in enumerate(rows, 1)
        ]
    moved = geojson(tmp_path / "b.geojson", [feature(square(0.01), 宗地代码="990101001")])
    assert run(capsys, "import", "parcels", moved, "--dry-run")["rows"]["changed"] == 1, "a centimetre is a change"


def test_it_is_said_from_where_on_nothing_was_compared(
    capsys: Any, tmp_path: Path, world: Any, in_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_layer(world, "redline")
    given = [feature(square(n % 4 * 200), code=f"R{n % 5}") for n in range(7)]
    path = geojson(tmp_path / "a.geojson", given)
    usual = run(capsys, "import", "redline", path, "--dry-run")
    assert not any("核对" in note for note in usual["notes"])
    assert usual["findings_by_code"]["repeated_code"] == 2
    for module in (understanding, judging):
        monkeypatch.setattr(module, "READ_ROWS", 3)
    monkeypatch.setattr(checking, "UNTIL_HASHES", 4)
    monkeypatch.setattr(judging, "UNTIL_HASHES", 4)
    for more in (["--dry-run"], []):
        report = run(capsys, "import", "redline", path, *more)
        shapes, codes = report["notes"][-2:]
        assert "每批最多 3 个：从第 4 行起" in shapes
        assert "代码超过 4 个：从第 5 行起" in codes


def test_a_map_says_columns_values_and_constants(capsys: Any, tmp_path: Path, in_process: None) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(), 号="7", 性质="甲类", 说明="x")])
    told = tmp_path / "map.toml"
    told.write_text(
        '[columns]\n"号" = "code"\n"性质" = "kind"\n[values.kind]\n"甲类" = "lot"\n[constants]\nname = "统一名称"\n',
        "utf-8",
    )
    run(capsys, "import", "parcels", path, "--map", told)
    parcel = ParcelVersion.objects.get()
    assert (parcel.code, parcel.kind, parcel.name) == ("7", "lot", "统一名称")
    remembered = geojson(tmp_path / "b.geojson", [feature(square(500), 号="8")])
    run(capsys, "import", "parcels", remembered)
    assert ParcelVersion.objects.filter(code="8").exists()
    told.write_text("[columns]\n'没有' = 'code'\n", "utf-8")
    assert run(capsys, "import", "parcels", path, "--map", told, expect=1)["error"]["code"] == "gis.no_such_column"
    told.write_text("[columns]\n'号' = 'colour'\n", "utf-8")
    assert run(capsys, "import", "parcels", path, "--map", told, expect=1)["error"]["code"] == "gis.no_such_entry"
    told.write_text("columns = [", "utf-8")
    assert run(capsys, "import", "parcels", path, "--map", told, expect=1)["error"]["code"] == "gis.map_unreadable"
