"""A laboratory table judged, row by row in the order of the table, as a stream; the summary is complete at its end.

Most rows are judged by columns and told by the frame they share; rows with something of their own (a problem, words,
a lower bound, a background, a groundwater class) are judged one by one. Sums of components follow after all rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from soilrules.evaluation import reading
from soilrules.evaluation.choices import Choices
from soilrules.evaluation.components import Components
from soilrules.evaluation.rows import Frame, Record, frame, row, value_text
from soilrules.evaluation.summary import Tally
from soilrules.labtables import NO_VALUE, LabTable, Shape
from soilrules.messages import Message
from soilrules.standards import names
from soilrules.standards.columns import ColumnJudge
from soilrules.standards.judge import Verdict, by_ruling, judge, unknown_verdict
from soilrules.standards.library import Library
from soilrules.standards.model import Edition
from soilrules.standards.places import Place
from soilrules.standards.rulings import Cause
from soilrules.verdict import Outcome

_WITHOUT_PH = ("gb15618", "gb36600", "gb2762")  # there a column of pH stands beside the results and is none itself
_UNDATED = ("date_unread", "date_ambiguous")


class Evaluation:
    """One table under one set of choices. `rows()` may be read once; `summary()` is complete afterwards.

    Raises KeyError where `choices` names a standard the library does not hold.
    """

    def __init__(self, table: LabTable, library: Library, choices: Choices, *, language: str = "zh") -> None:
        self.table, self.library, self.choices, self.language = table, library, choices, language
        self._family, self._edition = choices.chosen(library)
        self._judges: dict[str, ColumnJudge] = {}
        self._frames: dict[tuple[Any, ...], Frame] = {}
        self._components = Components(library)
        self._tally = Tally(classed=self._family == "gbt14848")

    def rows(self) -> Iterator[Record]:
        """Every row of the table judged, in its order, then the sums of components."""
        for batch in self.table.batches():
            for record in self._batch(batch):
                yield self._tally.counted(record)
        for verdict, record in self._components.sums(self.choices.level):
            yield self._tally.counted(row(verdict, record, language=self.language))

    def summary(self) -> dict[str, Any]:
        """What the rows came to, by what it was judged, and what was noticed about the table."""
        return self._tally.summary(self.table, self.library, self.choices, self.language)

    def _batch(self, batch: pa.RecordBatch) -> Iterator[Record]:
        if self.choices.as_if_on:
            batch = reading.with_day(batch, self.choices.as_if_on)
        if self.choices.standard:
            yield from self._of_family(batch, self._family)
            return
        families = reading.families(batch, self.library, self._family)
        start = 0
        for end in range(1, len(families) + 1):
            if end == len(families) or families[end] != families[start]:
                yield from self._of_family(batch.slice(start, end - start), families[start])
                start = end

    def _of_family(self, batch: pa.RecordBatch, family: str) -> Iterator[Record]:
        """The rows of a stretch of one standard, empty where none is known."""
        if not family:
            yield from (self._without_standard(record) for record in batch.to_pylist())
            return
        columns = self._judge(family)
        judged = columns.judge(reading.for_columns(batch, family, self.choices))
        codes = zip(
            judged.column("place").to_pylist(),
            judged.column("verdict").indices.to_pylist(),
            judged.column("cause").indices.to_pylist(),
            self._alone(batch, family).tolist(),
            strict=True,
        )
        components = self._components.of_family[family]
        skipped = self._skips_ph(family)
        for record, (place, verdict, cause, alone) in zip(batch.to_pylist(), codes, strict=True):
            found = columns.places[place]
            self._fill(record)
            if skipped and found.analyte == "ph":
                continue
            if found.analyte in components and record["problem"] not in NO_VALUE:
                around = reading.circumstances(record, family, self.choices)
                self._components.add(family, record, around, reading.result(record, found.analyte, self.choices))
            if alone or found.by_hand:
                yield self._one(record, family, found)
            else:
                yield self._framed(record, family, found, (place, verdict, cause))

    def _judge(self, family: str) -> ColumnJudge:
        if family not in self._judges:
            choices = self.choices
            self._judges[family] = ColumnJudge(
                self.library, family, on=choices.on, level=choices.level, division=choices.division
            )
        return self._judges[family]

    def _alone(self, batch: pa.RecordBatch, family: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """The rows that are judged one by one."""
        if len(self.library.national(family)[0].levels) > 2 or (self._edition and self._edition.family == family):
            return np.ones(batch.num_rows, np.bool_)
        odd = np.zeros(batch.num_rows, np.bool_)
        for name in ("problem", "more_than", "background"):
            odd |= batch.column(name).is_valid().to_numpy(zero_copy_only=False)
        return odd

    def _skips_ph(self, family: str) -> bool:
        return self.table.layout.shape is Shape.WIDE and family in _WITHOUT_PH

    def _fill(self, record: Record) -> None:
        """What the choices say where the record says nothing."""
        choices = self.choices
        record["date"] = record["date"] or choices.on
        record["unit"] = record["unit"] or choices.unit or None
        if record["ph"] is None and record["ph_text"] is None and choices.ph is not None:
            record["ph"] = float(choices.ph)

    def _framed(self, record: Record, family: str, place: Place, codes: tuple[int, int, int | None]) -> Record:
        """A row told by the frame it shares with others."""
        key = (family, *codes, record["censored"])
        shared = self._frames.get(key)
        if shared is None:
            shared = self._frames[key] = self._frame(record, family, place)
        return shared.row(record, value_text(record, self.language))

    def _frame(self, record: Record, family: str, place: Place) -> Frame:
        around = replace(reading.circumstances(record, family, self.choices), use=place.around.use)
        result = reading.result(record, place.analyte, self.choices)
        verdict = _named(place.named, place.ruling.edition) or by_ruling(
            place.ruling, result, around, level=self.choices.level
        )
        return frame(verdict, printed=record["analyte"] or "", first=place.first, language=self.language)

    def _one(self, record: Record, family: str, place: Place) -> Record:
        """A row judged by itself."""
        problem = self.table.message(record)
        around = reading.circumstances(record, family, self.choices)
        edition = self.library.edition(family, around.on)
        if problem and self._stops(record, family, place):
            verdict = Verdict(Outcome.UNKNOWN, problem, place.analyte, standard=edition.standard if edition else "")
            return {**row(verdict, record, language=self.language), "cause": record["problem"]}
        result = reading.result(record, place.analyte, self.choices)
        if self._edition is not None and edition is not self._edition:
            verdict = unknown_verdict(Cause.NOT_IN_FORCE, result, around, None)
        else:
            verdict = _named(place.named, edition) or judge(
                self.library, family, result, around, level=self.choices.level
            )
        more = (problem,) if problem and not result.words else ()
        return row(verdict, record, language=self.language, more=more)

    def _stops(self, record: Record, family: str, place: Place) -> bool:
        """Whether the problem of a record leaves nothing to judge."""
        if record["problem"] == "not_a_number" and any(
            one.bound.words for level in place.ruling.limits.values() for one in level
        ):
            return False
        return record["problem"] in NO_VALUE or (record["problem"] in _UNDATED and self._dates_decide(family))

    def _dates_decide(self, family: str) -> bool:
        return len(self.library.national(family)) > 1

    def _without_standard(self, record: Record) -> Record:
        """A row nobody named a standard for; a name that is none is told first."""
        self._fill(record)
        problem = self.table.message(record)
        named = names.resolve(record["analyte"] or "", ())
        reason = problem if problem and record["problem"] in NO_VALUE else named.reason
        missing = Message("standards", "unknown", Cause.STANDARD_MISSING, {})
        verdict = Verdict(Outcome.UNKNOWN, reason or missing, named.slug, cause=named.cause or Cause.STANDARD_MISSING)
        return row(verdict, record, language=self.language)


def _named(named: names.Named, edition: Edition | None) -> Verdict | None:
    """The verdict for a name that means no single analyte."""
    if named.cause is None or named.reason is None or edition is None:
        return None
    return Verdict(Outcome.UNKNOWN, named.reason, named.slug, standard=edition.standard, cause=named.cause)
