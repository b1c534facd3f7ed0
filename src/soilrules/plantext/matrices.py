"""Task tables with a column for each unit and marks in the cells: `★` leads, `☆` supports, as the legend says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from soilrules.plantext.building import TaskSeed, mention
from soilrules.plantext.columns import TEXT_KINDS, kind_of
from soilrules.plantext.draft import Role, TaskOrigin, UnitSource
from soilrules.plantext.layout import Grid
from soilrules.plantext.source import Words
from soilrules.plantext.units import Unit, is_unit

MARKS = "★☆●○▲△◆◇■□√✓✔◎※"
MARKED = re.compile(f"[{MARKS}]$")
LEGEND = re.compile(
    f'[“"]?(?P<mark>[{MARKS}])[”"]?(?:[为是]|表示|代表|指|：|—|-)*(?:(?P<lead>牵头|主办|主责)|(?P<support>配合|参与|协办|协助)|(?P<responsible>责任|负责|落实))'
)
ROLES = {"lead": Role.LEAD, "support": Role.SUPPORT, "responsible": Role.RESPONSIBLE}
REACH, LEAST_UNITS = 400, 2
"""How far around the table its legend may stand, in characters."""


def is_marked(words: Words, grid: Grid) -> bool:
    """Whether the header names units, and nothing but marks stands below them."""
    columns = _unit_columns(words, grid)
    held = [words.fold[row[at].start : row[at].end] for row in grid.rows[1:] for at in columns if at < len(row)]
    return len(columns) >= LEAST_UNITS and any(held) and all(not text or MARKED.match(text) for text in held)


def read_marked(words: Words, grid: Grid, roots: tuple[str, ...], part: int) -> Iterator[TaskSeed]:
    """One task a row; a mark the legend does not explain makes its unit responsible."""
    columns = _unit_columns(words, grid)
    header = grid.rows[0]
    end = max(cell.end for row in grid.rows for cell in row)
    legend = {
        match["mark"]: ROLES[match.lastgroup or ""]
        for match in LEGEND.finditer(words.fold, max(grid.start - REACH, 0), min(end + REACH, len(words.fold)))
    }
    kinds = [kind_of(words.fold[cell.start : cell.end]) for cell in header]
    named = [at for at, kind in enumerate(kinds) if kind in TEXT_KINDS]
    for row in grid.rows[1:] if named else ():
        if len(row) <= named[-1] or row[named[-1]].end <= row[named[-1]].start:
            continue
        text = row[named[-1]]
        seed = TaskSeed((text.start, text.end), TaskOrigin.TABLE, part, text.start, section=roots)
        for at, cell in enumerate(row):
            if at < len(kinds) and cell.end > cell.start and kinds[at] == "number":
                seed.number = words.printed[cell.start : cell.end].rstrip("、.")
            elif at in columns and cell.end > cell.start:
                role = legend.get(words.fold[cell.start], Role.RESPONSIBLE)
                unit = Unit(header[at].start, header[at].end, role, (cell.start, cell.end))
                seed.units.append(mention(words, unit, UnitSource.COLUMN))
            elif at < len(kinds) and cell.end > cell.start and kinds[at] == "deadline":
                seed.terms, seed.own_terms = [(cell.start, cell.end)], True
        yield seed


def _unit_columns(words: Words, grid: Grid) -> list[int]:
    header = [words.fold[cell.start : cell.end] for cell in grid.rows[0]]
    return [at for at, text in enumerate(header) if at and is_unit(text) and kind_of(text) is None]
