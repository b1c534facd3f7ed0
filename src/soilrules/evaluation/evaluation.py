"""A laboratory table judged, row by row in the order of the table, as a stream; the summary is complete at its end.

Rows are judged by columns; what rows under one ruling with one outcome have in common is judged and worded once.
Rows with something of their own (a problem, words, a lower bound, a background) are judged one by one. Sums of
components follow after all rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import units
from soilrules.evaluation import families, localnotes, reading
from soilrules.evaluation.choices import Choices
from soilrules.evaluation.classes import Classes
from soilrules.evaluation.components import Components
from soilrules.evaluation.judged import Judged
from soilrules.evaluation.reading import Record, Standard
from soilrules.evaluation.rows import Frame, Told
from soilrules.evaluation.summary import Tally
from soilrules.evaluation.table import Table
from soilrules.labtables import NO_VALUE, SCHEMA, Shape
from soilrules.messages import Message
from soilrules.standards import arrow, names
from soilrules.standards.arrow import Flags
from soilrules.standards.columns import ColumnJudge
from soilrules.standards.judge import judge, unknown_verdict
from soilrules.standards.library import Library
from soilrules.standards.model import Edition
from soilrules.standards.places import Place
from soilrules.standards.results import Verdict
from soilrules.standards.rulings import Cause
from soilrules.verdict import Outcome

_WITHOUT_PH = ("gb15618", "gb36600", "gb2762")  # there a column of pH stands beside the results and is none itself
_UNDATED = ("date_unread", "date_ambiguous")
_OF_ITS_OWN = ("problem", "more_than", "background")  # a row that has one is judged by itself
_OF_SAMPLE = ("sample", "point", "ph", "date", "depth")  # what the row of a sum takes from its components
_MOST_FRAMES = 50_000  # kept; where every value has its own, the older are let go
_SUMS_AT_ONCE = 2_000

Codes = NDArray[np.int32]


class Evaluation:
    """One table under one set of choices. The rows may be read once; `summary()` is complete afterwards.

    Raises KeyError where `choices` names a standard the library does not hold.
    """

    def __init__(self, table: Table, library: Library, choices: Choices, *, language: str = "zh") -> None:
        self.table, self.library, self.choices, self.language = table, library, choices, language
        family, _ = choices.chosen(library)
        self._judges: dict[str, ColumnJudge] = {}
        self._classes: dict[str, Classes] = {}
        self._frames: dict[tuple[Any, ...], Frame] = {}
        self._components = Components(library)
        self._notes = {one: localnotes.note(library, one, choices.division, language) for one in library.families}
        self._tally = Tally(classed=family == "gbt14848")

    def rows(self) -> Iterator[Record]:
        """Every row of the table judged, in its order, then the sums of components."""
        return map(json.loads, self.texts())

    def texts(self) -> Iterator[str]:
        """The rows, each written as one JSON object."""
        for judged in self.judged():
            yield from judged.texts()

    def judge(self) -> dict[str, Any]:
        """Judge everything for the summary alone."""
        for _ in self.judged():
            pass
        return self.summary()

    def summary(self) -> dict[str, Any]:
        """What the rows came to, by what it was judged, and what was noticed about the table."""
        notes = list(dict.fromkeys(note for family in self._judges if (note := self._notes[family])))
        return self._tally.summary(self.table, self.library, self.choices, self.language) | {"notes": notes}

    def judged(self) -> Iterator[Judged]:
        """The rows of each batch with the frames they share, one for each batch of the table; then the sums."""
        for batch in self.table.batches():
            yield self._tally.counted(self._batch(reading.filled(batch, self.choices)))
        sums = self._components.sums(self.choices)
        while some := list(islice(sums, _SUMS_AT_ONCE)):
            yield self._tally.counted(self._sums(some))

    def _batch(self, batch: pa.RecordBatch) -> Judged:
        frames: list[Frame] = []
        codes = np.empty(batch.num_rows, np.int32)
        for standard, where in families.standards(batch, self.library, self.choices):
            some = batch if where is None else batch.take(pa.array(where))
            own, found = (
                self._of_standard(some, standard) if standard.family else self._without_standard(some, standard)
            )
            codes[slice(None) if where is None else where] = np.where(found < 0, found, found + len(frames))
            frames.extend(own)
        if (codes < 0).any():
            batch, codes = batch.filter(pa.array(codes >= 0)), codes[codes >= 0]
        return Judged(batch, frames, codes)

    def _of_standard(self, batch: pa.RecordBatch, standard: Standard) -> tuple[list[Frame], Codes]:
        """The frames of rows judged by one standard and the number of each row's; −1 where a row is no result."""
        columns = self._judge(standard.family)
        judged = columns.judge(reading.for_columns(batch, standard.family, self.choices))
        place = judged.column("place").to_numpy()
        classes, exact = self._classes.setdefault(standard.family, Classes()).codes(batch, place, columns.places)
        against, planned = reading.contradicting(batch)
        kinds = (_kinds(batch, judged) * 10 + classes) * len(planned) + against
        first, codes = _alike(batch, kinds, exact)
        frames = []
        for at, record in zip(first.tolist(), batch.take(pa.array(first)).to_pylist(), strict=True):
            numbers = (record["value"], record["detection_limit"]) if exact[at] else ()
            kind = (int(kinds[at]) // len(planned), planned[against[at]], *numbers)
            frames.append(self._frame(record, standard, columns.places[place[at]], kind))
        analyte = np.array([one.analyte for one in columns.places], object)[place]
        self._collect(batch, standard, analyte, _exceeds(judged))
        if self.table.layout.shape is Shape.WIDE and standard.family in _WITHOUT_PH:
            codes[analyte == "ph"] = -1
        return frames, codes

    def _judge(self, family: str) -> ColumnJudge:
        if family not in self._judges:
            choices = self.choices
            self._judges[family] = ColumnJudge(
                self.library, family, on=choices.on, level=choices.level, division=choices.division
            )
        return self._judges[family]

    def _frame(self, record: Record, standard: Standard, place: Place, kind: tuple[Any, ...]) -> Frame:
        """The frame of a row: its own where it has something of its own, else that of its kind."""
        if _is_alone(record):
            return self._told(record, standard, place).frame(self.language, shared=False)
        known = self._frames.get((standard, *kind))
        if known is None:
            if len(self._frames) > _MOST_FRAMES:
                self._frames.clear()
            known = self._told(record, standard, place).frame(self.language, shared=True)
            self._frames[standard, *kind] = known
        return known

    def _told(self, record: Record, standard: Standard, place: Place) -> Told:
        """One record judged and worded."""
        problem = self.table.message(record)
        around = reading.circumstances(record, standard.family, self.choices)
        edition = self.library.edition(standard.family, around.on)
        printed, unit = record["analyte"] or "", units.parse(record["unit"] or "")
        if problem and self._stops(record, standard.family, place):
            verdict = Verdict(Outcome.UNKNOWN, problem, place.analyte, standard=edition.standard if edition else "")
            return Told(verdict, printed, unit, cause=record["problem"])
        result = reading.result(record, place.analyte)
        if edition is not None and standard.edition not in ("", edition.id):
            verdict = unknown_verdict(Cause.NOT_IN_FORCE, result, around, None)
        else:
            verdict = _named(place.named, edition) or judge(
                self.library, standard.family, result, around, level=self.choices.level
            )
        if record["land_class"] == reading.CONTRADICTED:
            verdict = reading.with_contradiction(verdict, record["planned_use"])
        more = (problem,) if problem and not result.words else ()
        self._tally.words += bool(problem and result.words)
        note = self._notes[standard.family] if verdict.outcome is Outcome.MEETS else None
        return Told(verdict, printed, unit, more=more, note=note)

    def _stops(self, record: Record, family: str, place: Place) -> bool:
        """Whether the problem of a record leaves nothing to judge."""
        if record["problem"] == "not_a_number" and any(
            one.bound.words for level in place.ruling.limits.values() for one in level
        ):
            return False
        undated = record["problem"] in _UNDATED and self.choices.as_if_on is None
        return record["problem"] in NO_VALUE or (undated and len(self.library.national(family)) > 1)

    def _without_standard(self, batch: pa.RecordBatch, standard: Standard) -> tuple[list[Frame], Codes]:
        """The frames of rows nobody named a standard for, or one that is none; a name that is none is told first."""
        analyte, _ = arrow.words(batch.column("analyte"))
        first, codes = _alike(batch, analyte.astype(np.int64), np.zeros(batch.num_rows, np.bool_))
        records = batch.take(pa.array(first)).to_pylist()
        return [self._untold(one, standard).frame(self.language, shared=True) for one in records], codes

    def _untold(self, record: Record, standard: Standard) -> Told:
        problem = self.table.message(record)
        named = names.resolve(record["analyte"] or "", ())
        reason = problem if problem and record["problem"] in NO_VALUE else named.reason
        cause = Cause.STANDARD_UNKNOWN if standard.unknown else Cause.STANDARD_MISSING
        if standard.medium:
            cause = Cause.OTHER_MEDIUM
        known = "、".join(one.standard for one in self.library.editions if not one.division)
        params = {"name": standard.unknown, "known": known, "standard": standard.unknown, "medium": standard.medium}
        missing = Message("standards", "unknown", cause, params)
        verdict = Verdict(Outcome.UNKNOWN, reason or missing, named.slug, cause=named.cause or cause)
        own = record["problem"] if reason is problem and problem else ""
        return Told(verdict, record["analyte"] or "", cause=own)

    def _collect(self, batch: pa.RecordBatch, standard: Standard, analyte: NDArray[np.object_], over: Flags) -> None:
        """Keep the results that count in sums."""
        wanted = np.isin(analyte.astype(str), list(self._components.of_family[standard.family]))
        if wanted.any():
            codes, problems = arrow.words(batch.column("problem"))
            wanted &= ~np.array([one in NO_VALUE for one in problems])[codes]
            where = np.flatnonzero(wanted)
            self._components.add(standard, batch.take(pa.array(where)), analyte[where], over[where])

    def _sums(self, some: Sequence[tuple[Standard, Verdict, Record]]) -> Judged:
        """Sums as rows of their own, without a place in the table."""
        frames, records = [], []
        for standard, verdict, record in some:
            shown = dict.fromkeys(SCHEMA.names) | {name: record[name] for name in _OF_SAMPLE} | {"censored": False}
            if verdict.screening is not None and verdict.sum_value is not None:
                shown |= {"value": float(verdict.sum_value), "unit": verdict.screening.unit.symbol}
            note = self._notes[standard.family] if verdict.outcome is Outcome.MEETS else None
            frame = Told(verdict, verdict.analyte, note=note).frame(self.language, shared=False)
            frames.append(replace(frame, factor=None if verdict.factor is None else float(verdict.factor)))
            records.append(shown)
        batch = pa.RecordBatch.from_pylist(records, schema=SCHEMA)
        return Judged(batch, frames, np.arange(len(frames), dtype=np.int32))


def _is_alone(record: Record) -> bool:
    """Whether a record is judged by itself."""
    return any(record[name] is not None for name in _OF_ITS_OWN)


def _exceeds(judged: pa.RecordBatch) -> Flags:
    codes, known = arrow.words(judged.column("verdict"))
    return np.array([one is not None and Outcome(one).gravity > Outcome.UNKNOWN.gravity for one in known])[codes]


def _kinds(batch: pa.RecordBatch, judged: pa.RecordBatch) -> NDArray[np.int64]:
    """A number for what decides a row's frame: place, verdict, cause, censored, with or without detection limit."""
    kinds: NDArray[np.int64] = judged.column("place").to_numpy().astype(np.int64)
    for name in ("verdict", "cause"):
        codes, known = arrow.words(judged.column(name))
        kinds = kinds * len(known) + codes
    kinds = kinds * 2 + arrow.flags(batch.column("censored"))
    kinds += kinds + batch.column("detection_limit").is_valid().to_numpy(zero_copy_only=False)
    return kinds


def _alike(batch: pa.RecordBatch, kinds: NDArray[np.int64], exact: Flags) -> tuple[NDArray[np.intp], Codes]:
    """The first row of each frame, and the number of each row's frame: of a kind and, where `exact`, the same numbers."""
    for name in ("value", "detection_limit") if exact.any() else ():
        distinct, codes = np.unique(arrow.floats(batch.column(name)), return_inverse=True)
        kinds = kinds * len(distinct) + np.where(exact, codes, 0)
    alone = np.zeros(batch.num_rows, np.bool_)
    for name in _OF_ITS_OWN:
        alone |= batch.column(name).is_valid().to_numpy(zero_copy_only=False)
    kinds = np.where(alone, -1 - np.arange(batch.num_rows), kinds)
    _, first, numbers = np.unique(kinds, return_index=True, return_inverse=True)
    return first, numbers.astype(np.int32)


def _named(named: names.Named, edition: Edition | None) -> Verdict | None:
    """The verdict for a name that means no single analyte."""
    if named.cause is None or named.reason is None or edition is None:
        return None
    return Verdict(Outcome.UNKNOWN, named.reason, named.slug, standard=edition.standard, cause=named.cause)
