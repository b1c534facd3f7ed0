"""The duty cards of many firms at once: the lines of `duties.card` that stand for a duty begun, in columns.

The states are those of `duties.card`, which asks `soilrules.deadlines.state`; a property test holds the two together.
What waits for an event that has not come has no row here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.enterprises.duties import CardState, question
from soilrules.enterprises.dutyrules import DutyRule, Force, TermKind, Trigger, duty_rules
from soilrules.enterprises.fact_columns import FAR, Columns, Flags, Wide, columns, known
from soilrules.enterprises.start_columns import NONE, Begun, begun, field_of
from soilrules.standards import arrow

STATES = list(CardState)
CARD = pa.schema(
    [
        ("unit", pa.int64()), ("duty", pa.dictionary(pa.int32(), pa.string())), ("rule", pa.dictionary(pa.int32(), pa.string())),
        ("since", pa.date32()), ("due", pa.date32()), ("done_on", pa.date32()), ("event", pa.int64()),
        ("state", pa.dictionary(pa.int32(), pa.string())),
    ]
)  # fmt: skip
"""`event` is the row of EVENTS that proves it."""


@dataclass(frozen=True, slots=True)
class DutyColumns:
    """Every duty of every firm begun by the end of a year, as known on `on`; `rule` is a place in `rules`."""

    found: Columns
    rules: tuple[DutyRule, ...]
    on: int
    rule: Wide
    begun: Begun
    done: Wide  # FAR where it is not
    asks: Flags  # whether something has to be known first

    def card(self, year: int) -> pa.RecordBatch:
        """The duty cards of a year, sorted by rule and unit."""
        rows, states = self.states(year)
        begun, rule = self.begun, self.rule[rows]
        proof = begun.proof[rows]
        arrays = [
            pa.array(self.found.units[begun.unit[rows]]),
            _words([one.duty for one in self.rules], rule),
            _words([one.id for one in self.rules], rule),
            _day_column(begun.since[rows]),
            _day_column(begun.due[rows]),
            _day_column(self.done[rows]),
            pa.array(proof, mask=proof == NONE),
            pa.DictionaryArray.from_arrays(states.astype(np.int32), [str(one) for one in STATES]),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=CARD)

    def states(self, year: int) -> tuple[Wide, NDArray[np.int8]]:
        """The rows on the card of a year, and the place of each one's state in STATES."""
        one, first, last = self.begun, arrow.day_number(date(year, 1, 1)), arrow.day_number(date(year, 12, 31))
        done, is_yearly = self.done < FAR, one.year != NONE
        is_before = np.array([rule.term.kind is TermKind.BEFORE for rule in self.rules])[self.rule]
        shown = np.where(is_before & (one.due < FAR), np.maximum(one.since, one.due), one.since)
        until = np.where(done, np.maximum(shown, self.done), one.ended)
        begins_here = (first <= one.since) & (one.since <= last)
        yearly = (one.year == year) | begins_here
        rows = np.flatnonzero(np.where(is_yearly, yearly, (one.since <= last) & (until >= first)))
        return rows, self._stand(rows, last)

    def _stand(self, rows: Wide, last: int) -> NDArray[np.int8]:
        due, ended, done = self.begun.due[rows], self.begun.ended[rows], self.done[rows]
        later = (due < FAR) & (due > last)
        hint = np.array([one.force is Force.HINT for one in self.rules])[self.rule[rows]]
        over = (done == FAR) & (ended < FAR) & (due >= ended)
        answers = [
            ((done < FAR) & ~(later & (done > last)), CardState.DONE),
            (over, CardState.NOT_DUE),
            (self.asks[rows], CardState.CANNOT_SAY),
            (hint | later, CardState.NOT_DUE),
            (due < self.on, CardState.OVERDUE),
        ]
        codes = [np.int8(STATES.index(state)) for _, state in answers]
        found: NDArray[np.int8] = np.select(
            [where for where, _ in answers], codes, np.int8(STATES.index(CardState.DUE))
        )
        return found

    def period(self, row: int) -> str:
        """`Owed.period` of a row."""
        one, rule = self.begun, self.rules[self.rule[row]]
        if rule.trigger is Trigger.YEARLY:
            return str(one.year[row]) if len(rule.term.rounds) == 1 else f"{one.year[row]}-{one.part[row] + 1}"
        subject = self.found.events.subject[one.event[row]] if one.event[row] != NONE else 0
        return self.found.subjects[subject] or str(date(1970, 1, 1) + timedelta(int(one.anchor[row])))


def duty_columns(
    units: pa.RecordBatch,
    stays: pa.RecordBatch,
    events: pa.RecordBatch,
    *,
    years: tuple[int, int],
    on: date,
    rules: Sequence[DutyRule] | None = None,
    calendar: WorkingCalendar | None = None,
) -> DutyColumns:
    """Every duty of many firms for the cards of the first to the last of `years`, as known on a day.

    The batches have the columns UNITS (and traits), STAYS and EVENTS of `fact_columns`.
    """
    found = known(columns(units, stays, events), arrow.day_number(on))
    every = tuple(duty_rules() if rules is None else rules)
    parts = list(_by_rule(found, every, date(years[1], 12, 31), on, calendar or published_calendar()))
    joined = Begun(*(np.concatenate([getattr(one, name) for one, _, _ in parts]) for name in Begun.__slots__))
    days = np.full(events.num_rows + 1, FAR)
    days[found.events.row] = found.events.on
    return DutyColumns(
        found=found,
        rules=every,
        on=arrow.day_number(on),
        rule=np.concatenate([rule for _, rule, _ in parts]),
        begun=joined,
        done=days[joined.proof],  # NONE is the last: not done
        asks=np.concatenate([asks for _, _, asks in parts]),
    )


def _by_rule(
    found: Columns, rules: Sequence[DutyRule], horizon: date, on: date, calendar: WorkingCalendar
) -> Iterator[tuple[Begun, Wide, Flags]]:
    for rows in _by_id(rules, on):
        certain, meant = _meant(found, rows[0])
        one = begun(field_of(rows, found, meant, horizon, calendar))
        places = np.array([rules.index(row) for row in rows])
        asking = np.array([bool(question(row, needs_known=True)) for row in rows])
        yield one, places[one.row], asking[one.row] | ~certain[one.unit]


def _by_id(rules: Sequence[DutyRule], on: date) -> Iterator[tuple[DutyRule, ...]]:
    """The rows of each rule in the order of `dutyrules.held_in`, of all places."""
    held: dict[str, list[DutyRule]] = {}
    for rule in rules:
        if (rule.issued_on is None or rule.issued_on <= on) and (rule.in_use or not rule.division):
            held.setdefault(rule.id, []).append(rule)
    for rows in held.values():
        yield tuple(sorted(rows, key=lambda one: (not one.in_use, -len(one.division), one.since)))


def _meant(found: Columns, rule: DutyRule) -> tuple[Flags, Flags]:
    """The firms a rule is certainly for, and those it is or may be for; see `Needs.held`."""
    told = np.array([found.trait(name) for name in rule.needs.traits])
    told = told.reshape(len(rule.needs.traits), len(found.units))
    true, unknown = (told == 1).sum(axis=0), (told == NONE).sum(axis=0)
    may = (true <= rule.needs.count) & (rule.needs.count <= true + unknown)
    return may & (unknown == 0), may


def _words(of_rule: Sequence[str], rule: Wide) -> pa.DictionaryArray:
    """A word for each row by its rule."""
    words = sorted(set(of_rule))
    codes = np.array([words.index(one) for one in of_rule], np.int32)
    return pa.DictionaryArray.from_arrays(codes[rule], words)


def _day_column(days: Wide) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=days >= FAR).cast(pa.date32())
