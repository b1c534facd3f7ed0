"""PDF with a text layer: paragraphs and ruled tables by pypdfium2, pages turned on their side by pdfplumber.

A table that goes on at the top of the next page is one table. A PDF of scanned pages is refused
with what to do about it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, GridCell, grid_lines
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.pdf_chars import Char, Printed, lines_of, read_chars, stacked
from soilrules.plantext.formats.pdf_lines import (
    Line,
    Measure,
    Page,
    cell_text,
    measure,
    paragraphs,
    without_running_heads,
)
from soilrules.plantext.formats.pdf_pages import Grid, continued, width
from soilrules.plantext.formats.pdf_rules import SNAP, ruled_tables

if TYPE_CHECKING:
    from pdfplumber.page import Page as RuledPage
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table as RuledTable

BOX_PATHS = 3  # fewer drawn paths than this make no table
SCANNED_BELOW = 20  # characters a page; a scanning program's own mark has fewer
GARBLED = re.compile("[\ue000-\uf8ff\ufffd]")
GARBLED_SHARE = 0.3


@dataclass(frozen=True)
class _Placed:
    """A table of one page and where it stands."""

    page: int
    top: float
    bottom: float
    left: float
    right: float
    grid: Grid

    def holds(self, printed: Line | Char) -> bool:
        """Whether a line or character stands in the table."""
        middle = (printed.y0 + printed.y1) / 2
        return self.bottom <= middle <= self.top and printed.x1 > self.left and printed.x0 < self.right


def read_pdf(data: bytes, filename: str) -> Document:
    """The document of a PDF; raises UnreadableFile."""
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableFile("formats.encrypted", filename=filename, kind="PDF") from error
        raise UnreadableFile("formats.damaged", filename=filename, kind="PDF", detail=str(error)) from error
    with closing(file):
        pages, tables = _read_pages(file, data)
        _refuse_pictures(file, pages, tables, filename)
    without_running_heads(pages)
    return _Assembler(pages, tables).document()


def _read_pages(file: pdfium.PdfDocument, data: bytes) -> tuple[list[Page], list[_Placed]]:
    pages: list[Page] = []
    tables: list[_Placed] = []
    turned = _Turned(data)
    for number, source in enumerate(file):
        page = Page(number, *source.get_size())
        if source.get_rotation() or _drawn_in_forms(source):
            found = turned.tables(page)
            lines = [line for line in turned.lines(page) if not any(table.holds(line) for table in found)]
        else:
            chars = read_chars(source)
            found = list(_tables(source, page, chars))
            outside = (char for char in chars if not any(table.holds(char) for table in found))
            lines = [_line(line, page) for line in lines_of(outside)]
        page.lines = lines
        tables += found
        pages.append(page)
    return pages, tables


def _drawn_in_forms(source: pdfium.PdfPage) -> bool:
    """Whether rules hide in reusable forms of the page, whose places pdfium does not tell."""
    return _path_count(source, 1) < BOX_PATHS <= _path_count(source, 4)


def _path_count(source: pdfium.PdfPage, depth: int) -> int:
    """How many paths are drawn, at most BOX_PATHS."""
    paths = source.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_PATH], max_depth=depth)
    return sum(1 for _path in islice(paths, BOX_PATHS))


def _line(printed: Printed, page: Page) -> Line:
    return Line(printed.text, page.number, printed.x0, printed.x1, printed.y0, printed.y1)


def _tables(source: pdfium.PdfPage, page: Page, chars: list[Char]) -> Iterator[_Placed]:
    for cells in ruled_tables(source):
        top, bottom = max(cell.top for cell in cells), min(cell.bottom for cell in cells)
        left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
        here = [char for char in chars if char.inside(left, bottom, right, top)]
        grid: Grid = [[] for _row in range(1 + max(cell.row for cell in cells))]
        for cell in cells:
            inside = [char for char in here if char.inside(cell.left, cell.bottom, cell.right, cell.top)]
            text = cell_text("\n".join(line.text for line in stacked(inside)))
            grid[cell.row].append(GridCell(text, cell.column, cell.row_span, cell.col_span))
        yield _Placed(page.number, top, bottom, left, right, grid)


class _Turned:
    """Pages turned on their side, and pages drawn in forms, through pdfplumber: slower, but it knows them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file: PDF | None = None

    def lines(self, page: Page) -> list[Line]:
        return [self._line(line, page) for line in self._page(page).extract_text_lines(return_chars=False)]

    def tables(self, page: Page) -> list[_Placed]:
        source = self._page(page)
        return [self._placed(table, source, page) for table in source.find_tables() if len(table.cells) > 1]

    def _page(self, page: Page) -> RuledPage:
        if self.file is None:
            import pdfplumber  # 0.3 s, and most plans have no such page

            logging.getLogger("pdfminer").setLevel(logging.ERROR)
            self.file = pdfplumber.open(io.BytesIO(self.data))
        return self.file.pages[page.number]

    @staticmethod
    def _line(line: dict[str, Any], page: Page) -> Line:
        top, bottom = page.height - float(line["top"]), page.height - float(line["bottom"])
        return Line(str(line["text"]).strip(), page.number, float(line["x0"]), float(line["x1"]), bottom, top)

    @staticmethod
    def _placed(table: RuledTable, source: RuledPage, page: Page) -> _Placed:
        left, top, right, bottom = (float(edge) for edge in table.bbox)
        across = grid_lines([edge for cell in table.cells for edge in (cell[0], cell[2])], SNAP)
        down = grid_lines([edge for cell in table.cells for edge in (cell[1], cell[3])], SNAP)
        grid: Grid = [[] for _row in range(max(down.values()))]
        for x0, y0, x1, y1 in table.cells:
            text = source.crop((x0, y0, x1, y1), strict=False).extract_text() or ""
            spans = max(1, down[y1] - down[y0]), max(1, across[x1] - across[x0])
            grid[down[y0]].append(GridCell(cell_text(text), across[x0], *spans))
        return _Placed(page.number, page.height - top, page.height - bottom, left, right, grid)


def _refuse_pictures(file: pdfium.PdfDocument, pages: list[Page], tables: list[_Placed], filename: str) -> None:
    text = "".join(line.text for page in pages for line in page.lines)
    text += "".join(cell.text for table in tables for row in table.grid for cell in row)
    garbled = len(GARBLED.findall(text))
    if garbled > GARBLED_SHARE * max(1, len(text)):
        raise UnreadableFile("formats.pdf_garbled", filename=filename, percent=100 * garbled // len(text))
    if not text.strip() or (len(text) < SCANNED_BELOW * len(pages) and _has_pictures(file)):
        raise UnreadableFile("formats.scanned_pdf", filename=filename, pages=len(pages))


def _has_pictures(file: pdfium.PdfDocument) -> bool:
    pictures = [pdfium_raw.FPDF_PAGEOBJ_IMAGE]
    return any(next(iter(page.get_objects(filter=pictures, max_depth=4)), None) is not None for page in file)


class _Assembler:
    """Puts lines and tables in order of print; both may go on over the page."""

    def __init__(self, pages: list[Page], tables: list[_Placed]) -> None:
        self.builder = DocumentBuilder()
        self.columns = _columns(pages)
        self.pages, self.tables = pages, tables
        self.lines: list[Line] = []
        self.grid: Grid = []

    def document(self) -> Document:
        for page in self.pages:
            self._page(page)
            following = self.pages[page.number + 1 : page.number + 2]
            if not following or round(following[0].width) != round(page.width):
                self._close_lines(page)
        self._close_table()
        return self.builder.document()

    def _page(self, page: Page) -> None:
        here = [table for table in self.tables if table.page == page.number]
        rest = page.lines
        for table in sorted(here, key=lambda table: -table.top):
            self._add_lines([line for line in rest if line.y0 > table.top - 1])
            rest = [line for line in rest if line.y0 <= table.top - 1]
            self._close_lines(page)
            if self.grid and width(self.grid) != width(table.grid):  # another table, not the same over the page
                self._close_table()
            self.grid = continued(self.grid, table.grid)
        self._add_lines(rest)

    def _add_lines(self, lines: list[Line]) -> None:
        if lines:
            self._close_table()
            self.lines += lines

    def _close_lines(self, page: Page) -> None:
        if self.lines:
            for text in paragraphs(self.lines, self.columns[round(page.width)], page.width):
                self.builder.paragraph(text)
        self.lines = []

    def _close_table(self) -> None:
        self.builder.table(self.grid)
        self.grid = []


def _columns(pages: list[Page]) -> dict[int, Measure]:
    by_width: dict[int, list[Line]] = {}
    for page in pages:
        by_width.setdefault(round(page.width), []).extend(page.lines)
    return {width: measure(lines) for width, lines in by_width.items() if lines}
