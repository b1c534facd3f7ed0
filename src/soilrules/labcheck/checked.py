"""The check of a laboratory's file: one pass over it, with findings, a summary, and the records for an import."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from soilrules.labcheck import asprinted, cells, exchange, form, limits, timing, words
from soilrules.labcheck.findings import MOST, Finding, Log, Severity
from soilrules.labcheck.frame import DATES, UNDATED, Frame
from soilrules.labcheck.repeats import Repeats
from soilrules.labcheck.terms import Kinds, Terms, kinds_of
from soilrules.labtables import LabTable, LabTableRefused, read_table
from soilrules.labtables.coded import Coded
from soilrules.labtables.schema import SCHEMA, WORDS

CHECKED: Final = pa.schema(
    [
        *SCHEMA, ("slug", WORDS), ("medium_key", WORDS), ("received", pa.date32()), ("analysed", pa.date32()),
        ("reported", pa.date32()), ("method", WORDS), ("batch", WORDS), ("cma", WORDS), ("laboratory", WORDS),
        ("report", WORDS), pa.field("severity", pa.int8(), nullable=False),
    ]
)  # fmt: skip
"""The columns of labtables.SCHEMA and, for each result: the analyte's key, the medium's, days, method, batch,
accreditation, and the worst severity (findings.Severity) of what was found at it."""
_AS_FINDING = {"no_result_column": "value", "no_analyte_column": "analyte"}  # refusals that name a column
_LISTED = 200  # words of one kind in the summary

History = Callable[[Any], Iterable[Finding]]
"""Compares a batch of CHECKED with what is known of the same points, and gives findings (1000 times the former median,
two columns exchanged). It is asked for every batch, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is told beside the file.

    `on`: the day after which everything is the future. `tasks`: the samples there should be. `medium`: of a file that
    says none. `most`: findings of one rule that are kept.
    """

    on: date | None = None
    tasks: Collection[str] | None = None
    medium: str = ""
    history: History | None = None
    most: int = MOST


@dataclass
class _Found:
    """What the summary tells."""

    results: int = 0
    analytes: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)
    batches: set[str] = field(default_factory=set)
    days: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, frame: Frame, kinds: Kinds) -> None:
        """Count one frame."""
        self.results += len(frame)
        self.analytes |= {one.analyte for one in kinds.kinds if one.analyte}
        self.media |= {one.medium for one in kinds.kinds if one.medium}
        if len(self.batches) < _LISTED:
            said = frame.said("batch")
            self.batches |= {said.words[code] for code in np.unique(said.codes).tolist() if code >= 0}
        for role, one in frame.days.items():
            known = one.days[one.known]
            if len(known):
                first, last = self.days.get(role, (int(known[0]), int(known[0])))
                self.days[role] = min(first, int(known.min())), max(last, int(known.max()))


class Checked:
    """A file under check. `batches` is the one pass over it; findings and summary are complete once it is over."""

    def __init__(self, data: Path | bytes, table: LabTable | None, asked: Asked, log: Log) -> None:
        self.table = table
        self._data, self._asked, self._log = data, asked, log
        self._repeats = Repeats(None if asked.tasks is None else {one.strip() for one in asked.tasks})
        self._found = _Found()
        self._done = table is None

    def batches(self) -> Iterator[Any]:
        """The results as batches of CHECKED, each with its worst severity. Once only; raises LabTableRefused.

        What only the end shows (numbers of samples that look alike) is a warning and not in the severity of a row.
        """
        for frame, kinds in self._frames():
            yield _batch(frame, kinds)

    def run(self) -> Checked:
        """Check to the end without keeping any batch."""
        for _ in self._frames():
            pass
        return self

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, by row; of each rule at most `most`."""
        self.run()
        return self._log.findings

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each rule was broken, with those that are not kept."""
        self.run()
        return dict(self._log.counts)

    @property
    def worst(self) -> Severity:
        """The gravest finding."""
        return max((one.severity for one in self.findings), default=Severity.NONE)

    def summary(self, language: str = "zh") -> dict[str, Any]:
        """What the file holds."""
        self.run()
        layout = self.table.layout if self.table else None
        found = self._found
        names = {key: medium.zh if language == "zh" else medium.en for key, medium in words.media().items()}
        return {
            "format": exchange.current().version,
            "results": found.results,
            "samples": self._repeats.samples,
            "analytes": sorted(found.analytes)[:_LISTED],
            "media": sorted(names[one] for one in found.media),
            "batches": sorted(found.batches)[:_LISTED],
            "days": {role: [f"{timing.day_of(day)}" for day in days] for role, days in found.days.items()},
            "layout": None if layout is None else {
                "kind": layout.kind, "sheet": layout.sheet, "encoding": layout.encoding, "delimiter": layout.delimiter,
                "shape": str(layout.shape), "header_rows": list(layout.header_rows),
            },
            "counts": self.counts,
            "kept": self._log.most,
            "severities": {str(one): self._with(one) for one in (Severity.ERROR, Severity.WARNING, Severity.INFO)},
        }  # fmt: skip

    def _with(self, severity: Severity) -> int:
        own = {one.rule: one.severity for one in self._log.findings}
        return sum(count for rule, count in self._log.counts.items() if own.get(rule) == severity)

    def _frames(self) -> Iterator[tuple[Frame, Kinds]]:
        if self._done or self.table is None:
            return
        self._done = True
        workbook, terms = form.Workbook(self._data, self.table), Terms()
        workbook.tell(self._log)
        form.columns(self.table, self._log, medium=self._asked.medium)
        for piece in self.table.pieces(lambda layout: exchange.own_columns(layout).values()):
            frame = Frame(piece, self._asked.medium)
            kinds = kinds_of(frame)
            terms.check(frame, kinds, self._log)
            self._check(frame, kinds, workbook)
            yield frame, kinds
        self._repeats.finish(self._log)
        form.left_out(self.table.problems, self._log)

    def _check(self, frame: Frame, kinds: Kinds, workbook: form.Workbook) -> None:
        on = self._asked.on
        asprinted.check(frame, self._log)
        cells.check(frame, self._log)
        limits.check(frame, kinds, self._log, on)
        timing.check(frame, kinds, self._log, on)
        self._repeats.check(frame, kinds, self._log)
        workbook.check(frame, self._log)
        self._found.add(frame, kinds)
        if self._asked.history:
            for finding in self._asked.history(_batch(frame, kinds)):
                self._log.add(finding)
                where = frame.row == finding.row
                frame.severity[where] = np.maximum(frame.severity[where], int(finding.severity))


def check(source: Path | bytes, asked: Asked | None = None, *, name: str = "", sheet: str | None = None) -> Checked:
    """The check of a laboratory's file: a path or the bytes of a file, in any layout labtables reads.

    Raises LabTableRefused where it cannot be read at all; a missing column of results or analytes is a finding.
    """
    asked = asked or Asked()
    log = Log(asked.most)
    try:
        return Checked(source, read_table(source, name=name, sheet=sheet), asked, log)
    except LabTableRefused as refusal:
        reason = refusal.message.id
        if reason in _AS_FINDING:
            log.tell("required_column", 1, exchange.current().column(_AS_FINDING[reason]).heading)
        elif reason == "no_rows":
            log.tell("no_rows", 1, "")
        else:
            raise
        return Checked(source, None, asked, log)


def _batch(frame: Frame, kinds: Kinds) -> Any:
    batch = frame.piece.batch()
    slugs, media = [one.slug for one in kinds.kinds], [one.medium for one in kinds.kinds]
    more = {
        "slug": _words(slugs, kinds),
        "medium_key": _words(media, kinds),
        **{role: _day(frame, role) for role in DATES if role != "date"},
        **{role: _said(frame, role) for role in ("method", "batch", "cma", "laboratory", "report")},
        "severity": pa.array(frame.severity),
    }
    arrays = [more[name] if name in more else batch.column(name) for name in CHECKED.names]
    return pa.RecordBatch.from_arrays(arrays, schema=CHECKED)


def _words(each: list[str | None], kinds: Kinds) -> Any:
    return pa.array(each, pa.string()).dictionary_encode().take(pa.array(kinds.at))


def _said(frame: Frame, role: str) -> Any:
    said: Coded = frame.said(role)
    return said.arrow()


def _day(frame: Frame, role: str) -> Any:
    if role not in frame.days:
        return pa.nulls(len(frame), pa.date32())
    days = frame.days[role].days
    return pa.array(days, mask=days == UNDATED).cast(pa.date32())
