"""What a firm owes: every duty it ever had, and the duty card of a year as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.bases import Basis
from soilrules.enterprises.dutyrules import DutyRule
from soilrules.enterprises.facts import UnitFacts
from soilrules.messages import Message


class CardState(StrEnum):
    """How a duty stands on the card."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one firm for one period.

    `due` is the last day, `earliest` the first day it may be done where the rule says so. Without `due` either the text
    sets no day, or `question` says what is not known. `ended_on`: from this day it is no longer owed. `also` are rules
    of a larger place, or out of its days, that were set aside.
    """

    rule: DutyRule
    unit: str
    period: str
    since: date
    due: date | None
    earliest: date | None
    done_on: date | None
    evidence: str
    ended_on: date | None
    question: str
    provisional: bool
    reason: Message
    basis: tuple[Basis, ...]
    also: tuple[DutyRule, ...]


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the duty card; `owed` None where the term or the event has not come."""

    unit: str
    rule: DutyRule
    owed: Owed | None
    state: CardState
    reason: Message

    @property
    def due(self) -> date | None:
        """The last day, if there is one."""
        return self.owed.due if self.owed else None


def owed(
    facts: UnitFacts, through: date, *, rules: Sequence[DutyRule] | None = None, calendar: WorkingCalendar | None = None
) -> tuple[Owed, ...]:
    """Every duty a firm ever had until a day, as known on that day."""
    raise NotImplementedError


def card(
    facts: UnitFacts,
    year: int,
    on: date,
    *,
    rules: Sequence[DutyRule] | None = None,
    calendar: WorkingCalendar | None = None,
) -> tuple[CardLine, ...]:
    """The duty card of a year as of a day."""
    raise NotImplementedError
