"""A `Document` or its sheets as plain lists and back: what crosses from the limited reading process as JSON.

What comes back is checked as hostile: a span outside the text or out of order is an error.
"""

from __future__ import annotations

from typing import Any

from soilrules.plantext.document import Block, Cell, Document, Paragraph, Table
from soilrules.plantext.formats.builder import GridCell
from soilrules.plantext.formats.sheets import Sheet, SheetRow


def to_wire(document: Document) -> dict[str, Any]:
    return {"text": document.text, "blocks": [_packed(block) for block in document.blocks]}


def sheets_to_wire(sheets: tuple[Sheet, ...]) -> list[Any]:
    return [
        [
            sheet.name,
            [[row.number, [[c.text, c.column, c.row_span, c.col_span] for c in row.cells]] for row in sheet.rows],
        ]
        for sheet in sheets
    ]


def sheets_from_wire(wire: list[Any]) -> tuple[Sheet, ...]:
    """The sheets of `wire`; raises ValueError or TypeError where they are none."""
    return tuple(Sheet(str(name), tuple(SheetRow(int(at), _cells(cells)) for at, cells in rows)) for name, rows in wire)


def _cells(packed: list[Any]) -> tuple[GridCell, ...]:
    return tuple(GridCell(str(text), int(column), int(rows), int(columns)) for text, column, rows, columns in packed)


def _packed(block: Block) -> list[Any]:
    if isinstance(block, Paragraph):
        return ["p", block.start, block.end, block.heading_level, block.numbering]
    rows = [[[c.start, c.end, c.row_span, c.col_span] for c in row] for row in block.rows]
    return ["t", block.start, block.end, rows]


def from_wire(wire: dict[str, Any]) -> Document:
    """The document of `wire`; raises ValueError, TypeError or KeyError where it is not one."""
    text = wire["text"]
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}, expected str")
    blocks: list[Block] = []
    at = 0
    for packed in wire["blocks"]:
        block = _unpacked(packed)
        at = _checked(block.start, block.end, at, len(text))
        blocks.append(block)
    return Document(text, tuple(blocks))


def _unpacked(packed: list[Any]) -> Block:
    kind, start, end, *rest = packed
    if kind == "p":
        level, numbering = rest
        return Paragraph(int(start), int(end), None if level is None else int(level), str(numbering))
    if kind != "t":
        raise ValueError(f"block kind {kind!r}: expected p or t")
    rows = tuple(tuple(Cell(*map(int, cell)) for cell in row) for row in rest[0])
    at = int(start)
    for row in rows:
        for cell in row:
            at = _checked(cell.start, cell.end, at, int(end))
    return Table(rows, int(start), int(end))


def _checked(start: int, end: int, after: int, limit: int) -> int:
    if not after <= start <= end <= limit:
        raise ValueError(f"span [{start}, {end}) is out of order: expected between {after} and {limit}")
    return end
