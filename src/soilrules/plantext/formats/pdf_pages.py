"""Tables that go on over the page: repeated headers once, and rows cut by the page's end whole again."""

from __future__ import annotations

from dataclasses import replace

from soilrules.plantext.formats.builder import GridCell
from soilrules.plantext.formats.pdf_lines import SENTENCE_END, joined

HEADER_ROWS = 3  # among the first rows of a table, those that may be repeated
Row = list[GridCell]
Grid = list[Row]


def width(grid: Grid) -> int:
    """Columns of a grid."""
    return max(cell.column + cell.col_span for row in grid for cell in row)


def continued(above: Grid, below: Grid) -> Grid:
    """The rows of a table from two pages, one below the other."""
    headers = [_texts(row) for row in above[:HEADER_ROWS]]
    rest = list(below)
    while rest and _texts(rest[0]) in headers and len(rest[0]) > 1:
        rest = rest[1:]
    if above and rest and _goes_on(above[-1], rest[0]):
        return [*above[:-1], _whole(above[-1], rest[0]), *rest[1:]]
    return above + rest


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row]


def _goes_on(above: Row, below: Row) -> bool:
    """A row without a number whose words continue an unfinished sentence of the row above."""
    filled = {cell.column: cell.text for cell in above if cell.text}
    going_on = {cell.column: cell.text for cell in below if cell.text}
    if not going_on or not going_on.keys() <= filled.keys() or going_on.keys() == filled.keys():
        return False
    if min(cell.column for cell in below) in going_on or any(cell.row_span > 1 for cell in below):
        return False
    longest = max(going_on, key=lambda column: len(going_on[column]))
    return not SENTENCE_END.search(filled[longest])


def _whole(above: Row, below: Row) -> Row:
    added = {cell.column: cell.text for cell in below if cell.text}
    return [
        replace(cell, text=joined(cell.text, added[cell.column])) if cell.column in added else cell for cell in above
    ]
