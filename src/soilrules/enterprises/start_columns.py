"""When duties of many firms begin, are due and were done: `starts` for all firms of a rule at once.

Every function takes one `Field` (the rows of one rule, the stays it is for) and gives `Begun`; what it decides and in
what order is said in `starts`, function by function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.dutyrules import DutyRule, DutyRules, TermKind, Trigger, Unit
from soilrules.enterprises.fact_columns import FAR, KIND, UNIT, Columns, Events, Flags, Stays, Wide
from soilrules.enterprises.starts import working_days_before
from soilrules.standards import arrow

NONE = -1
_YEARS = 10_000


@dataclass(frozen=True, slots=True)
class Begun:
    """Duties begun; FAR is no day, `row` the place of the rule among the field's rows, `proof` a row of events or NONE.

    `year` and `part` tell the period of a yearly duty, `event` the event (its place among the known ones) of another.
    """

    unit: Wide
    row: Wide
    since: Wide
    due: Wide
    earliest: Wide
    ended: Wide
    proof: Wide
    year: Wide
    part: Wide
    anchor: Wide
    event: Wide
    provisional: Wide


@dataclass(frozen=True, slots=True)
class Field:
    """One rule and what it is applied to; `proofs` are of its kinds, `whole` those of no single subject, one a day."""

    rows: DutyRules
    found: Columns
    here: Sequence[Flags]  # for each row the units it is for by place
    stays: Stays
    ended: Wide  # for each stay
    proofs: Events
    whole: Events
    horizon: date
    calendar: WorkingCalendar

    @property
    def back(self) -> Wide:
        """For each stay, from which day on it may have been done."""
        return months_after(self.stays.since, -(self.rows[0].earlier_months or 0))

    def chosen(self, fits: Sequence[Flags]) -> Wide:
        """The first row that fits, NONE for none."""
        row = np.full(fits[0].shape, NONE)
        for number in reversed(range(len(fits))):
            row[fits[number]] = number
        return row


def field_of(rows: DutyRules, found: Columns, meant: Flags, horizon: date, calendar: WorkingCalendar) -> Field:
    """The field of a rule; `meant` are the firms it is or may be for."""
    rule = rows[0]
    listed = np.isin(found.stays.kind, [number for number, key in enumerate(found.lists) if key in rule.lists])
    stays = found.stays.taken(listed & meant[found.stays.unit])
    ended = np.minimum(stays.until, found.stopped[stays.unit]) if rule.while_operating else stays.until
    proofs = found.events.taken(np.isin(found.events.kind, [KIND[one] for one in rule.evidence]))
    about = [0, *(number for number, word in enumerate(found.subjects) if word in rule.about)]
    whole = _one_a_day(proofs.taken(np.isin(proofs.subject, about)))
    places = [np.array([place.startswith(row.division) for place in found.divisions]) for row in rows]
    here = [place[found.division] for place in places]
    return Field(rows, found, here, stays, ended, proofs, whole, horizon, calendar)


def begun(field: Field) -> Begun:
    """Every duty of a rule begun by the horizon."""
    every = _TRIGGERS[field.rows[0].trigger](field)
    kept = every.since <= arrow.day_number(field.horizon)
    return Begun(*(getattr(every, name)[kept] for name in Begun.__slots__))


def months_after(day: Wide, months: int) -> Wide:
    """`months` after each day, at the end of a shorter month."""
    days = day.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    later = (month + months).astype("datetime64[D]")
    last = (month + months + 1).astype("datetime64[D]") - 1
    moved: Wide = np.minimum(later + (days - month.astype("datetime64[D]")), last).astype(np.int64)
    return moved


def _listing(field: Field) -> Begun:
    stays = field.stays
    fits, anchors = [], []
    for rule, here in zip(field.rows, field.here, strict=True):
        anchor = np.maximum(stays.since, arrow.day_number(rule.since))
        fits.append(here[stays.unit] & (anchor < _until(rule)) & _kept(rule, stays.since, anchor))
        anchors.append(anchor)
    row = field.chosen(fits)
    anchor = np.array(anchors)[row, np.arange(len(row))]
    kept = (row != NONE) & (anchor < field.ended)
    begins = np.where(anchor == stays.since, field.back, anchor)
    at = np.searchsorted(field.whole.place, stays.unit * UNIT + begins)
    return _made(
        field,
        kept,
        unit=stays.unit,
        row=row,
        since=anchor,
        anchor=anchor,
        ended=field.ended,
        proof=_same_unit(field.whole, at, stays.unit),
    )


def _kept(row: DutyRule, listed: Wide, anchor: Wide) -> Flags:
    term = row.term
    if term.kind is not TermKind.FIXED or term.day is None:
        return np.full(len(listed), fill_value=True)
    issued = np.maximum(anchor, _number(row.issued_on, -FAR))
    return (listed < _number(term.listed_before, FAR)) & (issued <= _number(term.day, FAR))


def _last(field: Field) -> Begun:
    stays, done = field.stays, field.whole
    first = np.searchsorted(done.place, stays.unit * UNIT + stays.since)
    last = np.searchsorted(done.place, stays.unit * UNIT + np.minimum(field.ended, FAR))
    before = np.maximum(first - 1, 0)
    if len(done.unit):
        counts = (first > 0) & (done.unit[before] == stays.unit) & (done.on[before] >= field.back)
        first = np.where(counts, before, first)
    stay, at = _spread(first, last)
    anchor = done.on[at]
    fits = [here[stays.unit[stay]] & (anchor < _until(row)) for row, here in zip(field.rows, field.here, strict=True)]
    row = field.chosen(fits)
    starts = np.array([arrow.day_number(one.since) for one in field.rows])
    since = np.maximum(np.maximum(anchor, stays.since[stay]), starts[row])
    kept = (row != NONE) & (since < field.ended[stay])
    proof = _same_unit(done, at + 1, stays.unit[stay])
    return _made(
        field, kept, unit=stays.unit[stay], row=row, since=since, anchor=anchor, ended=field.ended[stay], proof=proof
    )


def _yearly(field: Field) -> Begun:
    parts = [_round(field, number) for number in range(len(field.rows[0].term.rounds))]
    return Begun(*(np.concatenate([getattr(one, name) for one in parts]) for name in Begun.__slots__))


def _round(field: Field, number: int) -> Begun:
    """One round of every year, for every stay: a table of stays by years."""
    stays = field.stays
    years = np.arange(min(row.since.year for row in field.rows) - 1, field.horizon.year + 2)
    listed = stays.since.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    fits, dues = [], []
    for rule, here in zip(field.rows, field.here, strict=True):
        due = np.array([arrow.day_number(date(year, *rule.term.rounds[number])) for year in years.tolist()])
        in_force = (_number(rule.since, 0) <= due) & (due < _until(rule)) & (due >= _number(rule.issued_on, -FAR))
        begun = due >= stays.since[:, None] if rule.term.same_year else years > listed[:, None]
        fits.append(here[stays.unit][:, None] & in_force & begun)
        dues.append(due)
    row = field.chosen(fits)
    begins = np.array([_begins(field.rows[0], year, number) for year in years.tolist()])
    since = np.maximum(np.broadcast_to(begins, row.shape), stays.since[:, None])
    if number == 0:
        none_before = np.c_[np.full(len(row), fill_value=False), row[:, :-1] == NONE]
        since = np.where((years == listed[:, None] + 1) & none_before, stays.since[:, None], since)
    stay, at = np.nonzero((row != NONE) & (since < field.ended[:, None]))
    year, row, since = years[at], row[stay, at], since[stay, at]
    due = np.array(dues)[row, at] if len(row) else since
    proof = _of_year(field, stays.unit[stay], year, number, stays.since[stay])
    kept = np.full(len(row), fill_value=True)
    return _made(
        field, kept, unit=stays.unit[stay], row=row, since=since, anchor=due, ended=field.ended[stay], proof=proof, due=due, year=year,
        part=np.full(len(row), number),
    )  # fmt: skip


def _begins(rule: DutyRule, year: int, number: int) -> int:
    if number == 0:
        return arrow.day_number(date(year, 1, 1))
    return arrow.day_number(date(year, *rule.term.rounds[number - 1])) + 1


def _of_year(field: Field, unit: Wide, year: Wide, number: int, listed: Wide) -> Wide:
    """The first proof of each unit, year and round, none of before the listing; see `starts.round_of`."""
    rounds, proofs = field.rows[0].term.rounds, field.proofs
    about = [0, *(at for at, word in enumerate(field.found.subjects) if word in field.rows[0].about)]
    proofs = proofs.taken(np.isin(proofs.subject, about))
    days = proofs.on.astype("datetime64[D]")
    on_year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    passed = [proofs.on > _dates(on_year, month, day) for month, day in rounds]
    by_day = np.minimum(np.sum(passed, axis=0), len(rounds) - 1)
    named = (proofs.year > 0) & (
        (proofs.part == 0) if len(rounds) == 1 else (proofs.part >= 1) & (proofs.part <= len(rounds))
    )
    of_year, of_part = np.where(named, proofs.year, on_year), np.where(named, np.maximum(proofs.part - 1, 0), by_day)
    kept = of_part == number
    proofs, of_year = proofs.taken(kept), of_year[kept]
    place = (proofs.unit * _YEARS + of_year) * UNIT + proofs.on
    order = np.argsort(place, kind="stable")
    asked = (unit * _YEARS + year) * UNIT
    at = np.searchsorted(place[order], asked + listed)
    found = np.full(len(unit), NONE)
    there = at < len(order)
    there[there] = (place[order[at[there]]] - asked[there]) < FAR
    found[there] = proofs.row[order[at[there]]]
    return found


def _dates(year: Wide, month: int, day: int) -> Wide:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1


def _event(field: Field) -> Begun:
    rule, stays = field.rows[0], field.stays
    events = field.found.events
    of_kind = np.flatnonzero(events.kind == KIND[rule.event]) if rule.event else np.empty(0, np.int64)
    units = stays.unit
    pair, stay = _spread(
        np.searchsorted(units, events.unit[of_kind]), np.searchsorted(units, events.unit[of_kind], "right")
    )
    at = of_kind[pair]
    on = events.on[at]
    fits = [
        here[units[stay]] & (_number(row.since, 0) <= on) & (on < _until(row))
        for row, here in zip(field.rows, field.here, strict=True)
    ]
    row = field.chosen(fits)
    there = np.flatnonzero((row != NONE) & (stays.since[stay] <= on) & (on < field.ended[stay]))
    _, first = np.unique(stay[there] * UNIT + events.which[at[there]], return_index=True)
    there = there[np.sort(first)]
    at, stay, row = at[there], stay[there], row[there]
    on, listed = events.on[at], stays.since[stay]
    since = np.minimum(np.maximum(events.known[at], listed), on)
    due, provisional = _before(field, row, on)
    proof = _proofs(field, events.taken(at), row, field.back[stay])
    kept = np.full(len(row), fill_value=True)
    return _made(
        field, kept, unit=units[stay], row=row, since=since, anchor=on, ended=field.ended[stay], proof=proof, due=due, event=at, provisional=provisional
    )  # fmt: skip


def _proofs(field: Field, events: Events, row: Wide, back: Wide) -> Wide:
    """What proves the duty of each event: the nth day with evidence of its subject, or of the whole."""
    rule, proofs = field.rows[0], field.proofs
    is_before = np.array([one.term.kind is TermKind.BEFORE for one in field.rows])[row]
    begins = np.where(is_before, back, events.on + rule.later)
    event, at = _spread(
        np.searchsorted(proofs.place, events.unit * UNIT + begins),
        np.searchsorted(proofs.place, (events.unit + 1) * UNIT - FAR // 2),
    )
    fits = proofs.subject[at] == events.subject[event]
    if rule.whole_counts:
        fits |= np.isin(
            proofs.subject[at], [0, *(one for one, word in enumerate(field.found.subjects) if word in rule.about)]
        )
    event, at = event[fits], at[fits]
    days, first = np.unique(event * UNIT + proofs.on[at], return_index=True)
    event, at = days // UNIT, at[first]
    nth = np.searchsorted(event, np.arange(len(row))) + rule.nth - 1
    found = np.full(len(row), NONE)
    there = nth < len(event)
    there[there] = event[nth[there]] == np.arange(len(row))[there]
    found[there] = proofs.row[at[nth[there]]]
    return found


def _before(field: Field, row: Wide, on: Wide) -> tuple[Wide, Wide]:
    """The last day of terms before an event, FAR for other terms, and whether it is provisional."""
    due, provisional = np.full(len(on), FAR), np.zeros(len(on), np.int64)
    for number, rule in enumerate(field.rows):
        if rule.term.kind is not TermKind.BEFORE:
            continue
        these = row == number
        if rule.term.unit is Unit.WORKING_DAYS:
            days, at = np.unique(on[these], return_inverse=True)
            told = [working_days_before(_date(day), rule.term.most, field.calendar) for day in days.tolist()]
            due[these] = np.array([arrow.day_number(day) for day, _ in told], np.int64)[at]
            provisional[these] = np.array([unsure for _, unsure in told], np.int64)[at]
        else:
            due[these] = _moved(rule, on[these], -rule.term.most)
    return due, provisional


def _made(field: Field, kept: Flags, **told: Wide) -> Begun:
    """Duties from what is told of them; the due day of a counted or fixed term is reckoned from the anchor."""
    told = {name: column[kept] for name, column in told.items()}
    size = len(told["unit"])
    due, earliest = told.pop("due", np.full(size, FAR)).copy(), np.full(size, FAR)
    for number, rule in enumerate(field.rows):
        these = told["row"] == number
        if rule.term.kind is TermKind.COUNTED:
            due[these] = _moved(rule, told["anchor"][these], rule.term.most)
            if rule.term.least is not None:
                earliest[these] = _moved(rule, told["anchor"][these], rule.term.least)
        elif rule.term.kind is TermKind.FIXED:
            due[these] = _number(rule.term.day, FAR)
        if rule.term.kind is TermKind.UNKNOWN or not rule.in_use:
            due[these] = earliest[these] = FAR
    nothing = {name: np.full(size, NONE) for name in ("year", "part", "event")} | {
        "provisional": np.zeros(size, np.int64)
    }
    return Begun(**{**nothing, **told, "due": due, "earliest": earliest})


def _moved(rule: DutyRule, day: Wide, count: int) -> Wide:
    return months_after(day, count) if rule.term.unit is Unit.MONTHS else day + count


def _spread(first: Wide, last: Wide) -> tuple[Wide, Wide]:
    """For ranges of rows: the number of the range and the row, one after the other."""
    lengths = np.maximum(last - first, 0)
    owner = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return owner, first[owner] + within


def _same_unit(events: Events, at: Wide, unit: Wide) -> Wide:
    """The row of the event at each place where it is of the unit, else NONE."""
    found = np.full(len(at), NONE)
    there = at < len(events.unit)
    there[there] = events.unit[at[there]] == unit[there]
    found[there] = events.row[at[there]]
    return found


def _one_a_day(events: Events) -> Events:
    _, first = np.unique(events.place, return_index=True)
    return events.taken(first)


def _until(row: DutyRule) -> int:
    return _number(row.until, FAR)


def _number(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else arrow.day_number(day)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(day)


_TRIGGERS: Mapping[Trigger, Callable[[Field], Begun]] = {
    Trigger.LISTING: _listing,
    Trigger.LAST: _last,
    Trigger.YEARLY: _yearly,
    Trigger.EVENT: _event,
}
