"""WKT alone in a text, one geometry or several, with the number of its system before it (EWKT) or without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles.findings import UnreadableGis, note, row_note
from soilrules.gisfiles.geometry import checked
from soilrules.gisfiles.source import EAST_FIRST, Kind, Layer, Options, Piece, Source
from soilrules.gisfiles.texts import encoding_of, name_of_encoding

_START = re.compile(
    r"^[ \t]*(?:SRID\s*=\s*(\d+)\s*;\s*)?"
    r"((?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*(?:\(|EMPTY\b))",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One geometry as it is written: its text, the number of its system where it has one, the line it begins in."""

    text: str
    srid: str
    line: int


def is_wkt(text: str) -> bool:
    """Whether the beginning of a text is WKT.

    >>> is_wkt(" SRID=4490;\\nMULTIPOLYGON (((1 2,"), is_wkt("POLYGON,POLYGON")
    (True, False)
    """
    return bool(_START.match(text.lstrip("\ufeff \t\r\n")))


def written(text: str) -> Iterator[Written]:
    """The geometries of a text in their order: each begins a line."""
    starts = list(_START.finditer(text))
    ends = [*(one.start() for one in starts), len(text)][1:]
    for start, end in zip(starts, ends, strict=True):
        yield Written(
            text[start.start(2) : end].strip(" \t\r\n;"), start[1] or "", text.count("\n", 0, start.start(2)) + 1
        )


def system_of(found: Sequence[Written]) -> str | None:
    """The one system all name; None where none is named, or several are."""
    codes = {one.srid for one in found}
    code = codes.pop() if len(codes) == 1 else ""
    return f"EPSG:{code}" if code.strip("0") else None


class WktText:
    """One text of WKT, read as the table it could have been: a column of geometries without attributes."""

    def __init__(self, path: Path, name: str, options: Options) -> None:
        codec, mark = encoding_of(path, name, options.encoding)
        self._encoding = name_of_encoding(codec)
        self._found = list(written(path.read_bytes()[mark:].decode(codec, "replace")))
        self.layer = Layer(Path(name).stem, "", len(self._found))
        if not self._found:
            raise UnreadableGis("empty_layer", name=name, layer=self.layer.name)

    def count(self, most: int) -> int | None:
        return sum(1 for _ in islice(self._found, most + 1))

    def about(self, first: Piece) -> Source:
        system = system_of(self._found)
        notes = () if system else (note("crs_missing"),)
        return Source(
            Kind.CSV, (self.layer,), self.layer.name, (), system, (), len(self._found), self._encoding, notes, EAST_FIRST,
        )  # fmt: skip

    def pieces(self, rows: int) -> Iterator[Piece]:
        for start in range(0, len(self._found), rows):
            yield _piece(self._found[start : start + rows])


def _piece(some: Sequence[Written]) -> Piece:
    with np.errstate(invalid="ignore"):  # what is no number is told of its row
        shapes: Any = shapely.from_wkt([one.text for one in some], on_invalid="ignore")
    piece = Piece(pa.RecordBatch.from_arrays([], []), None)
    for at in np.flatnonzero(shapely.is_missing(shapes)):
        piece.notes[int(at)] = [row_note("wkt_unread", text=some[int(at)].text[:40])]
    piece.rows = np.array([one.line for one in some], np.int64)
    piece.wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    return checked(piece, shapes, changed=False)
