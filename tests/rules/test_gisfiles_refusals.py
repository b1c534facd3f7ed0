"""Files that are refused, each with its reason; hostile ones before any reader sees them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from test_gisfiles_formats import KML, shapefile

import soilrules
from soilrules.gisfiles import FileLimits, Options, UnreadableGis, inspect
from soilrules.messages import LANGUAGES, catalogue

CODE = "\n".join(
    path.read_text("utf-8")
    for path in [
        *(Path(soilrules.__file__).parent / "gisfiles").glob("*.py"),
        Path(soilrules.__file__).parents[1] / "soildesk" / "core" / "gis_sandbox.py",
    ]
)


def packed(**members: bytes | str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(**{"a.shp": b"x" * 100}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


FILES: list[tuple[str, str, bytes]] = [
    ("空", "empty_file", b"\r\n \0"),
    ("图.bin", "unknown_kind", bytes(range(1, 9)) * 100),
    ("地块.wkt", "geometry_absent", b"POLYGON ((116.3 39.9, 116.4 39.9, 116.4 40))\n"),
    ("图.tab", "unsupported", b"%PDF-1.7\n"),
    ("图.parquet", "unsupported", b"PAR1" + b"x" * 50),
    ("图.sqlite", "unsupported", b"SQLite format 3\0" + b"\0" * 4000),
    ("图.gml", "unsupported", b'<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="x"/>'),
    ("图.json", "unsupported", b'{"type":"Topology","objects":{}}'),
    ("图.json", "unsupported", b'[{"lon":1,"lat":2}]'),
    ("图.json", "unsupported", b'{"geometryType":"esriGeometryPolygon","features":[]}'),
    ("图.geojsonl", "unsupported", b'{"type":"Feature","geometry":null}\n{"type":"Feature","geometry":null}\n'),
    ("图.geojson", "address", b"/vsicurl/http://203.0.113.1/a.geojson"),
    ("图.geojson", "address", b"https://203.0.113.1/a.geojson"),
    ("图.txt", "address", b"PG:host=203.0.113.1 dbname=x"),
    ("图.shp", "address", b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
    ("图.kml", "address", b"<!-- \xe5\x9b\xbe --><OGRWFSDataSource/>"),
    ("图.kml", "xml_entities", b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>'),
    ("图.kml", "kml_damaged", b"<kml><Document><Placemark></Document></kml>"),
    ("图.kml", "empty_layer", b"<kml><Document/></kml>"),
    ("图.kml", "kml_only_links", b"<kml><NetworkLink><Link><href>http://203.0.113.1/</href></Link></NetworkLink></kml>"),
    ("图.kml", "geometry_absent", b"<kml><Placemark><name>a</name></Placemark></kml>"),
    ("图.dwg", "dwg", b"AC1032" + b"\0" * 50),
    ("图.dxf", "dxf_binary", b"AutoCAD Binary DXF\r\n\x1a\0"),
    ("图.dbf", "shp_part_alone", b"\x03" + b"\0\x80\xff" * 100),
    ("图.shx", "shp_part_alone", b"\x00\x00\x27\x0a" + b"\0" * 100),
    ("图.prj", "shp_part_alone", b'GEOGCS["CGCS2000"]'),
    ("图.geojson", "driver_error", b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Po'),
    ("图.zip", "zip_damaged", b"PK\x03\x04" + b"x" * 50),
    ("图.zip", "zip_encrypted", encrypted()),
    ("图.zip", "zip_outside", packed(**{"../a.shp": b"x"})),
    ("图.zip", "zip_outside", packed(**{"C:\\a.shp": b"x"})),
    ("图.zip", "zip_outside", packed(**{"/etc/a.shp": b"x"})),
    ("图.zip", "zip_outside", packed(**{"a/..\\..\\a.shp": b"x"})),
    ("图.zip", "zip_bomb", packed(**{"a.shp": b"\0" * 4_000_000})),
    ("图.zip", "zip_nested", packed(**{"里.zip": packed(**{"a.shp": b"x"})})),
    ("图.zip", "zip_nested", packed(**{"a.kmz": packed(**{"doc.kml": KML})})),
    ("图.zip", "zip_without_geometry", packed(**{"说明.docx": b"x"})),
    ("图.zip", "address", packed(**{"a.kml": b"<OGRVRTDataSource/>"})),
    ("图.zip", "several_layers", packed(**{"a.kml": KML, "b.kml": KML})),
    ("图.zip", "shp_damaged", packed(**{"a.shp": b"x" * 200, "a.shx": b"x", "a.dbf": b"x"})),
    ("图.xlsx", "table_damaged", packed(**{"xl/workbook.xml": b"<workbook"})),
    ("图.xlsx", "xml_entities", packed(**{"xl/workbook.xml": b"<!DOCTYPE a []><workbook/>"})),
    ("图.xls", "table_damaged", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("图.geojson", "other_content", "这是一段说明文字，不是图形。\n第二行".encode()),
    ("图.json", "other_content", b"FeatureCollection"),
    ("图.kml", "other_content", "编号,名称\n1,甲".encode()),
    ("图.csv", "table_without_coordinates", "编号,名称\n1,甲".encode()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "data"), FILES, ids=[f"{at}-{one[1]}" for at, one in enumerate(FILES)])
def test_refused(name: str, code: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "上传"
    path.write_bytes(data)
    with pytest.raises(UnreadableGis) as caught:
        inspect(path, name, Options(limits=FileLimits(inflated_mb=2)))
    assert caught.value.code == code
    for language in LANGUAGES:
        sentence = caught.value.sentence(language)
        assert name in sentence
        assert not re.search(r"[{}]|None", sentence)
        assert str(tmp_path) not in sentence
    assert not list(tmp_path.parent.glob("a.shp")), "nothing is written outside"


def test_a_file_a_size_too_large_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "大"
    path.write_bytes(b"x" * 2_000_000)
    for given, limits, code in (
        (path, FileLimits(file_mb=1), "file_too_large"),
        (tmp_path / "无", FileLimits(), "no_file"),
    ):
        with pytest.raises(UnreadableGis) as caught:
            inspect(given, given.name, Options(limits=limits))
        assert caught.value.code == code


def test_an_encoding_nobody_knows(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("经度,纬度\n116,39\n", "utf-8")
    for path in (table, shapefile(tmp_path / "a")):
        with pytest.raises(UnreadableGis) as caught:
            inspect(path, path.name, Options(encoding="火星文"))
        assert caught.value.code == "encoding_unknown"
        assert inspect(path, path.name, Options(encoding="936" if path.suffix == ".shp" else "UTF-8")).encoding


def test_a_zip_that_lies_about_its_sizes_is_stopped_while_it_inflates(tmp_path: Path) -> None:
    data = bytearray(packed(**{"a.shp": b"\0" * 4_000_000, "a.dbf": b"x"}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    path = tmp_path / "谎.zip"
    path.write_bytes(data)
    with pytest.raises(UnreadableGis) as caught:
        inspect(path, path.name, Options(limits=FileLimits(inflated_mb=2)))
    assert caught.value.code in ("zip_bomb", "zip_damaged", "shp_damaged")


def test_a_folder_without_a_shapefile(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    with pytest.raises(UnreadableGis) as caught:
        inspect(tmp_path, "资料")
    assert caught.value.code == "no_shapefile"
    assert "a.txt" in caught.value.sentence()


def test_a_name_leads_no_driver_astray(tmp_path: Path) -> None:
    """GDAL reads `!`, `?` and /vsi in names; it never sees the names of others."""
    path = shapefile(tmp_path / "a")
    for name in ("地块!x?.shp", "http:x.shp"):
        for part in (".shp", ".shx", ".dbf"):
            (tmp_path / name).with_suffix(part).write_bytes(path.with_suffix(part).read_bytes())
        assert inspect(tmp_path / name, name).count == 2


@pytest.mark.parametrize("group", sorted(catalogue("gisfiles")))
def test_every_sentence_is_in_both_languages_and_used(group: str) -> None:
    params: Callable[[str], set[str]] = lambda text: {name for _, name, _, _ in Formatter().parse(text) if name}  # noqa: E731
    for code, texts in catalogue("gisfiles")[group].items():
        assert set(texts) == set(LANGUAGES), code
        assert params(texts["zh"]) == params(texts["en"]), code
        assert not re.search(
            r"[\u4e00-\u9fff]", re.sub(r"地类编码|拐点坐标|\[地块坐标\]|点数,面积,地块编号", "", texts["en"])
        ), code
        known = re.sub(r"^(dbf|shx)_missing$", "_missing", code)
        assert f'"{code}"' in CODE or f"}}{known}" in CODE, f"{group}.{code} is said nowhere"


def test_whatever_is_said_has_its_sentence() -> None:
    said = {
        "refusals": re.findall(r'UnreadableGis\(\s*"(\w+)"', CODE),
        "notes": re.findall(r'(?<!_)note\("(\w+)"', CODE),
        "rows": re.findall(r'row_note\("(\w+)"', CODE),
        "writing": re.findall(r'(?:NotWritten|tell)\("(\w+)"', CODE),
    }
    for group, codes in said.items():
        assert codes
        assert set(codes) <= set(catalogue("gisfiles")[group]), group
