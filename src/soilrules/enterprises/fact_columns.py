"""The facts of many firms as columns, and what of them could be known on a day: `facts.as_of` for all at once.

In: Arrow batches UNITS (further columns are traits: true, false, null for not known), STAYS and EVENTS; `unit` is any
number, the same in all three. Days are counted from 1970; FAR is no day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules.enterprises.facts import PLANNED, EventKind
from soilrules.standards import arrow

Wide = NDArray[np.int64]
Flags = NDArray[np.bool_]

WORD = pa.dictionary(pa.int32(), pa.string())
UNITS = pa.schema([("unit", pa.int64()), ("division", WORD), ("operating_until", pa.date32())])
STAYS = pa.schema([("unit", pa.int64()), ("list_key", WORD), ("since", pa.date32()), ("until", pa.date32())])
EVENTS = pa.schema(
    [
        ("unit", pa.int64()), ("kind", WORD), ("on", pa.date32()), ("known", pa.date32()), ("period", WORD), ("subject", WORD),
    ]
)  # fmt: skip
KINDS = list(EventKind)
KIND = {kind: number for number, kind in enumerate(KINDS)}
FAR = 1 << 22
UNIT = 1 << 24  # unit * UNIT + day sorts by unit, then day
_EVER = arrow.day_number(date.min)


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays, by unit and day; `until` FAR where it goes on."""

    unit: Wide
    kind: Wide
    since: Wide
    until: Wide

    def taken(self, rows: Flags | Wide) -> Stays:
        """Some of them."""
        return Stays(self.unit[rows], self.kind[rows], self.since[rows], self.until[rows])


@dataclass(frozen=True, slots=True)
class Events:
    """Events, by unit and day. `year` and `part` are of the period it names (0: none); `row` is that of the batch."""

    unit: Wide
    kind: Wide
    on: Wide
    known: Wide
    year: Wide
    part: Wide
    subject: Wide  # 0: none
    row: Wide

    def taken(self, rows: Flags | Wide) -> Events:
        """Some of them."""
        return Events(*(getattr(self, name)[rows] for name in self.__slots__))

    @property
    def place(self) -> Wide:
        """What they are sorted by."""
        return self.unit * UNIT + self.on

    @property
    def which(self) -> Wide:
        """What is told apart: the subject, or without one the day."""
        return np.where(self.subject > 0, self.subject, self.on - FAR)


@dataclass(frozen=True, slots=True)
class Columns:
    """All that is known: rows of `stays` and `events` say their unit by its row."""

    units: Wide
    division: Wide
    divisions: list[str]
    lists: list[str]
    subjects: list[str]
    stopped: Wide  # the first day without production
    traits: Mapping[str, Wide]  # 1, 0, −1 for not known
    stays: Stays
    events: Events

    def trait(self, name: str) -> Wide:
        """One trait; one that no column tells of is not known."""
        return self.traits.get(name, np.full(len(self.units), -1))


def columns(units: pa.RecordBatch, stays: pa.RecordBatch, events: pa.RecordBatch) -> Columns:
    """Batches as columns. Raises ValueError for a stay or event of a unit that is not there."""
    ids = _numbers(units, "unit")
    division, divisions = arrow.words(units.column("division"))
    listed, lists = arrow.words(stays.column("list_key"))
    told_subject, subjects = _told(events, "subject")
    rows = {"stays": _rows_of(stays, ids, "stay"), "events": _rows_of(events, ids, "event")}
    return Columns(
        units=ids,
        division=division.astype(np.int64),
        divisions=[one or "" for one in divisions],
        lists=[one or "" for one in lists],
        subjects=subjects,
        stopped=np.minimum(_days(units, "operating_until") + 1, FAR),
        traits={name: _trait(units.column(name)) for name in units.schema.names if name not in UNITS.names},
        stays=Stays(rows["stays"], listed.astype(np.int64), _days(stays, "since"), _days(stays, "until")),
        events=_events(events, rows["events"], told_subject),
    )


def known(found: Columns, on: int) -> Columns:
    """What could be known on a day, sorted by unit and day; see `facts.as_of`."""
    stopped = np.where(found.stopped - 1 <= on, found.stopped, FAR)
    return replace(found, stopped=stopped, stays=_stays(found.stays, on), events=_known_events(found.events, on))


def _stays(stays: Stays, on: int) -> Stays:
    """The stays begun, those that touch put together."""
    there = stays.taken(stays.since <= on)
    there = there.taken(np.lexsort((there.since, there.kind, there.unit)))
    if not len(there.unit):
        return there
    until = np.where(there.until <= on, there.until, FAR)
    _, group = np.unique(there.unit * UNIT + there.kind, return_inverse=True)
    reach = np.maximum.accumulate(group * UNIT + until) - group * UNIT
    begins = np.r_[True, (group[1:] != group[:-1]) | (reach[:-1] < there.since[1:])]
    last = np.r_[np.flatnonzero(begins)[1:], len(begins)] - 1
    return Stays(there.unit[begins], there.kind[begins], there.since[begins], reach[last])


def _known_events(events: Events, on: int) -> Events:
    there = events.taken(events.known <= on)
    is_plan = np.isin(there.kind, [KIND[kind] for kind in PLANNED])
    plans = there.taken(is_plan)
    plans = plans.taken(np.lexsort((plans.on, plans.known)))
    _, first = np.unique(_told_apart(plans)[::-1], return_index=True)
    plans = plans.taken(len(plans.unit) - 1 - first)
    every = _together(there.taken(~is_plan), plans, _unplanned(there, plans))
    return every.taken(np.lexsort((every.row, every.on, every.unit)))


def _unplanned(there: Events, plans: Events) -> Events:
    """The demolitions begun that nobody planned, as planned for the day they began."""
    begun = there.taken(there.kind == KIND[EventKind.DEMOLITION_STARTED])
    begun = replace(begun, kind=np.full(len(begun.unit), KIND[EventKind.DEMOLITION_PLANNED]), known=begun.on)
    keys, first = np.unique(_told_apart(begun), return_index=True)
    return begun.taken(first[~np.isin(keys, _told_apart(plans))])


def _told_apart(events: Events) -> Wide:
    return (events.unit * len(KINDS) + events.kind) * UNIT + events.which


def _together(*parts: Events) -> Events:
    return Events(*(np.concatenate([getattr(one, name) for one in parts]) for name in Events.__slots__))


def _events(batch: pa.RecordBatch, unit: Wide, subject: Wide) -> Events:
    kinds, words = arrow.words(batch.column("kind"))
    kind = np.array([KIND[EventKind(one)] if one is not None else -1 for one in words])[kinds]
    on, told = _days(batch, "on"), _days(batch, "known")
    is_plan = np.isin(kind, [KIND[one] for one in PLANNED])
    periods, texts = _told(batch, "period")
    parsed = np.array([_period(text) for text in texts])
    year, part = parsed[periods].T
    since = np.where(told < FAR, told, np.where(is_plan, _EVER, on))
    return Events(unit, kind, on, since, year, part, subject, np.arange(batch.num_rows))


def _period(text: str) -> tuple[int, int]:
    """Year and part of a period such as 2026 or 2026-2; 0 and 0 for anything else, −1 for a part that is no number."""
    year, dash, part = text.partition("-")
    if len(year) != len("2026") or not (year.isascii() and year.isdigit()):
        return 0, 0
    number = int(part) if part in [str(one) for one in range(1, 10)] else -1
    return int(year), number if dash and part else 0


def _told(batch: pa.RecordBatch, name: str) -> tuple[Wide, list[str]]:
    """Codes of words, 0 for none."""
    codes, words = arrow.words(batch.column(name))
    texts = sorted({one or "" for one in words} | {""})
    at = {text: number for number, text in enumerate(texts)}
    return np.array([at[one or ""] for one in words])[codes], texts


def _rows_of(batch: pa.RecordBatch, ids: Wide, what: str) -> Wide:
    asked, order = _numbers(batch, "unit"), np.argsort(ids)
    if not len(ids) and len(asked):
        raise ValueError(f"There are {len(asked)} rows of a {what} and no unit; expected the unit of each.")
    at = np.minimum(np.searchsorted(ids, asked, sorter=order), max(len(ids) - 1, 0))
    rows: Wide = order[at] if len(asked) else at.astype(np.int64)
    if len(missing := asked[ids[rows] != asked]):
        raise ValueError(
            f"A {what} is of unit {missing[0]}, which is not among the {len(ids)} units; give its row too."
        )
    return rows


def _numbers(batch: pa.RecordBatch, name: str) -> Wide:
    told: Wide = batch.column(name).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return told


def _days(batch: pa.RecordBatch, name: str) -> Wide:
    column = pc.fill_null(batch.column(name).cast(pa.int32()), FAR)
    told: Wide = column.to_numpy(zero_copy_only=False).astype(np.int64)
    return told


def _trait(column: pa.Array) -> Wide:
    told: Wide = pc.fill_null(column.cast(pa.int8()), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return told
