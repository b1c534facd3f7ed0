"""A superior's blank form: its cells, and values written into them. Runs in the limited process only.

Of a workbook a cell is named like B3 of its sheet; of a Word file like r2c3 of its table, or p3g1 of its text (`gaps`). Cells of a merged area are one
cell. What begins with = + - @ is written as text. Styles stay; only the words of a cell change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import openpyxl
from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from docx.table import Table
from docx.table import _Cell as WordCell
from lxml import etree
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from soildesk.kit.letters import gaps, workbook
from soildesk.kit.letters.package import checked
from soildesk.kit.letters.refused import Refused

ROWS, COLUMNS, SHEETS = 300, 60, 20
"""The part of a form that is shown for mapping; more is no form but a data file."""
LONGEST = 32_767
TABLE_INSIDE = "▦"
"""What is shown of a cell that holds nothing but another table."""


def cells(data: bytes, name: str) -> list[dict[str, Any]]:
    """The sheets, or the text and tables, of a form: name, size, and every cell with its place, text and extent.

    Gaps inside the words of cells stand as a text of the sheet's own name behind it.
    """
    checked(data, name)
    if name.lower().endswith(".docx"):
        document = Document(BytesIO(data))
        found = gaps.lines(document)
        text = [gaps.told(found, ROWS)] if found else []
        return [*text, *(_table_told(title, table) for title, table in _tables(document))]
    sheets = [_sheet_told(sheet) for sheet in _book(data, name).worksheets[:SHEETS]]
    return [told for sheet in sheets for told in (sheet, *_gaps_told(sheet))]


def fill(data: bytes, name: str, given: Mapping[str, Any]) -> bytes:
    """The form with {"cells": {"<sheet>!<cell>": text or number}} written into it."""
    checked(data, name)
    wanted: Mapping[str, Any] = given["cells"]
    return _fill_word(data, name, wanted) if name.lower().endswith(".docx") else workbook.filled(data, name, wanted)


def _book(data: bytes, name: str) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(BytesIO(data), keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused("broken", name=name, detail=str(error)[:120]) from error


def _sheet_told(sheet: Worksheet) -> dict[str, Any]:
    rows, columns = min(sheet.max_row, ROWS), min(sheet.max_column, COLUMNS)
    extents = {one.start_cell.coordinate: (one.size["rows"], one.size["columns"]) for one in sheet.merged_cells.ranges}
    found = [
        {
            **_told(cell.coordinate, (cell.row, cell.column), _text(cell.value), extents.get(cell.coordinate, (1, 1))),
            **({"percent": True} if "%" in str(cell.number_format) else {}),
        }
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
        "cells": found,
    }


def _gaps_told(sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells of a sheet that have gaps in their words; a colon before an empty cell is filled there."""
    blank = {(one["row"], one["column"]) for one in sheet["cells"] if not one["text"].strip()}
    found = {one["cell"]: _without_end(_line(one["text"]), _beside(one) in blank) for one in sheet["cells"]}
    held = {cell: line for cell, line in found.items() if line.gaps}
    return [gaps.told(list(held.values()), ROWS, sheet["name"], list(held))] if held else []


def _line(text: str) -> gaps.Line:
    element = etree.Element("t")
    element.text = "" if text.startswith("=") else text
    return gaps.of_cell([element])


def _without_end(line: gaps.Line, beside: bool) -> gaps.Line:
    end = (len(line.text), len(line.text))
    return replace(line, gaps=line.gaps[:-1], names=line.names[:-1]) if beside and line.gaps[-1:] == (end,) else line


def _beside(cell: Mapping[str, Any]) -> tuple[int, int]:
    return cell["row"], cell["column"] + cell["columns"]


def _text(value: Any) -> str:
    return "" if value is None else str(getattr(value, "text", value))[:500]


def _told(place: str, at: tuple[int, int], text: str, extent: tuple[int, int]) -> dict[str, Any]:
    return {"cell": place, "row": at[0], "column": at[1], "text": text, "rows": extent[0], "columns": extent[1]}


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


def _tables(document: DocumentFile) -> Iterator[tuple[str, Table]]:
    """The tables by their names; one inside a cell of the first is called T1-1, and so on."""
    for number, table in enumerate(document.tables, 1):
        yield f"T{number}", table
        for at, inner in enumerate(table._tbl.iterdescendants(qn("w:tbl")), 1):
            yield f"T{number}-{at}", Table(inner, table)


def _table_told(title: str, table: Table) -> dict[str, Any]:
    found = [
        _told(f"r{one.row}c{one.column}", (one.row, one.column), _words(one.cell), (one.rows, one.columns))
        for one in _places(table)
    ]
    rows, columns = len(table.rows), max((one["column"] + one["columns"] - 1 for one in found), default=0)
    return {"name": title, "kind": "docx", "rows": min(rows, ROWS), "columns": columns, "whole": rows <= ROWS, "cells": found}  # fmt: skip


def _words(cell: WordCell) -> str:
    """The words of a cell; one that holds a table is no cell to write into."""
    return cell.text[:500] if cell._tc.find(qn("w:tbl")) is None else cell.text[:500].strip() or TABLE_INSIDE


def _fill_word(data: bytes, name: str, wanted: Mapping[str, Any]) -> bytes:
    document = Document(BytesIO(data))
    held = {
        f"{title}!r{one.row}c{one.column}": one.cell for title, table in _tables(document) for one in _places(table)
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
