"""Some rows of a file as columns of results: one entry for each result, whatever the shape of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules.labcheck import exchange, words
from soilrules.labcheck.findings import Flags, Log, Params, rules
from soilrules.labtables import dates, records, results
from soilrules.labtables.coded import Coded, Vocabulary, coded
from soilrules.labtables.layout import Layout, Shape
from soilrules.labtables.results import CODE, Floats
from soilrules.labtables.schema import NO_VALUE
from soilrules.labtables.table import Piece
from soilrules.messages import Message

DATES = ("date", "received", "analysed", "reported")  # in their order
_OF_ROWS = ("sample", "point", *DATES, "medium", "method", "batch", "cma", "ph", "depth")
UNDATED = np.iinfo(np.int32).min
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Days:
    """A column of days: as printed, as days from 1970 (UNDATED where none), and which words are what."""

    printed: Coded
    days: NDArray[np.int32]
    problem: Mapping[str, Flags]  # date_unread, date_ambiguous, excel_date

    @property
    def known(self) -> Flags:
        """Where there is a day."""
        found: Flags = self.days != UNDATED
        return found


@dataclass
class Frame:
    """One piece of a file, result by result, with the worst severity (findings.Severity) found for each."""

    piece: Piece
    medium_word: str = ""  # given by the caller for a file without the column
    severity: NDArray[np.int8] = field(init=False)

    def __post_init__(self) -> None:
        self.severity = np.zeros(len(self), np.int8)

    def __len__(self) -> int:
        return len(self.piece.read.rows) * self.across

    @property
    def layout(self) -> Layout:
        """What the columns mean."""
        return self.piece.read.columns.layout

    @property
    def across(self) -> int:
        """How many columns of results the table has."""
        return len(self.piece.read.each)

    @property
    def long(self) -> bool:
        """Whether a row is one result, as the exchange format has it."""
        return self.layout.shape is Shape.LONG

    @cached_property
    def own(self) -> Mapping[str, int]:
        """Where the columns stand that only the exchange format knows."""
        return exchange.own_columns(self.layout)

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """The row of each result in the file."""
        return np.repeat(self.piece.read.rows, self.across)

    def heading(self, role: str, result: int = 0) -> str:
        """The heading of the column of a role for a result, as printed; that of the result where there is none."""
        value = self.layout.values[result % self.across]
        beside = self.layout.beside(value, role)
        at = self.own.get(role, beside[0] if beside else None)
        if role == "value" or at is None:
            at = value.column
        return self.layout.headings[at]

    def has(self, role: str) -> bool:
        """Whether the table says anything of a role."""
        return role in self.own or role in self.layout.roles or role in self.layout.given or self._given(role)

    def _given(self, role: str) -> bool:
        return any(role in value.given or role in value.companions for value in self.layout.values)

    def said(self, role: str) -> Coded:
        """The words of a role for each result."""
        columns, values = self.piece.read.columns, self.layout.values
        if role in self.own:
            return columns.at(self.own[role]).repeated(self.across)
        if any(role in value.given for value in values):
            vocabulary = Vocabulary()
            codes = vocabulary.codes(value.given.get(role) for value in values)
            return Coded(np.tile(codes, len(self.piece.read.rows)), vocabulary.words)
        return columns.role(role).repeated(self.across)

    def beside(self, role: str) -> list[Coded]:
        """The columns of a role that belong to each result: several where all of them are read (MDL and RL)."""
        each = [self.layout.beside(value, role) for value in self.layout.values]
        depth = max(map(len, each), default=0)
        columns = self.piece.read.columns
        return [
            records.woven([columns.at(at[level] if level < len(at) else None) for at in each]) for level in range(depth)
        ]

    @property
    def limits_at(self) -> list[int]:
        """The columns of detection limits."""
        return [at for value in self.layout.values for at in self.layout.beside(value, "detection_limit")]

    @cached_property
    def sample(self) -> Coded:
        """The sample of each result; the point where the table names only that."""
        if self.layout.shape is Shape.CROSSED:
            printed: Coded = coded(
                records.samples(self.piece.read, self.piece.read.beside.words["sample"].repeated(self.across).arrow())
            )
            return printed
        return self.said(self.sample_role)

    @property
    def sample_role(self) -> str:
        """The role that names samples here."""
        return "sample" if self.has("sample") or not self.has("point") else "point"

    @cached_property
    def analyte(self) -> Coded:
        """The analyte of each result as printed, without its unit."""
        return records.woven(self.piece.read.analyte)

    @cached_property
    def printed(self) -> Coded:
        """The result as printed."""
        return records.woven(self.piece.read.printed)

    @cached_property
    def unit(self) -> Coded:
        """The unit of each result as printed."""
        return Coded(self._flat("unit").astype(np.int32), self.piece.read.units.words)

    @cached_property
    def medium(self) -> Coded:
        """The medium of each result as printed; that of the caller where the file says none."""
        said = self.said("medium")
        if not self.medium_word or not (said.codes < 0).any():
            return said
        return Coded(
            np.where(said.codes < 0, len(said.words), said.codes).astype(np.int32), [*said.words, self.medium_word]
        )

    @cached_property
    def value(self) -> Floats:
        """The number; NaN where there is none."""
        return self._flat("value")

    @cached_property
    def limit(self) -> Floats:
        """The detection limit in the unit of the result."""
        return self._flat("limit")

    @cached_property
    def censored(self) -> Flags:
        """Where the result is below its limit."""
        found: Flags = self._flat("censored")
        return found

    @cached_property
    def qualified(self) -> Flags:
        """Where a letter stands beside the number."""
        found: Flags = self._flat("qualifier") >= 0
        return found

    @cached_property
    def problem(self) -> NDArray[np.int8]:
        """What the reader of tables says of each result."""
        found: NDArray[np.int8] = self._flat("problem")
        return found

    def _flat(self, name: str) -> NDArray[Any]:
        return records.flat([getattr(one, name) for one in self.piece.read.each])

    def has_problem(self, name: str) -> Flags:
        """The results of one kind of problem."""
        found: Flags = self.problem == CODE[name]
        return found

    @cached_property
    def shifted(self) -> Flags:
        """Rows with more cells than headings: what stands in which column cannot be told."""
        return self.has_problem("ragged_row")

    @cached_property
    def told(self) -> Flags:
        """Results that say something: a number, below a limit, above one."""
        found: Flags = (self.problem < 0) | (self.problem >= len(NO_VALUE))
        return found

    @cached_property
    def days(self) -> Mapping[str, Days]:
        """The columns of days the table has."""
        return {role: _days(self.said(role)) for role in DATES if self.has(role)}

    @cached_property
    def of_mass(self) -> Flags:
        """Results that are contents: with a unit, above zero, with a detection limit."""
        return self.analyte.marked(lambda name: words.counted_by_mass(words.slug_of(name)))

    def find(self, log: Log, rule: str, where: Flags, role: str, params: Params | None = None) -> None:
        """Tell a rule's finding for the results `where`; its column is that of a role. Of many, the first are kept."""
        self.message(log, rule, where, role, params=params)

    def message(
        self, log: Log, rule: str, where: Flags, role: str, *, params: Params | None = None,
        sentence: Callable[[int], Message] | None = None,
    ) -> None:  # fmt: skip
        """The same with a sentence of its own."""
        known = rules()[rule]
        if rule != "ragged_row":
            where = where & ~self.shifted
        if not known.in_use or not where.any():
            return
        np.maximum(self.severity, np.where(where, np.int8(known.severity), np.int8(0)), out=self.severity)
        found = np.flatnonzero(where & self._once(role))
        shown = found[: log.room(rule)].tolist()
        for at in shown:
            said = params(at) if params else {}
            column = self.heading(role, at)
            log.tell(rule, int(self.row[at]), column, sentence(at) if sentence else None, **self._basic(at, said))
        log.only_count(rule, len(found) - len(shown))

    def _once(self, role: str) -> Any:
        """The results at which something said for a whole row, or a whole column of a crossed table, is told."""
        if role not in _OF_ROWS or self.across == 1:
            return np.bool_(True)
        if any(role in value.given for value in self.layout.values) or not self.has(role):
            return np.arange(len(self)) < self.across if self.layout.shape is Shape.CROSSED else np.bool_(True)
        return np.arange(len(self)) % self.across == 0

    def _basic(self, at: int, said: Mapping[str, object]) -> dict[str, object]:
        basic: dict[str, object] = {
            "text": self.printed.word(at) or "",
            "sample": self.sample.word(at) or "",
            "analyte": self.analyte.word(at) or "",
        }
        return basic | dict(said)

    def cell(self, at: int, role: str) -> str:
        """How a person finds the cell of a role."""
        value = self.layout.values[at % self.across]
        beside = self.layout.beside(value, role)
        column = beside[0] if beside and role != "value" else value.column
        return self.piece.source.cell(int(self.row[at]), column, self.layout.headings[column])


def word_of(column: Coded) -> Params:
    """What a column prints, as the text of a sentence."""
    return lambda at: {"text": column.word(at) or ""}


def matching(column: Coded, pattern: str) -> Flags:
    """The results whose word holds a pattern (RE2); every word is looked at once, in columns."""
    if not len(column.words):
        return np.zeros(len(column.codes), np.bool_)
    found = pc.match_substring_regex(pa.array(column.words, pa.string()), pattern).to_numpy(zero_copy_only=False)
    flags: Flags = np.append(found.astype(np.bool_), False)[column.codes]
    return flags


def _days(printed: Coded) -> Days:
    read = [dates.read(word) for word in printed.words]
    days = np.array([*(day.toordinal() - _EPOCH if day else UNDATED for day, _ in read), UNDATED], np.int32)
    problem = {
        name: np.array([*(why == name for _, why in read), False], np.bool_)[printed.codes]
        for name in ("date_unread", "date_ambiguous")
    }
    problem["excel_date"] = printed.marked(_is_serial) & (days != UNDATED)[printed.codes]
    return Days(printed, days[printed.codes], problem)


def _is_serial(word: str) -> bool:
    whole = word.partition(".")[0]
    return len(whole) == 5 and whole.isdigit()


def numbers(column: Coded) -> tuple[Floats, Flags]:
    """The numbers of a column of limits, and where something else than a number or a blank is printed."""
    values, _, unread = results.numbers_of(column, Vocabulary())
    return values, unread
