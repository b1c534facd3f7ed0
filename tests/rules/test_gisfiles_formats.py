"""Files as GIS programs and surveyors send them, with what is usually wrong with them."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import xlsxwriter
from pyogrio import raw
from test_gisfiles_cases import read

from soilrules.gisfiles import NOTE, WKB, Kind, Options, Source, UnreadableGis, batches, inspect, row_messages

NAMES = ["权利人名称", "面积", "地类"]
VALUES = [["甲村村民委员会", "乙村"], [1.5, 2.5], ["工矿用地", "耕地"]]
SHAPES = [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]


def shapefile(folder: Path, encoding: str = "GBK", *, cpg: str | None = None, prj: bool = True) -> Path:
    """A shapefile as GDAL writes it; `cpg`: what its .cpg says instead, or "" for none."""
    folder.mkdir(exist_ok=True)
    path = folder / "地块.shp"
    saved(
        path, shapely.to_wkb(SHAPES), [np.array(one, object if isinstance(one[0], str) else float) for one in VALUES],
        NAMES, geometry_type="Polygon", crs="EPSG:4547", driver="ESRI Shapefile", encoding=encoding,
    )  # fmt: skip
    if cpg is not None:
        path.with_suffix(".cpg").unlink()
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, "ascii")
    if not prj:
        path.with_suffix(".prj").unlink()
    return path


def saved(path: Path, *given: Any, **options: Any) -> None:
    """As GDAL writes it; that names and texts are cut is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw.write(path, *given, **options)


def ids(source: Source) -> list[str]:
    return [one.id for one in source.notes]


def geojson(folder: Path, *features: Any, **more: Any) -> Path:
    path = folder / "图层.geojson"
    found = [{"type": "Feature", "properties": one[1], "geometry": one[0]} for one in features]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": found}, ensure_ascii=False), "utf-8")
    return path


def point(*numbers: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(numbers)}


@pytest.mark.parametrize(
    ("encoding", "cpg", "found", "notes"),
    [
        ("GBK", None, "GBK", []),
        ("UTF-8", None, "UTF-8", []),
        ("GBK", "", "GBK", ["encoding_guessed"]),
        ("UTF-8", "", "UTF-8", ["encoding_guessed"]),
        ("GBK", "UTF-8", "GBK", ["cpg_wrong"]),
        ("UTF-8", "936", "UTF-8", ["cpg_wrong"]),
        ("GBK", "ISO-8859-1", "GBK", ["cpg_wrong"]),
        ("Big5", "950", "Big5", []),
    ],
)
def test_the_encoding_is_what_the_values_bear_out(
    encoding: str, cpg: str | None, found: str, notes: list[str], tmp_path: Path
) -> None:
    if encoding == "Big5":
        path = shapefile(tmp_path / "a", "UTF-8")
        text = path.with_suffix(".dbf").read_bytes()
        for one in (*VALUES[0], *VALUES[2]):  # the names stay, so that only values are told by
            wide = str(one).translate(str.maketrans("员会矿", "員會礦"))
            old, new = str(one).encode(), wide.encode("big5hkscs")
            text = text.replace(old, new.ljust(len(old)))
        for old_name in ("权利人", "面积", "地类"):
            text = text.replace(old_name.encode(), b"N" * len(old_name.encode()), 1)
        path.with_suffix(".dbf").write_bytes(text)
        path.with_suffix(".cpg").write_text("950", "ascii")
    else:
        path = shapefile(tmp_path / "a", encoding, cpg=cpg)
    source = inspect(path, path.name)
    assert (source.encoding, ids(source)) == (found, notes)
    if encoding != "Big5":
        rows = read(path)
        assert [one[source.fields[0].name] for one in rows] == VALUES[0]
        assert source.fields[0].name == ("权利人名称" if encoding == "GBK" else "权利人")  # ten bytes


def test_a_value_of_another_encoding_is_told_with_its_row(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a", "UTF-8")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("乙村".encode(), "乙村".encode("gbk") + b"  "))
    rows = read(path, Options(encoding="UTF-8"))
    assert rows[0][NOTE] == []
    assert rows[1][NOTE] == ["value_garbled"]
    assert "\ufffd" in rows[1]["权利人"]


def test_no_encoding_fits_is_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a", "UTF-8", cpg="")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("乙村".encode(), b"\xff\xff\xff\xff\xff\xff"))
    assert "encoding_unsure" in ids(inspect(path, path.name))


def test_a_character_cut_by_the_width_of_its_field_is_dropped_quietly(tmp_path: Path) -> None:
    path = tmp_path / "长.shp"
    long = "地" * 200
    saved(path, shapely.to_wkb(SHAPES[:1]), [np.array([long], object)], ["说明"], geometry_type="Polygon",
              crs="EPSG:4490", driver="ESRI Shapefile", encoding="UTF-8")  # fmt: skip
    (row,) = read(path)
    assert row["说明"] == "地" * 84
    assert row[NOTE] == []


def test_a_missing_prj_is_asked_for(tmp_path: Path) -> None:
    source = inspect(shapefile(tmp_path / "a", prj=False), "地块.shp")
    assert source.crs_text is None
    assert ids(source) == ["crs_missing"]
    shapefile(tmp_path / "a").with_suffix(".prj").write_text("北京54", "utf-8")
    assert ids(inspect(tmp_path / "a", "a")) == ["crs_unread"]


@pytest.mark.parametrize("missing", [[".dbf"], [".shx"], [".dbf", ".shx"]])
def test_missing_parts_are_told_and_the_geometry_read(missing: list[str], tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a")
    for one in missing:
        path.with_suffix(one).unlink()
    source = inspect(tmp_path / "a", "a")
    assert ids(source) == [f"{one[1:]}_missing" for one in missing]
    assert source.count == 2
    assert [row[WKB].equals(shape) for row, shape in zip(read(tmp_path / "a"), SHAPES, strict=True)] == [True, True]
    assert sorted(one.suffix for one in (tmp_path / "a").iterdir()) == sorted(
        {".shp", ".shx", ".dbf", ".prj", ".cpg"} - set(missing)
    ), "nothing is written beside the file of others"


def test_shapes_and_attributes_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a")
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[4:8] = struct.pack("<I", 1)
    path.with_suffix(".dbf").write_bytes(dbf)
    assert "counts_differ" in ids(inspect(path, path.name))


@pytest.mark.parametrize("damage", [(".shp", b"\0" * 40, "shp_damaged"), (".dbf", b"x" * 10, "dbf_damaged")])
def test_damaged_parts_refuse_the_file(damage: tuple[str, bytes, str], tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a")
    path.with_suffix(damage[0]).write_bytes(damage[1])
    with pytest.raises(UnreadableGis) as caught:
        inspect(tmp_path / "a", "a")
    assert caught.value.code == damage[2]


def test_an_archive_of_several_shapefiles_asks_which(tmp_path: Path) -> None:
    shapefile(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "村庄")
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "乡镇")
    place = tmp_path / "两个.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for one in sorted((tmp_path / "b").rglob("*.*")):
            archive.write(one, one.relative_to(tmp_path / "b").as_posix())
    with pytest.raises(UnreadableGis) as caught:
        inspect(place, place.name)
    assert caught.value.code == "several_layers"
    assert "乡镇/地块、村庄/地块" in caught.value.sentence()
    source = inspect(place, place.name, Options(layer="村庄/地块"))
    assert (source.layer, source.count) == ("村庄/地块", 2)
    with pytest.raises(UnreadableGis, match="no layer “城区”"):
        inspect(place, place.name, Options(layer="城区"))


def test_names_in_an_archive_may_be_gbk_and_capitals(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a")
    place = tmp_path / "老.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for one in sorted(path.parent.iterdir()):
            archive.writestr(f"DDKK{one.suffix.upper()}", one.read_bytes())
        archive.writestr("__MACOSX/._DDKK.shp", b"junk")
    place.write_bytes(place.read_bytes().replace(b"DDKK.", "地块.".encode("gbk")))  # without the mark of UTF-8
    source = inspect(place, place.name)
    assert (source.layer, source.count, len(source.layers)) == ("地块", 2, 1)


def test_a_geopackage_of_several_layers_asks_which_and_leaves_tables_out(tmp_path: Path) -> None:
    path = tmp_path / "数据.gpkg"
    for layer, shapes in (("图斑", SHAPES), ("点位", [shapely.Point(1, 2)])):
        raw.write(path, shapely.to_wkb(shapes), [np.array(["甲"] * len(shapes), object)], ["名称"], layer=layer,
                  geometry_type="Unknown", crs="EPSG:4490", driver="GPKG", append=path.exists())  # fmt: skip
    raw.write(path, None, [np.array(["甲"], object)], ["名称"], layer="台账", driver="GPKG", append=True)
    with pytest.raises(UnreadableGis) as caught:
        inspect(path, path.name)
    assert caught.value.code == "several_layers"
    assert "台账" not in caught.value.sentence()
    source = inspect(path, path.name, Options(layer="点位"))
    assert (source.crs_text, source.geometry_kinds, source.count) == ("EPSG:4490", ("Point",), 1)
    assert [(one.name, one.count) for one in source.layers] == [("图斑", 2), ("点位", 1)]


def test_a_geopackage_without_geometry_or_without_rows_is_refused(tmp_path: Path) -> None:
    table, empty = tmp_path / "台账.gpkg", tmp_path / "空.gpkg"
    raw.write(table, None, [np.array(["甲"], object)], ["名称"], layer="台账", driver="GPKG")
    raw.write(empty, np.array([], object), [np.array([], object)], ["名称"], geometry_type="Polygon", crs="EPSG:4490", driver="GPKG")  # fmt: skip
    for path, code in ((table, "geometry_absent"), (empty, "empty_layer")):
        with pytest.raises(UnreadableGis) as caught:
            inspect(path, path.name)
        assert caught.value.code == code


def test_curves_heights_and_broken_geometry_in_one_layer(tmp_path: Path) -> None:
    path = tmp_path / "弧.gpkg"
    raw.write(path, shapely.to_wkb([shapely.Point(0, 0)]), [np.array(["点"], object)], ["名称"], layer="图",
              geometry_type="Unknown", crs="EPSG:4490", driver="GPKG")  # fmt: skip
    head = b"GP\0\1" + struct.pack("<i", 4490)
    arc = struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0)
    high = struct.pack("<BI3d", 1, 1001, 1, 2, 3)
    base = sqlite3.connect(path)
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')
    for name, wkb in (("弧", arc), ("高", high), ("坏", b"xx")):
        base.execute('insert into "图"(geom, "名称") values (?, ?)', (head + wkb, name))
    base.commit()
    base.close()
    source = inspect(path, path.name)
    assert ids(source) == ["curves_linear", "z_dropped", "mixed_kinds"]
    rows = read(path)
    assert [row[NOTE] for row in rows] == [[], [], [], ["geometry_unreadable"]]
    assert rows[1][WKB].geom_type == "LineString"
    assert rows[1][WKB].length == pytest.approx(math.pi, rel=1e-3)
    assert rows[2][WKB].wkt == "POINT (1 2)"


def test_geojson_without_numbers_for_coordinates(tmp_path: Path) -> None:
    path = geojson(tmp_path, (point("116.1", "39"), {"名称": "字"}), (point(116, 39), {"名称": "数"}), (None, {"名称": "无"}),
                   ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, {"名称": "开"}))  # fmt: skip
    rows = read(path)
    assert [row[NOTE] for row in rows] == [["geometry_missing"], [], ["geometry_missing"], ["ring_closed"]]
    path.write_text(path.read_text("utf-8").replace("116, 39", "NaN, 39"), "utf-8")
    assert [row[NOTE] for row in read(path)][1] == ["geometry_empty"]
    only = geojson(tmp_path, (point(math.nan, 39), {}))
    with pytest.raises(UnreadableGis) as caught:
        inspect(only, only.name)
    assert caught.value.code == "geometry_absent"


def test_geojson_says_its_coordinate_system_or_is_wgs84(tmp_path: Path) -> None:
    plain = inspect(geojson(tmp_path, (point(1, 2), {"a": [1, {"b": 2}]})), "a.geojson")
    assert (plain.crs_text, ids(plain)) == ("EPSG:4326", ["geojson_wgs84"])
    assert read(tmp_path / "图层.geojson")[0]["a"] == '[ 1, { "b": 2 } ]'
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    stated = inspect(geojson(tmp_path, (point(116, 39), {}), crs=crs), "a.geojson")
    assert (stated.crs_text, ids(stated)) == ("EPSG:4490", [])
    assert read(tmp_path / "图层.geojson")[0][WKB].wkt == "POINT (116 39)", "longitude stays first"


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        ({"type": "name", "properties": {"name": "EPSG:99999"}}, "EPSG:99999"),
        ({"type": "name", "properties": {"name": "某地坐标系"}}, "某地坐标系"),
        ({"type": "EPSG", "properties": {"code": 4547}}, "EPSG:4547"),
        ({"type": "link", "properties": {"href": "https://例.invalid/crs"}}, "https://例.invalid/crs"),
        ("EPSG:4547", "EPSG:4547"),
        (None, None),
    ],
)
def test_what_a_geojson_states_is_not_taken_for_wgs84(tmp_path: Path, crs: Any, told: str | None) -> None:
    one = {"type": "Feature", "properties": {"crs": {"甲": 1}, "b": '"crs": "x"'}, "geometry": point(116, 39)}
    for text in ({"crs": crs, "features": [one]}, {"features": [one], "crs": crs}):
        path = tmp_path / "图.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", **text}, ensure_ascii=False), "utf-8")
        source = inspect(path, path.name)
        assert (source.crs_text, ids(source)) == (told, [] if told else ["crs_missing"])
    shape = {**point(116, 39), "crs": {"type": "name", "properties": {"name": "GCJ-02"}}}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}), "utf-8")
    assert inspect(path, path.name).crs_text == "GCJ-02", "PostGIS writes it within the shape"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}, ensure_ascii=False), "utf-8")
    assert inspect(path, path.name).crs_text == "EPSG:4326", "an attribute of that name is none"


def test_wkt_alone_in_a_text(tmp_path: Path) -> None:
    ring = "((116.3 39.9, 116.4 39.9,\n 116.4 40, 116.3 39.9))"
    path = tmp_path / "地块.wkt"
    path.write_text(f"\ufeff  SRID=4490;POLYGON {ring}\n\nSRID=4490; MULTIPOLYGON({ring});\npolygon empty\n", "utf-8")
    source = inspect(path, path.name)
    assert (source.crs_text, source.count, ids(source)) == (None, 3, ["crs_missing"]), "one names no system"
    assert [(row[WKB].geom_type if row[WKB] else None, row[NOTE]) for row in read(path)] == [
        ("Polygon", []), ("MultiPolygon", []), (None, ["geometry_empty"]),
    ]  # fmt: skip
    path.write_text(f"SRID=4526;POLYGON {ring}", "utf-8")
    assert inspect(path, path.name).crs_text == "EPSG:4526"


@pytest.mark.parametrize("text", ['{"type": "Point", "coordinates": [1, 2]}', '{"properties": {"名称": "甲"}, "type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}'])  # fmt: skip
def test_bare_geojson(text: str, tmp_path: Path) -> None:
    path = tmp_path / "无名"
    path.write_text(text, "utf-8")
    assert inspect(path, "无名").kind is Kind.GEOJSON
    assert read(path)[0][WKB].wkt == "POINT (1 2)"


def test_mixed_kinds_are_told(tmp_path: Path) -> None:
    path = geojson(tmp_path, (point(1, 2), {}), (shapely.geometry.mapping(SHAPES[0]), {}))
    source = inspect(path, path.name)
    assert source.geometry_kinds == ("Point", "Polygon")
    assert "mixed_kinds" in ids(source)


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>东乡</name><Folder><name>一村</name>
<Placemark><name>甲</name><ExtendedData><Data name="面积"><value>3.2</value></Data></ExtendedData><Polygon><outerBoundaryIs>
<LinearRing><coordinates>0,0,5 9,0,5 9,9,5 0,9,5 0,0,5</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing>
<coordinates>1,1 2,1 2,2 1,1</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark></Folder></Folder>
<NetworkLink><Link><href>http://203.0.113.1/secret.kml</href></Link></NetworkLink><GroundOverlay/>
<Placemark><name>乙</name><Point><coordinates>a,b</coordinates></Point></Placemark>
<Placemark><MultiGeometry><Point><coordinates>1, 2</coordinates></Point><Point><coordinates>3,4</coordinates></Point></MultiGeometry></Placemark>
<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><LineString><coordinates>0,0</coordinates></LineString></Placemark><Placemark><name>空</name></Placemark>
</Document></kml>"""


def test_kml_with_folders_data_links_and_odd_places(tmp_path: Path) -> None:
    path = tmp_path / "奥维.kml"
    path.write_text(KML, "utf-8")
    source = inspect(path, path.name)
    assert ids(source) == ["kml_links", "kml_overlays", "z_dropped", "mixed_kinds"]
    assert source.crs_text == "EPSG:4326"
    rows = read(path)
    assert [row[NOTE] for row in rows] == [[], ["kml_coordinates"], [], ["ring_closed"], ["too_few_points"], ["geometry_missing"]]  # fmt: skip
    assert (rows[0]["name"], rows[0]["folder"], rows[0]["面积"]) == ("甲", "东乡/一村", "3.2")
    assert rows[0][WKB].area == 80.5
    assert rows[2][WKB].wkt == "MULTIPOINT ((1 2), (3 4))"


def test_kmz_is_a_kml_in_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "奥维.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", KML)
        archive.writestr("files/other.kml", KML)
    assert inspect(path, path.name).count == 6


DXF = """  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1009\n  9\n$DWGCODEPAGE\n  3\nANSI_936\n  0\nENDSEC\n  0\nSECTION\n  2\nENTITIES
{}  0\nENDSEC\n  0\nEOF\n"""


def dxf_line(corners: list[tuple[float, float]], *, closed: bool, layer: str = "宗地") -> str:
    body = "".join(f"  0\nVERTEX\n  8\n{layer}\n 10\n{x}\n 20\n{y}\n 30\n0\n" for x, y in corners)
    return f"  0\nPOLYLINE\n  8\n{layer}\n 66\n1\n 70\n{int(closed)}\n{body}  0\nSEQEND\n"


def test_drawing_closed_lines_are_areas_with_their_text(tmp_path: Path) -> None:
    path = tmp_path / "图.dxf"
    text = "  0\nTEXT\n  8\n注记\n 10\n3\n 20\n4\n 40\n1\n  1\n甲村\\U+9FC3\n"
    square = [(0, 0), (9, 0), (9, 9), (0, 9)]
    path.write_text(DXF.format(dxf_line(square, closed=True) + dxf_line(square, closed=False) + text), "gb18030")
    source = inspect(path, path.name)
    assert ids(source) == ["crs_missing", "dxf_labels", "mixed_kinds"]
    rows = read(path)
    assert [row[WKB].geom_type for row in rows] == ["Polygon", "LineString", "Point"]
    assert (rows[0]["Layer"], rows[0]["label"], rows[2]["Text"]) == ("宗地", "甲村鿃", "甲村鿃")


def test_workbook_with_merged_headings_and_several_sheets(tmp_path: Path) -> None:
    path = tmp_path / "点位.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("点位表")
        sheet.merge_range("A1:D1", "某县点位表")
        sheet.merge_range("A2:A3", "编号")
        sheet.merge_range("B2:C2", "中心坐标")
        sheet.merge_range("D2:D3", "备注")
        sheet.write_row("B3", ["经度(°)", "纬度(°)"])
        sheet.write_row("A4", ["甲1", 116.39, 39.9, "好"])
        book.add_worksheet("说明").write("A1", "填表说明")
    source = inspect(path, path.name)
    assert (source.layer, [one.name for one in source.layers]) == ("点位表", ["点位表"])
    (row,) = read(path)
    assert (row["编号"], row["备注"], row[WKB].wkt) == ("甲1", "好", "POINT (116.39 39.9)")


def test_a_polygon_of_200_000_corners_comes_through_every_reader(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    shape = shapely.Polygon(np.column_stack([116 + np.cos(angles), 39 + np.sin(angles)]))
    paths = [tmp_path / f"大{end}" for end in (".gpkg", ".shp", ".geojson")]
    for path in paths:
        pyogrio.write_dataframe(_frame(shape), path)
    table, text = tmp_path / "大.csv", tmp_path / "大.txt"
    table.write_text(f'编号,WKT\n1,"{shapely.to_wkt(shape, rounding_precision=17)}"\n', "utf-8")
    corners = "".join(
        f"J{at},1,{y!r},{x!r}\n" for at, (x, y) in enumerate(shapely.get_coordinates(shape).tolist()[:-1], 1)
    )
    text.write_text(f"[地块坐标]\n200000,,1,,面,@\n{corners}", "utf-8")
    for path in (*paths, table, text):
        (row,) = read(path)
        assert shapely.get_num_coordinates(row[WKB]) == 200_001, path
        assert row[WKB].equals_exact(shape.normalize(), 1e-12) or row[WKB].normalize().equals_exact(
            shape.normalize(), 1e-12
        )


def _frame(shape: Any) -> Any:
    import geopandas

    return geopandas.GeoDataFrame({"编号": ["1"]}, geometry=[shape], crs="EPSG:4490")


def test_rows_come_in_pieces_and_keep_their_numbers(tmp_path: Path) -> None:
    path = geojson(tmp_path, *((point(at, 1), {"数": at}) for at in range(1, 51)))
    found = list(batches(path, path.name, rows=20))
    assert [one.num_rows for one in found] == [20, 20, 10]
    assert [number for one in found for number in one.column("__row").to_pylist()] == list(range(1, 51))


def test_a_finding_of_a_row_reads_in_both_languages(tmp_path: Path) -> None:
    path = geojson(tmp_path, (point(1, 2), {}), (None, {}))
    (batch,) = batches(path, path.name)
    (message,) = row_messages(batch.column(NOTE).to_pylist()[1])
    assert message.sentence() == "第2行没有图形。请在原文件中补画，或不导入这一行。"
    assert message.sentence("en").startswith("Row 2 has no geometry.")
