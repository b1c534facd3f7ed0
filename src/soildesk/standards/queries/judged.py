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

    @property
    def verdict_changed(self) -> bool:
        """Whether the outcome itself is another."""
        return self.before is None or self.after is None or self.before["verdict"] != self.after["verdict"]


WHAT_COUNTS = ("verdict", "limit", "limit_unit", "screening", "control", "standard", "class", "use", "ph_band")


def changes(before: pa.Table, after: pa.Table) -> Iterator[Change]:
    """The results judged differently, in the order of the table: another verdict, or another limit with the same."""
    earlier = {_key(row): row for row in before.to_pylist()}
    for row in after.to_pylist():
        old = earlier.pop(_key(row), None)
        if old is None or any(old[name] != row[name] for name in WHAT_COUNTS):
            yield Change(old, row)
    for row in earlier.values():
        yield Change(row, None)


def _key(row: Row) -> tuple[Any, ...]:
    """A result of the table is its cell; a sum of components its sample and name."""
    if row["row"] is None:
        return None, row["sample"], row["name"]
    return row["row"], row["cell"], row["sample"]
