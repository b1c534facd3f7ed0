"""Putting a document together: text grows, blocks remember where they stand in it.

A table is written the way published plans carry theirs: one cell a line behind a tab, a blank
line after each row, an empty line for a place covered from above. So the text alone, pasted
elsewhere, still reads as the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from soilrules.plantext.document import Block, Cell, Document, Paragraph, Table

UNPRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
SURROGATE = re.compile("[\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
STRUCK = "\ue0d7"  # a letter no font has: before words struck out, where a reader asks for them
INNER_BLANKS = re.compile("[\t\xa0]+")


def clean(text: str) -> str:
    """`text` with one kind of line end, whole characters, and none that print nothing."""
    if SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return INNER_BLANKS.sub(" ", UNPRINTED.sub("", LINE_ENDS.sub("\n", text)))


@dataclass(frozen=True)
class GridCell:
    """A cell before it has a place in the text; `column` counts from 0 in the table's grid."""

    text: str
    column: int
    row_span: int = 1
    col_span: int = 1


@dataclass
class DocumentBuilder:
    """Collects paragraphs and tables in order of print."""

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    at: int = 0

    def paragraph(self, text: str, heading_level: int | None = None) -> None:
        """Add `text`, one paragraph per printed line; empty lines add nothing."""
        for line in clean(text).split("\n"):
            words = line.strip()
            if words:
                start, end = self._write(words)
                self._write("\n")
                self.blocks.append(Paragraph(start, end, heading_level))

    def table(self, rows: Sequence[Sequence[GridCell]]) -> None:
        """Add a table; `rows` list the cells that begin in each row, by column."""
        rows = settled(rows)
        if not rows:
            return
        start = self.at
        covered: dict[int, int] = {}
        placed = tuple(self._row(row, covered) for row in rows)
        self.blocks.append(Table(placed, start, self.at))
        self._write("\n")

    def document(self) -> Document:
        return Document("".join(self.parts), tuple(self.blocks))

    def _row(self, row: Sequence[GridCell], covered: dict[int, int]) -> tuple[Cell, ...]:
        """Write one row; `covered` maps a column to how many rows below it is still covered from above."""
        begins = {cell.column: cell for cell in row}
        cells: list[Cell] = []
        below: dict[int, int] = {}
        for column in sorted({*begins, *covered}):
            self._write("\t")
            if column in begins:
                cell = begins[column]
                start, end = self._write(clean(cell.text).strip())
                cells.append(Cell(start, end, cell.row_span, cell.col_span))
                below[column] = cell.row_span - 1
            else:
                below[column] = covered[column] - 1
            self._write("\n")
        covered.clear()
        covered.update({column: left for column, left in below.items() if left > 0})
        self._write("\n")
        return tuple(cells)

    def _write(self, text: str) -> tuple[int, int]:
        start = self.at
        self.parts.append(text)
        self.at += len(text)
        return start, self.at


def settled(rows: Sequence[Sequence[GridCell]]) -> list[list[GridCell]]:
    """`rows` in which every place of the grid belongs to one cell, so that no cell hides another.

    Blank rows at the end go; row spans end inside the table; a place no cell begins in or covers
    gets an empty cell; a cell that would begin on another's place moves right.
    """
    kept = [list(row) for row in rows]
    while kept and not any(cell.text.strip() for cell in kept[-1]):
        kept.pop()
    covered: dict[int, int] = {}  # column → rows below that are covered from above
    return [_settled_row(row, covered, len(kept) - at) for at, row in enumerate(kept)]


def _settled_row(row: Sequence[GridCell], covered: dict[int, int], rows_left: int) -> list[GridCell]:
    """One row settled; `covered` is brought forward to the next row."""
    taken = {column for column, left in covered.items() if left > 0}
    below = {column: left - 1 for column, left in covered.items() if left > 1}
    cells: list[GridCell] = []
    column = 0
    for cell in sorted(row, key=lambda cell: cell.column):
        while column < cell.column or column in taken:
            if column not in taken:
                cells.append(GridCell("", column))
            column += 1
        rows, columns = min(cell.row_span, rows_left), 1
        while columns < cell.col_span and column + columns not in taken:
            columns += 1
        cells.append(GridCell(cell.text, column, rows, columns))
        below.update({at: rows - 1 for at in range(column, column + columns) if rows > 1})
        column += columns
    covered.clear()
    covered.update(below)
    return cells


def grid_lines(edges: Iterable[float], tolerance: float) -> dict[float, int]:
    """Each edge with the number of its grid line; edges within `tolerance` of a line's first are one line."""
    lines: dict[float, int] = {}
    first = None
    number = -1
    for edge in sorted(set(edges)):
        if first is None or edge - first > tolerance:
            first, number = edge, number + 1
        lines[edge] = number
    return lines


def plain_grid(rows: Iterable[Iterable[str]]) -> list[list[GridCell]]:
    """A grid without merged cells."""
    return [[GridCell(text, column) for column, text in enumerate(row)] for row in rows]


@dataclass
class _Open:
    text: str
    row: int
    column: int
    col_span: int
    row_span: int = 1


def merged_down(rows: Sequence[Sequence[tuple[str, int, int, bool]]]) -> list[list[GridCell]]:
    """A grid from Word's way of merging: rows of (text, column, col_span, continues the cell above).

    A continuing cell lengthens the cell that began above it in the same column; where none began,
    it is a cell of its own.
    """
    grid: list[list[_Open]] = []
    above: dict[int, _Open] = {}
    for number, row in enumerate(rows):
        begun: list[_Open] = []
        current: dict[int, _Open] = {}
        for text, column, col_span, continues in row:
            cell = above.get(column) if continues else None
            if cell is None:
                cell = _Open(text, number, column, col_span)
                begun.append(cell)
            else:
                cell.row_span = number - cell.row + 1
                cell.text = f"{cell.text}\n{text}".strip() if text.strip() else cell.text
            current[column] = cell
        grid.append(begun)
        above = current
    return [[GridCell(c.text, c.column, c.row_span, c.col_span) for c in row] for row in grid]
