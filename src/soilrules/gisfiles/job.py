"""What every writer is given and gives: rows, choices, and what could not be written as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from soilrules.gisfiles.findings import ROOM, GisRefusal
from soilrules.messages import Message


class NotWritten(GisRefusal):
    """Rows that cannot be written as this kind of file; the message says what to do instead."""

    group = "writing"


@dataclass(frozen=True, slots=True)
class CornerHeader:
    """The header of a corner text: the system and zone its coordinates are in."""

    zone: int
    system: str = "2000国家大地坐标系"
    degrees: int = 3
    decimals: int = 3
    made_by: str = ""
    made_on: str = ""
    more: tuple[str, ...] = ()
    """Columns written behind the facts of the form; the header names them, so that they are read again."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What may be chosen for a file; most of it matters to one kind only."""

    encoding: str = "UTF-8"
    """Of a .dbf: UTF-8 or GBK."""
    label: str = ""
    """The column that names a place in KML and labels an area in DXF; empty: the first text."""
    layer: str = ""
    """The column that says on which layer of a DXF a row lies; empty: all on one."""
    points: tuple[str, str] | None = None
    """In a workbook: headings for the coordinates of points, such as 经度 and 纬度; None: WKT."""
    corners: CornerHeader | None = None
    """Of a corner text, which needs it."""


@dataclass(slots=True)
class Written:
    """What was written: rows, and what could not be written as it was."""

    rows: int = 0
    _counts: dict[str, tuple[dict[str, str], int]] = field(default_factory=dict)

    def tell(self, code: str, count: int = 1, **params: str | int) -> None:
        """Count `count` more of a kind; the first of each is told."""
        known, before = self._counts.get(code, ({key: str(value) for key, value in params.items()}, 0))
        if count:
            self._counts[code] = (known, before + count)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What there is to tell."""
        return tuple(
            Message(ROOM, "writing", code, {**params, "count": str(count)})
            for code, (params, count) in self._counts.items()
        )


@dataclass(frozen=True)
class Job:
    """One file to write."""

    path: Path
    schema: Any  # of the attributes
    crs: str
    title: str
    options: Writing
    written: Written

    @property
    def names(self) -> list[str]:
        return list(self.schema.names)

    def label_place(self) -> int | None:
        """The column that names a row."""
        if self.options.label in self.names:
            return self.names.index(self.options.label)
        return next((at for at, one in enumerate(self.schema) if pa.types.is_string(one.type)), None)


@dataclass(frozen=True)
class Rows:
    """Some rows: attributes by column, and WKB."""

    attributes: Any
    wkb: Any


def as_text(value: Any) -> str:
    """A value as it stands in a text.

    >>> as_text(None), as_text(True), as_text(12.0), as_text(0.1)
    ('', '是', '12', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)


def file_name(title: str) -> str:
    """A title as the name of a file in an archive.

    >>> file_name("西山/工业园: 地块")
    '西山_工业园_地块'
    """
    return re.sub(r"[\s\\/:*?\"<>|!]+", "_", title).strip("._")[:60] or "图层"
