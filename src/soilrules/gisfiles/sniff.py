"""What a file is, by its content. Its name is believed nowhere: GDAL must not be led to a driver by a name."""

from __future__ import annotations

import re
from pathlib import Path

from soilrules.gisfiles import archive, shapefile
from soilrules.gisfiles.corner_text import is_corner_text
from soilrules.gisfiles.findings import UnreadableGis
from soilrules.gisfiles.layered import is_geopackage
from soilrules.gisfiles.source import Kind
from soilrules.gisfiles.wkt import is_wkt
from soilrules.plantext.formats.encodings import NotText, decode

HEAD = 65_536
SQLITE, OLE = b"SQLite format 3\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READ = "Shapefile（zip）、GeoPackage、GeoJSON、KML/KMZ、DXF、CSV、Excel、WKT、拐点坐标 txt"
_KNOWN = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip"), (b"PAR1", "Parquet"), (b"fgb", "FlatGeobuf"),
)  # fmt: skip
_ADDRESS = re.compile(
    r"^\s*(?:/vsi\w+/|(?:https?|ftp|s3|file)://|(?:PG|MySQL|MSSQL|OCI|WFS|OAPIF|ODBC|MVT|CSW|\w*JSON):)", re.I
)
_ROOT = re.compile(r"<(?!\?|!--)(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_MARKUP = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.I)
_DXF = re.compile(r"\A(?:\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\b")
_SAID = {
    "geojson": "GeoJSON",
    "json": "JSON",
    "kml": "KML",
    "dxf": "DXF",
    "gpkg": "GeoPackage",
    "shp": "Shapefile",
}  # by the ending of a name
_JSON_TYPE = re.compile(r'"type"\s*:\s*"(\w+)"')
_GEOJSON = {
    "FeatureCollection", "Feature", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
}  # fmt: skip
_SEQUENCE = re.compile(r"\A\s*\x1e|\A\s*\{[^\n]*\}\s*\r?\n\s*\{")


def kind_of(path: Path, name: str) -> Kind | str:
    """The kind of a file, `zip` or `wkt`; raises UnreadableGis for what is known but not read, and for what is unknown."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.strip(b" \r\n\t\0\xef\xbb\xbf"):
        raise UnreadableGis("empty_file", name=name, size=path.stat().st_size)
    if head.startswith(archive.MAGIC):
        return "zip"
    if head.startswith(OLE):
        return Kind.XLSX
    return _binary(path, head, name) or _text(head, name)


def _binary(path: Path, head: bytes, name: str) -> Kind | None:
    if head.startswith(SQLITE):
        if is_geopackage(path):
            return Kind.GPKG
        raise _unsupported(name, "SQLite")
    if head.startswith(shapefile.MAGIC) and len(head) >= 100:
        if name.lower().endswith(".shx"):
            raise UnreadableGis("shp_part_alone", name=name, part=".shx")
        return Kind.SHP
    if head.startswith(b"AutoCAD Binary DXF"):
        raise UnreadableGis("dxf_binary", name=name)
    if re.match(rb"AC10\d\d", head):
        raise UnreadableGis("dwg", name=name, version=head[:6].decode("ascii"))
    for magic, kind in _KNOWN:
        if head.startswith(magic):
            raise _unsupported(name, kind)
    return None


def _text(head: bytes, name: str) -> Kind | str:
    try:
        text = decode(head)
    except NotText as error:
        part = re.search(r"\.(dbf|shx|sbn|sbx|cpg|prj)$", name, re.I)
        if part:
            raise UnreadableGis("shp_part_alone", name=name, part=part[0].lower()) from error
        raise UnreadableGis("unknown_kind", name=name, head=head[:8].hex(" "), kinds=READ) from error
    if _ADDRESS.match(text):
        raise UnreadableGis("address", name=name, text=text.strip().split("\n")[0][:60])
    start = text.lstrip()[:1]
    if start == "<":
        return _markup(text, name)
    if start in ("{", "\x1e") or (start == "[" and re.match(r"\s*\[\s*[{\[]", text)):
        return _json(text, name)
    if re.match(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\[", text):
        raise UnreadableGis("shp_part_alone", name=name, part=".prj")
    if is_wkt(text):
        return "wkt"
    if _DXF.match(text):
        return Kind.DXF
    return Kind.TXT if is_corner_text(text) else _table(text, name)


def _table(text: str, name: str) -> Kind:
    """A table, unless the name promises something else."""
    if said := _SAID.get(name.lower().rpartition(".")[2]):
        raise UnreadableGis("other_content", name=name, said=said, text=" ".join(text.split())[:30], kinds=READ)
    return Kind.CSV


def _markup(text: str, name: str) -> Kind:
    if _MARKUP.search(text):
        raise UnreadableGis("xml_entities", name=name)
    root = _ROOT.search(text)
    word = root[1] if root else ""
    if word == "kml":
        return Kind.KML
    if word.startswith(("OGRVRT", "VRTDataset", "OGRWFS", "OGRWCS", "GDAL_WMS")):
        raise UnreadableGis("address", name=name, text=f"<{word}>")
    raise _unsupported(name, f"XML <{word}>")


def _json(text: str, name: str) -> Kind:
    if _SEQUENCE.match(text):
        raise _unsupported(name, "GeoJSON Text Sequence")
    kinds = set(_JSON_TYPE.findall(text))
    if "Topology" in kinds:
        raise _unsupported(name, "TopoJSON")
    if '"esriGeometry' in text:
        raise _unsupported(name, "Esri JSON")
    if '"gdal_virtual' in text or ("GDALG" in text and "command_line" in text) or text.lstrip().startswith("["):
        raise _unsupported(name, "JSON")
    if kinds and not kinds & _GEOJSON:
        raise _unsupported(name, "JSON")
    return Kind.GEOJSON


def _unsupported(name: str, kind: str) -> UnreadableGis:
    return UnreadableGis("unsupported", name=name, kind=kind, kinds=READ)
