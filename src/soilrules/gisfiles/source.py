"""What is asked of a file and what is known of it before its rows are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from soilrules.messages import Message

ROW, WKB, NOTE = "__row", "__wkb", "__note"
EAST_FIRST, NORTH_FIRST = "east_first", "north_first"
MB = 1024 * 1024


class Kind(StrEnum):
    """Files that are read and written."""

    SHP = "shp"
    GPKG = "gpkg"
    GEOJSON = "geojson"
    KML = "kml"
    DXF = "dxf"
    CSV = "csv"
    XLSX = "xlsx"
    TXT = "txt"  # corner text, 拐点坐标


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The largest file taken, the most that an archive may hold, and the most rows of one layer."""

    file_mb: int = 512
    inflated_mb: int = 4096
    rows: int = 2_000_000


LARGE = FileLimits(file_mb=200_000, inflated_mb=400_000)
"""For files an officer reads from the command line."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who brings the file says about it; empty: told from the file."""

    layer: str = ""
    """The layer, the sheet of a workbook, the shapefile in an archive."""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Of a table: role (wkt, lon, lat, east, north, x, y, pair, parcel, ring, corner) → heading."""
    shape: str = ""
    """Of a table: `points`, each row a point; `corners`, rows of one parcel are the corners of a polygon."""
    axis: str = ""
    """Of a table or corner text: EAST_FIRST or NORTH_FIRST, where the file leaves it open which is which."""
    limits: FileLimits = FileLimits()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file; `count` where the file tells without being read."""

    name: str
    geometry: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute: its name as in the file, and text, integer, real, date, time, datetime, boolean or binary."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Source:
    """One layer of one file, looked at but not read."""

    kind: Kind
    layers: tuple[Layer, ...]
    layer: str
    fields: tuple[Field, ...]
    crs_text: str | None
    """EPSG:…, WKT, or the header of a corner text; None: the file does not say, and a note asks for it."""
    geometry_kinds: tuple[str, ...]
    count: int | None
    encoding: str | None
    notes: tuple[Message, ...]
    axis: str
    """Which coordinate the file writes first. In `__wkb` easting or longitude is first, always."""
    header: Mapping[str, str] = field(default_factory=dict)
    """Of a corner text: its 属性描述."""


@dataclass(slots=True)
class Piece:
    """Some rows as a reader gives them: attributes, geometry, and what is to be said of single rows (by place)."""

    attributes: Any  # pyarrow.RecordBatch
    wkb: Any  # pyarrow.Array, binary
    notes: dict[int, list[Message]] = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None  # their numbers in the file, where not simply counted
    traits: frozenset[str] = frozenset()  # z, m, curve
    kinds: frozenset[str] = frozenset()


class Reader(Protocol):
    """One layer of one file, read again from its beginning as often as asked."""

    @property
    def layer(self) -> Layer:
        """The layer that is read."""

    def count(self, most: int) -> int | None:
        """How many rows there are, counted no further than `most` + 1; None: only reading them all would tell."""

    def about(self, first: Piece) -> Source:
        """What is known, with the first rows at hand; geometry kinds and notes on geometry are added from a sample."""

    def pieces(self, rows: int) -> Iterator[Piece]:
        """The rows in order, at most `rows` at a time."""


def fields_of(piece: Piece) -> tuple[Field, ...]:
    """The attributes of some rows."""
    return tuple(Field(one.name, type_word(one.type)) for one in piece.attributes.schema)


def type_word(kind: Any) -> str:
    """The word for an Arrow type, as officers know it."""
    import pyarrow.types as is_

    words = (
        (is_.is_boolean, "boolean"), (is_.is_integer, "integer"), (is_.is_floating, "real"), (is_.is_decimal, "real"),
        (is_.is_date, "date"), (is_.is_time, "time"), (is_.is_timestamp, "datetime"), (is_.is_binary, "binary"),
        (is_.is_large_binary, "binary"),
    )  # fmt: skip
    return next((word for fits, word in words if fits(kind)), "text")


def unique(names: list[str]) -> list[str]:
    """Names with a number behind those that came before, and none of them one of ours.

    >>> unique(["名称", "名称", "__row"])
    ['名称', '名称_2', '__row_2']
    """
    taken = {ROW, WKB, NOTE}
    found = []
    for name in names:
        new, at = name, 1
        while new in taken:
            at += 1
            new = f"{name}_{at}"
        taken.add(new)
        found.append(new)
    return found
