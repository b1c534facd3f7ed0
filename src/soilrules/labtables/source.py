"""What every kind of file is turned into before its headings are understood: numbered rows of printed cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

HEAD_ROWS = 80  # rows in which the headings are looked for
Place = tuple[int, int]  # row as a person sees it, column from 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the head: its number as a person sees it, and its cells, merged ones repeated."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows in order: their numbers, and the columns asked for as arrays of strings (plain or dictionary)."""

    rows: NDArray[np.int64]
    columns: Mapping[int, Any]
    ragged: Collection[int] = ()

    def part(self, start: int, length: int) -> Chunk:
        """`length` rows from `start`."""
        columns = {at: column.slice(start, length) for at, column in self.columns.items()}
        return Chunk(self.rows[start : start + length], columns, self.ragged)


@dataclass(frozen=True)
class About:
    """What is known of a file's form."""

    kind: str
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    other_sheets: tuple[str, ...] = ()
    formulas: Sequence[Place] = ()  # with the stored result used
    marks: Mapping[Place, str] = field(default_factory=dict)  # problems of single cells
    true_dates: Mapping[int, Collection[int]] = field(default_factory=dict)  # rows by column, where the file tells
    step: int = 0  # of a document: row 3 of table 1 is numbered step + 3


def line_of(row: int, step: int) -> str:
    """Where a row of a document stands.

    >>> line_of(1003, 1000)
    '表1第3行'
    """
    table, line = divmod(row, step)
    return f"表{table}第{line}行"


class Source(Protocol):
    """One table of one file, read again from its beginning as often as asked."""

    @property
    def about(self) -> About: ...

    def head(self) -> Sequence[Row]:
        """The first rows that hold anything, at most HEAD_ROWS."""

    def chunks(self, after: int, wanted: Collection[int], plain: Collection[int] = ()) -> Iterator[Chunk]:
        """The rows below row `after` in order; blank rows may be among them.

        `wanted`: columns, from 0. `plain`: those with so many different words that coding them does not pay.
        """

    def cell(self, row: int, column: int, heading: str) -> str:
        """How a person finds the cell: C5 in a sheet, the heading elsewhere."""
