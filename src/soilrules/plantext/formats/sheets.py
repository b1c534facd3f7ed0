"""Sheets of rows, with the row numbers people see: for files that are tables and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from soilrules.plantext.document import Document, Table
from soilrules.plantext.formats.builder import GridCell


@dataclass(frozen=True)
class SheetRow:
    """One row: its number as the program shows it, and the cells that begin in it."""

    number: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet; blank rows are left out, so numbers may jump."""

    name: str
    rows: tuple[SheetRow, ...]


def sheets_of(document: Document) -> tuple[Sheet, ...]:
    """The tables of a document as sheets; rows are numbered from 1 in each table."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    return tuple(Sheet(f"表{at}", tuple(_rows(document.text, table))) for at, table in enumerate(tables, start=1))


def _rows(text: str, table: Table) -> list[SheetRow]:
    rows: list[SheetRow] = []
    covered: dict[int, int] = {}
    for number, row in enumerate(table.rows, start=1):
        below = {column: left - 1 for column, left in covered.items() if left > 1}
        cells: list[GridCell] = []
        column = 0
        for cell in row:
            while column in covered:
                column += 1
            cells.append(GridCell(text[cell.start : cell.end], column, cell.row_span, cell.col_span))
            places = range(column, column + cell.col_span)
            below.update({place: cell.row_span - 1 for place in places if cell.row_span > 1})
            column += cell.col_span
        rows.append(SheetRow(number, tuple(cells)))
        covered = below
    return rows
