"""A measure as it was known then and as it is known now: what lies between, row by row, with the records that made it so.

A room says what was written down about its things in between:

    @written_about("rooms.thing")
    def written(actor: Actor, uids: Collection[str], span: Span) -> Mapping[str, Sequence[Written]]: ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from soildesk.kit.measures import Measure, MeasureResult, Proof

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


class Change(StrEnum):
    """What became of a row between the two answers."""

    ENTERED = "entered"  # counted among all since
    LEFT = "left"  # no longer among all
    COUNTS = "counts"  # among all in both, good only now
    NO_LONGER = "no_longer"  # among all in both, good only then
    CHANGED = "changed"  # another amount, or told otherwise


@dataclass(frozen=True, slots=True)
class Written:
    """One record that was written, or taken back, in between: what, when, by whom, why."""

    at: datetime
    who: str
    what: str
    why: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The moments after the one day of knowledge, up to the end of the other."""

    after: datetime
    until: datetime

    @classmethod
    def of(cls, then: date, now: date) -> Span:
        """What was not yet known at the end of the day `then`, and is at the end of the day `now`."""
        return cls(_end_of(then), _end_of(now))


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that makes the two answers different, by how much, and what was written down about it."""

    change: Change
    then: Proof | None
    now: Proof | None
    written: Sequence[Written] = ()

    @property
    def row(self) -> Proof:
        """The row as it is told now, or was then."""
        found = self.now or self.then
        assert found is not None, "a change has a row"
        return found

    @property
    def numerator(self) -> Decimal:
        """How much it adds to the numerator."""
        return _counted(self.now) - _counted(self.then)

    @property
    def denominator(self) -> Decimal:
        """How much it adds to the denominator."""
        return _amount(self.now) - _amount(self.then)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers to one question. `whole`: the rows account for all numerators and denominators."""

    then: MeasureResult
    now: MeasureResult
    changes: Sequence[RowChange]

    @property
    def numerator(self) -> Decimal:
        """How much more the numerator is by its rows."""
        return sum((one.numerator for one in self.changes), Decimal(0))

    @property
    def denominator(self) -> Decimal:
        """How much more the denominator is by its rows."""
        return sum((one.denominator for one in self.changes), Decimal(0))

    @property
    def whole(self) -> bool:
        """Whether the rows of both answers add up to what they say, so that the changes explain all of the difference."""
        return _adds_up(self.then) and _adds_up(self.now)


Reading = Callable[["Actor", Collection[str], Span], Mapping[str, Sequence[Written]]]
_readings: dict[str, list[Reading]] = defaultdict(list)


def written_about(subject_type: str) -> Callable[[Reading], Reading]:
    """Register who tells what was written about things of a table; several rooms may tell of the same thing."""

    def register(reading: Reading) -> Reading:
        if reading not in _readings[subject_type]:
            _readings[subject_type].append(reading)
        return reading

    return register


def difference(measure: Measure, actor: Actor, subject: Any, on: date, known: tuple[date, date]) -> Difference:
    """What a measure says of the day `on` as known on the first of two days and on the second."""
    then, now = (measure.run(actor, subject, on, day) for day in known)
    return Difference(then, now, _explained(compare(then.rows, now.rows), actor, Span.of(*known)))


def compare(then: Iterable[Proof], now: Iterable[Proof]) -> list[RowChange]:
    """The rows that are not the same in both; rows of one thing are told apart by their order."""
    before, after = _by_key(then), _by_key(now)
    found = [_change(before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]
    return [one for one in found if one is not None]


def _change(then: Proof | None, now: Proof | None) -> RowChange | None:
    if then is None or now is None:
        return RowChange(Change.LEFT if now is None else Change.ENTERED, then, now)
    if then.counts is not now.counts:
        return RowChange(Change.COUNTS if now.counts else Change.NO_LONGER, then, now)
    same = (then.amount, then.note) == (now.amount, now.note)
    return None if same else RowChange(Change.CHANGED, then, now)


def _by_key(rows: Iterable[Proof]) -> dict[tuple[str, str, int], Proof]:
    found: dict[tuple[str, str, int], Proof] = {}
    count: dict[tuple[str, str], int] = defaultdict(int)
    for one in rows:
        key = (one.subject_type, one.uid)
        found[*key, count[key]] = one
        count[key] += 1
    return found


def _explained(changes: Sequence[RowChange], actor: Actor, span: Span) -> list[RowChange]:
    """The changes with what was written about their rows, the latest first."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in changes:
        wanted[one.row.subject_type].add(one.row.uid)
    written: dict[tuple[str, str], list[Written]] = defaultdict(list)
    for kind, uids in wanted.items():
        for reading in _readings.get(kind, ()):
            for uid, told in reading(actor, uids, span).items():
                written[kind, uid] += told
    return [
        RowChange(
            one.change,
            one.then,
            one.now,
            sorted(written[one.row.subject_type, one.row.uid], key=lambda each: each.at, reverse=True),
        )
        for one in changes
    ]


def _adds_up(result: MeasureResult) -> bool:
    told = ((result.numerator, _counted), (result.denominator, _amount))
    return all(number is None or abs(sum(map(adds, result.rows)) - number) < Decimal("0.01") for number, adds in told)


def _amount(row: Proof | None) -> Decimal:
    return Decimal(row.amount) if row else Decimal(0)


def _counted(row: Proof | None) -> Decimal:
    return Decimal(row.amount) if row and row.counts else Decimal(0)


def _end_of(day: date) -> datetime:
    """The first moment that is no longer of a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
