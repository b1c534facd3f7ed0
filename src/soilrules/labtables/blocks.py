"""Several tables below one another in one sheet or text: each is read by its own header.

A header printed again may name other analytes or other samples than the first (a page is only so wide); read by
the first header, its results would go to the wrong ones. A line such as 样品编号：S2 also begins a block.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from soilrules.labtables import headings
from soilrules.labtables.coded import coded
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.source import HEAD_ROWS, About, Chunk, Row, Source
from soilrules.labtables.understanding import line_says, row_says, understand

_KEYS = ("sample", "point", "analyte")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a source to a last one."""

    source: Source
    last: int

    @property
    def about(self) -> About:
        return self.source.about

    def head(self) -> Sequence[Row]:
        return [row for row in self.source.head() if row.number <= self.last]

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        for chunk in self.source.chunks(after, wanted, plain):
            inside = int(np.searchsorted(chunk.rows, self.last, side="right"))
            if inside:
                yield chunk.part(0, inside)
            if inside < len(chunk.rows):
                return

    def cell(self, row: int, column: int, heading: str) -> str:
        return self.source.cell(row, column, heading)


def blocks(source: Source, layout: Layout) -> list[tuple[Source, Layout]]:
    """Every block of a table with its layout: from the top, and those side by side from the left."""
    layouts = [layout]
    try:
        for row in _starts(source, layout):
            if found := _at(source, row, layouts):
                layouts.append(found)
    except (pa.ArrowException, OSError):
        return [(source, layout)]  # damaged: said where the rows are read
    ends = [one.after for one in layouts[1:]]
    parts: list[tuple[Source, Layout]] = []
    for one, end in zip(layouts, [*ends, None], strict=True):
        rows = source if end is None else Rows(source, end - _header_depth(layouts, end))
        parts += [(rows, replace(block, **form_of(one))) for block in (one, *one.further)]
    return parts


def _header_depth(layouts: Sequence[Layout], after: int) -> int:
    """How many rows the header above row `after` has."""
    header = next(one for one in layouts if one.after == after).header_rows
    return after - header[0] + 1


def _starts(source: Source, layout: Layout) -> Iterator[int]:
    """Rows whose first cells say that another block begins."""
    columns = {column for role in _KEYS for column in layout.roles.get(role, ())}
    for chunk in source.chunks(layout.after, columns | {0}):
        found = np.zeros(len(chunk.rows), np.bool_)
        for at in (columns | {0}) & chunk.columns.keys():
            found |= coded(chunk.columns[at]).marked(_begins)
        yield from chunk.rows[found].tolist()


def _begins(text: str) -> bool:
    if any(map(str.isdigit, text)) and not {":", "："} & set(text):
        return False  # most samples of a large table; no heading of these roles has digits
    return headings.parse(text).role in (*_KEYS, "corner") or line_says(text) is not None


def _at(source: Source, row: int, layouts: Sequence[Layout]) -> Layout | None:
    """The layout of the block that begins at a row, None where it is the same header again."""
    first, before = layouts[0], layouts[-1]
    if row <= before.after:
        return None
    head = _rows_from(source, row)
    titles = [one for one in source.head() if one.number < first.header_rows[0]]
    if said := next(row_says(head[0].cells[:2]), None):
        if before.shape is not Shape.LONG or said[0] in before.roles:
            return None
        return replace(before, after=row, header_rows=(row,), given={**before.given, said[0]: said[1]})
    found = understand([*titles, *head])
    if found is None or found.header_rows[0] != row:
        return None
    return None if _same(found, before) else replace(found, given={**before.given, **found.given}, **form_of(before))


def form_of(layout: Layout) -> dict[str, Any]:
    """What all blocks of a file share."""
    return {name: getattr(layout, name) for name in ("kind", "sheet", "encoding", "delimiter")}


def _same(one: Layout, other: Layout) -> bool:
    return [one.headings[at] for at in one.wanted] == [
        other.headings[at] for at in other.wanted if at < len(other.headings)
    ]


def _rows_from(source: Source, first: int) -> list[Row]:
    """The rows from a row on, at most HEAD_ROWS."""
    rows: list[Row] = []
    width = max(len(row.cells) for row in source.head())
    for chunk in source.chunks(first - 1, range(width)):
        columns = [
            chunk.columns[at].to_pylist() if at in chunk.columns else [None] * len(chunk.rows) for at in range(width)
        ]
        for at, *cells in zip(chunk.rows.tolist(), *columns, strict=True):
            if any(cells):
                rows.append(Row(at, tuple(cell or "" for cell in cells)))
            if len(rows) == HEAD_ROWS:
                return rows
    return rows
