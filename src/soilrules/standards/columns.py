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

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules import units
from soilrules.standards import arrow
from soilrules.standards.arrow import Flags, Floats, Ints
from soilrules.standards.judge import Result, judge
from soilrules.standards.library import Library
from soilrules.standards.model import UseKind
from soilrules.standards.places import CAUSES, Place, Places
from soilrules.standards.rulings import Cause, Circumstances

WORDS = pa.dictionary(pa.int32(), pa.string())
BATCH = pa.schema(
    [
        ("analyte", WORDS), ("value", pa.float64()), ("unit", WORDS), ("censored", pa.bool_()),
        ("detection_limit", pa.float64()), ("ph", pa.float64()), ("land", WORDS), ("date", pa.date32()),
    ]
)  # fmt: skip
_CAUSE = {cause: code for code, cause in enumerate(CAUSES)}
_CHUNK = 1 << 15  # rows at a time, so that what one step writes the next still finds in the cache

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The columns of some rows; `key` is the combination of each row, `base` the first place of each combination."""

    key: Ints
    base: Ints
    value: Floats
    censored: Flags
    detection_limit: Floats
    ph: Floats

    def part(self, rows: slice) -> _Rows:
        return _Rows(
            self.key[rows], self.base, self.value[rows], self.censored[rows], self.detection_limit[rows], self.ph[rows]
        )


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
        rows = self._rows(batch)
        verdict, cause = np.empty(batch.num_rows, np.int8), np.full(batch.num_rows, -1, np.int8)
        place = np.empty(batch.num_rows, np.int32)
        for start in range(0, batch.num_rows, _CHUNK):
            part = slice(start, start + _CHUNK)
            self._judge(rows.part(part), verdict[part], cause[part], place[part])
        self._judge_by_hand(batch, verdict, cause, place)
        return self._as_batch(verdict, cause, place)

    def _rows(self, batch: pa.RecordBatch) -> _Rows:
        name, names = arrow.words(batch.column("analyte"))
        unit, symbols = arrow.words(batch.column("unit"))
        turn, turns = self._turn(batch)
        key, count = turn * np.int32(len(names)) + name, len(names)
        key, count = key * np.int32(len(symbols)) + unit, count * len(symbols)
        lands: list[str | None] = [None]
        if self._places.editions[0].use_kind is not UseKind.NONE:
            land, lands = arrow.words(batch.column("land"))
            key, count = key * np.int32(len(lands)) + land, count * len(lands)
        base = self._bases(key, (turns, names, symbols, lands))
        return _Rows(
            key,
            base,
            arrow.floats(batch.column("value")),
            arrow.flags(batch.column("censored")),
            arrow.floats(batch.column("detection_limit")),
            arrow.floats(batch.column("ph")),
        )

    def _turn(self, batch: pa.RecordBatch) -> tuple[Ints, int]:
        """The turn of editions of each row, and how many turns there are."""
        days = arrow.days(batch.column("date"), self.on)
        if not len(days):
            return days, 1
        first, last = np.searchsorted(self._turns, (days.min(), days.max()), side="right")
        if first == last:
            return np.full(1, first, np.int32), len(self._turns) + 1
        return np.searchsorted(self._turns, days, side="right").astype(np.int32), len(self._turns) + 1

    def _bases(self, key: Ints, of: tuple[int, list[str | None], list[str | None], list[str | None]]) -> Ints:
        """The first place of each combination that occurs; the others stay −1."""
        turns, names, symbols, lands = of
        shape = (turns, len(names), len(symbols), len(lands))
        base = np.full(int(np.prod(shape)), -1, np.int32)
        occurs = np.zeros(base.shape, np.bool_)
        occurs[key] = True
        present = np.flatnonzero(occurs)
        parts = zip(*(axis.tolist() for axis in np.unravel_index(present, shape)), strict=True)
        base[present] = self._places.bases([(turn, names[n], symbols[u], lands[use]) for turn, n, u, use in parts])
        return base

    def _judge(self, rows: _Rows, verdict: Codes, cause: Codes, place: Ints) -> None:
        np.take(rows.base, rows.key, out=place, mode="clip")
        if self._edges:
            place += self._band(rows.ph)
        table = self._places.table
        first = table.first.take(place)
        amount = np.where(rows.censored, rows.detection_limit, rows.value) if rows.censored.any() else rows.value
        above = amount > first
        np.add(above, amount > table.second.take(place), out=verdict, dtype=np.int8, casting="unsafe")
        unsaid = ~(above | (amount <= first))
        unsaid |= amount < 0
        unsaid |= above & rows.censored
        if unsaid.any():
            where = np.flatnonzero(unsaid)
            verdict[where] = self._unknown
            cause[where] = self._causes(rows, amount, place, where)

    def _band(self, ph: Floats) -> NDArray[np.int8]:
        """The place of each pH within its combination."""
        band = (ph > self._edges[0]).view(np.int8)
        for edge in self._edges[1:]:
            band = band + (ph > edge).view(np.int8)
        sound = (ph >= 0) & (ph <= 14)
        if not sound.all():
            band[~sound] = len(self._edges) + 2
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

    def _judge_by_hand(self, batch: pa.RecordBatch, verdict: Codes, cause: Codes, place: Ints) -> None:
        """The rows whose limit is no upper bound, one by one."""
        where = np.flatnonzero(self._places.table.by_hand[place]) if len(place) else ()
        codes = {outcome: code for code, outcome in enumerate(self._places.outcomes)}
        for row in map(int, where):
            found = judge(self.library, self.family, *self._one(batch, row, self.places[place[row]]), level=self.level)
            verdict[row], cause[row] = codes[found.outcome], _CAUSE[found.cause] if found.cause else -1

    def _one(self, batch: pa.RecordBatch, row: int, place: Place) -> tuple[Result, Circumstances]:
        cell = {name: batch.column(name)[row].as_py() for name in BATCH.names}
        unit = units.parse(cell["unit"]) if cell["unit"] else None
        value, limit = (None if cell[key] is None else Decimal(repr(cell[key])) for key in ("value", "detection_limit"))
        printed = cell["unit"] if unit is None and cell["unit"] else ""
        return Result(place.analyte, value, unit, bool(cell["censored"]), limit, printed_unit=printed), place.around

    def _as_batch(self, verdict: Codes, cause: Codes, place: Ints) -> pa.RecordBatch:
        causes = pa.array(cause, mask=cause < 0) if (cause >= 0).any() else pa.nulls(len(cause), pa.int8())
        return pa.RecordBatch.from_arrays(
            [
                pa.DictionaryArray.from_arrays(pa.array(verdict), [str(one) for one in self._places.outcomes]),
                pa.DictionaryArray.from_arrays(causes, [str(one) for one in CAUSES]),
                pa.array(place),
            ],
            names=["verdict", "cause", "place"],
        )
