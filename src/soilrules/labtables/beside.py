"""What stands beside the results of a row: pH, day, depth and the words that are passed on as printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from soilrules.labtables import dates, headings, notation
from soilrules.labtables.coded import Coded, blank
from soilrules.labtables.keys import Keys, PhByKey, row_keys
from soilrules.labtables.layout import Layout
from soilrules.labtables.results import CODE, NOTHING
from soilrules.labtables.schema import AS_PRINTED

_EPOCH = date(1970, 1, 1).toordinal()
SAME_SAMPLE = ("sample", "point", "depth", "date", "medium")


@dataclass(slots=True)
class Columns:
    """The columns of one chunk by their place, coded when first asked for."""

    rows: int
    layout: Layout
    coded: dict[int, Coded] = field(default_factory=dict)

    def at(self, column: int | None) -> Coded:
        """One column; blank where the table has none."""
        found = self.coded.get(column) if column is not None else None
        return blank(self.rows) if found is None else found

    def role(self, role: str) -> Coded:
        """The column of a role; blank where the table has none. Depths from and to are joined."""
        if role == "depth":
            return depth(self)
        column = self.layout.column(role)
        if column is None and role in self.layout.given:
            return Coded(np.zeros(self.rows, np.int32), [self.layout.given[role]])
        return self.at(column)

    def sample_keys(self) -> Keys:
        """A key for each row by what tells samples apart."""
        return row_keys([self.role(role) for role in SAME_SAMPLE], self.rows)

    def kept(self, rows: NDArray[np.intp]) -> Columns:
        """Some of the rows."""
        return Columns(len(rows), self.layout, {at: column.kept(rows) for at, column in self.coded.items()})


def depth(columns: Columns) -> Coded:
    """Depth as printed, with the unit of its heading: 0-20 cm, or two columns joined by a hyphen."""
    places = columns.layout.roles.get("depth", ())
    if not places:
        return blank(columns.rows)
    unit = headings.parse(columns.layout.headings[places[0]]).unit
    ending = f" {unit}" if unit else ""
    first = columns.at(places[0])
    if len(places) == 1:
        return first.mapped(lambda word: word + ending)
    second = columns.at(places[1])
    width = len(second.words) + 1
    pairs, at = np.unique((first.codes.astype(np.int64) + 1) * width + second.codes + 1, return_inverse=True)
    upper, lower = ["", *first.words], ["", *second.words]
    words = ["-".join(filter(None, (upper[pair // width], lower[pair % width]))) for pair in pairs.tolist()]
    return Coded(at.astype(np.int32), words).mapped(lambda word: word + ending if word else None)


@dataclass(slots=True)
class Beside:
    """What goes with every result of a row. `problem` counts in PROBLEMS."""

    words: dict[str, Coded]
    ph: NDArray[np.float64]
    ph_text: Coded
    day: NDArray[np.int32]
    undated: NDArray[np.bool_]
    problem: NDArray[np.int8]


def read(columns: Columns, ph_rows: PhByKey | None) -> Beside:
    """Understand everything beside the results."""
    words = {role: columns.role(role) for role in ("sample", *AS_PRINTED, "depth")}
    ph, ph_problem = _ph(columns, ph_rows)
    day, day_problem = _days(columns.role("date"))
    printed = columns.role("ph")
    ph_text = Coded(np.where(ph_problem >= 0, printed.codes, -1).astype(np.int32), printed.words)
    problem = np.where(ph_problem == NOTHING, day_problem, ph_problem)
    return Beside(words, ph, ph_text, day, day == _UNDATED, problem)


def _ph(columns: Columns, ph_rows: PhByKey | None) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    if ph_rows is not None:
        values, conflict = ph_rows.of(columns.sample_keys())
        return values, np.where(conflict, CODE["ph_conflict"], NOTHING).astype(np.int8)
    printed = columns.role("ph")
    read = [notation.ph(word) for word in printed.words]
    values = np.array([*(np.nan if value is None else value for value, _ in read), np.nan])
    problems = np.array([*(CODE[one] if one else NOTHING for _, one in read), NOTHING], np.int8)
    return values[printed.codes], problems[printed.codes]


_UNDATED = np.iinfo(np.int32).min


def _days(printed: Coded) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    read = [dates.read(word) for word in printed.words]
    days = np.array([*(day.toordinal() - _EPOCH if day else _UNDATED for day, _ in read), _UNDATED], np.int32)
    problems = np.array([*(CODE[one] if one else NOTHING for _, one in read), NOTHING], np.int8)
    return days[printed.codes], problems[printed.codes]
