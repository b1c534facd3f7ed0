"""PDF with a text layer: paragraphs by pypdfium2, ruled tables by pdfplumber.

A table that goes on at the top of the next page is one table. A PDF of scanned pages is refused
with what to do about it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, GridCell
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.pdf_lines import (
    Line,
    Measure,
    Page,
    cell_text,
    measure,
    paragraphs,
    without_running_heads,
)

if TYPE_CHECKING:
    from pdfplumber.page import Page as RuledPage
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table as RuledTable

BOX_PATHS = 3  # fewer drawn paths than this make no table
SCANNED_BELOW = 20  # characters a page; a scanning program's own mark has fewer
GARBLED = re.compile("[\ue000-\uf8ff\ufffd]")
GARBLED_SHARE = 0.3
SNAP = 3.0  # points within which two rules are one
Grid = list[list[GridCell]]
Box = tuple[float, float, float, float]  # left, top, right, bottom from the page's top left
WordsIn = Callable[[Box], str]


@dataclass(frozen=True)
class _Placed:
    """A table of one page and where it stands."""

    page: int
    top: float
    bottom: float
    left: float
    right: float
    grid: Grid

    def holds(self, line: Line) -> bool:
        middle = (line.y0 + line.y1) / 2
        return self.bottom <= middle <= self.top and line.x1 > self.left and line.x0 < self.right


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
    ruled: PDF | None = None
    for number, source in enumerate(file):
        page = Page(number, *source.get_size())
        if source.get_rotation() or _path_count(source) >= BOX_PATHS:
            ruled = ruled or _open_ruled(data)
            found = list(_tables(ruled.pages[number], page, source))
            tables += found
            ruled.pages[number].close()
        else:
            found = []
        lines = _rotated_lines(ruled.pages[number], page) if ruled and source.get_rotation() else _lines(source, page)
        page.lines = [line for line in lines if not any(table.holds(line) for table in found)]
        pages.append(page)
    return pages, tables


def _open_ruled(data: bytes) -> PDF:
    import pdfplumber  # 0.3 s, and most plans have no ruled page

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    return pdfplumber.open(io.BytesIO(data))


def _path_count(source: pdfium.PdfPage) -> int:
    count = 0
    for _path in source.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        count += 1
        if count >= BOX_PATHS:
            break
    return count


def _lines(source: pdfium.PdfPage, page: Page) -> Iterator[Line]:
    with closing(source.get_textpage()) as text_page:
        text = text_page.get_text_range()
        at = 0
        for raw in text.split("\n"):
            first = at + len(raw) - len(raw.lstrip())
            last = at + len(raw.rstrip()) - 1
            at += len(raw) + 1
            if last < first:
                continue
            x0, y0, _x, y1 = text_page.get_charbox(first, loose=True)
            _x, low, x1, high = text_page.get_charbox(last, loose=True)
            yield Line(_clean(raw), page.number, x0, max(x1, x0), min(y0, low), max(y1, high))


def _clean(text: str) -> str:
    return text.replace("\ufffe", "").replace("\x02", "").strip()


def _rotated_lines(source: RuledPage, page: Page) -> Iterator[Line]:
    for line in source.extract_text_lines(return_chars=False):
        top, bottom = float(line["top"]), float(line["bottom"])
        x0, x1 = float(line["x0"]), float(line["x1"])
        yield Line(_clean(line["text"]), page.number, x0, x1, page.height - bottom, page.height - top)


def _tables(ruled: RuledPage, page: Page, source: pdfium.PdfPage) -> Iterator[_Placed]:
    words = _turned_words(ruled) if source.get_rotation() else _upright_words(source, page)
    for table in ruled.find_tables():
        if len(table.cells) < 2:
            continue
        left, top, right, bottom = (float(edge) for edge in table.bbox)
        yield _Placed(page.number, page.height - top, page.height - bottom, left, right, _grid(table, words))


def _upright_words(source: pdfium.PdfPage, page: Page) -> WordsIn:
    """Words in a box, by pdfium: five times as fast as pdfplumber, which knows turned pages."""
    text_page = source.get_textpage()

    def words(box: Box) -> str:
        left, top, right, bottom = box
        text: str = text_page.get_text_bounded(left, page.height - bottom, right, page.height - top)
        return _clean(text)

    return words


def _turned_words(ruled: RuledPage) -> WordsIn:
    return lambda box: ruled.crop(box, strict=False).extract_text() or ""


def _grid(table: RuledTable, words: WordsIn) -> Grid:
    """Cells of a ruled table by the edges they share: a merged cell spans the edges inside it."""
    across = _edges([edge for cell in table.cells for edge in (cell[0], cell[2])])
    down = _edges([edge for cell in table.cells for edge in (cell[1], cell[3])])
    rows: Grid = [[] for _row in range(len(down) - 1)]
    for x0, top, x1, bottom in sorted(table.cells, key=lambda cell: (cell[1], cell[0])):
        row, column = _nearest(down, top), _nearest(across, x0)
        spans = max(1, _nearest(down, bottom) - row), max(1, _nearest(across, x1) - column)
        rows[min(row, len(rows) - 1)].append(GridCell(cell_text(words((x0, top, x1, bottom))), column, *spans))
    return [sorted(row, key=lambda cell: cell.column) for row in rows]


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SNAP:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))


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
            if self.grid and _width(self.grid) != _width(table.grid):  # another table, not the same over the page
                self._close_table()
            self.grid = self.grid + table.grid
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


def _width(grid: Grid) -> int:
    return max(cell.column + cell.col_span for row in grid for cell in row)


def _columns(pages: list[Page]) -> dict[int, Measure]:
    by_width: dict[int, list[Line]] = {}
    for page in pages:
        by_width.setdefault(round(page.width), []).extend(page.lines)
    return {width: measure(lines) for width, lines in by_width.items() if lines}
