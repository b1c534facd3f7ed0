"""The duty cards of firms as of a day, and who has not done what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from soildesk.core.calendar import working_calendar
from soildesk.enterprises.queries.facts import Firm, View, firms
from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.duties import CardLine, CardState, card
from soilrules.enterprises.duties import every_line as lines_of
from soilrules.enterprises.dutyrules import Force, OwedBy
from soilrules.enterprises.facts import Event

WORST_FIRST = (CardState.OVERDUE, CardState.CANNOT_SAY, CardState.DUE, CardState.DONE, CardState.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Card:
    """The duty card of one firm and year."""

    firm: Firm
    year: int
    lines: tuple[CardLine, ...]

    @property
    def name(self) -> str:
        """What the firm was called on the day."""
        return self.firm.name

    def count(self, state: CardState) -> int:
        """How many lines stand so."""
        return sum(line.state is state for line in self.lines)

    def of(self, duty: str) -> list[CardLine]:
        """The lines of one duty, the worst first."""
        found = [line for line in self.lines if line.rule.duty == duty]
        return sorted(found, key=lambda line: (WORST_FIRST.index(line.state), line.owed is None, line.due or date.max))


@dataclass(frozen=True, slots=True)
class Missed:
    """What one firm has not done by a day, and what falls due soon after."""

    firm: Firm
    late: Sequence[CardLine]
    soon: Sequence[CardLine]


def cards(view: View, year: int, *, only: Collection[int] | None = None) -> list[Card]:
    """The cards of the firms seen that owe anything in a year, by name."""
    calendar = working_calendar()
    found = [Card(firm, year, card(firm.facts, year, view.on, calendar=calendar)) for firm in firms(view, only=only)]
    return sorted((one for one in found if one.lines), key=lambda one: (one.firm.name, one.firm.row["enterprise_id"]))


def counts(found: Iterable[Card]) -> Counter[CardState]:
    """How many lines of cards stand how."""
    return Counter(line.state for one in found for line in one.lines)


def missed(view: View, *, days: int = 0, only: Collection[int] | None = None) -> list[Missed]:
    """Firms that have not done what was due before a day, of whatever year, and what is due in some days after it."""
    found, calendar = [], working_calendar()
    for firm in firms(view, only=only):
        lines = [line for line in every_line(firm, view.on, calendar) if owed_by_firm(line)]
        late = [line for line in lines if line.state is CardState.OVERDUE]
        soon = [
            line for line in lines if line.state is CardState.DUE and line.due and (line.due - view.on).days <= days
        ]
        if late or soon:
            found.append(Missed(firm, _by_day(late), _by_day(soon)))
    return sorted(found, key=lambda one: (-len(one.late), one.firm.name))


def every_line(firm: Firm, on: date, calendar: WorkingCalendar | None = None) -> tuple[CardLine, ...]:
    """Every duty of a firm begun by the end of the year of a day, of all years, as it stands on the day.

    Who asks of many firms reads the calendar once and gives it.
    """
    return lines_of(firm.facts, on, calendar=calendar or working_calendar())


def owed_by_firm(line: CardLine) -> bool:
    """Whether the firm itself has to do it, by law."""
    return line.rule.owed_by is OwedBy.UNIT and line.rule.force is Force.MUST


def changed_by(firm: Firm, told: Event, on: date) -> list[tuple[CardLine | None, CardLine | None]]:
    """What a fact not yet written down would change on the cards of a firm: each duty before and after."""
    after = Firm(firm.row, replace(firm.facts, events=(*firm.facts.events, told)))
    old = {(one.rule.id, one.owed.period): one for one in every_line(firm, on) if one.owed}
    new = {(one.rule.id, one.owed.period): one for one in every_line(after, on) if one.owed}
    keys = dict.fromkeys((*old, *new))
    pairs = [(old.get(key), new.get(key)) for key in keys]
    return [(before, now) for before, now in pairs if _told(before) != _told(now)]


def _told(line: CardLine | None) -> tuple[object, ...] | None:
    return None if line is None or line.owed is None else (line.state, line.due, line.owed.done_on)


def _by_day(lines: Iterable[CardLine]) -> list[CardLine]:
    return sorted(lines, key=lambda line: (line.due or date.max, line.rule.id))
