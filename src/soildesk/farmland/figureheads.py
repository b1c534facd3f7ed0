"""What stands over the columns of a table of figures: headings in one row or several, years and rates of growth among them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soilrules.farmland.inputdata import Figure, inputs, plain
from soilrules.plantext.formats.sheets import SheetRow

BARE_YEAR = re.compile(r"(?:19|20)\d\d")
YEAR_WITHIN = re.compile(r"[（(]?\s*((?:19|20)\d\d)\s*年度?\s*[)）]?")
RELATIVE = {
    **dict.fromkeys(("本年", "今年", "本期", "本年数", "本期数", "本年实际", "当年"), 0),
    **dict.fromkeys(("上年", "去年", "上期", "上年数", "上期数", "上年实际", "上年同期"), -1),
}
"""Years as columns are called after them, in years from that of the table."""
WHOLE = frozenset(("合计", "小计", "总计", "总量", "计", "数量", "数值", "折纯", "折纯量"))
"""What stands over the whole of a figure beside its parts, as 合计 beside 氮肥 and 磷肥."""
BESIDE = re.compile("增减|增长|同比|增幅|降幅|±|比重|占比|计划|任务|目标")
"""Columns that tell of a figure what it is not."""
CODES = frozenset(("代码", "行次", "序号", "编号", "单位代码", "行政区划代码", "备注", "说明"))
NUMBER = re.compile(r"[-+]?[\d,.，．\s]+%?")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over a column, and the figure and year it means; "" where it says no year.

    `name` is the part of it that is the name of the figure, `rank` how exact a name that is.
    """

    text: str
    figure: Figure | None
    year: str
    name: str = ""
    rank: int = 0

    @property
    def beside(self) -> bool:
        """Whether the column is of a code, a remark, or how much a figure grew."""
        return plain(self.text) in CODES or BESIDE.search(self.text) is not None


def head(parts: Sequence[str], year: str) -> Head:
    """What the words over a column mean, from above; `year` is that of the table.

    >>> head(["化肥施用量（吨）", "上年"], "2026").year, head(["化肥施用量（吨）", "比上年增长（%）"], "2026").figure
    ('2025', None)
    """
    parts = [f"（{part}）" if _is_unit(part) else part for part in parts]
    said, words, text = "", [], " ".join(parts)
    for part in parts:
        own, rest = _year(part, year)
        said = own or said
        words += [rest] if rest and plain(rest) not in WHOLE else []
    if BESIDE.search(text) or not words:
        return Head(text, None, said)
    for name in ("".join(words), words[-1]):
        if found := inputs().called(name):
            return Head(text, found, said, name, found.rank(name))
    return Head(text, None, said)


def _is_unit(part: str) -> bool:
    """Whether a row of a heading tells of a column its unit alone."""
    return any(part in names for names in inputs().units.values())


def _year(part: str, year: str) -> tuple[str, str]:
    """The year a heading says, and what is left of it."""
    if BARE_YEAR.fullmatch(part):
        return part, ""
    if (word := plain(part)) in RELATIVE:
        return (str(int(year) + RELATIVE[word]) if year else part), ""
    found = YEAR_WITHIN.search(part)
    return (found[1], YEAR_WITHIN.sub("", part).strip()) if found else ("", part)


def best(heads: Mapping[int, Head]) -> dict[int, Head]:
    """The columns of figures; of two for one figure and year the one named more exactly, as 农用薄膜 before 地膜."""
    wanted: dict[tuple[str, str], int] = {}
    for one in heads.values():
        if one.figure:
            key = (one.figure.key, one.year)
            wanted[key] = min(one.rank, wanted.get(key, one.rank))
    return {column: one for column, one in heads.items() if one.figure and one.rank == wanted[one.figure.key, one.year]}


def heading(rows: Sequence[SheetRow], at: int, place: int) -> tuple[int, dict[int, list[str]]]:
    """The first row below a heading, and what stands over each column; `place` is the column of places, told in row `at`.

    A heading may begin above that row and end below it: with cells merged, or with its first column left blank.
    """
    first, last = at, at + _span(rows[at], place)
    while last < len(rows) and _goes_on(rows[last], place):
        last += 1
    while first and _groups(rows[first - 1]):
        first -= 1
    found: dict[int, list[str]] = defaultdict(list)
    lowest = {cell.column for row in rows[first + 1 : last] for cell in row.cells if cell.text.strip()}
    for row in rows[first:last]:
        over = _over(row, place, {one: found[one] for one in lowest} if row is not rows[last - 1] else {})
        for column, text in over.items():
            found[column].append(text)
    return last, dict(found)


def _span(row: SheetRow, place: int) -> int:
    return next((cell.row_span for cell in row.cells if cell.column == place), 1)


def _goes_on(row: SheetRow, place: int) -> bool:
    """Whether a row is one more of headings: nothing stands where the places stand, and nothing else is a number."""
    told = {cell.column: cell.text.strip() for cell in row.cells if cell.text.strip()}
    words = [text for text in told.values() if any(map(str.isalnum, text))]
    return len(words) == len(told) > 0 and place not in told and not any(map(_is_number, words))


def _groups(row: SheetRow) -> bool:
    """Whether a row above the headings tells of groups of them: a title and a line of units stand alone or have a colon."""
    told = [cell.text.strip() for cell in row.cells if cell.text.strip()]
    return len(told) > 1 and not any("：" in one or ":" in one or _is_number(one) for one in told)


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None and not BARE_YEAR.fullmatch(text)


def _over(row: SheetRow, place: int, lower: Mapping[int, list[str]]) -> dict[int, str]:
    """What a row of headings says over each column: merged cells over all of theirs; where none are merged, a cell over what is
    right of it too, as far as that stands under the same words (`lower`: by column, what was said above).
    """
    found: dict[int, str] = {}
    merged = any(cell.col_span > 1 for cell in row.cells)
    held = {cell.column: cell for cell in row.cells if cell.text.strip()}
    source = place
    for column in sorted({*held, *lower}):
        if column in held:
            source = column
            found |= dict.fromkeys(range(column, column + held[column].col_span), held[column].text.strip())
        elif not merged and source != place and lower[column] == lower.get(source, lower[column]):
            found[column] = found[source]
    return found
