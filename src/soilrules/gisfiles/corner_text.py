"""The corner text (拐点坐标) that surveyors and land offices exchange; its grammar is in docs/reference/corner-text.md.

A header of key=value, then for each parcel one line of its facts ending in @ and one line for each corner:
label, ring, X (northing), Y (easting).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles.coordinates import first_is_north, number, plain
from soilrules.gisfiles.findings import UnreadableGis, note, row_note
from soilrules.gisfiles.geometry import checked
from soilrules.gisfiles.rings import area_of
from soilrules.gisfiles.source import EAST_FIRST, NORTH_FIRST, Kind, Layer, Options, Piece, Source, fields_of
from soilrules.gisfiles.texts import encoding_of, has_lines, name_of_encoding
from soilrules.messages import Message

FIELDS = ("点数", "面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")
MORE, MORE_BETWEEN = "扩展属性", "、"
"""The key under which a header names facts beyond FIELDS, and what stands between their names."""
HEADER, PARCELS, END = "[属性描述]", "[地块坐标]", "@"
CRS_KEYS = ("坐标系", "几度分带", "投影类型", "计量单位", "带号")
_SIGNS = str.maketrans({"，": ",", "＝": "=", "＠": "@", "【": "[", "】": "]", "［": "[", "］": "]", "\t": ","})
_LABEL = re.compile(r"[A-Za-z]{0,3}[一-龥]{0,3}\d{1,9}(?:-\d+)?")
_SAMPLE = 2_000  # corners looked at for which number is the northing
_COUNTED_MB = 64  # a longer file is not read through only to be counted


def is_corner_text(text: str) -> bool:
    """Whether the beginning of a text is of this kind.

    >>> is_corner_text("【地块坐标】"), is_corner_text("4,0.1,1,东地块,面,,,,＠"), is_corner_text("X,Y")
    (True, True, False)
    """
    lines = [line.translate(_SIGNS).strip() for line in text.splitlines()[:400]]
    return any(one in (HEADER, PARCELS) or re.match(r"\d+,.*,@$", one) for one in lines)


@dataclass
class Parcel:
    """One parcel as it is written: its facts, its corners by ring, and what is odd about it."""

    line: int
    facts: list[str]
    rings: list[list[tuple[float, float]]] = field(default_factory=list)  # as written, first number first
    ring: str = ""  # the number of the last one
    corners: int = 0
    broken: bool = False
    notes: list[Message] = field(default_factory=list)


class CornerText:
    """One corner text, read line by line."""

    def __init__(self, path: Path, name: str, options: Options) -> None:
        self._path, self._name = path, name
        self._encoding, self._mark = encoding_of(path, name, options.encoding)
        self.header: dict[str, str] = {}
        sample = self._sample()
        first = [one for one, _ in sample]
        second = [other for _, other in sample]
        looks = first_is_north(first, second)
        self._swapped = looks is False and options.axis != NORTH_FIRST
        self._east_first = options.axis == EAST_FIRST or self._swapped

    def _sample(self) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for parcel in self.parcels():
            found += [corner for ring in parcel.rings for corner in ring]
            if len(found) >= _SAMPLE:
                break
        return found[:_SAMPLE]

    @property
    def layer(self) -> Layer:
        return Layer(Path(self._name).stem)

    @property
    def names(self) -> list[str]:
        """What the facts of a parcel's line are called."""
        more = [name.strip() for name in self.header.get(MORE, "").split(MORE_BETWEEN)]
        return list(dict.fromkeys([*FIELDS, *filter(None, more)]))

    def about(self, first: Piece) -> Source:
        layer = replace(self.layer, count=self._told())
        crs = ";".join(f"{key}={self.header[key]}" for key in CRS_KEYS if self.header.get(key))
        return Source(
            Kind.TXT, (layer,), layer.name, fields_of(first), crs if self.header.get("坐标系") else None, (), layer.count,
            name_of_encoding(self._encoding), tuple(self._notes()), EAST_FIRST if self._east_first else NORTH_FIRST,
            dict(self.header),
        )  # fmt: skip

    def _notes(self) -> Iterator[Message]:
        if not self.header.get("坐标系"):
            yield note("crs_missing")
        if self._swapped:
            yield note("corner_swapped")
        if re.search(r"[1-9]", self.header.get("转换参数", "")):
            yield note("corner_conversion", text=self.header["转换参数"][:60])

    def count(self, most: int) -> int | None:
        return sum(1 for _ in islice(self.parcels(), most + 1)) if has_lines(self._path, most) else None

    def _told(self) -> int | None:
        if self._path.stat().st_size > _COUNTED_MB * 1024 * 1024:
            return None
        return sum(1 for _ in self.parcels())

    def pieces(self, rows: int) -> Iterator[Piece]:
        held: list[Parcel] = []
        corners = 0
        for parcel in self.parcels():
            held.append(parcel)
            corners += parcel.corners
            if len(held) >= rows or corners >= 50 * rows:
                yield self._piece(held)
                held, corners = [], 0
        if held:
            yield self._piece(held)

    def _piece(self, parcels: list[Parcel]) -> Piece:
        names = self.names
        columns = [pa.array([one.facts[at] or None for one in parcels], pa.string()) for at in range(len(names))]
        piece = Piece(pa.RecordBatch.from_arrays(columns, names), None)
        shapes = np.full(len(parcels), None, object)
        for at, parcel in enumerate(parcels):
            shapes[at] = self._shape(parcel)
            if parcel.notes:
                piece.notes[at] = parcel.notes
        piece.wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
        piece.rows = np.array([one.line for one in parcels], np.int64)
        return checked(piece, shapes, changed=False)

    def _shape(self, parcel: Parcel) -> Any:
        _check_count(parcel)
        if parcel.broken:
            return None
        rings = parcel.rings if self._east_first else [[(y, x) for x, y in ring] for ring in parcel.rings]
        kind = parcel.facts[4]
        if not rings:
            parcel.notes.append(row_note("no_corners"))
            return None
        if kind == "点":
            return (
                shapely.multipoints(list(chain.from_iterable(rings)))
                if parcel.corners > 1
                else shapely.points(rings[0][0])
            )
        if kind == "线" and all(len(one) > 1 for one in rings):
            return shapely.multilinestrings(rings) if len(rings) > 1 else shapely.linestrings(rings[0])
        area = area_of(rings)
        parcel.notes += area.notes
        return area.shape

    def parcels(self) -> Iterator[Parcel]:
        """The parcels in order; the header fills on the way."""
        parcel: Parcel | None = None
        found = False
        for at, line in self._lines():
            if self._is_header(line, at):
                continue
            fields = [one.strip() for one in line.split(",")]
            if _is_corner(fields):
                if parcel:
                    _add_corner(parcel, fields, at)
            elif _is_parcel(line, fields):
                if parcel:
                    yield parcel
                parcel, found = _parcel(fields, at, len(self.names)), True
            elif parcel:
                parcel.notes.append(row_note("line_unread", line=at, text=line[:40]))
        if parcel:
            yield parcel
        if not found:
            raise UnreadableGis("corner_without_parcels", name=self._name)

    def _lines(self) -> Iterator[tuple[int, str]]:
        with self._path.open("rb") as stream, io.TextIOWrapper(stream, self._encoding, "replace") as text:
            stream.seek(self._mark)
            for at, line in enumerate(text, 1):
                if known := _known_signs(line):
                    yield at, known

    def _is_header(self, line: str, at: int) -> bool:
        if line.startswith("[") and line.endswith("]"):
            return True
        key, equals, value = (one.strip() for one in line.partition("="))
        if not equals or "," in key:
            return False
        known = self.header.setdefault(key, value)
        if key in CRS_KEYS and known != value:  # texts put one behind the other, each with coordinates of its own
            raise UnreadableGis("corner_headers_differ", name=self._name, line=at, key=key, first=known, second=value)
        return True


def _known_signs(line: str) -> str:
    return line.replace("\t", ",").strip() if line.isascii() else line.translate(_SIGNS).strip("\ufeff \r\n")


def _is_corner(fields: list[str]) -> bool:
    if fields[-1] == END or len(fields) < 3 or not _LABEL.fullmatch(plain(fields[0])):
        return False
    if len(fields) == 3:  # without the ring
        return not fields[0].isdigit() and number(fields[1]) is not None
    return plain(fields[1]).isdigit() and all(number(one) is not None or not one for one in fields[4:])


def _is_parcel(line: str, fields: list[str]) -> bool:
    return line.endswith(END) or (len(fields) >= 3 and plain(fields[0]).isdigit())


def _parcel(fields: list[str], line: int, known: int) -> Parcel:
    facts = fields[:-1] if fields[-1] == END else [*fields[:-1], fields[-1].removesuffix(END)]
    parcel = Parcel(line, (facts + [""] * known)[:known])
    if any(facts[known:]):
        parcel.notes.append(row_note("facts_left", text=",".join(facts[known:])[:40]))
    return parcel


def _add_corner(parcel: Parcel, fields: list[str], line: int) -> None:
    ring = plain(fields[1]) if len(fields) > 3 else "1"
    texts = fields[2:4] if len(fields) > 3 else fields[1:3]
    numbers = [number(one) for one in texts]
    parcel.corners += 1
    if numbers[0] is None or numbers[1] is None:
        wrong = texts[0] if numbers[0] is None else texts[1]
        parcel.notes.append(row_note("corner_unread", line=line, value=wrong[:40]))
        parcel.broken = True
        return
    if ring != parcel.ring or _is_closed(parcel):
        parcel.rings.append([])
        parcel.ring = ring
    parcel.rings[-1].append((numbers[0], numbers[1]))


def _is_closed(parcel: Parcel) -> bool:
    ring = parcel.rings[-1]
    return len(ring) > 3 and ring[0] == ring[-1]


def _check_count(parcel: Parcel) -> None:
    """A parcel's line states how many corners follow; some programs leave the repeated first corner out."""
    said = plain(parcel.facts[0])
    if said.isdecimal() and int(said) not in (parcel.corners, parcel.corners - len(parcel.rings)):
        parcel.notes.append(row_note("corner_count", said=said, found=parcel.corners))
