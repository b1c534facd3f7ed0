"""Excel workbooks (.xlsx, .xls, .xlsb): the cells of one sheet as Excel prints them, merged ones repeated."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from soilrules.labtables import formulas
from soilrules.labtables.findings import LabTableRefused
from soilrules.labtables.source import HEAD_ROWS, About, Chunk, Place, Row
from soilrules.plantext.formats.archive import CELLS_LIMIT, Package

Value = None | int | float | str | bool | date | datetime | time | timedelta
_ROWS = 20_000  # of one chunk


class Sheet:
    """One sheet of a workbook, held in memory: at most CELLS_LIMIT cells."""

    def __init__(self, name: str, cells: Sequence[Sequence[Value]], merged: Sequence[tuple[Place, Place]]) -> None:
        self.name = name
        self._true_dates = _dates(cells)
        self._cells = [[printed(value) for value in row] for row in cells]
        self._covered = spread(self._cells, merged, self._true_dates)
        self._about = About("workbook", sheet=name, marks=self._covered, true_dates=self._true_dates)

    def know(self, computed: formulas.Computed, others: tuple[str, ...]) -> None:
        """Add what the file says of formulas and of its other sheets."""
        self._about = About(
            "workbook", sheet=self.name, marks=self._covered | computed.marks, true_dates=self._true_dates,
            formulas=computed.stored, other_sheets=others,
        )  # fmt: skip

    @property
    def about(self) -> About:
        return self._about

    def head(self) -> Sequence[Row]:
        return head_of(self._cells)

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        return chunks_of(self._cells, after, wanted)

    def cell(self, row: int, column: int, heading: str) -> str:
        return f"{formulas.column_letters(column)}{row}"


def spread(
    cells: list[list[str]], merged: Sequence[tuple[Place, Place]], true_dates: dict[int, set[int]]
) -> dict[Place, str]:
    """Repeat merged cells in place; all places but the first of each are told. `merged` counts rows from 0."""
    covered: dict[Place, str] = {}
    room = CELLS_LIMIT
    for (top, left), (bottom, right) in merged:
        room -= (bottom - top + 1) * (right - left + 1)
        if room < 0:
            break
        first = cells[top][left] if top < len(cells) and left < len(cells[top]) else ""
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                cells[row][column] = first
                if top + 1 in true_dates.get(left, ()):
                    true_dates.setdefault(column, set()).add(row + 1)
                if (row, column) != (top, left):
                    covered[row + 1, column] = "merged_value"
    return covered


def head_of(cells: Sequence[Sequence[str]], before: int = 0) -> list[Row]:
    """The first rows that hold anything; the first of `cells` is row `before` + 1."""
    filled = (Row(at, tuple(row)) for at, row in enumerate(cells, before + 1) if any(row))
    return [row for row, _ in zip(filled, range(HEAD_ROWS), strict=False)]


def chunks_of(cells: Sequence[Sequence[str]], after: int, wanted: Collection[int], before: int = 0) -> Iterator[Chunk]:
    """The rows below row `after`, numbered as in `head_of`."""
    for start in range(max(after - before, 0), len(cells), _ROWS):
        rows = cells[start : start + _ROWS]
        columns = {at: pa.array([row[at] or None for row in rows], pa.string()) for at in sorted(wanted)}
        first = before + start + 1
        yield Chunk(np.arange(first, first + len(rows), dtype=np.int64), columns)


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """Every visible sheet that holds anything. Raises LabTableRefused."""
    try:
        with calamine.load_workbook(io.BytesIO(data), load_tables=False) as book:
            found = [_sheet(book.get_sheet_by_name(one), name) for one in _visible(book)]
    except calamine.PasswordError as error:
        raise LabTableRefused("encrypted", name=name, kind="Excel") from error
    except calamine.CalamineError as error:
        raise LabTableRefused("damaged", name=name, kind="Excel", detail=str(error)) from error
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # a panic of calamine's Rust code is no Exception, nor importable
            raise
        raise LabTableRefused("damaged", name=name, kind="Excel", detail=str(error)) from error
    return [sheet for sheet in found if sheet.head()]


def with_formulas(data: bytes, name: str, sheet: Sheet, others: tuple[str, ...]) -> Sheet:
    """The same sheet, knowing its formulas where the file is an .xlsx."""
    package = Package.open(data, name) if data.startswith(b"PK") else None
    sheet.know(formulas.of_sheet(package, sheet.name) if package else formulas.Computed(), others)
    return sheet


def _visible(book: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
    ]


def _sheet(sheet: calamine.CalamineSheet, name: str) -> Sheet:
    if sheet.height * sheet.width > CELLS_LIMIT:
        raise LabTableRefused(
            "sheet_too_large", name=name, sheet=sheet.name, rows=sheet.height, columns=sheet.width, limit=CELLS_LIMIT
        )
    return Sheet(sheet.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [])


def _dates(cells: Sequence[Sequence[Value]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for at, row in enumerate(cells, 1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                found.setdefault(column, set()).add(at)
    return found


def printed(value: Value) -> str:
    """A cell as Excel shows it where it has no format: 15 figures, whole numbers without a point.

    >>> printed(0.1 + 0.2), printed(12.0), printed(date(2026, 9, 1))
    ('0.3', '12', '2026-09-01')
    """
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
