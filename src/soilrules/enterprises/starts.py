"""When a duty begins, when it is due, and what proves it done: one function for each trigger.

A yearly duty belongs to the year it is due in. A local term that cannot be kept (its day passed before the listing, or
before the plan was issued) leaves the national one standing, so that no duty of law is lost by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.dutyrules import DutyRule, DutyRules, Term, TermKind, Trigger, Unit
from soilrules.enterprises.facts import Event, Stay, UnitFacts
from soilrules.monitoring.frequency import after

DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Start:
    """One duty begun; `ended` is the first day it is no longer owed."""

    rule: DutyRule
    also: DutyRules
    period: str
    since: date
    due: date | None
    earliest: date | None
    ended: date | None
    proof: Event | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule (its rows in order) and one stay of a firm, as known on a day."""

    facts: UnitFacts
    rows: DutyRules
    stay: Stay
    horizon: date
    calendar: WorkingCalendar

    @property
    def rule(self) -> DutyRule:
        """Any of the rows, for what they share."""
        return self.rows[0]

    @property
    def ended(self) -> date | None:
        """The first day nothing new is owed: delisted, or where it matters no longer producing."""
        stopped = self.facts.operating_until
        ends = (
            [self.stay.until] if stopped is None or not self.rule.while_operating else [self.stay.until, stopped + DAY]
        )
        return min((day for day in ends if day is not None), default=None)

    def runs(self, day: date) -> bool:
        """Whether a duty can begin on a day."""
        return self.ended is None or day < self.ended

    @property
    def back(self) -> date:
        """From which day on it may have been done, for a duty that begins with the listing."""
        return after(self.stay.since, -(self.rule.earlier_months or 0))

    @property
    def proofs(self) -> list[Event]:
        """What may prove it, in order of days."""
        return sorted((one for one in self.facts.events if one.kind in self.rule.evidence), key=lambda one: one.on)

    @property
    def whole(self) -> list[Event]:
        """The proofs that are of no single subject, one a day."""
        return _one_a_day([one for one in self.proofs if one.subject in ("", *self.rule.about)])

    def start(self, row: DutyRule, on: date, due: date | None, **known: Any) -> Start:
        """A duty under a row; the other rows of that day, or of the day it is due, are set aside."""
        others = [one for one in self.rows if one is not row and one.in_use]
        also = tuple(one for one in others if one.in_force(on) or (due is not None and one.in_force(due)))
        return Start(row, also, due=due, ended=self.ended, **known)


def starts(
    facts: UnitFacts, held: Mapping[str, DutyRules], horizon: date, calendar: WorkingCalendar
) -> Iterator[Start]:
    """Every duty begun by `horizon`, from facts as known on a day and the rules held in the place."""
    for rows in held.values():
        if rows[0].needs.held(facts.traits) is False:
            continue
        for stay in facts.stays:
            if stay.list_key in rows[0].lists:
                ground = Ground(facts, rows, stay, horizon, calendar)
                yield from (one for one in _TRIGGERS[rows[0].trigger](ground) if one.since <= horizon)


def _listing(ground: Ground) -> Iterator[Start]:
    for row in ground.rows:
        anchor = max(ground.stay.since, row.since)
        if not row.in_force(anchor) or not _kept(row, ground.stay.since, anchor):
            continue
        if ground.runs(anchor):
            since_listing = anchor == ground.stay.since
            proof = _first(one for one in ground.whole if one.on >= (ground.back if since_listing else anchor))
            due, earliest = _counted(row.term, anchor)
            yield ground.start(row, anchor, due, period=str(anchor), since=anchor, earliest=earliest, proof=proof)
        return


def _kept(row: DutyRule, listed: date, anchor: date) -> bool:
    """Whether the term of a row can be kept by a firm listed then."""
    term = row.term
    if term.kind is not TermKind.FIXED or term.day is None:
        return True
    return (term.listed_before is None or listed < term.listed_before) and max(
        anchor, row.issued_on or anchor
    ) <= term.day


def _last(ground: Ground) -> Iterator[Start]:
    done = ground.whole
    before = [one for one in done if ground.back <= one.on < ground.stay.since]
    for last in [*before[-1:], *(one for one in done if one.on >= ground.stay.since and ground.runs(one.on))]:
        row = next((one for one in ground.rows if one.until is None or last.on < one.until), None)
        since = max(last.on, ground.stay.since, row.since) if row else last.on
        if row is None or not ground.runs(since):
            continue
        due, earliest = _counted(row.term, last.on)
        proof = _first(one for one in done if one.on > last.on)
        yield ground.start(row, last.on, due, period=str(last.on), since=since, earliest=earliest, proof=proof)


def _yearly(ground: Ground) -> Iterator[Start]:
    listed, proofs = ground.stay.since, yearly_proofs(ground.rule, ground.proofs, ground.stay.since)
    count = len(ground.rule.term.rounds)
    for year in range(listed.year, ground.horizon.year + 2):
        for number in range(count):
            row = _of_year(ground, year, number)
            if row is None:
                continue
            begins = date(year, 1, 1) if number == 0 else _day(year, row.term.rounds[number - 1]) + DAY
            if number == 0 and year == listed.year + 1 and _of_year(ground, listed.year, 0) is None:
                begins = listed  # the first one is known from the listing on
            since, due = max(begins, listed), _day(year, row.term.rounds[number])
            if ground.runs(since):
                proof = proofs.get((year, number))
                period = str(year) if count == 1 else f"{year}-{number + 1}"
                yield ground.start(row, due, due, period=period, since=since, earliest=None, proof=proof)


def _of_year(ground: Ground, year: int, number: int) -> DutyRule | None:
    """The row that gives the term of a round."""
    for row in ground.rows:
        due = _day(year, row.term.rounds[number])
        begun = due >= ground.stay.since if row.term.same_year else year > ground.stay.since.year
        if begun and row.in_force(due) and due >= (row.issued_on or due):
            return row
    return None


def yearly_proofs(rule: DutyRule, proofs: Sequence[Event], listed: date) -> Mapping[tuple[int, int], Event]:
    """The first proof of each year and round: by the period it names, else by its day; none of before the listing."""
    found: dict[tuple[int, int], Event] = {}
    for one in proofs:
        if one.on >= listed and one.subject in ("", *rule.about):
            found.setdefault(round_of(rule.term, one), one)
    return found


def round_of(term: Term, event: Event) -> tuple[int, int]:
    """The year and round a proof belongs to.

    >>> from soilrules.enterprises.facts import EventKind
    >>> round_of(Term(TermKind.YEARLY, rounds=((6, 30), (12, 31))), Event(EventKind.SELFMON_DONE, date(2026, 7, 1)))
    (2026, 1)
    """
    year, _, number = event.period.partition("-")
    count = len(term.rounds)
    if count == 1 and _is_year(year) and not number:
        return int(year), 0
    if count > 1 and _is_year(year) and number in [str(one + 1) for one in range(count)]:
        return int(year), int(number) - 1
    return event.on.year, min(sum((event.on.month, event.on.day) > one for one in term.rounds), count - 1)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def _event(ground: Ground) -> Iterator[Start]:
    seen: set[str] = set()
    for event in sorted(_events_of_stay(ground), key=lambda one: one.on):
        row = next((one for one in ground.rows if one.in_force(event.on)), None)
        period = event.subject or str(event.on)
        if row is None or period in seen:
            continue
        seen.add(period)
        since = min(max(event.known_on, ground.stay.since), event.on)
        before, provisional = _before(row.term, event.on, ground.calendar)
        counted, earliest = _counted(row.term, event.on)
        proof, due = _proof(ground, row, event), before or counted
        known = {"period": period, "since": since, "earliest": earliest, "proof": proof, "provisional": provisional}
        yield ground.start(row, event.on, due, **known)


def _events_of_stay(ground: Ground) -> list[Event]:
    of_kind = [one for one in ground.facts.events if one.kind is ground.rule.event]
    return [one for one in of_kind if ground.stay.since <= one.on and ground.runs(one.on)]


def _proof(ground: Ground, row: DutyRule, event: Event) -> Event | None:
    """What proves a duty of an event: of its subject, or of the whole where the rule says so."""
    subjects = {event.subject, *(("", *row.about) if row.whole_counts else ())}
    begins = ground.back if row.term.kind is TermKind.BEFORE else event.on + DAY * row.later
    days = _one_a_day([one for one in ground.proofs if one.subject in subjects and one.on >= begins])
    return days[row.nth - 1] if len(days) >= row.nth else None


def _counted(term: Term, start: date) -> tuple[date | None, date | None]:
    """The last day and the first day of a term that is counted or fixed."""
    if term.kind is TermKind.FIXED:
        return term.day, None
    if term.kind is not TermKind.COUNTED:
        return None, None
    return term.after(start, term.most), None if term.least is None else term.after(start, term.least)


def _before(term: Term, event: date, calendar: WorkingCalendar) -> tuple[date | None, bool]:
    if term.kind is not TermKind.BEFORE:
        return None, False
    if term.unit is Unit.WORKING_DAYS:
        return working_days_before(event, term.most, calendar)
    return term.after(event, -term.most), False


def working_days_before(event: date, count: int, calendar: WorkingCalendar) -> tuple[date, bool]:
    """The last working day with `count` working days after it up to and including `event`; provisional without the holidays.

    >>> from soilrules.deadlines.calendar import published_calendar
    >>> working_days_before(date(2026, 3, 30), 15, published_calendar())
    (datetime.date(2026, 3, 9), False)
    """
    day, left = event + DAY, count + 1
    while left:
        day -= DAY
        left -= calendar.is_working_day(day)
    published = {one.year for one in calendar.holidays}
    return day, not {day.year, event.year} <= published


def _day(year: int, month_day: tuple[int, int]) -> date:
    return date(year, *month_day)


def _first(events: Iterator[Event]) -> Event | None:
    return next(events, None)


def _one_a_day(events: Sequence[Event]) -> list[Event]:
    """Events in order of days, the first of each day."""
    return list({one.on: one for one in reversed(events)}.values())[::-1]


_TRIGGERS: Mapping[Trigger, Callable[[Ground], Iterator[Start]]] = {
    Trigger.LISTING: _listing,
    Trigger.LAST: _last,
    Trigger.YEARLY: _yearly,
    Trigger.EVENT: _event,
}
