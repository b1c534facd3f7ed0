"""Reports written as documents (Word .docx, web pages): every table in them, with the lines above it.

A row is told by the number of its table and its number in that table: 1003 is row 3 of table 1 (a longer table takes
more figures). The tables are read by the same headings as a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from soilrules.labtables import headings
from soilrules.labtables.blocks import blocks
from soilrules.labtables.findings import LabTableRefused
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.limitlists import Limits, has_limits, limits_of, with_column, with_limits
from soilrules.labtables.notation import is_value, read
from soilrules.labtables.source import About, Chunk, Place, Row, Source, line_of
from soilrules.labtables.understanding import understand
from soilrules.labtables.workbook import chunks_of, head_of, spread
from soilrules.plantext.document import Document, Paragraph
from soilrules.plantext.formats import STRUCK, load
from soilrules.plantext.formats.archive import CELLS_LIMIT
from soilrules.plantext.formats.sheets import SheetRow, sheets_of

KIND = "document"
DOCUMENT_MB = 64  # packed, pictures and all
_STEPS = (1_000, 10_000, 100_000, 1_000_000)
_LINES = 20  # lines above a table that may speak of it
_SHOWN = 5  # words of a table that was not read
_OVER_COLUMNS = ("sample", "point", "analyte", "value", "unit", "corner")
_RESULTS = re.compile(r"(?:检测|监测|分析|测试|测定|检验)(?:结果|数据)|样品结果|results", re.I)
_OF_QUALITY = re.compile(r"(?:质控|质量控制|平行|空白|加标|标准样品|标准物质|回收率)[^，,。；及与和]{0,8}(?:结果|数据)")
_BESIDE = re.compile(
    r"质控|质量控制|质量保证|平行|空白|加标|标准物质|标准样品|回收率|评价标准|执行标准|标准限值|筛选值|管制值|检测方法|分析方法|仪器|quality control|blank|spike|duplicate|method",
    re.I,
)


class Table:
    """The rows of one table of a document, below the lines that stand above it."""

    def __init__(self, grid: Grid, step: int, *, with_lines: bool = True) -> None:
        lines = grid.above[-_LINES:] if with_lines else ()
        width = len(grid.cells[0])
        self._cells = [[line, *[""] * (width - 1)] for line in lines] + [list(row) for row in grid.cells]
        self._before = grid.number * step - len(lines)
        moved = [
            ((top + len(lines), left), (bottom + len(lines), right)) for (top, left), (bottom, right) in grid.merged
        ]
        marks = spread(self._cells, moved, {}) | {(row + len(lines) + 1, at): "struck_out" for row, at in grid.struck}
        placed = {(self._before + row, at): mark for (row, at), mark in marks.items()}
        self._about = About(KIND, sheet=f"表{grid.number}", marks=placed, step=step)

    @property
    def about(self) -> About:
        return self._about

    def head(self) -> Sequence[Row]:
        return head_of(self._cells, self._before)

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        return chunks_of(self._cells, after, wanted, self._before)

    def cell(self, row: int, column: int, heading: str) -> str:
        return f"{line_of(row, self._about.step)} {heading}"


@dataclass(frozen=True)
class Grid:
    """One table as printed: the lines above it, its cells, which of them are merged (rows from 0), and which struck out."""

    number: int
    above: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[Place, Place], ...]
    struck: tuple[Place, ...]

    @property
    def caption(self) -> str:
        """The line the table stands under."""
        return self.above[-1] if self.above else ""

    @property
    def words(self) -> str:
        """What tells the table to a person: its caption, or its first words."""
        first = [" ".join(text.split())[:20] for text in dict.fromkeys(self.cells[0]) if text]
        return f"表{self.number}（{self.caption[:30] or '、'.join(first[:_SHOWN])}）"

    @property
    def may_hold_results(self) -> bool:
        """Whether an analyte stands in it, and a number under a heading that may be one of results."""
        texts = {text for row in self.cells for text in row if text}
        free = [at for at, text in enumerate(self.cells[0]) if headings.parse(text).role in (None, "value", "ph")]
        numbers = any(is_value(row[at]) for row in self.cells[1:] for at in free)
        return not self.is_beside and numbers and any(headings.surely_analyte(text) for text in texts)

    @property
    def is_beside(self) -> bool:
        """Whether its caption says that it holds quality control, methods or limits, and no results of samples."""
        if _OF_QUALITY.search(self.caption):
            return True
        return bool(_BESIDE.search(self.caption)) and not _RESULTS.search(self.caption)


def open_document(data: bytes, name: str) -> list[tuple[Source, Layout]]:
    """Every table of results in a document with its layout. Raises LabTableRefused; UnreadableFile as `load` does."""
    grids = grids_of(load(data, name, limit_mb=DOCUMENT_MB, mark_struck=True))
    if not grids:
        raise LabTableRefused("no_tables", name=name)
    rows = max(len(one.cells) for one in grids) + _LINES
    step = next((one for one in _STEPS if one > rows), 0)
    if not step:
        raise LabTableRefused("sheet_too_large", name=name, sheet="", rows=rows, columns=0, limit=CELLS_LIMIT)
    parts: list[tuple[Source, Layout]] = []
    unread: list[str] = []
    beside: list[str] = []
    limits = limits_of(one.cells for one in grids)
    for grid in grids:
        found = _understood(grid, step, limits, parts[-1][1] if parts else None)
        parts += found
        if not found and (grid.is_beside or grid.may_hold_results):
            (beside if grid.is_beside else unread).append(grid.words)
    if not parts:
        raise _nothing(grids, name)
    source, layout = parts[0]
    return [(source, replace(layout, unread=tuple(unread), passed_over=tuple(beside))), *parts[1:]]


def _understood(grid: Grid, step: int, limits: Limits, before: Layout | None) -> list[tuple[Source, Layout]]:
    """The blocks of one table; none where it holds no results of samples."""
    if grid.is_beside:
        return []
    table = Table(grid, step)
    layout = understand(table.head())
    if layout is None:
        return _going_on(grid, step, limits, before) if before else []
    if not any(row.number > layout.after for row in table.head()):
        return []
    if limits and not has_limits(layout):
        header = layout.after - grid.number * step
        if layout.shape is not Shape.WIDE:
            table = Table(replace(grid, cells=with_column(grid.cells, layout, limits, header)), step)
        layout = with_limits(layout, limits, understand(table.head()))
    return blocks(table, replace(layout, kind=KIND, sheet=f"表{grid.number}"))


def _going_on(grid: Grid, step: int, limits: Limits, before: Layout) -> list[tuple[Source, Layout]]:
    """A table without headings below one it continues; nothing where it does not."""
    if before.lent and before.shape is not Shape.WIDE and len(grid.cells[0]) == len(before.headings) - 1:
        grid = replace(grid, cells=with_column(grid.cells, before, limits, 0))
    if not _goes_on(grid, before):
        return []
    layout = replace(before, after=grid.number * step, sheet=f"表{grid.number}")
    return blocks(Table(grid, step, with_lines=False), layout)


def _goes_on(grid: Grid, before: Layout) -> bool:
    """Whether a table without headings continues the one before: as wide, and results stand where they stood."""
    if len(grid.cells[0]) != len(before.headings):
        return False
    if any(headings.parse(text).role in _OVER_COLUMNS for text in grid.cells[0]):
        return False  # headings, of a table that was not understood
    texts = [grid.cells[0][value.column] for value in before.values]
    said = [text for text in texts if read(text).problem != "no_value"]
    return bool(said) and all(map(is_value, said)) and _named(grid, before)


def _named(grid: Grid, before: Layout) -> bool:
    if before.shape is Shape.WIDE:
        return True
    return headings.surely_analyte(grid.cells[0][before.roles["analyte"][0]])


def _nothing(grids: Sequence[Grid], name: str) -> LabTableRefused:
    """The refusal of a document none of whose tables holds results."""
    words = "；".join(one.words for one in grids[:_SHOWN])
    return LabTableRefused("no_table_of_results", name=name, count=len(grids), tables=words)


def grids_of(document: Document) -> list[Grid]:
    """The tables of a document in their order."""
    sheets = iter(sheets_of(document))
    found: list[Grid] = []
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(_plain(document.text[block.start : block.end]))
        else:
            found.append(_grid(next(sheets).rows, len(found) + 1, tuple(filter(None, above))))
            above = []
    return [one for one in found if one.cells and one.cells[0]]


def _plain(text: str) -> str:
    return " ".join(text.replace(STRUCK, "").split())


def _grid(rows: Sequence[SheetRow], number: int, above: tuple[str, ...]) -> Grid:
    width = max((cell.column + cell.col_span for row in rows for cell in row.cells), default=0)
    cells = [[""] * width for _ in rows]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    struck: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        for cell in row.cells:
            cells[at][cell.column] = _plain(cell.text)
            if STRUCK in cell.text:
                struck.append((at, cell.column))
            if cell.row_span > 1 or cell.col_span > 1:
                merged.append(((at, cell.column), (at + cell.row_span - 1, cell.column + cell.col_span - 1)))
    return Grid(number, above, tuple(map(tuple, cells)), tuple(merged), tuple(struck))
