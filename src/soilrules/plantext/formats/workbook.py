"""Excel workbooks (.xlsx, .xls, .xlsb): each sheet's title and closing rows as paragraphs, the rest as one table.

Cells are what Excel shows, as far as the file tells: whole numbers without a decimal point, dates
as 2021年11月30日 (the plans' own way of writing them).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from soilrules.plantext.document import Document
from soilrules.plantext.formats.archive import CELLS_LIMIT, sheet_too_large
from soilrules.plantext.formats.builder import DocumentBuilder, GridCell
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.sheets import Sheet, SheetRow

NOTE = re.compile(r"^(?:注|备注|说明|填表|填报|制表|联系|审核)[^。]{0,8}[：:]")
Value = int | float | str | bool | date | datetime | time | timedelta | None
DEFAULT_NAMES = ("sheet", "工作表")


def read_workbook(data: bytes, filename: str, kind: str) -> Document:
    """The document of a workbook; hidden sheets are left out. Raises UnreadableFile."""
    builder = DocumentBuilder()
    sheets = [sheet for sheet in read_sheets(data, filename, kind) if sheet.rows]
    for sheet in sheets:
        if len(sheets) > 1 and not sheet.name.lower().startswith(DEFAULT_NAMES):
            builder.paragraph(sheet.name, 1)
        _add_sheet(builder, sheet.rows)
    return builder.document()


def read_sheets(data: bytes, filename: str, kind: str) -> tuple[Sheet, ...]:
    """Every visible sheet. Raises UnreadableFile."""
    try:
        with calamine.load_workbook(io.BytesIO(data), load_tables=False) as workbook:
            return tuple(_sheet(workbook.get_sheet_by_name(name), filename) for name in _visible(workbook))
    except calamine.PasswordError as error:
        raise UnreadableFile("formats.encrypted", filename=filename, kind=kind) from error
    except calamine.CalamineError as error:
        raise UnreadableFile("formats.damaged", filename=filename, kind=kind, detail=str(error)) from error
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # a panic of calamine's Rust code is no Exception, nor importable
            raise
        raise UnreadableFile("formats.damaged", filename=filename, kind=kind, detail=str(error)) from error


def _visible(workbook: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
    ]


def _sheet(sheet: calamine.CalamineSheet, filename: str) -> Sheet:
    if sheet.height * sheet.width > CELLS_LIMIT:
        raise sheet_too_large(filename, sheet.name, sheet.height, sheet.width)
    values = sheet.to_python(skip_empty_area=False)
    spans, covered = _merges(sheet.merged_cell_ranges or [])
    grid: list[list[GridCell]] = []
    for at, row in enumerate(values):
        cells = [
            GridCell(shown(value), column, *spans.get((at, column), (1, 1)))
            for column, value in enumerate(row)
            if (at, column) not in covered
        ]
        grid.append(cells)
    return Sheet(sheet.name, tuple(_without_blank_edges(grid)))


def _merges(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Spans (rows, columns) by the first place of a merge, and all places merged away."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    room = CELLS_LIMIT
    for (top, left), (bottom, right) in ranges:
        room -= (bottom - top + 1) * (right - left + 1)
        if room < 0:
            break
        spans[top, left] = (bottom - top + 1, right - left + 1)
        covered.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        covered.discard((top, left))
    return spans, covered


def _without_blank_edges(grid: list[list[GridCell]]) -> list[SheetRow]:
    """Rows that hold something or continue something from above, without blank columns at the right edge."""
    printed_columns = [cell.column for row in grid for cell in row if cell.text]
    last = max(printed_columns, default=-1)
    kept: list[SheetRow] = []
    covered_until = 0
    for at, row in enumerate(grid):
        cells = tuple(
            GridCell(cell.text, cell.column, cell.row_span, min(cell.col_span, last - cell.column + 1))
            for cell in row
            if cell.column <= last
        )
        covered_until = max([covered_until, *(at + cell.row_span for cell in cells if cell.text and cell.row_span > 1)])
        if at < covered_until or any(cell.text for cell in cells):
            kept.append(SheetRow(at + 1, cells))
    return kept


def shown(value: Value) -> str:
    """A cell's value as plans print it."""
    if value is None or isinstance(value, str):
        return (value or "").strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def is_line(row: SheetRow) -> bool:
    """Whether a row prints one text only: a title, a note or a section line."""
    return sum(bool(cell.text) for cell in row.cells) == 1


def is_note(row: SheetRow) -> bool:
    """A closing line below the table (注：…, 填表人：…)."""
    return is_line(row) and bool(NOTE.match(only_text(row)))


def only_text(row: SheetRow) -> str:
    return next(cell.text for cell in row.cells if cell.text)


def _add_sheet(builder: DocumentBuilder, rows: tuple[SheetRow, ...]) -> None:
    first, last = 0, len(rows)
    while first < last and is_line(rows[first]):
        first += 1
    while last > first and is_note(rows[last - 1]):
        last -= 1
    for row in rows[:first]:
        builder.paragraph(only_text(row))
    builder.table([row.cells for row in rows[first:last]])
    for row in rows[last:]:
        builder.paragraph(only_text(row))
