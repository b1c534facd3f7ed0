"""How officials lay out an Excel ledger: which row is the header, what each column holds, what is a section row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from soilrules.plantext.alignment import NUMBER
from soilrules.plantext.columns import TEXT_KINDS, UNIT_KINDS, kind_of
from soilrules.plantext.formats.sheets import Sheet, SheetRow
from soilrules.plantext.normalise import fold

UID = re.compile(r"^任务编码|^uid$", re.I)
PROGRESS = re.compile(r"进展|(?:完成|落实|推进|办理|工作|执行)情况(?!时间)|完成进度")
NOTE = re.compile(r"^备注|^说明$")
KEPT_KINDS = {"number", "deadline", "lead", "support", "responsible", "task", "text"}
ANCHORS = {"number", "deadline", "progress", *UNIT_KINDS}  # a header names one of these beside the task
EXTRA = "extra"  # a column the desk has no place for: its words are kept under its heading
DEEPEST_HEADER = 3
LEAST_KNOWN = 2


@dataclass(frozen=True)
class Place:
    """What one place of the grid shows; `own` where its cell begins here, else it is merged from above or left."""

    text: str = ""
    own: bool = True
    across: int = 1  # columns of the cell


@dataclass(frozen=True)
class GridRow:
    """A row of the sheet with every place filled, by its number in the sheet."""

    number: int
    places: tuple[Place, ...]
    deep: int = 1  # rows the tallest cell that begins here covers

    def text(self, column: int) -> str:
        return self.places[column].text if column < len(self.places) else ""


@dataclass(frozen=True)
class Header:
    """The columns of a ledger: kind and printed heading, by column."""

    kinds: tuple[str, ...]
    headings: tuple[str, ...]
    depth: int = 1  # rows it takes

    def columns(self, *kinds: str) -> list[int]:
        return [column for column, kind in enumerate(self.kinds) if kind in kinds]

    @property
    def unknown(self) -> list[str]:
        return [heading for kind, heading in zip(self.kinds, self.headings, strict=True) if kind == EXTRA and heading]


def grid_of(sheet: Sheet) -> list[GridRow]:
    """The rows of a sheet with merged cells repeated in every place they cover."""
    width = max((cell.column + cell.col_span for row in sheet.rows for cell in row.cells), default=0)
    held: dict[int, tuple[int, str]] = {}  # column → rows still covered, the text
    return [_grid_row(row, width, held) for row in sheet.rows]


def _grid_row(row: SheetRow, width: int, held: dict[int, tuple[int, str]]) -> GridRow:
    places = [Place(held[column][1], own=False) if column in held else Place() for column in range(width)]
    below = {column: (left - 1, text) for column, (left, text) in held.items() if left > 1}
    for cell in row.cells:
        for column in range(cell.column, min(width, cell.column + cell.col_span)):
            places[column] = Place(cell.text, column == cell.column, cell.col_span)
            if cell.row_span > 1:
                below[column] = (cell.row_span - 1, cell.text)
    held.clear()
    held.update(below)
    deep = max((cell.row_span for cell in row.cells if cell.text), default=1)
    return GridRow(row.number, tuple(places), deep)


def header_at(rows: Sequence[GridRow], at: int) -> Header | None:
    """The header that begins at row `at`: one row, or several where its cells are merged over them."""
    depth = min(rows[at].deep, DEEPEST_HEADER, len(rows) - at)
    headings = tuple(_heading(rows[at : at + depth], column) for column in range(len(rows[at].places)))
    lowest = rows[at + depth - 1]
    kinds = tuple(_kind_over(heading, lowest.text(column)) for column, heading in enumerate(headings))
    known = [kind for kind in kinds if kind != EXTRA]
    printed = [heading for heading in headings if heading]
    if not TEXT_KINDS & set(known) or not ANCHORS & set(known):
        return None
    if len(known) < LEAST_KNOWN or len(known) * 2 < len(printed):
        return None
    return Header(kinds, headings, depth)


def _heading(rows: Sequence[GridRow], column: int) -> str:
    """The words over a column: `责任单位` above `牵头` reads as both."""
    words: list[str] = []
    for row in rows:
        text = "".join(row.text(column).split())
        if text and text not in words:
            words.append(text)
    return "".join(words)


def _kind_over(heading: str, lowest: str) -> str:
    """`牵头` under `责任单位` says who leads: the lowest word decides between roles."""
    kind = kind_of(fold("".join(lowest.split())))
    return kind if kind in UNIT_KINDS else _kind(heading)


def _kind(heading: str) -> str:
    words = fold(heading)
    if UID.search(words):
        return "uid"
    if PROGRESS.search(words):
        return "progress"
    if NOTE.search(words):
        return "note"
    kind = kind_of(words)
    return kind if kind in KEPT_KINDS else EXTRA


def lone_text(row: GridRow) -> Place | None:
    """The only cell of a row that prints anything; None where there are several or none."""
    full = [place for place in row.places if place.text]
    return full[0] if len([place for place in full if place.own]) == 1 and len({p.text for p in full}) == 1 else None


def is_section(row: GridRow, header: Header) -> bool:
    """A heading between the rows: one text across the columns, or alone in the first one and no number."""
    lone = lone_text(row)
    if lone is None or not lone.own:
        return False
    first = row.places[0].text == lone.text
    return lone.across >= len(header.kinds) - 1 > 0 or (first and not NUMBER.match(fold(lone.text)))
