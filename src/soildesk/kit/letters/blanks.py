"""A superior's blank form: its cells, and values written into them. Runs in the limited process only.

Of a workbook a cell is named like B3 of its sheet; of a Word file like r2c3 of its table, or p3g1 of its text (`gaps`). Cells of a merged area are one
cell. What begins with = + - @ is written as text. Styles stay; only the words of a cell change.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from docx import Document
from docx.table import Table
from docx.table import _Cell as WordCell
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from soildesk.kit.letters import gaps
from soildesk.kit.letters.package import checked
from soildesk.kit.letters.refused import Refused

ROWS, COLUMNS, SHEETS = 300, 60, 20
"""The part of a form that is shown for mapping; more is no form but a data file."""
LONGEST = 32_767
DRAWN = ("xl/charts/", "xl/media/", "xl/drawings/drawing")


def cells(data: bytes, name: str) -> list[dict[str, Any]]:
    """The sheets, or the text and tables, of a form: name, size, what would be lost, and every cell with its place, text and extent."""
    package = checked(data, name)
    if name.lower().endswith(".docx"):
        document = Document(BytesIO(data))
        found = gaps.lines(document)
        text = [gaps.told(found, ROWS)] if found else []
        return [*text, *(_table_told(f"T{at}", table) for at, table in enumerate(document.tables, 1))]
    lost = any(part.startswith(DRAWN) for part in package.names)
    book = _book(data, name)
    return [_sheet_told(sheet, lost) for sheet in book.worksheets[:SHEETS]]


def fill(data: bytes, name: str, given: Mapping[str, Any]) -> bytes:
    """The form with {"cells": {"<sheet>!<cell>": text or number}} written into it."""
    checked(data, name)
    wanted: Mapping[str, Any] = given["cells"]
    return _fill_word(data, name, wanted) if name.lower().endswith(".docx") else _fill_book(data, name, wanted)


def _book(data: bytes, name: str) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(BytesIO(data), keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused("broken", name=name, detail=str(error)[:120]) from error


def _sheet_told(sheet: Worksheet, lost: bool) -> dict[str, Any]:
    rows, columns = min(sheet.max_row, ROWS), min(sheet.max_column, COLUMNS)
    extents = {one.start_cell.coordinate: (one.size["rows"], one.size["columns"]) for one in sheet.merged_cells.ranges}
    found = [
        _told(cell.coordinate, (cell.row, cell.column), _text(cell.value), extents.get(cell.coordinate, (1, 1)))
        for line in sheet.iter_rows(max_row=rows, max_col=columns)
        for cell in line
        if not isinstance(cell, MergedCell)
    ]
    whole = sheet.max_row <= ROWS and sheet.max_column <= COLUMNS
    return {
        "name": sheet.title,
        "kind": "xlsx",
        "rows": rows,
        "columns": columns,
        "whole": whole,
        "lost": lost,
        "cells": found,
    }


def _text(value: Any) -> str:
    return "" if value is None else str(getattr(value, "text", value))[:500]


def _told(place: str, at: tuple[int, int], text: str, extent: tuple[int, int]) -> dict[str, Any]:
    return {"cell": place, "row": at[0], "column": at[1], "text": text, "rows": extent[0], "columns": extent[1]}


def _fill_book(data: bytes, name: str, wanted: Mapping[str, Any]) -> bytes:
    book = _book(data, name)
    for place, value in wanted.items():
        title, _mark, coordinate = place.rpartition("!")
        sheet = book[title] if title in book.sheetnames else None
        cell = _cell_of(sheet, coordinate) if isinstance(sheet, Worksheet) else None
        if cell is None:
            raise Refused("cell", name=name, cell=place[:80])
        _write(cell, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell_of(sheet: Worksheet, coordinate: str) -> Cell | None:
    """The cell, or the first one of the merged area it lies in."""
    try:
        cell = sheet[coordinate]
    except (ValueError, KeyError):
        return None
    if isinstance(cell, MergedCell):
        area = next(one for one in sheet.merged_cells.ranges if coordinate in one)
        cell = area.start_cell
    return cell if isinstance(cell, Cell) else None


def _write(cell: Cell, value: Any) -> None:
    cell.value = value if isinstance(value, int | float) else str(value)[:LONGEST]
    if isinstance(cell.value, str):
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))


@dataclass
class _Place:
    """A cell of a Word table: where it begins and how far it reaches."""

    row: int
    column: int
    cell: WordCell
    rows: int = 1
    columns: int = 1


def _places(table: Table) -> list[_Place]:
    """Every cell once; one that continues the cell above only makes that one longer."""
    found: list[_Place] = []
    above: dict[int, _Place] = {}
    for at, row in enumerate(table.rows, 1):
        column = 1 + row.grid_cols_before
        for tc in row._tr.tc_lst:
            width = int(tc.grid_span)
            if tc.vMerge == "continue" and column in above:
                above[column].rows = at - above[column].row + 1
            else:
                above[column] = _Place(at, column, WordCell(tc, table), 1, width)
                found.append(above[column])
            column += width
        if at == ROWS:
            break
    return found


def _table_told(title: str, table: Table) -> dict[str, Any]:
    found = [
        _told(f"r{one.row}c{one.column}", (one.row, one.column), one.cell.text[:500], (one.rows, one.columns))
        for one in _places(table)
    ]
    rows, columns = len(table.rows), max((one["column"] + one["columns"] - 1 for one in found), default=0)
    return {"name": title, "kind": "docx", "rows": min(rows, ROWS), "columns": columns, "whole": rows <= ROWS, "lost": False,
            "cells": found}  # fmt: skip


def _fill_word(data: bytes, name: str, wanted: Mapping[str, Any]) -> bytes:
    document = Document(BytesIO(data))
    held = {
        f"T{number}!r{one.row}c{one.column}": one.cell
        for number, table in enumerate(document.tables, 1)
        for one in _places(table)
    }
    words = {place: str(value)[:LONGEST] for place, value in wanted.items()}
    known = held.keys() | gaps.fill(gaps.lines(document), words)
    for place, text in words.items():
        if place not in known:
            raise Refused("cell", name=name, cell=place[:80])
        if place in held:
            _put(held[place], text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _put(cell: WordCell, text: str) -> None:
    """The text in the look of the cell: that of its first run, or of its paragraph."""
    paragraph = cell.paragraphs[0]
    first = paragraph.runs[0] if paragraph.runs else paragraph.add_run()
    mark = paragraph._p.pPr.find("{*}rPr") if paragraph._p.pPr is not None else None
    if first._r.rPr is None and mark is not None:
        first._r.insert(0, deepcopy(mark))
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    first.text = text
    for other in cell.paragraphs[1:]:
        other._p.getparent().remove(other._p)
