"""GeoPackage, GeoJSON and DXF, as GDAL reads them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from soilrules.gisfiles import gdal, stated
from soilrules.gisfiles.findings import UnreadableGis, note
from soilrules.gisfiles.geometry import taken
from soilrules.gisfiles.source import EAST_FIRST, Kind, Layer, Options, Piece, Source, fields_of
from soilrules.gisfiles.texts import chunks_of
from soilrules.messages import Message

_FALLBACK = "EPSG:4326"  # what GDAL takes a GeoJSON for that states no system, or one GDAL does not know
_FEATURE = b'"Feature"'


def chosen(layers: Sequence[Layer], name: str, asked: str) -> Layer:
    """The layer asked for, or the only one; raises UnreadableGis with the list."""
    shown = "、".join(one.name for one in layers[:12]) + ("……" if len(layers) > 12 else "")
    if asked:
        found = next((one for one in layers if one.name == asked), None)
        if found is None:
            raise UnreadableGis("no_such_layer", name=name, layer=asked, layers=shown)
        return found
    if len(layers) > 1:
        raise UnreadableGis("several_layers", name=name, count=len(layers), layers=shown)
    return layers[0]


class Layered:
    """One layer of a file GDAL reads without help."""

    def __init__(self, path: Path, name: str, kind: Kind, options: Options) -> None:
        self._path, self._name, self._kind, self._most = path, name, kind, options.limits.rows
        self._crs: str | None = None
        self._said = stated.in_file(path) if kind is Kind.GEOJSON else None
        self._all = tuple(self._layers())
        self.layer = chosen(self._all, name, options.layer)
        self._gdal_layer = None if kind is Kind.GEOJSON else self.layer.name

    def _layers(self) -> Iterator[Layer]:
        if self._kind is Kind.GEOJSON:  # has one layer, and is parsed from end to end each time GDAL is asked
            yield Layer(Path(self._name).stem)
            return
        found = gdal.layers_of(self._path, self._name)
        if not found:
            raise UnreadableGis("no_layers", name=self._name)
        spatial = [one for one in found if one[1]]
        if not spatial:
            raise UnreadableGis("geometry_absent", name=self._name, layer="、".join(one for one, _ in found[:5]))
        for layer, kind in spatial:
            count = self._told(layer) if self._kind is Kind.GPKG else None
            yield Layer(layer, _plain_kind(kind), count)

    def _told(self, layer: str | None) -> int:
        return int(gdal.info_of(self._path, self._name, layer=layer, force_feature_count=True)["features"])

    def count(self, most: int) -> int | None:
        if self._kind is not Kind.GEOJSON:
            return self.layer.count
        return self._told(None) if _words(self._path, _FEATURE) > most else None

    def about(self, first: Piece) -> Source:
        encoding = "UTF-8" if self._kind is not Kind.DXF else None
        said = self._said
        crs = self._crs if said is None or self._crs not in (_FALLBACK, None) else said or None
        return Source(
            self._kind, self._all, self.layer.name, fields_of(first), crs, (), self.layer.count, encoding,
            tuple(self._notes(crs)), EAST_FIRST,
        )  # fmt: skip

    def _notes(self, crs: str | None) -> Iterator[Message]:
        if crs is None:
            yield note("crs_missing")
        elif self._kind is Kind.GEOJSON and self._said is None:
            yield note("geojson_wgs84")

    def pieces(self, rows: int) -> Iterator[Piece]:
        start = 0
        for crs, attributes, wkb in gdal.rows_of(self._path, self._name, rows, layer=self._gdal_layer):
            self._crs = crs
            first, count = start, len(wkb)
            start += count

            def straight(first: int = first, count: int = count) -> Sequence[bytes | None]:
                return gdal.linear(self._path, self._name, first, count, self._gdal_layer)

            yield taken(attributes, wkb, straight)


def _plain_kind(kind: str) -> str:
    return re.sub(r"^(2\.5D |Measured |3D Measured |3D )| Z$| M$| ZM$", "", kind)


def _words(path: Path, word: bytes) -> int:
    """How often `word` stands in a file."""
    found, tail = 0, b""
    for chunk in chunks_of(path):
        text = tail + chunk
        found += text.count(word)
        tail = text[-len(word) + 1 :]
    return found


def is_geopackage(path: Path) -> bool:
    """Whether an SQLite database has the tables of a GeoPackage; nothing is run but a look at its list of tables."""
    try:
        base: Any = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return bool(base.execute("select 1 from sqlite_master where name = 'gpkg_contents'").fetchone())
        finally:
            base.close()
    except sqlite3.DatabaseError:
        return False
