"""A document as handed to the reader: its text, and where its paragraphs and tables stand in it.

All offsets are characters into `Document.text`, half-open. Formats with real tables and heading
styles (docx, xlsx, html) say so here; plain text has paragraphs only, and its flattened tables
are found by the grammar.
"""

from __future__ import annotations

from dataclasses import dataclass

ZERO_WIDTH = "\ufeff\u200b"


@dataclass(frozen=True)
class Paragraph:
    """One line of text without its line end.

    `heading_level` is 1 for the outermost heading style, None where the format says nothing.
    `numbering` is an automatic number (`一、`, `（二）`, `1.`) that a word processor prints but does
    not store in the text.
    """

    start: int
    end: int
    heading_level: int | None = None
    numbering: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell; a merged cell stands once, where it begins, with its spans."""

    start: int
    end: int
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True)
class Table:
    """A table of the source format; a row lists only the cells that begin in it."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """Text with its blocks in order of print; blocks do not overlap."""

    text: str
    blocks: tuple[Block, ...]

    @classmethod
    def from_text(cls, text: str) -> Document:
        """Paragraphs of a plain text, one per non-empty line, without surrounding blanks."""
        blocks: list[Block] = []
        at = 0
        for line in text.split("\n"):
            words = line.strip().strip(ZERO_WIDTH)
            if words:
                begin = at + line.index(words)
                blocks.append(Paragraph(begin, begin + len(words)))
            at += len(line) + 1
        return cls(text, tuple(blocks))
