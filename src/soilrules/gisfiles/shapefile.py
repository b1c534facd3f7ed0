"""Shapefiles: geometry in .shp, its index in .shx, attributes in .dbf, and beside them .prj and .cpg, if at all."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from soilrules.gisfiles import dbf, gdal
from soilrules.gisfiles.findings import UnreadableGis, note
from soilrules.gisfiles.geometry import taken
from soilrules.gisfiles.source import EAST_FIRST, Kind, Layer, Options, Piece, Source, fields_of, unique
from soilrules.gisfiles.texts import codec_asked
from soilrules.messages import Message
from soilrules.plantext.formats.encodings import NotText, decode

MAGIC = b"\x00\x00\x27\x0a"
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_HEAD = 100  # bytes of a .shp or .shx before its records


class Shapefile:
    """One shapefile whose parts lie in one folder under names of ours."""

    def __init__(self, parts: Mapping[str, Path], name: str, layer: Layer, layers: tuple[Layer, ...], options: Options):
        self._name, self.layer, self._layers = name, layer, layers
        self._crs: str | None = None
        self._path = parts[".shp"]
        self._notes: list[Message] = []
        self._parts = self._usable(parts)
        self._encoding = self._told_encoding(options)

    def _usable(self, parts: Mapping[str, Path]) -> dict[str, Path]:
        with self._path.open("rb") as stream:
            head = stream.read(_HEAD)
        if len(head) < _HEAD or not head.startswith(MAGIC):
            raise UnreadableGis("shp_damaged", name=self._name, layer=self.layer.name, head=head[:4].hex(" "))
        if struct.unpack("<i", head[32:36])[0] == 0 or self._path.stat().st_size == _HEAD:
            raise UnreadableGis("empty_layer", name=self._name, layer=self.layer.name)
        for missing in (one for one in (".dbf", ".shx") if one not in parts):
            self._notes.append(note(f"{missing[1:]}_missing", layer=self.layer.name))
        return dict(parts)

    def _told_encoding(self, options: Options) -> dbf.Encoding | None:
        if ".dbf" not in self._parts:
            return None
        head = dbf.read_dbf(self._parts[".dbf"])
        if head is None:
            raise UnreadableGis("dbf_damaged", name=self._name, layer=self.layer.name)
        shapes = self._shapes()
        if shapes is not None and shapes != head.records:
            self._notes.append(note("counts_differ", shapes=shapes, records=head.records))
        asked = codec_asked(options.encoding, self._name) if options.encoding else ""
        found = dbf.encoding_of(head, self._text(".cpg"), asked)
        self._notes += found.notes
        return found

    def _shapes(self) -> int | None:
        return (self._parts[".shx"].stat().st_size - _HEAD) // 8 if ".shx" in self._parts else None

    def _text(self, part: str) -> str:
        """A small text beside the geometry; nothing where it is no text."""
        if part not in self._parts:
            return ""
        try:
            return decode(self._parts[part].read_bytes()[:65_536]).strip()
        except NotText:
            return ""

    def about(self, first: Piece) -> Source:
        notes = [*self._notes]
        if self._crs is None:
            prj = self._text(".prj")[:60]
            notes.append(note("crs_unread", text=prj) if prj else note("crs_missing"))
        return Source(
            Kind.SHP, self._layers, self.layer.name, fields_of(first), self._crs, (), self._told(),
            self._encoding.name if self._encoding else None, tuple(notes), EAST_FIRST,
        )  # fmt: skip

    def count(self, most: int) -> int | None:
        return self._told()

    def _told(self) -> int:
        shapes = self._shapes()
        if shapes is None:
            shapes = int(gdal.info_of(self._path, self._name, force_feature_count=True)["features"])
        return shapes

    def pieces(self, rows: int) -> Iterator[Piece]:
        for crs, attributes, wkb in gdal.rows_of(self._path, self._name, rows, encoding=dbf.AS_BYTES):
            self._crs = crs
            yield self._decoded(taken(attributes, wkb))

    def _decoded(self, piece: Piece) -> Piece:
        if self._encoding is None:
            return piece
        batch, codec = piece.attributes, self._encoding.codec
        names = unique([dbf.decoded_name(one, codec) for one in batch.schema.names])
        columns = []
        for column in batch.columns:
            if pa.types.is_string(column.type):
                column, odd = dbf.decoded(column, codec)
                for at, message in odd.items():
                    piece.notes.setdefault(at, []).append(message)
            columns.append(column)
        if columns:
            piece.attributes = pa.RecordBatch.from_arrays(columns, names)
        return piece
