"""Find the tables of a plain text: cells on lines of their own, rows with tabs, Markdown pipes.

A flattened table keeps a tab before each cell and a blank line between rows; cells may run over
several lines, and blank lines may stand inside cells. Where nothing but the header shows the columns,
the cells are a stream and rows begin at their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from soilrules.plantext.columns import UNIT_KINDS, header_kinds, kind_of
from soilrules.plantext.headings import ANNEX, MARK

Range = tuple[int, int]
FEWEST_BARS = 2
PIPE_RULE = re.compile(r"^[\s|:：\-—+=]+$")
SPACED = re.compile(r"[^\s]+(?: [^\s]+)*")
SECTION = re.compile("(?:第?[一二三四五六七八九十]{1,3}(?:[、.．]|章|部分))[^，。；：\t]{2,30}$")
FOOTNOTE = re.compile("(?:注|说明|备注|填表说明)(?:[0-9])?：")
GROUP = re.compile("(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)[^。；]{2,30}$")
INTEGER = re.compile(r"^（?[0-9]{1,3}）?[.、]?$")
MAX_BLANKS_IN_CELL = 1
UNFINISHED = ("，", "、", "；")
LOOK_AHEAD = 4
PROSE_LENGTH = 40
SHORTEST_HEADER, LONGEST_HEADER = 3, 12


@dataclass
class RawCell:
    """Source ranges of one cell, and whether a blank line stood before it."""

    pieces: list[Range]
    blank_before: bool = False


@dataclass
class RawGrid:
    """Rows of cells as found, none where the lines are no table after all; `first`, `last`: the lines they took."""

    rows: list[list[RawCell]]
    first: int
    last: int


def words_of(text: str, cell: RawCell) -> str:
    """The words of a cell without blanks."""
    return "".join("".join(text[start:end].split()) for start, end in cell.pieces)


def find_grids(text: str, lines: list[Range]) -> Iterator[RawGrid]:
    """Tables among the lines of a folded text, in order."""
    at = 0
    while at < len(lines):
        grid = _grid_at(text, lines, at)
        if grid:
            yield grid
            at = grid.last + 1
        else:
            at += 1


def _grid_at(text: str, lines: list[Range], at: int) -> RawGrid | None:
    start, end = lines[at]
    if start == end:
        return None
    first = text[start]
    if first == "|" or (first == " " and text[start:end].lstrip().startswith("|")):
        return _pipes(text, lines, at)
    if text.find("\t", start, end) >= 0:
        return _tabs(text, lines, at)
    if text.count("|", start, end) >= FEWEST_BARS:
        return _bars(text, lines, at)
    if (
        "  " in text[start:end].strip()
        and kind_of(text[start:end].split()[0] if text[start:end].split() else "") is not None
    ):
        return _spaced(text, lines, at)
    if end - start <= LONGEST_HEADER * 2 and kind_of(text[start:end].strip()) is not None:
        return _stream(text, lines, at)
    return None


def _pipes(text: str, lines: list[Range], at: int) -> RawGrid | None:
    rows: list[list[RawCell]] = []
    last = at
    for number in range(at, len(lines)):
        start, end = lines[number]
        line = text[start:end].strip()
        if not line.startswith("|"):
            break
        last = number
        if not PIPE_RULE.match(line):
            rows.append(_split(text, start, end, "|"))
    return RawGrid([row[1:] for row in rows] if len(rows) > 1 else [], at, last)


def _bars(text: str, lines: list[Range], at: int) -> RawGrid | None:
    """Rows with bars between their cells and none at the ends."""
    region = list(takewhile(lambda line: "|" in text[slice(*line)], lines[at:]))
    rows = [_split(text, start, end, "|") for start, end in region if not PIPE_RULE.match(text[start:end].strip())]
    headed = any(header_kinds([words_of(text, cell) for cell in row]) for row in rows[:LOOK_AHEAD])
    even = len(rows) >= SHORTEST_HEADER and len(set(map(len, rows))) == 1
    return RawGrid(rows, at, at + len(region) - 1) if len(rows) > 1 and (headed or even) else None


def _split(text: str, start: int, end: int, mark: str) -> list[RawCell]:
    cells, begin = [], start
    stop = start + len(text[start:end].rstrip().rstrip(mark)) if mark == "|" else end
    while True:
        cut = text.find(mark, begin, stop)
        cells.append(RawCell([(begin, cut if cut >= 0 else stop)]))
        if cut < 0:
            return cells
        begin = cut + 1


def _tabs(text: str, lines: list[Range], at: int) -> RawGrid | None:
    """A region of lines with tabs, with the lines that continue their cells."""
    last, blanks, number = at, 0, at + 1
    while number < len(lines):
        start, end = lines[number]
        if text.find("\t", start, end) >= 0:
            last, blanks = number, 0
        elif not text[start:end].strip():
            blanks += 1
        elif blanks > MAX_BLANKS_IN_CELL or not _continues(text, lines, number, blanks):
            break
        else:
            last, blanks = number, 0
        number += 1
    region = range(at, last + 1)
    inner = sum(1 for n in region if "\t" in text[lines[n][0] : lines[n][1]].strip())
    led = sum(1 for n in region if text[lines[n][0] : lines[n][1]].startswith("\t"))
    if inner > led:
        rows = _rows_by_line(text, lines, region)
    else:
        rows = _rows_by_blank(text, _cells(text, lines, region))
    return RawGrid(rows if _is_table(text, rows) else [], at, last)


def _is_table(text: str, rows: list[list[RawCell]]) -> bool:
    """Whether rows found by tabs are a table and not indented prose."""
    words = [[words_of(text, cell) for cell in row] for row in rows]
    if any(header_kinds(row) for row in words):
        return True
    wide = [row for row in words if len(row) > 1]
    return len(wide) > 1 and sum(len(cell) for row in wide for cell in row) < PROSE_LENGTH * sum(map(len, wide))


def _continues(text: str, lines: list[Range], number: int, blanks: int) -> bool:
    start, end = lines[number]
    line = text[start:end].strip()
    if ANNEX.match(line) or FOOTNOTE.match(line) or line.startswith("#"):
        return False
    if not blanks and not SECTION.match(line):
        return True
    ahead = range(number + 1, min(number + 1 + LOOK_AHEAD, len(lines)))
    return any(text.find("\t", *lines[n]) >= 0 for n in ahead)


def _rows_by_line(text: str, lines: list[Range], region: range) -> list[list[RawCell]]:
    rows: list[list[RawCell]] = []
    for number in region:
        start, end = lines[number]
        if "\t" in text[start:end] or GROUP.match(text[start:end].strip()):
            rows.append(_split(text, start, end, "\t"))
        elif rows and text[start:end].strip():
            rows[-1][-1].pieces.append((start, end))
    return _cells_whole(text, rows)


def _cells_whole(text: str, rows: list[list[RawCell]]) -> list[list[RawCell]]:
    """Rows cut by a line end inside a cell: two lines that make the header's width together."""
    width = next((len(row) for row in rows if header_kinds([words_of(text, cell) for cell in row])), 0)
    whole: list[list[RawCell]] = []
    for row in rows:
        if whole and 1 < len(whole[-1]) < width and len(whole[-1]) + len(row) - 1 == width:
            whole[-1][-1].pieces.extend(row[0].pieces)
            whole[-1].extend(row[1:])
        else:
            whole.append(row)
    return whole


def _cells(text: str, lines: list[Range], region: range) -> list[RawCell]:
    cells: list[RawCell] = []
    blank = True
    for number in region:
        start, end = lines[number]
        line = text[start:end]
        if not line.strip() and "\t" not in line:
            blank = True
            continue
        if "\t" in line:
            for cell in _split(text, start, end, "\t")[1 if line.startswith("\t") else 0 :]:
                cell.blank_before, blank = blank, False
                cells.append(cell)
        elif cells:
            cells[-1].pieces.append((start, end))
            blank = False
    return cells


def _rows_by_blank(text: str, cells: list[RawCell]) -> list[list[RawCell]]:
    groups: list[list[RawCell]] = []
    for cell in cells:
        if cell.blank_before or not groups:
            groups.append([])
        groups[-1].append(cell)
    if len(groups) > SHORTEST_HEADER and sum(len(group) == 1 for group in groups) > 0.8 * len(groups):
        rows = _rows_of_stream(text, cells)
        if rows:
            return rows
    return _merge_broken(text, groups)


def _merge_broken(text: str, groups: list[list[RawCell]]) -> list[list[RawCell]]:
    """Put rows together again that a blank line inside a cell has cut."""
    width = 0
    rows: list[list[RawCell]] = []
    broken = False
    for group in _titles_apart(text, groups):
        words = [words_of(text, cell) for cell in group]
        if header_kinds(words):
            width, broken = len(group), False
        elif broken and len(rows[-1]) + len(group) <= width + 2 and not INTEGER.match(words[0]):
            rows[-1].extend(group)
            broken = len(rows[-1]) < width - 1
            continue
        else:
            broken = _is_broken(words, width)
        rows.append(group)
    return rows


def _titles_apart(text: str, groups: list[list[RawCell]]) -> Iterator[list[RawCell]]:
    """A header that stands in one group with the titles above it is a row of its own."""
    for group in groups:
        words = [words_of(text, cell) for cell in group]
        cut = 0
        if len(group) > SHORTEST_HEADER and not header_kinds(words):
            cut = next(
                (
                    at
                    for at in range(1, min(len(group) - 1, 5))
                    if kind_of(words[at - 1]) is None and kind_of(words[at]) and header_kinds(words[at:])
                ),
                0,
            )
        for cell in group[:cut]:
            yield [cell]
        yield group[cut:]


def _is_broken(words: list[str], width: int) -> bool:
    if not width or len(words) >= width - 1:
        return False
    return len(words) > 1 or bool(INTEGER.match(words[0]))


def _stream(text: str, lines: list[Range], at: int) -> RawGrid | None:
    """A table whose cells stand one a line without tabs: it begins with its header words."""
    header: list[int] = []
    kinds: list[str] = []
    for number in range(at, min(at + 3 * LONGEST_HEADER, len(lines))):
        words = "".join(text[slice(*lines[number])].split())
        if not words:
            continue
        kind = kind_of(words)
        if kind is None or (kind == "number" and kinds):
            break
        header.append(number)
        kinds.append(kind)
    if len(header) < SHORTEST_HEADER or not UNIT_KINDS & set(kinds):
        return None
    if kinds[0] != "number":
        return _blocks(text, lines, header)
    last = _end_of_stream(text, lines, header[-1])
    cells = [RawCell([lines[n]]) for n in range(at, last + 1) if text[slice(*lines[n])].strip()]
    rows = _rows_of_stream(text, cells)
    return RawGrid(rows, at, last) if rows else None


def _spaced(text: str, lines: list[Range], at: int) -> RawGrid | None:
    """Columns set apart by two blanks or more: a header, then lines of as many cells."""
    rows: list[list[RawCell]] = []
    last = at
    for number in range(at, len(lines)):
        if not text[slice(*lines[number])].strip():
            continue
        cells = [RawCell([match.span()]) for match in SPACED.finditer(text, *lines[number])]
        if rows and len(cells) != len(rows[0]):
            break
        if not rows and not header_kinds([words_of(text, cell) for cell in cells]):
            return None
        rows.append(cells)
        last = number
    return RawGrid(rows, at, last) if len(rows) > 1 else None


def _blocks(text: str, lines: list[Range], header: list[int]) -> RawGrid | None:
    """Rows without numbers: as many lines together as the header has, a blank line between them."""
    rows: list[list[RawCell]] = [[]]
    last = header[0]
    for number in range(header[0], len(lines)):
        if text[slice(*lines[number])].strip():
            rows[-1].append(RawCell([lines[number]]))
            if len(rows[-1]) > len(header):
                break
        elif rows[-1]:
            if len(rows[-1]) != len(header):
                break
            last = number
            rows.append([])
    else:
        last = len(lines) - 1 if len(rows[-1]) == len(header) else last
    rows = [row for row in rows if len(row) == len(header)]
    return RawGrid(rows, header[0], last) if len(rows) > 1 else None


def _end_of_stream(text: str, lines: list[Range], at: int) -> int:
    last = at
    for number in range(at + 1, len(lines)):
        line = text[slice(*lines[number])].strip()
        if not line:
            continue
        if ANNEX.match(line) or len(line) > 600:
            break
        last = number
    return last


def _rows_of_stream(text: str, cells: list[RawCell]) -> list[list[RawCell]] | None:
    """Cut a stream of cells at its numbers; None where it shows no header or no numbers."""
    words = [words_of(text, cell) for cell in cells]
    head = next((n for n in range(len(words)) if kind_of(words[n]) == "number"), None)
    if head is None:
        return None
    width = _run_of_headings(words, head)
    if width < SHORTEST_HEADER:
        return None
    rows: list[list[RawCell]] = [[cell] for cell in cells[:head]]
    at, expected = head, 1
    while at < len(cells):
        if kind_of(words[at]) == "number":
            size = _run_of_headings(words, at)
            upper = _upper_storey(words, at, size)
            rows.append([cell for n, cell in enumerate(cells[at : at + size]) if n != upper])
            at += size
            continue
        starts = INTEGER.match(words[at]) and int(re.sub(r"\D", "", words[at])) in (1, expected)
        if starts:
            expected = int(re.sub(r"\D", "", words[at])) + 1
            rows.append([])
        elif _is_group_row(words, at, expected):
            rows.append([cells[at]])
            at += 1
            continue
        if at and len(rows[-1]) > 1 and words[at - 1].endswith(UNFINISHED):
            rows[-1][-1].pieces.extend(cells[at].pieces)
        else:
            rows[-1].append(cells[at])
        at += 1
    return rows


def _is_group_row(words: list[str], at: int, expected: int) -> bool:
    """A heading between rows: `二、严格管控`, followed by the next number or a repeated header."""
    if not MARK.match(words[at]) or INTEGER.match(words[at]) or at + 1 >= len(words):
        return False
    following = words[at + 1]
    return kind_of(following) == "number" or bool(
        INTEGER.match(following) and int(re.sub(r"\D", "", following)) in (1, expected)
    )


def _upper_storey(words: list[str], at: int, size: int) -> int | None:
    """`责任单位` over `牵头部门` and `配合部门`: the upper heading is no column."""
    kinds = [kind_of(words[at + n]) for n in range(size)]
    return next((n for n in range(size - 2) if kinds[n : n + 3] == ["responsible", "lead", "support"]), None)


def _run_of_headings(words: list[str], at: int) -> int:
    size = 0
    while at + size < len(words) and kind_of(words[at + size]) is not None and size < LONGEST_HEADER:
        if size and kind_of(words[at + size]) == "number":
            break
        size += 1
    return size
