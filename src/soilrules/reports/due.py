"""What is due in a year at a place: one row for every period of every term that holds there.

A year's calendar holds what falls due in that year, also for the year before. What has no day stands in the calendar of
its own year without one: it is owed, and nobody can say late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from soilrules.bases import Basis, bases_on
from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.deadlines.periods import Period, period_of, periods_between
from soilrules.reports.kinds import Level, ReportKind, Rhythm, Term, report_kinds


@dataclass(frozen=True, slots=True)
class Where:
    """The place asked about: its code, and the level whose reports it owes."""

    code: str
    level: Level


@dataclass(frozen=True, slots=True)
class Due:
    """One report of one period. `day` is None where no text says one; `provisional` beyond the published holidays.

    `rests` tells that the day is no working day: the text moves no day for that, the office may want to be earlier.
    """

    kind: ReportKind
    term: Term
    period: Period
    day: date | None
    provisional: bool
    rests: bool
    bases: tuple[Basis, ...]

    @property
    def key(self) -> str:
        """What makes it the same due when the calendar is made again."""
        return ":".join((self.kind.id, self.term.plan or "law", self.term.rhythm, self.term.receiver, self.period.name))


def due_in(
    year: int, where: Where, calendar: WorkingCalendar, kinds: Mapping[str, ReportKind] | None = None
) -> list[Due]:
    """What is due at a place in a year, the earliest first, what has no day last."""
    found = [one for kind, term in _terms(kinds) if _holds(term, where) for one in _dues(kind, term, year, calendar)]
    return sorted(found, key=lambda one: (one.day is None, one.day or date.max, one.kind.id, one.period.name))


def elsewhere(where: Where, kinds: Mapping[str, ReportKind] | None = None) -> list[tuple[ReportKind, Term]]:
    """Terms of the same level that do not hold here: examples a person may take over with a ground of one's own."""
    return [(kind, term) for kind, term in _terms(kinds) if term.level is where.level and not _holds(term, where)]


def _terms(kinds: Mapping[str, ReportKind] | None) -> Iterator[tuple[ReportKind, Term]]:
    for kind in (report_kinds() if kinds is None else kinds).values():
        for term in kind.terms:
            yield kind, term


def _holds(term: Term, where: Where) -> bool:
    return not term.example and term.level is where.level and where.code.startswith(term.place)


def _dues(kind: ReportKind, term: Term, year: int, calendar: WorkingCalendar) -> Iterator[Due]:
    if term.rhythm is Rhythm.EVENT:
        return
    for period in _periods(term, year):
        day, provisional = _day(term, period, calendar)
        if not _in_force(term, day or period.last) or (day or period.last).year != year:
            continue
        bases = bases_on(term.bases, day or period.last)
        if term.bases and not bases:
            continue
        rests = day is not None and not calendar.is_working_day(day)
        yield Due(kind, term, period, day, provisional, rests, bases)


def _periods(term: Term, year: int) -> Iterable[Period]:
    """The periods whose report may fall due in the year: its own and those of the year before."""
    rhythm = Rhythm.YEAR if term.rhythm is Rhythm.ONCE else term.rhythm
    if term.rhythm is Rhythm.ONCE and term.since is not None:
        return [period_of(term.since, rhythm)]
    return periods_between(date(year - 1, 1, 1), date(year, 12, 31), rhythm)


def _day(term: Term, period: Period, calendar: WorkingCalendar) -> tuple[date | None, bool]:
    if term.month_day is not None:
        month, day = term.month_day
        return date(period.first.year + term.next_year, month, day), False
    if term.day_of_last_month is not None:
        return period.last.replace(day=term.day_of_last_month), False
    if term.working_days_after is not None:
        return calendar.add_working_days(period.last, term.working_days_after)
    return None, False


def _in_force(term: Term, day: date) -> bool:
    return (term.since is None or term.since <= day) and (term.until is None or day < term.until)
