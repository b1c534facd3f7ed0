"""Characters of a PDF page with their boxes, put into lines by where they stand and not by when they were drawn.

Programs draw quotation marks and figures of another font after the rest of a line, and spread Chinese
beside figures by a quarter of a blank; both would leave marks in the wrong place and blanks nobody typed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]

LINE_ENDS = (0x0A, 0x0D)
UNPRINTED = (0x00, 0x02, 0xFFFE)  # 0x02: a hyphen pdfium puts at a broken word's end
SAME_LINE = 0.5  # of the height: characters whose middles are nearer stand on one line
LATIN_GAP, WIDE_GAP = 0.15, 1.2  # of the line's height


@dataclass(frozen=True)
class Char:
    """A character, its box in points (y upwards), and the line of text it was drawn in."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    line: int

    def inside(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether its middle is in the box."""
        return left <= (self.x0 + self.x1) / 2 <= right and bottom <= (self.y0 + self.y1) / 2 <= top


@dataclass(frozen=True)
class Printed:
    """A printed line: its text and box."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float


def read_chars(page: pdfium.PdfPage) -> list[Char]:
    """The typed characters of a page, without blanks that pdfium made up."""
    chars: list[Char] = []
    line = 0
    box = pdfium_raw.FS_RECTF()
    with closing(page.get_textpage()) as text_page:
        for at in range(text_page.count_chars()):
            code = pdfium_raw.FPDFText_GetUnicode(text_page, at)
            if code in LINE_ENDS:
                line += 1
            elif code not in UNPRINTED and not pdfium_raw.FPDFText_IsGenerated(text_page, at):
                pdfium_raw.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(box))
                chars.append(Char(chr(code), box.left, box.right, box.bottom, box.top, line))
    return chars


def lines_of(chars: Iterable[Char]) -> Iterator[Printed]:
    """The printed lines that `chars` make, in order of print."""
    for _line, group in groupby(chars, key=lambda char: char.line):
        yield from stacked(list(group))


def stacked(chars: list[Char]) -> Iterator[Printed]:
    """The printed lines of characters that stand one line below the other, as in a table cell."""
    line: list[Char] = []
    for char in sorted(chars, key=lambda char: -(char.y0 + char.y1)):
        if line and _middle(line[0]) - _middle(char) > SAME_LINE * max(line[0].y1 - line[0].y0, char.y1 - char.y0):
            yield from _printed(line)
            line = []
        line.append(char)
    yield from _printed(line)


def _middle(char: Char) -> float:
    return (char.y0 + char.y1) / 2


def _printed(chars: list[Char]) -> Iterator[Printed]:
    """The characters of one line, from left to right; nothing where all are blanks."""
    line = sorted(chars, key=lambda char: char.x0)
    inked = [char for char in line if not char.text.isspace()]
    if inked:
        low, high = min(char.y0 for char in inked), max(char.y1 for char in inked)
        yield Printed(_spaced(line).strip(), inked[0].x0, max(char.x1 for char in inked), low, high)


def _spaced(line: list[Char]) -> str:
    """The characters with blanks where Latin words part, and where columns do."""
    words = [line[0].text]
    for before, char in pairwise(line):
        gap = (char.x0 - before.x1) / max(1.0, char.y1 - char.y0)
        latin = before.text.isascii() and before.text.isalpha() and char.text.isascii() and char.text.isalpha()
        if gap > (LATIN_GAP if latin else WIDE_GAP) and not before.text.isspace() and not char.text.isspace():
            words.append(" ")
        words.append(char.text)
    return "".join(words)
