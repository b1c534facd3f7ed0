"""From a document to its words, its paragraphs and its tables, in order of print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from soilrules.plantext.document import Document, Paragraph, Table
from soilrules.plantext.grids import Range, RawCell, RawGrid, find_grids
from soilrules.plantext.headings import ANNEX, MARK, MARKDOWN, SENTENCE_END
from soilrules.plantext.lexicon import ANY_LABEL, TITLE_END
from soilrules.plantext.normalise import close_numbers, fold, mask_noise, open_labels
from soilrules.plantext.source import Words

SHORT_LINE = 18
OPEN_BRACKET_REACH = 700
MAX_BLANKS = 3
LABELLED = re.compile(r"^(?:[\u4e00-\u9fff] ?){2,6}：")
CONTENTS = re.compile(r"[^\n]{2,60}?[.…·．•]{4,}[ ]*[0-9IVXivx-]{1,5}$")  # a line of the table of contents
LONGEST_DATED = 45
DATE_END = re.compile(r"(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日$")
OWN_LINE = re.compile(r"(?:通知|函|决定|令|政府|局|委员会|号|：|厅|办公室|文件)$")


@dataclass(frozen=True)
class Para:
    """A paragraph of the words; `level` and `numbering` only where the format knows them."""

    start: int
    end: int
    level: int | None = None
    numbering: str = ""


@dataclass(frozen=True)
class GridCell:
    """A cell of the words; a merged cell stands again, `inherited`, in every place it covers."""

    start: int
    end: int
    inherited: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of the words."""

    rows: tuple[tuple[GridCell, ...], ...]
    start: int


Item = Para | Grid


def lay_out(document: Document) -> tuple[Words, tuple[Item, ...]]:
    """The words of a document and what they are laid out in."""
    words = Words(document.text, close_numbers(open_labels(fold(mask_noise(document.text)))))
    items: list[Item] = []
    styled = any(isinstance(block, Table) or block.heading_level or block.numbering for block in document.blocks)
    known = {block.start: block for block in document.blocks if isinstance(block, Paragraph)}
    at = 0
    for block in document.blocks:
        if isinstance(block, Table):
            _lines(words, items, (at, block.start), known, styled)
            _table(words, items, block)
            at = block.end
    _lines(words, items, (at, len(document.text)), known, styled)
    words.finish()
    return words, tuple(items)


def _table(words: Words, items: list[Item], table: Table) -> None:
    """A table of the source format, every merged cell repeated where it covers."""
    held: dict[int, tuple[int, GridCell]] = {}  # column: rows still covered, the cell
    rows: list[tuple[GridCell, ...]] = []
    begin = len(words.at)
    for source_row in table.rows:
        row: list[GridCell] = []
        waiting = list(source_row)
        while waiting or len(row) in held:
            column = len(row)
            if column in held:
                left, covered = held.pop(column)
                row.append(GridCell(covered.start, covered.end, True))
                if left > 1:
                    held[column] = (left - 1, covered)
                continue
            cell = waiting.pop(0)
            placed = _cell(words, [(cell.start, cell.end)])
            for extra in range(cell.col_span):
                row.append(GridCell(placed.start, placed.end, extra > 0))
                if cell.row_span > 1:
                    held[column + extra] = (cell.row_span - 1, placed)
        rows.append(tuple(row))
    if rows:
        items.append(Grid(tuple(rows), begin))


def _cell(words: Words, pieces: list[Range]) -> GridCell:
    start, end = words.add(pieces)
    words.close()
    return GridCell(start, end)


def _lines(words: Words, items: list[Item], stretch: Range, known: dict[int, Paragraph], styled: bool) -> None:
    """Paragraphs and flattened tables of a stretch without tables of the format's own."""
    lines = _line_ranges(words.masked, *stretch)
    at = 0
    for grid in find_grids(words.masked, lines):
        if not grid.rows:
            continue
        _paragraphs(words, items, lines[at : grid.first], known, styled)
        _raw_grid(words, items, grid)
        at = grid.last + 1
    _paragraphs(words, items, lines[at:], known, styled)


def _line_ranges(text: str, start: int, end: int) -> list[Range]:
    ranges: list[Range] = []
    while start < end:
        cut = text.find("\n", start, end)
        stop = cut if cut >= 0 else end
        ranges.append((start, stop))
        start = stop + 1
    return ranges


def _raw_grid(words: Words, items: list[Item], grid: RawGrid) -> None:
    begin = len(words.at)
    rows = tuple(tuple(_raw_cell(words, cell) for cell in row) for row in grid.rows)
    items.append(Grid(rows, begin))


def _raw_cell(words: Words, cell: RawCell) -> GridCell:
    return _cell(words, cell.pieces)


def _paragraphs(words: Words, items: list[Item], lines: list[Range], known: dict[int, Paragraph], styled: bool) -> None:
    """Put broken lines together and add the paragraphs to the words."""
    pieces: list[Range] = []
    tail = ""
    blanks = 0
    for start, end in lines:
        line = words.masked[start:end].strip()
        if not line:
            blanks += 1
            continue
        if pieces and blanks <= MAX_BLANKS and _joins(tail, line, styled):
            pieces.append((start, end))
            tail = (tail + line)[-OPEN_BRACKET_REACH:]
        else:
            _add(words, items, pieces, known)
            pieces, tail = [(start, end)], line[-OPEN_BRACKET_REACH:]
        blanks = 0
    _add(words, items, pieces, known)


def _add(words: Words, items: list[Item], pieces: list[Range], known: dict[int, Paragraph]) -> None:
    if not pieces:
        return
    start, end = pieces[0]
    line = words.source[start:end]
    if len(pieces) == 1 and CONTENTS.match(words.masked[start:end].strip()):
        return
    block = known.get(start + len(line) - len(line.lstrip().lstrip("\ufeff\u200b")))
    level = block.heading_level if block else None
    markdown = MARKDOWN.match(words.masked, start, end)
    if markdown:
        level = len(markdown[1])
        pieces = [(markdown.end(), end), *pieces[1:]]
    first, last = words.add(pieces)
    words.close()
    if first < last:
        items.append(Para(first, last, level, block.numbering if block else ""))


def _joins(tail: str, line: str, styled: bool) -> bool:
    """Whether `line` goes on with the paragraph that ends in `tail`."""
    if LABELLED.match(line) or (LABELLED.match(tail) and len(tail) < SHORT_LINE * 3):
        return False
    begins_anew = MARK.match(line) or ANNEX.match(line) or ANY_LABEL.match(line.lstrip("（")) or line.startswith("#")
    if begins_anew:
        return False
    if tail.count("（") > tail.count("）") and "）" in line:
        return True
    if styled or tail.endswith(("）", "”", "》", "|", *SENTENCE_END)) or len(tail) < SHORT_LINE or tail.startswith("#"):
        return False
    if DATE_END.search(tail) and len(tail) < LONGEST_DATED and line[0] not in "前起至到之以内，、。；）":
        return False
    if "。" not in tail and (OWN_LINE.search(tail) or TITLE_END.search(tail) or MARK.match(tail)):
        return False
    return not line.startswith("（") or "）" not in line
