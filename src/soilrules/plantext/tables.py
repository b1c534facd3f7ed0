"""Tasks in tables: one per row, merged cells inherited, the header found by its words.

A header may be repeated at page breaks and may be missing on a continued table; rows of one cell are
headings between the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from soilrules.plantext.alignment import EMPTY, NUMBER, align
from soilrules.plantext.building import Stretch, TaskSeed, add_units, convention, mentions
from soilrules.plantext.columns import TEXT_KINDS, UNIT_KINDS, header_kinds, is_sorted, lower_storey
from soilrules.plantext.draft import Role, TaskOrigin, UnitMention, UnitSource
from soilrules.plantext.headings import ANNEX, MARK
from soilrules.plantext.layout import Grid, GridCell
from soilrules.plantext.lexicon import CONVENTION, REST_SUPPORT
from soilrules.plantext.reasons import Reason
from soilrules.plantext.source import Words
from soilrules.plantext.units import is_unit, units_in

ROLES = {"lead": Role.LEAD, "support": Role.SUPPORT, "responsible": Role.RESPONSIBLE}
LONGEST_HEADING = 60
REMARK = re.compile("(?:备?注|说明|填表说明)[：:0-9]")
SUM = re.compile("(?:合计|总计|小计|共计)$")


@dataclass
class TableState:
    """What carries from row to row: the columns, and the cells merged downwards."""

    kinds: tuple[str, ...] = ()
    titled: bool = False  # titles above the table join the section: it is an annex of what was read before
    sorted_by: bool = False  # the first column of words says of which group a task is, the next which task
    first_leads: bool = False  # the header says that the first unit leads
    rest_support: bool = False
    group: str = ""
    number: str | None = None
    titles: list[Stretch] = field(default_factory=list)
    units: list[UnitMention] = field(default_factory=list)
    body: GridCell | None = None  # the words of the row before: merged over rows that only divide the units
    remarks: list[Stretch] = field(default_factory=list)  # rows that are a remark on the whole table
    ended: int = -1  # where the last table ended: a continued one has no header


@dataclass(frozen=True)
class Row:
    """A row laid under its columns: ranges of the words by kind."""

    cells: dict[str, list[GridCell]]
    start: int


def is_task_table(words: Words, grid: Grid) -> bool:
    """Whether a table has a header with units."""
    return any(_header(words, row) for row in grid.rows[:12])


def _words(words: Words, row: tuple[GridCell, ...]) -> list[str]:
    return [words.fold[cell.start : cell.end] for cell in row]


def _header(words: Words, row: tuple[GridCell, ...]) -> list[str] | None:
    return header_kinds(_words(words, row))


def continues(words: Words, grid: Grid, state: TableState) -> bool:
    """Whether a table without a header goes on with the one before it."""
    width = max((len(row) for row in grid.rows), default=0)
    return bool(state.kinds) and grid.start == state.ended and abs(width - len(state.kinds)) <= 1 and width > 1


def read_table(words: Words, grid: Grid, state: TableState, roots: tuple[str, ...], part: int) -> Iterator[TaskSeed]:
    """The tasks of a table, in order; `state` carries over to a continued table."""
    if grid.start != state.ended:
        state.group, state.number, state.titles = "", None, []
        state.kinds, state.units, state.body = (), [], None
    title, fresh = "", False
    for row in grid.rows:
        texts = _words(words, row)
        kinds = header_kinds(texts)
        if kinds:
            state.kinds = tuple(kinds)
            state.sorted_by = is_sorted(kinds, texts)
            header = "".join(texts)
            state.first_leads = CONVENTION.search(header) is not None
            state.rest_support = REST_SUPPORT.search(header) is not None
            fresh = True
            continue
        if fresh and (lower := lower_storey(list(state.kinds), texts)):
            state.kinds = tuple(lower)
            continue
        fresh = False
        alone = _alone(texts, row)
        if alone is not None:
            title = _row_alone(words, row[alone], state, title)
        elif state.kinds and _is_group(texts, state.kinds):
            cell = next(cell for cell, text in zip(row[1:], texts[1:], strict=True) if text)
            state.group, state.number, state.titles = (
                words.printed[row[0].start : row[0].end] + "、" + words.printed[cell.start : cell.end],
                None,
                [],
            )
        elif state.kinds:
            above = () if ANNEX.match(title) else roots
            places = (*above, *((title,) if title and state.titled else ()), *((state.group,) if state.group else ()))
            yield from _task(words, row, state, places, part)
    state.ended = max((cell.end for row in grid.rows for cell in row), default=-1) + 1


def _row_alone(words: Words, cell: GridCell, state: TableState, title: str) -> str:
    """A row of one cell: a remark on the table, its title, or the heading of the rows below; returns the title."""
    text = words.fold[cell.start : cell.end]
    mark = MARK.match(text)
    if REMARK.match(text):
        state.remarks.append((cell.start, cell.end))
    elif not state.kinds and not (mark and mark.lastgroup == "chinese"):
        return _heading(words, cell, title)
    elif not NUMBER.match(text):
        state.group, state.number, state.titles = words.printed[cell.start : cell.end], None, []
    return title


def _is_group(texts: list[str], kinds: tuple[str, ...]) -> bool:
    """`一 | 源头防控 | | |`: a Chinese number, a heading, and nothing else."""
    return (
        kinds[0] == "number"
        and len([text for text in texts if text]) == 2
        and bool(texts[0])
        and all(char in "一二三四五六七八九十（）、" for char in texts[0])
    )


def _alone(texts: list[str], row: tuple[GridCell, ...]) -> int | None:
    """The column of the only cell of a heading row (one cell, or one cell merged over the row)."""
    full = [at for at, text in enumerate(texts) if text]
    if not full:
        return None
    same = {(row[at].start, row[at].end) for at in full}
    if len(same) == 1 and (len(full) == 1 or any(row[at].inherited for at in full[1:])):
        return full[0] if len(full) > 1 or full[0] == 0 or len(texts) == 1 or len(texts[full[0]]) > 3 else None
    return None


def _heading(words: Words, cell: GridCell, before: str) -> str:
    text = words.printed[cell.start : cell.end]
    match = ANNEX.match(words.fold, cell.start, cell.end)
    if match and before == "":
        return text[: match.end() - cell.start].rstrip("：:") if match.end() - cell.start >= len(text) // 3 else text
    return f"{before} {text}" if before and ANNEX.match(before) else text


def _laid(words: Words, row: tuple[GridCell, ...], state: TableState) -> dict[str, list[tuple[int, GridCell]]]:
    texts = _words(words, row)
    columns = align(state.kinds, texts)
    cells: dict[str, list[tuple[int, GridCell]]] = {}
    for column, cell in zip(columns, row, strict=True):
        cells.setdefault(state.kinds[column], []).append((column, cell))
    return cells


def _task(
    words: Words, row: tuple[GridCell, ...], state: TableState, places: tuple[str, ...], part: int
) -> Iterator[TaskSeed]:
    """The task of one row; rows without words or without anything new are none."""
    cells = _laid(words, row, state)
    texts = [cell for kind in state.kinds if kind in TEXT_KINDS for _, cell in cells.get(kind, [])]
    texts = sorted({(cell.start, cell.end): cell for cell in texts}.values(), key=lambda cell: row.index(cell))
    filled = [cell for cell in texts if cell.end > cell.start]
    number = next((cell for _, cell in cells.get("number", []) if cell.end > cell.start), None)
    if not filled and number and state.body and _names_units(words, cells):
        filled = texts = [state.body]
    if not filled or any(SUM.match(words.fold[cell.start : cell.end]) for cell in row):
        return
    led = any(column == _first_text(state.kinds) for kind in TEXT_KINDS for column, _ in cells.get(kind, []))
    body, title, outer = _split_texts(words, texts, filled, state, led=led)
    state.body = body
    if number:
        state.number = words.printed[number.start : number.end].rstrip("、.")
    inherits = number is None and outer is None and not (texts[0].end > texts[0].start and len(filled) > 1)
    seed = TaskSeed(
        (body.start, body.end),
        TaskOrigin.TABLE,
        part,
        body.start,
        number=state.number if number or inherits else None,
        title=title,
        section=(*places, *((outer,) if outer else ())),
    )
    seed.terms = [(cell.start, cell.end) for _, cell in cells.get("deadline", []) if cell.end > cell.start]
    seed.own_terms = bool(seed.terms)
    _units(words, cells, state, seed)
    if _merged_units(words, cells):
        seed.units = [
            replace(unit, name=replace(unit.name, confidence=0.6, reason=Reason.UNIT_INHERITED)) for unit in state.units
        ]
    state.units = seed.units
    yield seed


def _merged_units(words: Words, cells: dict[str, list[tuple[int, GridCell]]]) -> bool:
    """All unit cells of the row are empty (not `/`): a merged cell above speaks for it."""
    held = [cell for kind in UNIT_KINDS for _, cell in cells.get(kind, [])]
    return bool(held) and all(cell.end == cell.start for cell in held)


def _names_units(words: Words, cells: dict[str, list[tuple[int, GridCell]]]) -> bool:
    """Whether the unit cells of the row hold units and nothing else: the words above are merged over it."""
    held = [
        unit for kind in UNIT_KINDS for _, cell in cells.get(kind, []) for unit in units_in(words, cell.start, cell.end)
    ]
    return bool(held) and all(is_unit(words.fold[unit.start : unit.end]) for unit in held)


def _first_text(kinds: tuple[str, ...]) -> int:
    return next(at for at, kind in enumerate(kinds) if kind in TEXT_KINDS)


def _split_texts(
    words: Words, texts: list[GridCell], filled: list[GridCell], state: TableState, *, led: bool
) -> tuple[GridCell, Stretch | None, str | None]:
    """Which cell is the task's text, which its title, and which a merged title above it.

    `led` is whether the row has a cell in the first column of words; a merged one may be missing altogether.
    """
    if led and texts[0].end > texts[0].start:
        state.titles = [(texts[0].start, texts[0].end)] if len(texts) > 1 else []
    body = filled[-1]
    inner = [(cell.start, cell.end) for cell in filled[:-1]]
    outer = state.titles[0] if state.titles else None
    if outer and inner and inner[0] == outer:
        inner = inner[1:]
    if inner:
        shown = words.printed[slice(*outer)][:LONGEST_HEADING] if outer else None
        return body, inner[-1], shown
    if outer and state.sorted_by:
        return body, None, words.printed[slice(*outer)][:LONGEST_HEADING]
    return body, outer if outer != (body.start, body.end) else None, None


def _units(words: Words, cells: dict[str, list[tuple[int, GridCell]]], state: TableState, seed: TaskSeed) -> None:
    for kind in ("lead", "support", "responsible"):
        for column, cell in cells.get(kind, []):
            if cell.end <= cell.start or EMPTY.match(words.fold[cell.start : cell.end]):
                continue
            found = mentions(
                words,
                units_in(words, cell.start, cell.end, ROLES[state.kinds[column]]),
                UnitSource.COLUMN,
                (cell.start, cell.end),
            )
            if state.first_leads and kind == "responsible":
                found = convention(found, state.rest_support)
            add_units(seed, found)
