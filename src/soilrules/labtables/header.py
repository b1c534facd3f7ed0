"""Finding the header rows of a table: below titles, above results, in one row or several, merged or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from soilrules import units
from soilrules.labtables import headings
from soilrules.labtables.headings import Heading
from soilrules.labtables.notation import is_value, read
from soilrules.labtables.source import Row

_DEEPEST = 4  # header rows
_TITLE_ROWS = 40  # above them
_TABLE_UNIT = re.compile(r"(?:单位\s*[:：]|\bunits?\s*[:：])\s*(([^\s（(]+)(?:\s*[（(][^（()）]+[）)])?)", re.I)


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows that were understood: what each column says, and the rows below."""

    rows: tuple[Row, ...]
    columns: tuple[Heading, ...]
    printed: tuple[str, ...]
    table_unit: str | None
    below: tuple[Row, ...]
    above: tuple[Row, ...] = ()

    @property
    def score(self) -> float:
        """How much was understood: each role once, each column of an analyte, half of one nobody knows (重金属 over 镉
        and 铅), a little for units."""
        roles = {one.role for one in self.columns if one.role and one.role != "other"}
        analytes = [one.analyte for one in self.columns if one.analyte is not None and one.role != "ph"]
        named = sum(1.0 if headings.analyte_name(name) else 0.5 for name in analytes)
        return len(roles) + named + 0.1 * sum(one.unit is not None or one.role == "other" for one in self.columns)


def headers(rows: Sequence[Row]) -> Iterator[Header]:
    """Every group of rows that may be the header."""
    width = max((len(row.cells) for row in rows), default=0)
    grid = [replace(row, cells=row.cells + ("",) * (width - len(row.cells))) for row in rows]
    for top, row in enumerate(grid[:_TITLE_ROWS]):
        if not _may_be_first(row):
            continue
        depth = 1
        yield _header(grid, top, depth)
        while depth < _DEEPEST and top + depth < len(grid) and _continues(grid[top : top + depth], grid[top + depth]):
            depth += 1
            yield _header(grid, top, depth)


def _may_be_first(row: Row) -> bool:
    """Two different words at least, or all of one column; numbers only beside known roles (samples called 1, 2, 3)."""
    texts = {cell.strip() for cell in row.cells if cell.strip()}
    if len(texts) < min(2, len(row.cells)):
        return False  # a title
    known = [headings.parse(text) for text in texts]
    if not any(one.known for one in known):
        return not any(map(_is_result, texts))
    roles = sum(one.role not in (None, "ph") for one in known)
    return roles > 1 or not any(map(_is_result, texts))


def _is_result(text: str) -> bool:
    return is_value(text) and not headings.parse(text).known


def _continues(header: Sequence[Row], row: Row) -> bool:
    """Whether `row` is a further header row below `header`, not the first row of results."""
    above = _filled(header[-1].cells, row.cells)
    new = [(at, text.strip()) for at, text in enumerate(row.cells) if _says(text) and text != above[at]]
    if not new or any(_is_result(text) for _, text in new):
        return False
    understood = 0
    across = any(headings.parse(text).role in ("analyte", "corner") for upper in header for text in upper.cells)
    for at, text in new:
        if _is_unit(text) or (across and headings.parse(above[at]).role in (None, "value")):
            understood += 1  # in a crossed table a sample, or more about it
        elif _stands_alone(above, at):
            return False
        else:
            understood += headings.parse(text).known
    return understood * 2 >= len(new)


def _says(text: str) -> bool:
    return bool(text.strip()) and read(text).problem != "no_value"


def _is_unit(text: str) -> bool:
    found = headings.parse(text)
    return (found.unit is not None and not found.known) or _is_units_word(text)


def _stands_alone(cells: Sequence[str], at: int) -> bool:
    """A known heading of one column: what stands below it is a result."""
    neighbours = {*cells[max(at - 1, 0) : at], *cells[at + 1 : at + 2]}
    return headings.parse(cells[at]).known and cells[at] not in neighbours


def _filled(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Upper cells with the blanks that a merge leaves in a text file filled from the left."""
    filled = list(upper)
    for at in range(1, len(filled)):
        if not filled[at].strip() and lower[at].strip() and lower[at - 1].strip() and not _is_unit(lower[at]):
            filled[at] = filled[at - 1]
    return tuple(filled)


def _header(grid: Sequence[Row], top: int, depth: int) -> Header:
    rows = list(grid[top : top + depth])
    for at in range(depth - 2, -1, -1):
        rows[at] = replace(rows[at], cells=_filled(rows[at].cells, rows[at + 1].cells))
    above = tuple(grid[:top])
    rows[0] = replace(rows[0], cells=_with_samples(rows[0].cells, above))
    stacks = [_stack(cells) for cells in zip(*(_without_label(row.cells) for row in rows), strict=True)]
    columns = [_uncornered(_heading(stack), at, grid[top + depth :]) for at, stack in enumerate(stacks)]
    return Header(
        rows=tuple(rows),
        columns=tuple(_across(columns, grid[top + depth :])),
        printed=tuple(" ".join(stack) for stack in stacks),
        table_unit=_table_unit(above),
        below=tuple(grid[top + depth :]),
        above=above,
    )


def _with_samples(cells: Sequence[str], above: Sequence[Row]) -> tuple[str, ...]:
    """The header of a crossed table without names of samples, which stand in a row above it (样品编号 | | S1 | S2)."""
    roles = {headings.parse(text).role for text in cells}
    if "analyte" not in roles or "value" in roles or all(map(str.strip, cells)):
        return tuple(cells)
    for row in above:
        if headings.parse(row.cells[0]).role in ("sample", "point"):
            return tuple(text or row.cells[at] for at, text in enumerate(cells))
    return tuple(cells)


def _uncornered(one: Heading, column: int, below: Sequence[Row]) -> Heading:
    """检测项目\\样品编号 in the corner of a table: what stands below it tells which of the two the column holds."""
    if one.role != "corner":
        return one
    texts = [row.cells[column] for row in below if row.cells[column].strip()]
    named = sum(headings.parse(text).analyte is not None for text in texts)
    return Heading("analyte" if named * 2 >= len(texts) else "sample")


def _across(columns: Sequence[Heading], below: Sequence[Row]) -> Sequence[Heading]:
    """样品编号 | S1 | S2 over 镉 and 砷: the first column names analytes, and its heading speaks of the row it stands in."""
    if columns[0].role not in ("sample", "point") or any(one.role in ("analyte", "value") for one in columns):
        return columns
    texts = {row.cells[0].strip() for row in below} - {""}
    named = sum(headings.surely_analyte(text) for text in texts)
    if not named or named * 2 < len(texts) or any(headings.parse(text).role == "analyte" for text in texts):
        return columns  # samples, or a line above another table
    return [Heading("analyte"), *columns[1:]]


def _without_label(cells: Sequence[str]) -> Sequence[str]:
    """A row of units without the word 单位 before them: it says what the row is, not the column."""
    said = [at for at, text in enumerate(cells) if text.strip()]
    if not said or not _is_units_word(cells[said[0]]):
        return cells
    others = [headings.parse(cells[at]) for at in said[1:]]
    if any(one.known for one in others) or not any(one.unit for one in others):
        return cells
    return ["" if at == said[0] else text for at, text in enumerate(cells)]


def _is_units_word(text: str) -> bool:
    return headings.plain(text) in headings.plain_words("rows", "units")


def _stack(cells: Sequence[str]) -> list[str]:
    """The different words over one column, from the top."""
    said = [" ".join(cell.split()) for cell in cells if _says(cell)]
    return list(dict.fromkeys(said))


def _heading(stack: Sequence[str]) -> Heading:
    """What the words over one column say together: the lowest known word decides, a unit may stand at any height."""
    parts = [(text, headings.parse(text)) for text in reversed(stack)]
    unit = next((part.unit for _, part in parts if part.unit), None)
    fresh = any(part.fresh or units.basis_of(text.strip("()（）")) is units.Basis.FRESH for text, part in parts)
    parts = [
        (text, part) for text, part in parts if not units.basis_of(text.strip("()（）"))
    ]  # 检测结果 over 干重 and 湿重
    worded = [(text, part) for text, part in parts if part.known or not _is_unit(text)]
    if not worded:
        return Heading(parts[0][1].role, unit=unit) if parts else Heading()
    text, lowest = worded[0]
    if not lowest.known and len(worded) > 1:
        return Heading(analyte=headings.split_unit(text)[0], unit=unit, fresh=fresh) if unit else Heading()
    upper = next((part.analyte for _, part in worded[1:] if part.analyte and headings.analyte_name(part.analyte)), None)
    if upper and lowest.analyte is None:
        return Heading("other" if lowest.role in ("unit", "analyte") else lowest.role, upper, unit, fresh)
    return Heading(lowest.role, lowest.analyte, unit, fresh)


def _table_unit(titles: Sequence[Row]) -> str | None:
    """单位：mg/kg or 检测结果表（mg/kg） above the table."""
    for row in reversed(titles):
        for cell in filter(str.strip, row.cells):
            found = _TABLE_UNIT.search(cell)
            for said in (found[1], found[2]) if found else (cell,):
                if unit := headings.split_unit(said)[1]:
                    return unit
    return None
