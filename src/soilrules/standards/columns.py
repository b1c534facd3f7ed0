"""The judgement of results by the million: an Arrow batch in, an Arrow batch of verdicts out.

In: the columns of BATCH (`analyte` a slug or a printed name, `land` a use of the standard or the word for it), strings
as dictionaries or plain; further columns are ignored. Out, row for row: `verdict`, `cause` of an unknown one, and
`place`, what was applied, in `ColumnJudge.places`.

The limits are those the row-by-row judgement finds, looked up once for every combination that occurs
(soilrules.standards.places); here they are only compared. A limit is turned into the unit of the result and never the
other way, so a number as printed meets a limit as printed. Limits that are no upper bound (ranges, words, conditions)
are left to the row-by-row judgement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import units
from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats, Ints
from soilrules.standards.combinations import Combinations
from soilrules.standards.judge import judge
from soilrules.standards.library import Library
from soilrules.standards.model import UseKind
from soilrules.standards.places import CAUSES, Place, Places
from soilrules.standards.results import Result
from soilrules.standards.rulings import PH_RANGE, Cause

WORDS = pa.dictionary(pa.int32(), pa.string())
BATCH = pa.schema(
    [
        ("analyte", WORDS), ("value", pa.float64()), ("unit", WORDS), ("censored", pa.bool_()),
        ("detection_limit", pa.float64()), ("ph", pa.float64()), ("land", WORDS), ("date", pa.date32()),
    ]
)  # fmt: skip
_CAUSE = {cause: code for code, cause in enumerate(CAUSES)}
_HIGHEST_PH = float(PH_RANGE[1])
_CHUNK = 1 << 15  # rows at a time, so that what one step writes the next still finds in the cache

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The columns of some rows that are numbers."""

    value: Floats
    censored: Flags
    detection_limit: Floats
    ph: Floats

    def part(self, rows: slice) -> _Rows:
        return _Rows(self.value[rows], self.censored[rows], self.detection_limit[rows], self.ph[rows])


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """The columns that come out, as codes; a cause of −1 is none."""

    verdict: Codes
    cause: Codes
    place: Ints

    def part(self, rows: slice) -> _Verdicts:
        return _Verdicts(self.verdict[rows], self.cause[rows], self.place[rows])


class ColumnJudge:
    """Judges batches by one standard in one division; results without a date are taken as sampled on `on`.

    `level` is the groundwater class to hold against (III where not given). Raises KeyError for an unknown family.
    """

    def __init__(self, library: Library, family: str, *, on: date, level: str = "", division: str = "") -> None:
        self.library, self.family, self.on, self.level = library, family, on, level
        self._places = Places(library, family, level=level, division=division)
        self._edges = [float(edge) for edge in self._places.edges]
        self._turns = np.array([arrow.day_number(day) for day in self._places.turns], np.int32)
        self._unknown = len(self._places.outcomes) - 1

    @property
    def places(self) -> list[Place]:
        """What was applied, by the numbers in the column `place`; it grows while batches come."""
        return self._places.found

    def judge(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The verdicts of a batch, row for row."""
        count = batch.num_rows
        combinations, rows = self._combinations(batch), self._rows(batch)
        found = _Verdicts(np.empty(count, np.int8), np.full(count, -1, np.int8), np.empty(count, np.int32))
        scratch = np.empty(_CHUNK), np.empty(_CHUNK)
        for start in range(0, count, _CHUNK):
            part = slice(start, start + _CHUNK)
            chunk = found.part(part)
            combinations.first_places(part, chunk.place)
            self._judge(rows.part(part), chunk, scratch)
        self._judge_by_hand(batch, found)
        return self._as_batch(found)

    def _combinations(self, batch: pa.RecordBatch) -> Combinations:
        no_use: tuple[Ints, list[str | None]] = np.empty(0, np.int32), [None]
        return Combinations(
            self._places,
            turn=self._turn(batch),
            name=arrow.words(batch.column("analyte")),
            unit=arrow.words(batch.column("unit")),
            use=arrow.words(batch.column("land")) if self._reads_use else no_use,
        )

    @property
    def _reads_use(self) -> bool:
        return self._places.editions[0].use_kind is not UseKind.NONE

    def _rows(self, batch: pa.RecordBatch) -> _Rows:
        return _Rows(
            arrow.floats(batch.column("value")),
            arrow.flags(batch.column("censored")),
            arrow.floats(batch.column("detection_limit")),
            arrow.floats(batch.column("ph")),
        )

    def _turn(self, batch: pa.RecordBatch) -> tuple[Ints, Sequence[int]]:
        """The turn of editions of each row, and the turns there are; one where no row lies in another."""
        days = arrow.days(batch.column("date"), self.on)
        if not len(days):
            return days, [0]
        first, last = np.searchsorted(self._turns, (days.min(), days.max()), side="right").tolist()
        if first == last:
            return days, [first]
        return np.searchsorted(self._turns, days, side="right").astype(np.int32), range(len(self._turns) + 1)

    def _judge(self, rows: _Rows, found: _Verdicts, scratch: tuple[Floats, Floats]) -> None:
        """Compare; `found.place` holds the first place of each row's combination and is moved to its pH."""
        amount, limit = scratch[0][: len(found.place)], scratch[1][: len(found.place)]
        if self._edges:
            np.add(found.place, self._band(rows.ph), out=found.place)
        np.copyto(amount, rows.value)
        np.copyto(amount, rows.detection_limit, where=rows.censored)
        table = self._places.table
        table.second.take(found.place, out=limit, mode="clip")
        above_second = amount > limit
        table.first.take(found.place, out=limit, mode="clip")
        above = amount > limit
        np.add(above.view(np.int8), above_second.view(np.int8), out=found.verdict)
        unsaid = ~(above | (amount <= limit))  # one of them is no number
        unsaid |= amount < 0
        unsaid |= above & rows.censored
        if unsaid.any():
            where = np.flatnonzero(unsaid)
            found.verdict[where] = self._unknown
            found.cause[where] = self._causes(rows, amount, found.place, where)

    def _band(self, ph: Floats) -> Codes:
        """The place of each pH within its combination."""
        band = (ph > self._edges[0]).view(np.int8)
        for edge in self._edges[1:]:
            band += (ph > edge).view(np.int8)
        if not (ph.min() >= 0 and ph.max() <= _HIGHEST_PH):  # so too where one is no number
            band[~((ph >= 0) & (ph <= _HIGHEST_PH))] = len(self._edges) + 2
            band[np.isnan(ph)] = len(self._edges) + 1
        return band

    def _causes(self, rows: _Rows, amount: Floats, place: Ints, where: NDArray[np.intp]) -> Codes:
        """The cause of each unknown verdict, in the order the row-by-row judgement asks."""
        here = place[where]
        table = self._places.table
        number, censored = amount[where], rows.censored[where]
        cause = np.where(censored, _CAUSE[Cause.DETECTION_LIMIT_ABOVE], -1)
        cause[np.isnan(number) & censored] = _CAUSE[Cause.DETECTION_LIMIT_MISSING]
        cause = np.where(table.unit_cause[here] >= 0, table.unit_cause[here], cause)
        cause[number < 0] = _CAUSE[Cause.VALUE_INVALID]
        cause[np.isnan(number) & ~censored] = _CAUSE[Cause.VALUE_MISSING]
        return np.where(table.cause[here] >= 0, table.cause[here], cause).astype(np.int8)

    def _judge_by_hand(self, batch: pa.RecordBatch, found: _Verdicts) -> None:
        """The rows whose limit is no upper bound, by the row-by-row judgement; what repeats is judged once."""
        if not self._places.table.by_hand.any():
            return
        where = np.flatnonzero(self._places.table.by_hand.take(found.place))
        if len(where):
            cells = batch.select(["value", "unit", "censored", "detection_limit"]).take(pa.array(where))
            rows = list(zip(found.place[where].tolist(), *(one.to_pylist() for one in cells.columns), strict=True))
            codes = {row: self._code_by_hand(*row) for row in set(rows)}
            found.verdict[where], found.cause[where] = zip(*(codes[row] for row in rows), strict=True)

    def _code_by_hand(
        self, place: int, value: float | None, unit: str | None, censored: bool | None, limit: float | None
    ) -> tuple[int, int]:
        """The codes of verdict and cause of one result judged by the row-by-row judgement."""
        here, read = self.places[place], units.parse(unit or "")
        printed = "" if read else unit or ""
        result = Result(here.named.slug, _number(value), read, bool(censored), _number(limit), printed_unit=printed)
        verdict = judge(self.library, self.family, result, here.around, level=self.level)
        cause = -1 if verdict.cause is None else _CAUSE[verdict.cause]
        return self._places.outcomes.index(verdict.outcome), cause

    def _as_batch(self, found: _Verdicts) -> pa.RecordBatch:
        count = len(found.cause)
        known = np.packbits(found.cause >= 0, bitorder="little")
        causes = pa.Array.from_buffers(pa.int8(), count, [pa.py_buffer(known), pa.py_buffer(found.cause)])
        return pa.RecordBatch.from_arrays(
            [
                pa.DictionaryArray.from_arrays(
                    pa.array(found.verdict), [str(one) for one in self._places.outcomes], safe=False
                ),
                pa.DictionaryArray.from_arrays(causes, [str(one) for one in CAUSES], safe=False),
                pa.array(found.place),
            ],
            names=["verdict", "cause", "place"],
        )


def _number(cell: float | None) -> Decimal | None:
    return None if cell is None or math.isnan(cell) else Decimal(repr(cell))
