"""Printed lines of PDF pages rejoined into paragraphs; running heads and page numbers dropped.

All measures are in points, y upwards as in the PDF.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

PAGE_NUMBER = re.compile(
    r"^[\s—–\-－‐―·•~～]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[\s—–\-－‐―·•~～]*$"
)
DIGIT = re.compile(r"\d+")
ITEM_START = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.．、](?!\d))"
)
SENTENCE_END = re.compile(r"[。；：！？;:!?）)]$")
NUMBER_BAND = 0.12  # of the page's height, at its top and bottom
HEAD_BAND = 0.10
REPEATS = 3
CENTRE_SLACK = 1.0  # line heights


@dataclass(frozen=True)
class Line:
    """One printed line of one page."""

    text: str
    page: int
    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def size(self) -> float:
        return max(1.0, self.y1 - self.y0)


@dataclass
class Page:
    """Lines and tables of one page; a table is placed by its top edge."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Measure:
    """The column of text on the pages of one width."""

    left: float
    right: float
    size: float
    pitch: float


def without_running_heads(pages: Sequence[Page]) -> None:
    """Drop page numbers, and lines that stand again and again in the top or bottom band."""
    seen = Counter(
        key for page in pages for key in {_key(line) for line in page.lines if _in_band(line, page, HEAD_BAND)}
    )
    often = {key for key, count in seen.items() if count >= max(REPEATS, len(pages) // 2)}
    for page in pages:
        page.lines = [line for line in page.lines if not _running(line, page, often)]


def _running(line: Line, page: Page, often: set[str]) -> bool:
    if PAGE_NUMBER.match(line.text) and _in_band(line, page, NUMBER_BAND):
        return True
    return _in_band(line, page, HEAD_BAND) and _key(line) in often


def _key(line: Line) -> str:
    return DIGIT.sub("#", "".join(line.text.split()))


def _in_band(line: Line, page: Page, band: float) -> bool:
    return line.y0 > page.height * (1 - band) or line.y1 < page.height * band


def measure(lines: Sequence[Line]) -> Measure:
    """The text column that `lines` fill."""
    lefts = Counter(round(line.x0) for line in lines)
    common = [left for left, count in lefts.items() if count >= 2] or list(lefts)
    rights = sorted(line.x1 for line in lines)
    sizes = sorted(line.size for line in lines)
    gaps = sorted(
        above.y0 - below.y0
        for above, below in itertools.pairwise(lines)
        if above.page == below.page and above.y0 > below.y0
    )
    size = sizes[len(sizes) // 2]
    pitch = gaps[len(gaps) // 2] if gaps else size * 1.5
    return Measure(min(common), rights[-1 - len(rights) // 20], size, pitch)


def paragraphs(lines: Sequence[Line], column: Measure, width: float) -> list[str]:
    """Lines rejoined into the texts of paragraphs; `width` is that of the page."""
    found: list[str] = []
    last: Line | None = None
    for line in lines:
        if last is not None and _continues(last, line, column, width):
            found[-1] = joined(found[-1], line.text)
        else:
            found.append(line.text)
        last = line
    return found


def _continues(above: Line, below: Line, column: Measure, width: float) -> bool:
    if abs(above.size - below.size) > 0.2 * column.size:
        return False
    same_page = above.page == below.page
    if same_page and above.y0 - below.y0 > 1.6 * column.pitch:
        return False
    if _title(above, column, width) and _title(below, column, width):
        return same_page
    if above.x1 < column.right - 1.6 * column.size or below.x0 > column.left + 0.8 * column.size:
        return False
    return not (ITEM_START.match(below.text) and SENTENCE_END.search(above.text))


def _title(line: Line, column: Measure, width: float) -> bool:
    """A line of a title: centred and larger than the text."""
    centred = abs((line.x0 + line.x1) / 2 - width / 2) < CENTRE_SLACK * line.size
    return centred and line.size > 1.15 * column.size and line.x0 > column.left + line.size


def joined(above: str, below: str) -> str:
    """Two printed lines as one: a blank only between Latin words."""
    latin = above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii() and below[:1].isalpha()
    return f"{above}{' ' if latin else ''}{below}"


def cell_text(text: str) -> str:
    """The lines of a table cell as one text; items keep lines of their own."""
    whole = ""
    for line in (line.strip() for line in text.splitlines()):
        if line:
            whole = f"{whole}\n{line}" if whole and ITEM_START.match(line) else joined(whole, line)
    return whole
