"""Word 97–2003 files (.doc, .wps): text through the piece table, tables and headings through paragraph properties.

Source of the structures and their names: Microsoft [MS-DOC] (FIB, Clx, PlcBtePapx, PapxFkp, sprm).
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import olefile  # type: ignore[import-untyped]

from soilrules.plantext.document import Document
from soilrules.plantext.formats.builder import DocumentBuilder, grid_lines, merged_down
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.numbering import ListRef, Numbering
from soilrules.plantext.formats.word_lists import read_lists
from soilrules.plantext.formats.word_properties import Look, StyleSheet, applied

WORD_MAGIC = 0xA5EC
FIRST_WORD_97 = 0x00C1
ENCRYPTED, TABLE_1 = 0x0100, 0x0200
FC_CLX, FC_BTE_PAPX = 0x01A2, 0x0102
CCP_TEXT, CCP_FOOTNOTES, CCP_HEADERS, CCP_MACROS, CCP_NOTES, CCP_ENDNOTES, CCP_BOXES = range(0x4C, 0x68, 4)
COMPRESSED = 0x40000000
PAGE = 512
SNAP = 100  # twips within which cell edges of two rows are one
MERGE_CONTINUES, MERGE_ACROSS = 0x20, 0x2  # in the cell's flags; 0x60 begins a merge downwards
FIELD_CODE = re.compile("\x13([^\x13\x14\x15]*)(?:\x14([^\x13\x14\x15]*))?\x15")
FIELD_DEPTH = 8
CONTENTS = re.compile("^[\\s\0]*TOC\\b")
OBJECTS = re.compile("[\x01\x02\x05\x08\x13\x14\x15]")
PARAGRAPH_END = re.compile("[^\r\x07\x0c]*[\r\x07\x0c]|[^\r\x07\x0c]+")


@dataclass(frozen=True)
class _Piece:
    """Characters `[first, last)` of the text and the byte they begin at."""

    first: int
    last: int
    offset: int
    width: int  # bytes per character


def read_doc(data: bytes, filename: str) -> Document:
    """The document of a Word binary file; raises UnreadableFile."""
    with olefile.OleFileIO(data) as ole:
        word = ole.openstream("WordDocument").read()
        magic, version = struct.unpack_from("<HH", word)
        flags = struct.unpack_from("<H", word, 0x0A)[0]
        if magic != WORD_MAGIC or version < FIRST_WORD_97:
            raise UnreadableFile("formats.old_word", filename=filename, version=version)
        if flags & ENCRYPTED:
            raise UnreadableFile("formats.encrypted", filename=filename, kind="doc")
        table = ole.openstream("1Table" if flags & TABLE_1 else "0Table").read()
        extra = ole.openstream("Data").read() if ole.exists("Data") else b""
    pieces = tuple(_pieces(word, table))
    looks = _Looks(word, table, extra)
    return _Assembler(word, pieces, looks, read_lists(word, table)).document()


def _pieces(word: bytes, table: bytes) -> Iterator[_Piece]:
    at, length = struct.unpack_from("<II", word, FC_CLX)
    clx = table[at : at + length]
    at = 0
    while clx[at] == 1:  # property blocks before the piece table
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    for index in range(count):
        where = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        if where & COMPRESSED:
            yield _Piece(ends[index], ends[index + 1], (where & ~COMPRESSED) // 2, 1)
        else:
            yield _Piece(ends[index], ends[index + 1], where, 2)


class _Looks:
    """Paragraph properties by the byte at which a paragraph ends."""

    def __init__(self, word: bytes, table: bytes, extra: bytes) -> None:
        self.extra = extra
        self.styles = StyleSheet.parse(word, table)
        self.starts: list[int] = []
        self.looks: list[Look] = []
        at, length = struct.unpack_from("<II", word, FC_BTE_PAPX)
        count = (length - 4) // 8
        pages = struct.unpack_from(f"<{count}I", table, at + 4 * (count + 1)) if count > 0 else ()
        for number in pages:
            self._page(word[(number & 0x3FFFFF) * PAGE : ((number & 0x3FFFFF) + 1) * PAGE])

    def at(self, offset: int) -> Look:
        """Properties of the paragraph that contains the byte `offset`."""
        found = bisect_right(self.starts, offset) - 1
        return self.looks[found] if found >= 0 else Look()

    def _page(self, page: bytes) -> None:
        count = page[PAGE - 1]
        starts = struct.unpack_from(f"<{count + 1}I", page)
        for index in range(count):
            where = page[4 * (count + 1) + 13 * index] * 2
            self.starts.append(starts[index])
            self.looks.append(self._look(_papx(page, where)) if where else Look())

    def _look(self, papx: bytes) -> Look:
        if len(papx) < 2:
            return Look()
        return applied(self.styles.look(struct.unpack_from("<H", papx)[0], self.extra), papx[2:], self.extra)


def _papx(page: bytes, at: int) -> bytes:
    size = page[at]
    return page[at + 1 : at + 2 * size] if size else page[at + 2 : at + 2 + 2 * page[at + 1]]


@dataclass
class _RawRow:
    texts: list[str]
    cells: tuple[tuple[int, int, int], ...]


class _Assembler:
    """Walks the paragraphs of the main text and then of the text boxes."""

    def __init__(self, word: bytes, pieces: tuple[_Piece, ...], looks: _Looks, numbering: Numbering) -> None:
        self.word, self.pieces, self.looks, self.numbering = word, pieces, looks, numbering
        self.builder = DocumentBuilder()
        self.rows: list[_RawRow] = []
        self.row: list[str] = []
        self.cell: list[str] = []

    def document(self) -> Document:
        counts = dict(
            zip(range(CCP_TEXT, CCP_BOXES + 4, 4), struct.unpack_from("<7I", self.word, CCP_TEXT), strict=True)
        )
        main = counts[CCP_TEXT]
        boxes = sum(count for place, count in counts.items() if place < CCP_BOXES)
        self._stretch(0, main)
        self._stretch(boxes, boxes + counts[CCP_BOXES])
        return self.builder.document()

    def _stretch(self, first: int, last: int) -> None:
        for words, mark, look in self._paragraphs(first, last):
            self._take(words, mark, look)
        self._close_table()

    def _take(self, words: str, mark: str, look: Look) -> None:
        if not look.in_table and mark != "\x07":
            self._close_table()
            self.builder.paragraph(words, look.heading_level)
        elif look.row_end and not look.deep:
            self.rows.append(_RawRow(self.row, look.cells))
            self.row, self.cell = [], []
        elif mark == "\x07" and not look.deep:
            self.row.append("\n".join([*self.cell, words]).strip())
            self.cell = []
        elif words.strip():
            self.cell.append(words)

    def _close_table(self) -> None:
        if self.row or self.cell:  # a row cut off before its end mark
            self.rows.append(_RawRow([*self.row, *self.cell], ()))
        if self.rows:
            self.builder.table(merged_down(list(_grid(self.rows))))
        self.rows, self.row, self.cell = [], [], []

    def _paragraphs(self, first: int, last: int) -> Iterator[tuple[str, str, Look]]:
        """Words, end mark and properties of each paragraph in characters `[first, last)`."""
        text, offsets = self._text(first, last)
        visible = _without_codes(text)
        at = 0
        for match in PARAGRAPH_END.finditer(visible):
            at = match.end() - 1
            mark = visible[at] if visible[at] in "\r\x07\x0c" else ""
            words = OBJECTS.sub("", match[0].rstrip("\r\x07\x0c").replace("\x1e", "-").replace("\x1f", ""))
            look = self.looks.at(offsets(at))
            yield self._number(words, look) + words.replace("\0", ""), mark, look

    def _number(self, words: str, look: Look) -> str:
        if not look.list_id or look.row_end or not words.strip("\0 \t"):
            return ""
        return self.numbering.next_number(ListRef(str(look.list_id), look.list_level))

    def _text(self, first: int, last: int) -> tuple[str, _Offsets]:
        parts: list[str] = []
        runs: list[tuple[int, int, int]] = []
        done = 0
        for piece in self.pieces:
            begin, end = max(piece.first, first), min(piece.last, last)
            if begin >= end:
                continue
            at = piece.offset + (begin - piece.first) * piece.width
            raw = self.word[at : at + (end - begin) * piece.width]
            words = raw.decode("cp1252", "replace") if piece.width == 1 else raw.decode("utf-16-le", "replace")
            words = words if len(words) == end - begin else _one_each(raw)
            parts.append(words)
            runs.append((done, at, piece.width))
            done += len(words)
        return "".join(parts), _Offsets(runs)


def _one_each(raw: bytes) -> str:
    """UTF-16 with one character per unit, so that surrogate pairs do not shift what follows."""
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))


def _without_codes(text: str) -> str:
    """`text` with fields as shown, innermost first; a table of contents shows nothing."""
    for _depth in range(FIELD_DEPTH):
        text, count = FIELD_CODE.subn(_field_result, text)
        if not count:
            break
    return text


def _field_result(match: re.Match[str]) -> str:
    """The shown result of a field, padded with zeros so that later characters keep their places."""
    shown = "" if CONTENTS.match(match[1]) else match[2] or ""
    return "\0" * (len(match[0]) - len(shown)) + shown


class _Offsets:
    """The byte of the file at which a character of the text stands."""

    def __init__(self, runs: list[tuple[int, int, int]]) -> None:
        self.firsts = [run[0] for run in runs]
        self.runs = runs

    def __call__(self, character: int) -> int:
        first, offset, width = self.runs[bisect_right(self.firsts, character) - 1]
        return offset + (character - first) * width


def _grid(rows: list[_RawRow]) -> Iterator[list[tuple[str, int, int, bool]]]:
    """Rows on one grid: the left edges of all cells are its columns."""
    column = grid_lines((edge for row in rows for left, right, _flags in row.cells for edge in (left, right)), SNAP)
    for row in rows:
        if len(row.cells) < len(row.texts) or not row.cells:
            yield [(text, at, 1, False) for at, text in enumerate(row.texts)]
            continue
        cells: list[tuple[str, int, int, bool]] = []
        for text, (left, right, flags) in zip(row.texts, row.cells, strict=False):
            if flags & MERGE_ACROSS and cells:
                before, at, _span, continues = cells[-1]
                cells[-1] = (before, at, column[right] - at, continues)
            else:
                continues = flags & 0x60 == MERGE_CONTINUES
                cells.append((text, column[left], max(1, column[right] - column[left]), continues))
        yield cells
