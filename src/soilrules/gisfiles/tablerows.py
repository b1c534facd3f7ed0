"""The rows of a text or a workbook, whatever separates their cells."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from soilrules.gisfiles.findings import UnreadableGis
from soilrules.gisfiles.source import MB
from soilrules.gisfiles.texts import encoding_of, has_lines
from soilrules.labtables import workbook
from soilrules.labtables.findings import LabTableRefused
from soilrules.plantext.formats.archive import CELLS_LIMIT, Package
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.sniff import ZIP

DELIMITERS = (",", "\t", ";", "|")
WORKBOOK_MB = 64
SHEET_ROWS = 1_048_576  # what a sheet of Excel can hold
_HEAD = 80
Row = tuple[int, Sequence[str]]  # its number as a person sees it, its cells


class TableRows(Protocol):
    """One table, read again from its beginning as often as asked."""

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything."""

    def may_exceed(self, most: int) -> bool:
        """Whether there may be more than `most` rows, told without reading their cells."""


def head(rows: TableRows) -> list[Row]:
    """The first rows."""
    return [row for row, _ in zip(rows.rows(), range(_HEAD), strict=False)]


class TextRows:
    """A text with one row a line. The cells of a polygon may be long."""

    def __init__(self, path: Path, name: str, encoding: tuple[str, int], delimiter: str) -> None:
        self._path, self._name, self._delimiter = path, name, delimiter
        self._encoding, self._mark = encoding

    def rows(self) -> Iterator[Row]:
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        with self._path.open("rb") as stream, io.TextIOWrapper(stream, self._encoding, "replace", newline="") as text:
            stream.seek(self._mark)
            try:
                for at, cells in enumerate(csv.reader(text, delimiter=self._delimiter), 1):
                    if any(cells):
                        yield at, cells
            except csv.Error as error:
                raise UnreadableGis("table_damaged", name=self._name, kind="CSV", detail=str(error)) from error

    def may_exceed(self, most: int) -> bool:
        return has_lines(self._path, most)


class SheetRows:
    """One sheet of a workbook, its merged cells repeated."""

    def __init__(self, sheet: workbook.Sheet) -> None:
        self._sheet = sheet
        self._width = max((len(row.cells) for row in sheet.head()), default=0)

    def rows(self) -> Iterator[Row]:
        for chunk in self._sheet.chunks(0, range(self._width)):
            columns = [chunk.columns[at].to_pylist() for at in range(self._width)]
            for at, cells in zip(chunk.rows.tolist(), zip(*columns, strict=True), strict=True):
                if any(cells):
                    yield at, [cell or "" for cell in cells]

    def may_exceed(self, most: int) -> bool:
        return most < SHEET_ROWS


def texts(path: Path, name: str, asked: str) -> tuple[str, list[TextRows]]:
    """The encoding of a text, and its rows by each delimiter."""
    encoding = encoding_of(path, name, asked)
    return encoding[0], [TextRows(path, name, encoding, one) for one in DELIMITERS]


def sheets(path: Path, name: str) -> dict[str, SheetRows]:
    """The sheets of a workbook by name. Raises UnreadableGis."""
    size = path.stat().st_size
    if size > WORKBOOK_MB * MB:
        raise UnreadableGis("table_too_large", name=name, size=f"{size // MB} MB", limit=f"{WORKBOOK_MB} MB")
    data = path.read_bytes()
    try:
        if data.startswith(ZIP):
            Package.open(data, name).measure()
        return {one.name: SheetRows(one) for one in workbook.sheets_of(data, name)}
    except UnreadableFile as error:
        raise _refusal(error.message_id.removeprefix("formats."), error.params, name) from error
    except LabTableRefused as error:
        raise _refusal(error.message.id, error.message.params, name) from error


def _refusal(reason: str, params: object, name: str) -> UnreadableGis:
    """The same reason in words about geometry."""
    said = dict(params) if isinstance(params, dict) else {}
    if reason == "encrypted":
        return UnreadableGis("table_encrypted", name=name)
    if reason == "sheet_too_large":
        return UnreadableGis(
            "table_too_large", name=name, size=f"{said.get('rows')} × {said.get('columns')}", limit=f"{CELLS_LIMIT:,}"
        )
    if reason in ("xml_entities", "zip_bomb"):
        known = {"inflated_mb": said.get("inflated_mb", "?"), "limit_mb": said.get("limit_mb", "?")}
        return UnreadableGis(reason, name=name, **known)
    return UnreadableGis("table_damaged", name=name, kind="Excel", detail=str(said.get("detail", reason))[:200])
