"""What was understood of a table's form: its shape, its header rows, and what each column holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """How results stand in a table."""

    LONG = "long"  # one row for each result
    WIDE = "wide"  # one column for each analyte
    CROSSED = "crossed"  # one row for each analyte, one column for each sample


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """One column of results, with the columns (from 0) and words that go with it alone.

    `analyte` and `unit` come from the heading of a wide table, `sample` from that of a crossed one. `companions` are
    the columns of limits, qualifiers, flags and background values by role. `limit` and
    `quantitation` are the limits printed in rows of their own, `given` what rows say of the sample of a crossed table.
    """

    column: int
    analyte: str | None = None
    sample: str | None = None
    unit: str | None = None
    companions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    limit: str | None = None
    quantitation: str | None = None
    fresh: bool = False  # contents of the wet sample, said by heading or lines around the table
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def beside(self) -> tuple[int, ...]:
        """The columns that go with this one."""
        return tuple(at for columns in self.companions.values() for at in columns)


@dataclass(frozen=True, slots=True)
class Layout:
    """One table understood. Rows are numbered as a person sees them; columns from 0."""

    shape: Shape
    header_rows: tuple[int, ...]
    after: int  # results stand below this row
    headings: tuple[str, ...]  # of every column, as printed; several header rows joined by a blank
    roles: Mapping[str, tuple[int, ...]]
    values: tuple[ValueColumn, ...]
    score: float  # how many columns were understood
    ignored: tuple[str, ...] = ()  # headings of columns not read
    twice: tuple[str, ...] = ()  # headings of columns not read because another has the same role
    table_unit: str | None = None
    label: int = 0  # the column in which rows of statistics and notes say what they are
    kind: str = ""
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    units: tuple[str, ...] = field(default=())  # of the headings and the table, as printed
    given: Mapping[str, str] = field(default_factory=dict)  # what a line above says of all rows: 样品编号：S1
    further: tuple[Layout, ...] = ()  # of the blocks to the right of this one
    column_units: Mapping[int, str] = field(default_factory=dict)  # of the headings, by column
    unread: tuple[str, ...] = ()  # other tables of a document in which results seem to stand
    passed_over: tuple[str, ...] = ()  # its tables whose title says quality control, methods or limits
    lent: bool = False  # the detection limits are those of the list of methods in the same document

    def column(self, role: str) -> int | None:
        """The column of a role, None where the table has none."""
        found = self.roles.get(role, ())
        return found[0] if found else None

    @property
    def results(self) -> int:
        """How many columns hold results other than the pH."""
        return sum(value.column != self.column("ph") for value in self.values)

    def beside(self, value: ValueColumn, role: str) -> tuple[int, ...]:
        """The columns of a role for one column of results: its own, else those of the whole row."""
        return value.companions.get(role) or self.roles.get(role, ())

    @property
    def wanted(self) -> tuple[int, ...]:
        """The columns that are read."""
        read = {at for columns in self.roles.values() for at in columns}
        read |= {at for value in self.values for at in (value.column, *value.beside)}
        return tuple(sorted(read | {self.label}))

    @property
    def by_column(self) -> Mapping[str, str]:
        """Heading → role, `result` for columns of results; for people and for JSON."""
        shown = {self.headings[at]: role for role, columns in self.roles.items() for at in columns}
        for value in self.values:
            meant = value.analyte or value.sample
            shown[self.headings[value.column]] = f"result: {meant}" if meant else "result"
        return shown
