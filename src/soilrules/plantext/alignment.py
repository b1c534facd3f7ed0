"""Lay the cells of a row under the columns of its table where merged or split cells left too many or too few."""

from __future__ import annotations

import re
from functools import lru_cache

from soilrules.deadlines.model import DeadlineKind
from soilrules.deadlines.parse import parse
from soilrules.plantext.columns import TEXT_KINDS, UNIT_KINDS

NUMBER = re.compile(r"^[（(]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,4})(?:[-.][0-9]{1,3})*[）)]?[、.]?$")
EMPTY = re.compile(r"^[-—–/无\s]*$")
UNIT_LIST = re.compile(
    r"(?:局|委|办|厅|政府|街道|镇|乡|街|办事处|管委会|公司|中心|支队|大队|队|院|站|所|单位|部门|处|机构|县|区|市|园区|企业|室|组|社|会|等|落实|负责|配合|牵头|参与|分局|集团)"
    r"(?:（[^（）]*）)?[。；]?$"
)
PIECES = re.compile("[、，；。]")
SURELY_SHORT = 30
LONGEST_TERM, LONGEST_UNIT_LIST = 40, 400
SKIP = -0.6  # a column passed over
AGAIN = {"number": -1.2, "deadline": -1.2, "support": -0.3}  # a second cell in a column; further units rather support
REPEAT = -0.4
MISFITS = 2  # so many cells in a wrong column mean that the row is shifted
SHIFTED = 4.0  # how much better another layout must suit where fewer cells misfit
FAR = -1e9


@lru_cache(maxsize=4096)
def is_term(cell: str) -> bool:
    """Whether a cell is nothing but a term."""
    if not cell or len(cell) > LONGEST_TERM:
        return False
    terms = parse(cell, plan_year=2000)
    covered = sum(len(term.text) for term in terms)
    return bool(terms) and (terms[0].kind is DeadlineKind.STANDING or covered * 2 >= len(cell))


def is_unit_list(cell: str) -> bool:
    """Whether a cell reads like a list of units."""
    if not cell or len(cell) > LONGEST_UNIT_LIST or "。" in cell[:-1]:
        return False
    if UNIT_LIST.search(cell) is None:
        return False
    pieces = [piece for piece in PIECES.split(cell) if piece]
    return len(cell) <= SURELY_SHORT or 2 * sum(UNIT_LIST.search(piece) is not None for piece in pieces) >= len(pieces)


def fit(kind: str, cell: str) -> float:
    """How well a cell suits a column of a kind."""
    if EMPTY.match(cell):
        return 0.5
    if kind == "number":
        return 3.0 if NUMBER.match(cell) else -3.0
    if kind == "deadline":
        return 3.0 if is_term(cell) else -2.0
    if kind in UNIT_KINDS:
        return 3.0 if is_unit_list(cell) else -1.0
    if kind in ("remark", "person"):
        return 0.2
    if NUMBER.match(cell) or is_term(cell):
        return -2.0
    return -0.5 if is_unit_list(cell) and len(cell) < 30 else 1.0


def align(kinds: tuple[str, ...], cells: list[str]) -> list[int]:
    """The column of each cell, from left to right; a column may take several cells or none."""
    straight = list(range(len(cells)))
    misfits = sum(fit(kind, cell) <= -1 for kind, cell in zip(kinds, cells, strict=False) if kind not in TEXT_KINDS)
    if len(cells) == len(kinds) and not misfits:
        return straight
    path, score = _best_path(kinds, cells)
    if len(cells) == len(kinds) and misfits < MISFITS:
        plain = sum(fit(kind, cell) for kind, cell in zip(kinds, cells, strict=True))
        return straight if score < plain + SHIFTED else path
    return path


def _best_path(kinds: tuple[str, ...], cells: list[str]) -> tuple[list[int], float]:
    """The columns that suit the cells best, in their order, and how well."""
    rows, columns = len(cells), len(kinds)
    best = [[FAR] * columns for _ in range(rows)]
    back = [[0] * columns for _ in range(rows)]
    for column in range(columns):
        best[0][column] = SKIP * column + fit(kinds[column], cells[0])
    for row in range(1, rows):
        for column in range(columns):
            score = fit(kinds[column], cells[row])
            again = AGAIN.get(kinds[column], REPEAT)
            for before in range(column + 1):
                step = again if before == column else SKIP * (column - before - 1)
                value = best[row - 1][before] + step + score
                if value > best[row][column]:
                    best[row][column], back[row][column] = value, before
    column = max(range(columns), key=lambda at: best[rows - 1][at] + SKIP * (columns - 1 - at))
    total = best[rows - 1][column] + SKIP * (columns - 1 - column)
    path = [column]
    for row in range(rows - 1, 0, -1):
        column = back[row][column]
        path.append(column)
    return path[::-1], total
