"""What is written is read back equal, by the room itself and by the programs of others."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_gisfiles_cases import read

from soilrules.gisfiles import (
    NOTE,
    ROW,
    SUFFIXES,
    WKB,
    CornerHeader,
    Kind,
    NotWritten,
    Options,
    Writing,
    Written,
    inspect,
    write,
)
from soilrules.gisfiles.writeshp import FIELD_LIST

RING = shapely.box(116.1, 39.1, 116.2, 39.2).exterior
SHAPES = [
    shapely.Polygon(RING, [shapely.box(116.13, 39.13, 116.14, 39.14).exterior]),
    shapely.MultiPolygon([shapely.box(116, 39, 116.01, 39.01), shapely.box(116.3, 39.3, 116.123456789012345, 39.4)]),
    None,
]
ROWS = {
    "地块编号": ["001", "乙-㐀", "=1+1"],
    "面积平方米": [1.5, 0.1, None],
    "样点数": [3, None, 7],
    "登记日期": [date(2026, 1, 2), None, date(2026, 3, 4)],
    "已核实": [True, False, None],
    "说明": [None, "多行\n“引号”,逗号", "x<&>y"],
}
GEOGRAPHIC = [Kind.GPKG, Kind.GEOJSON, Kind.SHP, Kind.KML, Kind.CSV, Kind.XLSX]


def batch(shapes: list[Any] = SHAPES, rows: dict[str, Any] = ROWS) -> Any:
    columns = {name: pa.array(values) for name, values in rows.items()}
    extra = {ROW: pa.array(range(len(shapes))), WKB: pa.array(shapely.to_wkb(shapes), pa.binary()), NOTE: pa.nulls(len(shapes), pa.string())}  # fmt: skip
    return pa.record_batch({**columns, **extra})


def wrote(path: Path, kind: Kind, *batches: Any, options: Writing | None = None) -> Written:
    given = batches or (batch(),)
    return write(path, kind, given[0].schema, iter(given), crs="EPSG:4490", title="西山 地块", options=options)


def same(one: Any, other: Any) -> bool:
    return (one is None and other is None) or one.normalize().equals(other.normalize())


@pytest.mark.parametrize("kind", GEOGRAPHIC)
def test_read_back_by_the_room(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"地块{SUFFIXES[kind]}"
    written = wrote(path, kind, batch(), batch())
    assert (written.rows, written.notes) == (6, ())
    rows = read(path)
    assert [same(row[WKB], shape) for row, shape in zip(rows, SHAPES * 2, strict=True)] == [True] * 6
    names = {one.name for one in inspect(path, path.name).fields}
    short = "地块编" if kind is Kind.SHP else "地块编号"  # ten bytes of UTF-8
    assert short in names
    assert [row[short] for row in rows[:3]] == ROWS["地块编号"]
    assert [path.name] == [one.name for one in tmp_path.iterdir()], "no part is left"


@pytest.mark.parametrize("kind", [Kind.GPKG, Kind.GEOJSON])
def test_types_survive_where_the_file_has_them(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"地块{SUFFIXES[kind]}"
    wrote(path, kind)
    for name, values in ROWS.items():
        assert [row[name] for row in read(path)] == values, name


@pytest.mark.parametrize("kind", [Kind.GPKG, Kind.GEOJSON, Kind.SHP, Kind.KML, Kind.CSV])
def test_read_back_by_geopandas(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"地块{SUFFIXES[kind]}"
    wrote(path, kind, options=Writing(encoding="GBK"))
    frame = geopandas.read_file(path)
    assert frame["地块编号"].tolist() == [
        one.replace("㐀", "?") if kind is Kind.SHP else one for one in ROWS["地块编号"]
    ]
    assert [same(one, shape) for one, shape in zip(frame.geometry, SHAPES, strict=True)] == [True] * 3
    assert frame.crs == {Kind.KML: "EPSG:4326", Kind.CSV: None}.get(kind, "EPSG:4490")


def test_geojson_states_its_system_and_winds_its_rings(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    wrote(path, Kind.GEOJSON)
    text = path.read_text("utf-8")
    assert "urn:ogc:def:crs:EPSG::4490" in text
    shape = geopandas.read_file(path).geometry[0]
    assert shape.exterior.is_ccw
    assert not shape.interiors[0].is_ccw


def test_a_shapefile_says_what_its_short_names_stand_for(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    written = wrote(
        path, Kind.SHP, batch(rows={**ROWS, "说明": ["长" * 200, "㐀", None]}), options=Writing(encoding="GBK")
    )
    assert [one.id for one in written.notes] == ["not_in_encoding", "text_cut"]
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"西山_地块{end}" for end in (".cpg", ".dbf", ".prj", ".shp", ".shx")] + [
            FIELD_LIST
        ]
        assert archive.read("西山_地块.cpg") == b"GBK"
        listed = list(csv.reader(io.StringIO(archive.read(FIELD_LIST).decode("utf-8-sig"))))
    assert listed[:3] == [
        ["字段", "原名", "类型"],
        ["地块编号", "地块编号", "text"],
        ["面积平方米", "面积平方米", "real"],
    ]
    wrote(path, Kind.SHP)
    with zipfile.ZipFile(path) as archive:
        listed = list(csv.reader(io.StringIO(archive.read(FIELD_LIST).decode("utf-8-sig"))))
    assert listed[2] == ["面积平", "面积平方米", "real"], "UTF-8 takes three bytes a character"


def test_a_shapefile_of_mixed_kinds_is_several(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    shapes = [SHAPES[0], shapely.Point(1, 2), shapely.GeometryCollection([shapely.Point(1, 2), RING])]
    written = wrote(path, Kind.SHP, batch(shapes))
    assert [one.id for one in written.notes] == ["collection_left"]
    with zipfile.ZipFile(path) as archive:
        assert {"西山_地块_点.shp", "西山_地块_面.shp"} <= set(archive.namelist())
    assert read(path, Options(layer="西山_地块_点"))[0][WKB].wkt == "POINT (1 2)"


def test_a_drawing_has_areas_and_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    written = wrote(path, Kind.DXF, options=Writing(label="地块编号", layer="说明"))
    assert [one.id for one in written.notes] == ["without_geometry"]
    rows = [row for row in read(path) if row[WKB].geom_type == "Polygon"]
    assert [row["label"] for row in rows] == ["001", None, "乙-㐀", None] or {"001", "乙-㐀"} <= {
        row["label"] for row in rows
    }
    assert {row["Layer"] for row in rows} == {"0", "多行_“引号”_逗号"}
    outer = shapely.Polygon(RING)
    assert any(row[WKB].normalize().equals(outer.normalize()) for row in rows)
    assert len(geopandas.read_file(path)) == 6  # four rings, two labels


def test_a_workbook_of_points_or_of_wkt(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    shapes = [shapely.Point(116.5, 39.5), SHAPES[0], None]
    written = wrote(path, Kind.XLSX, batch(shapes), options=Writing(points=("经度", "纬度")))
    assert [(one.id, one.params["count"]) for one in written.notes] == [("no_point", "2")]
    sheet = openpyxl.load_workbook(path).active
    assert [one.value for one in sheet[1]] == [*ROWS, "经度", "纬度"]
    assert [one.value for one in sheet[2]][-2:] == [116.5, 39.5]
    assert sheet["A2"].value == "001"
    assert sheet["A4"].data_type == "s", "=1+1 is a text"
    long = shapely.Point(0, 0).buffer(1, quad_segs=1000)
    written = wrote(path, Kind.XLSX, batch([long, None, None]))
    assert [(one.id, one.params["row"]) for one in written.notes] == [("wkt_too_long", "2")]


def test_other_types_are_written_plainly(tmp_path: Path) -> None:
    rows = {
        "时刻": pa.array(["2026-01-02 03:04:00"]).cast(pa.timestamp("ms")),
        "小数": [Decimal("1.25")],
        "空": pa.nulls(1),
    }
    for kind in (Kind.GPKG, Kind.SHP, Kind.CSV, Kind.XLSX, Kind.KML):
        path = tmp_path / f"a{SUFFIXES[kind]}"
        wrote(path, kind, batch([shapely.Point(1, 2)], {**rows, "词": pa.array(["甲"]).dictionary_encode()}))
        (row,) = read(path)
        assert float(row["小数"]) == 1.25
        assert str(row["时刻"]).startswith("2026-01-02 03:04")
        assert row["词"] == "甲"


def test_nothing_is_left_of_what_fails_midway(tmp_path: Path) -> None:
    def broken() -> Iterator[Any]:
        yield batch()
        raise RuntimeError("the rows end here")

    for kind in Kind:
        path = tmp_path / f"a{SUFFIXES[kind]}"
        path.write_text("before", "utf-8")
        with pytest.raises(RuntimeError, match="the rows end here"):
            write(
                path,
                kind,
                batch().schema,
                broken(),
                crs="EPSG:4490",
                title="x",
                options=Writing(corners=CornerHeader(39)),
            )
        assert path.read_text("utf-8") == "before"
        path.unlink()
    assert list(tmp_path.iterdir()) == []


def test_a_corner_text_needs_its_zone(tmp_path: Path) -> None:
    with pytest.raises(NotWritten) as caught:
        wrote(tmp_path / "a.txt", Kind.TXT)
    assert caught.value.code == "corner_header_missing"
    assert "带号" in caught.value.sentence()


def test_a_corner_text_as_it_is_exchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    shape = shapely.box(39500000, 3000000, 39500100, 3000100)
    rows = {"地块编号": ["A,1"], "地块名称": ["东地块"], "地类编码": ["061"], "其他": ["不写"]}
    wrote(
        path,
        Kind.TXT,
        batch([shape], rows),
        options=Writing(corners=CornerHeader(39, made_by="某测绘院", made_on="2026-11-22")),
    )
    assert path.read_bytes().decode("gb18030").split("\r\n") == [
        "[属性描述]", "格式版本号=1.01版本", "数据产生单位=某测绘院", "数据产生日期=2026-11-22", "坐标系=2000国家大地坐标系",
        "几度分带=3", "投影类型=高斯克吕格", "计量单位=米", "带号=39", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
        "5,1.0000,A、1,东地块,面,,,061,@", "J1,1,3000000.000,39500100.000", "J2,1,3000100.000,39500100.000",
        "J3,1,3000100.000,39500000.000", "J4,1,3000000.000,39500000.000", "J1,1,3000000.000,39500100.000", "",
    ]  # fmt: skip


NAMES = st.text(st.characters(codec="utf-8", exclude_characters=",，@＠\t\r\n\x1a", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), max_size=12).map(str.strip)  # fmt: skip
CENTRES = st.tuples(st.integers(39_400_000_000, 39_600_000_000), st.integers(2_000_000_000, 5_000_000_000))


@st.composite
def parcels(draw: st.DrawFn) -> Any:
    """A star around a centre, in thousandths of a metre, perhaps with holes, perhaps with a part beside it."""
    x, y = draw(CENTRES)
    corners = draw(st.lists(st.integers(50_000, 90_000), min_size=3, max_size=12))
    turned = [(size * 0.001, at * 2 * math.pi / len(corners)) for at, size in enumerate(corners)]
    ring = [(round(x / 1000 + size * math.cos(at), 3), round(y / 1000 + size * math.sin(at), 3)) for size, at in turned]
    holes = [shapely.box(x / 1000 + at * 5, y / 1000, x / 1000 + at * 5 + 1, y / 1000 + 2).exterior for at in range(draw(st.integers(0, 2)))]  # fmt: skip
    holes = [[(round(a, 3), round(b, 3)) for a, b in one.coords] for one in holes]
    shape = shapely.Polygon(ring, holes if len(ring) > 5 else [])
    if draw(st.booleans()):
        beside = shapely.box(
            round(x / 1000 + 200, 3), round(y / 1000, 3), round(x / 1000 + 210, 3), round(y / 1000 + 9, 3)
        )
        return shapely.MultiPolygon([shape, beside])
    return shape


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(parcels(), NAMES, NAMES), min_size=1, max_size=4))
def test_corner_text_round_trip(tmp_path_factory: pytest.TempPathFactory, found: list[tuple[Any, str, str]]) -> None:
    path = tmp_path_factory.mktemp("corner") / "a.txt"
    rows = {"地块编号": [f"编{number}" for _, number, _ in found], "地块名称": [name for *_, name in found]}
    shapes = [one for one, *_ in found]
    wrote(path, Kind.TXT, batch(shapes, rows), options=Writing(corners=CornerHeader(39)))
    back = read(path)
    assert [row["地块编号"] for row in back] == rows["地块编号"]
    assert [row["地块名称"] or "" for row in back] == rows["地块名称"]
    assert [same(row[WKB], shape) for row, shape in zip(back, shapes, strict=True)] == [True] * len(shapes)
    assert {note for row in back for note in row[NOTE]} <= {"several_parts"}


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from([Kind.GPKG, Kind.GEOJSON, Kind.CSV]),
    texts=st.lists(st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1, max_size=5),
    x=st.floats(-180, 180),
    y=st.floats(-90, 90),
)  # fmt: skip
def test_any_text_and_any_number_round_trip(
    tmp_path_factory: pytest.TempPathFactory, kind: Kind, texts: list[str | None], x: float, y: float
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a{SUFFIXES[kind]}"
    shapes = [shapely.Point(x, y)] * len(texts)
    wrote(path, kind, batch(shapes, {"名称": pa.array(texts, pa.string())}))
    rows = read(path)
    assert [row["名称"] for row in rows] == texts
    assert all(row[WKB].equals_exact(shapes[0], 1e-13) for row in rows)
