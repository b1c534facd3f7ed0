"""Judged rows out of their file: one page of a selection, and what changed between two judgements of one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from soildesk.core import files
from soildesk.standards.models import Evaluation, Trial
from soildesk.standards.services.judgement import judged_of

PER_PAGE = 100
FILTERS = ("verdict", "sample", "analyte", "cause")
Row = dict[str, Any]


def table_of(row: Trial | Evaluation) -> pa.Table:
    """All judged rows."""
    # one file in memory: threads of its own would only outlive a process that ends at once
    return pq.read_table(BytesIO(files.read(judged_of(row))), use_threads=False, pre_buffer=False)


@dataclass(frozen=True)
class Selection:
    """The rows of one judgement that `wanted` (by `FILTERS`: any of these values) leaves, page by page."""

    table: pa.Table
    wanted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    text: str = ""
    asked_page: int = 1

    @cached_property
    def found(self) -> pa.Table:
        """The rows left."""
        table = self.table
        for name, values in self.wanted.items():
            if name in FILTERS and values:
                column = pc.fill_null(table.column(name), "")
                table = table.filter(pc.is_in(column, value_set=pa.array(list(values), pa.string())))
        for word in self.text.split():
            table = table.filter(_contains(table, word))
        return table

    @property
    def count(self) -> int:
        """How many rows."""
        return int(self.found.num_rows)

    @property
    def pages(self) -> int:
        """How many pages; an empty selection has one."""
        return max(1, -(-self.count // PER_PAGE))

    @property
    def page(self) -> int:
        """The page shown."""
        return min(max(1, self.asked_page), self.pages)

    @property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        found: list[Row] = self.found.slice((self.page - 1) * PER_PAGE, PER_PAGE).to_pylist()
        return found

    def counts(self, name: str) -> dict[str, int]:
        """How many rows each value of a column has, in all of the table."""
        return {one["values"] or "": one["counts"] for one in pc.value_counts(self.table.column(name)).to_pylist()}

    def names(self, name: str) -> list[tuple[str, str]]:
        """The analytes of the table: slug and name."""
        pairs = zip(self.table.column("analyte").to_pylist(), self.table.column(name).to_pylist(), strict=True)
        return list(dict.fromkeys(pairs))


def _contains(table: pa.Table, word: str) -> Any:
    found = None
    for name in ("sample", "name", "name_en", "analyte"):
        column = pc.fill_null(table.column(name), "")
        here = pc.match_substring(column, word, ignore_case=True)
        found = here if found is None else pc.or_(found, here)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One result that two judgements see differently; None where only one of them has it."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """Either."""
        found = self.after or self.before
        assert found is not None
        return found


WHERE = ("row", "cell", "sample", "name")
WHAT_COUNTS = ("verdict", "limit", "limit_unit", "screening", "control", "standard", "class", "use", "ph_band")
Pair = tuple[int | None, int | None]
"""Where a result stands in the one table and in the other; None where it does not."""


@dataclass(frozen=True)
class Comparison:
    """The results two judgements see differently, in the order of the table; rows are made only of those asked for."""

    before: pa.Table
    after: pa.Table
    pairs: Sequence[Pair]

    @classmethod
    def of(cls, before: pa.Table, after: pa.Table) -> Comparison:
        """Another verdict, or another limit with the same."""
        if before.select(WHERE).equals(after.select(WHERE)):  # nearly always: the same table, read the same way
            return cls(before, after, [(at, at) for at in _differing(before, after, WHAT_COUNTS)])
        return cls(before, after, list(_searched(before, after)))

    @cached_property
    def of_verdict(self) -> list[Pair]:
        """Those whose outcome itself is another."""
        old, new = (one.column("verdict").to_pylist() for one in (self.before, self.after))
        return [(i, j) for i, j in self.pairs if i is None or j is None or old[i] != new[j]]

    @cached_property
    def of_limit(self) -> list[Pair]:
        """Those with the same outcome under another limit."""
        known = set(self.of_verdict)
        return [pair for pair in self.pairs if pair not in known]

    def rows(self, pairs: Sequence[Pair]) -> list[Change]:
        """The results of some pairs."""
        return [Change(_row(self.before, i), _row(self.after, j)) for i, j in pairs]


def _row(table: pa.Table, at: int | None) -> Row | None:
    return None if at is None else dict(table.slice(at, 1).to_pylist()[0])


def _differing(before: pa.Table, after: pa.Table, names: Sequence[str]) -> list[int]:
    """The places at which two tables of one length differ in any of the columns."""
    found = None
    for name in names:
        old, new = before.column(name).combine_chunks(), after.column(name).combine_chunks()
        one_missing = pc.xor(pc.is_null(old), pc.is_null(new))
        here = pc.or_(one_missing, pc.fill_null(pc.not_equal(old, new), False))
        found = here if found is None else pc.or_(found, here)
    return list(pc.indices_nonzero(found).to_pylist())


def _searched(before: pa.Table, after: pa.Table) -> Iterator[Pair]:
    """The pairs of two tables that were read in different ways, such as by standards with other sums."""
    old, new = (
        list(zip(*(one.column(name).to_pylist() for name in WHAT_COUNTS), strict=True)) for one in (before, after)
    )
    earlier = {key: at for at, key in enumerate(_keys(before))}
    for j, key in enumerate(_keys(after)):
        i = earlier.pop(key, None)
        if i is None or old[i] != new[j]:
            yield i, j
    for i in earlier.values():
        yield i, None


def _keys(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """A result of the table is its cell; a sum of components its sample and name."""
    for row, cell, sample, name in zip(*(table.column(one).to_pylist() for one in WHERE), strict=True):
        yield (None, sample, name) if row is None else (row, cell, sample)
