"""A file looked at and read: `inspect` and `batches`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from soilrules.gisfiles import archive, gdal
from soilrules.gisfiles.findings import UnreadableGis, must_be_within, note, packed
from soilrules.gisfiles.layered import Layered, chosen
from soilrules.gisfiles.shapefile import PARTS, Shapefile
from soilrules.gisfiles.sniff import READ, kind_of
from soilrules.gisfiles.source import MB, NOTE, ROW, WKB, Kind, Layer, Options, Piece, Reader, Source

_SAMPLE = 5_000  # rows looked at for the kinds of geometry
_GDAL_KINDS = (Kind.GPKG, Kind.GEOJSON)
_READABLE = (".gpkg", ".geojson", ".json", ".kml", ".kmz", ".dxf", ".csv", ".txt", ".wkt", ".xlsx", ".xls")
_TRAITS = {"z": "z_dropped", "m": "m_dropped", "curve": "curves_linear"}


def inspect(path: Path, name: str, options: Options | None = None) -> Source:
    """Look at one layer of a file. `name` is what messages call it. Raises UnreadableGis."""
    asked = options or Options()
    with opened(path, name, asked) as reader:
        most = asked.limits.rows
        must_be_within(reader.count(most), most, name, reader.layer.name)
        return _sampled(reader, name)


def batches(path: Path, name: str, options: Options | None = None, rows: int = 20_000) -> Iterator[Any]:
    """The rows of one layer as Arrow record batches of at most `rows`: the attributes, ROW, WKB and NOTE.

    The file is streamed, and need not fit into memory. Raises UnreadableGis, of a file that has more rows than it
    says when the first of them is met.
    """
    asked = options or Options()
    with opened(path, name, asked) as reader:
        start = 1
        for piece in reader.pieces(rows):
            must_be_within(start - 1 + len(piece.wkb), asked.limits.rows, name, reader.layer.name)
            if len(piece.wkb):
                yield _batch(piece, start)
            start += len(piece.wkb)


def _batch(piece: Piece, start: int) -> Any:
    count = len(piece.wkb)
    numbers = np.arange(start, start + count, dtype=np.int64) if piece.rows is None else piece.rows
    told: list[str | None] = [None] * count
    for at, messages in piece.notes.items():
        told[at] = packed(messages, int(numbers[at]))
    names = [*piece.attributes.schema.names, ROW, WKB, NOTE]
    columns = [*piece.attributes.columns, pa.array(numbers), piece.wkb, pa.array(told, pa.string())]
    return pa.RecordBatch.from_arrays(columns, names)


def _sampled(reader: Reader, name: str) -> Source:
    """What the reader knows, and what the first rows show."""
    kinds: set[str] = set()
    traits: set[str] = set()
    seen = shapes = 0
    source: Source | None = None
    for piece in reader.pieces(_SAMPLE):
        source = source or reader.about(piece)
        kinds |= piece.kinds
        traits |= piece.traits
        seen += len(piece.wkb)
        shapes += len(piece.wkb) - piece.wkb.null_count
        if seen >= _SAMPLE:
            break
    if source is None or not seen:
        raise UnreadableGis("empty_layer", name=name, layer=reader.layer.name)
    if not shapes:
        raise UnreadableGis("geometry_absent", name=name, layer=reader.layer.name)
    notes = [note(_TRAITS[one]) for one in sorted(traits)]
    if len({one.removeprefix("Multi") for one in kinds}) > 1:
        notes.append(note("mixed_kinds", kinds="、".join(sorted(kinds))))
    count = seen if source.count is None and seen < _SAMPLE else source.count
    return replace(source, geometry_kinds=tuple(sorted(kinds)), notes=(*source.notes, *notes), count=count)


@contextmanager
def opened(path: Path, name: str, options: Options) -> Iterator[Reader]:
    """The reader of one layer, for the time of the reading."""
    with gdal.scratch() as folder:
        if path.is_dir():
            yield _of_folder(path, name, options, folder)
            return
        _refuse_size(path, name, options)
        kind = kind_of(path, name)
        if kind == "zip":
            with archive.opened(path, name, options.limits) as packed_files:
                reader = _of_archive(packed_files, path, options, folder)
            yield reader
        else:
            yield _of_file(path, name, kind, options, folder)


def _refuse_size(path: Path, name: str, options: Options) -> None:
    if not path.is_file():
        raise UnreadableGis("no_file", name=name)
    size = path.stat().st_size
    if size > options.limits.file_mb * MB:
        raise UnreadableGis("file_too_large", name=name, size_mb=size // MB, limit_mb=options.limits.file_mb)


def _of_file(path: Path, name: str, kind: Kind | str, options: Options, folder: Path) -> Reader:
    if kind == "wkt":
        from soilrules.gisfiles.wkt import WktText

        return WktText(path, name, options)
    kind = Kind(kind)
    if kind is Kind.SHP:
        beside = {one.suffix.lower(): one for one in path.parent.iterdir() if one.stem == path.stem and one.is_file()}
        layer = Layer(Path(name).stem)
        return Shapefile(_linked({**beside, ".shp": path}, folder), name, layer, (layer,), options)
    if kind is Kind.DXF:
        from soilrules.gisfiles.drawing import Drawing

        return Drawing(gdal.linked(path, folder / "layer.dxf"), name, kind, options)
    if kind in _GDAL_KINDS:
        return Layered(gdal.linked(path, folder / f"layer.{kind}"), name, kind, options)
    return _own_reader(path, name, kind, options)


def _own_reader(path: Path, name: str, kind: Kind, options: Options) -> Reader:
    """The readers are imported when first needed: the child process that reads one file starts the faster."""
    if kind is Kind.TXT:
        from soilrules.gisfiles.corner_text import CornerText

        return CornerText(path, name, options)
    if kind is Kind.KML:
        from soilrules.gisfiles.kml import Kml

        return Kml(path, name, options)
    from soilrules.gisfiles.table import Table

    return Table(path, name, kind, options)


def _linked(parts: dict[str, Path], folder: Path) -> dict[str, Path]:
    """The parts of a shapefile, in our folder."""
    return {one: gdal.linked(path, folder / f"layer{one}") for one, path in parts.items() if one in PARTS}


def _of_folder(path: Path, name: str, options: Options, folder: Path) -> Reader:
    files = {one.name: one for one in sorted(path.iterdir()) if one.is_file()}
    sets = _shapefiles(list(files))
    if not sets:
        raise UnreadableGis("no_shapefile", name=name, files="、".join(list(files)[:8]))
    for one in files.values():
        _refuse_size(one, one.name, options)
    layer = chosen([Layer(one) for one in sets], name, options.layer)
    parts = {part: files[file] for part, file in sets[layer.name].items()}
    return Shapefile(_linked(parts, folder), name, layer, tuple(Layer(one) for one in sets), options)


def _of_archive(files: archive.Archive, path: Path, options: Options, folder: Path) -> Reader:
    if "xl/workbook.xml" in files.members or "xl/workbook.bin" in files.members:
        return _own_reader(path, files.name, Kind.XLSX, options)
    sets = _shapefiles(list(files.members))
    if sets:
        layer = chosen([Layer(one) for one in sets], files.name, options.layer)
        parts = sets[layer.name]
        places = {part: files.extract(member, folder / f"layer{part}") for part, member in parts.items()}
        return Shapefile(places, files.name, layer, tuple(Layer(one) for one in sets), options)
    return _of_member(files, options, folder)


def _of_member(files: archive.Archive, options: Options, folder: Path) -> Reader:
    """The one file of another kind in an archive; a KMZ is such an archive."""
    readable = [one for one in files.members if one.lower().endswith(_READABLE)]
    main = [one for one in readable if one.lower() == "doc.kml"] or readable
    if not main:
        nested = any(one.lower().endswith((".zip", ".rar", ".7z")) for one in files.members)
        shown = "、".join(list(files.members)[:8])
        raise UnreadableGis(
            "zip_nested" if nested else "zip_without_geometry", name=files.name, files=shown, kinds=READ
        )
    member = chosen([Layer(one) for one in main], files.name, options.layer if len(main) > 1 else "").name
    place = files.extract(member, folder / "member")
    kind = kind_of(place, f"{files.name}/{member}")
    if kind == "zip" and member.lower().endswith(".xlsx"):
        kind = Kind.XLSX
    if kind == "zip":
        raise UnreadableGis("zip_nested", name=files.name, files=member, kinds=READ)
    inner = replace(options, layer="") if len(main) > 1 else options
    return _of_file(place, files.name, kind, inner, folder)


def _shapefiles(names: list[str]) -> dict[str, dict[str, str]]:
    """The parts of each shapefile by its name: a .shp and what is called the same."""
    sets: dict[str, dict[str, str]] = {}
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if dot and f".{suffix.lower()}" in PARTS:
            sets.setdefault(stem.lower(), {})[f".{suffix.lower()}"] = name
    return {parts[".shp"].rpartition(".")[0]: parts for parts in sets.values() if ".shp" in parts}
