"""KML and DXF, row by row."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import pyarrow as pa
import shapely
from lxml import etree

from soilrules.gisfiles.job import Job, Rows, as_text

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KML = "http://www.opengis.net/kml/2.2"
_FIELDS = "fields"
_LINES = (1, 2)


def _rows(rows: Iterator[Rows]) -> Iterator[tuple[list[Any], Any]]:
    for some in rows:
        columns = [one.to_pylist() for one in some.attributes.columns]
        shapes = shapely.from_wkb(some.wkb.to_numpy(zero_copy_only=False))
        for at, shape in enumerate(shapes):
            yield [column[at] for column in columns], shape


def kml(job: Job, rows: Iterator[Rows]) -> None:
    """A document of places, their attributes as extended data. KML knows WGS 84 only; the true system is told."""
    label = job.label_place()
    with etree.xmlfile(str(job.path), encoding="utf-8") as file:
        file.write_declaration()
        with file.element("kml", nsmap={None: _KML}), file.element("Document"):
            file.write(_text("name", job.title), _text("description", f"坐标系：{job.crs[:200]}"))
            file.write(_schema(job))
            for values, shape in _rows(rows):
                file.write(_placemark(job.names, values, label, shape))


def _text(tag: str, text: str) -> Any:
    element = etree.Element(tag)
    element.text = _NO_XML.sub("", text)
    return element


def _schema(job: Job) -> Any:
    """The fields and their types: by it GDAL knows names that are not Latin."""
    schema = etree.Element("Schema", id=_FIELDS, name=_FIELDS)
    for one in job.schema:
        kind = "int" if pa.types.is_integer(one.type) else "double" if pa.types.is_floating(one.type) else "string"
        etree.SubElement(schema, "SimpleField", name=_NO_XML.sub("", one.name), type=kind)
    return schema


def _placemark(names: Sequence[str], values: Sequence[Any], label: int | None, shape: Any) -> Any:
    place = etree.Element("Placemark")
    if label is not None and values[label] is not None:
        place.append(_text("name", as_text(values[label])))
    data = etree.SubElement(etree.SubElement(place, "ExtendedData"), "SchemaData", schemaUrl=f"#{_FIELDS}")
    for name, value in zip(names, values, strict=True):
        if value is not None:
            one = etree.SubElement(data, "SimpleData", name=_NO_XML.sub("", name))
            one.text = _NO_XML.sub("", as_text(value))
    if shape is not None and not shape.is_empty:
        place.append(_geometry(shape))
    return place


def _geometry(shape: Any) -> Any:
    kind = shape.geom_type
    if kind.startswith("Multi") or kind == "GeometryCollection":
        element = etree.Element("MultiGeometry")
        element.extend([_geometry(one) for one in shape.geoms])
        return element
    element = etree.Element(kind)
    if kind == "Polygon":
        for tag, ring in [("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", one) for one in shape.interiors)]:
            etree.SubElement(element, tag).append(_geometry(ring))
        return element
    element.append(_text("coordinates", " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(shape).tolist())))
    return element


def dxf(job: Job, rows: Iterator[Rows]) -> None:
    """Areas as closed polylines with their label inside, in the oldest form every CAD program opens (R12, GBK)."""
    label = job.label_place()
    layer = job.names.index(job.options.layer) if job.options.layer in job.names else None
    with job.path.open("w", encoding="gbk", errors="dxf-escape", newline="\r\n") as out:
        _put(out, (0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009"), (9, "$DWGCODEPAGE"), (3, "ANSI_936"))
        _put(out, (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))
        for values, shape in _rows(rows):
            if shape is None or shape.is_empty:
                job.written.tell("without_geometry")
                continue
            name = _layer_name(as_text(values[layer]) if layer is not None else job.title)
            _entities(out, name, shape)
            if label is not None and values[label] is not None:
                _label(out, name, shape, as_text(values[label]))
        _put(out, (0, "ENDSEC"), (0, "EOF"))


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(f"\\U+{ord(one):04X}" for one in error.object[error.start : error.end]), error.end


codecs.register_error("dxf-escape", _escaped)


def _put(out: TextIO, *pairs: tuple[int, Any]) -> None:
    out.writelines(f"{code:3d}\n{value}\n" for code, value in pairs)


def _layer_name(text: str) -> str:
    return re.sub(r"[<>/\\\":;?*|=`,\s]+", "_", text)[:60] or "0"


def _entities(out: TextIO, layer: str, shape: Any) -> None:
    for one in shapely.get_parts(shape):
        kind = int(shapely.get_type_id(one))
        if kind == 0:
            _put(out, (0, "POINT"), (8, layer), (10, repr(one.x)), (20, repr(one.y)), (30, 0))
        elif kind == 3:
            for ring in (one.exterior, *one.interiors):
                _polyline(out, layer, shapely.get_coordinates(ring).tolist()[:-1], closed=True)
        elif kind in _LINES:
            _polyline(out, layer, shapely.get_coordinates(one).tolist(), closed=False)
        else:
            _entities(out, layer, one)


def _polyline(out: TextIO, layer: str, corners: Sequence[Sequence[float]], *, closed: bool) -> None:
    _put(out, (0, "POLYLINE"), (8, layer), (66, 1), (10, 0), (20, 0), (30, 0), (70, int(closed)))
    for x, y in corners:
        _put(out, (0, "VERTEX"), (8, layer), (10, repr(x)), (20, repr(y)), (30, 0))
    _put(out, (0, "SEQEND"), (8, layer))


def _label(out: TextIO, layer: str, shape: Any, text: str) -> None:
    at = shapely.point_on_surface(shape)
    left, bottom, right, top = shape.bounds
    height = max(right - left, top - bottom) / 20 or 1.0
    words = re.sub(r"[\x00-\x1f]+", " ", text)[:200]
    _put(out, (0, "TEXT"), (8, layer), (10, repr(at.x)), (20, repr(at.y)), (30, 0), (40, repr(height)), (1, words))
