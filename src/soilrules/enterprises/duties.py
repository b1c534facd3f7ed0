"""What a firm owes: every duty it ever had, and the duty card of a year as of any day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis, basis_on
from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.deadlines.state import Due, State, state
from soilrules.enterprises.dutyrules import DutyRule, Force, TermKind, Trigger, duty_rules, held_in
from soilrules.enterprises.facts import Stay, UnitFacts, as_of
from soilrules.enterprises.starts import Start, starts
from soilrules.messages import LANGUAGES, Message, sentence

ROOM = "enterprises"


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
    facts: UnitFacts,
    through: date,
    *,
    on: date | None = None,
    rules: Sequence[DutyRule] | None = None,
    calendar: WorkingCalendar | None = None,
) -> tuple[Owed, ...]:
    """Every duty a firm ever had begun until a day, as known on a day (without one: on that day)."""
    return _owed(facts, on or through, through, rules, calendar)


def every_line(
    facts: UnitFacts,
    on: date,
    *,
    rules: Sequence[DutyRule] | None = None,
    calendar: WorkingCalendar | None = None,
) -> tuple[CardLine, ...]:
    """Every duty a firm ever had begun by the end of the year of a day, as it stands on that day."""
    found = _owed(facts, on, date(on.year, 12, 31), rules, calendar)
    return tuple(_line(one, on.year, on, calendar or published_calendar()) for one in found)


def card(
    facts: UnitFacts,
    year: int,
    on: date,
    *,
    rules: Sequence[DutyRule] | None = None,
    calendar: WorkingCalendar | None = None,
) -> tuple[CardLine, ...]:
    """The duty card of a year as of a day; what an event brings stands there before the event, as not due."""
    found = [one for one in _owed(facts, on, date(year, 12, 31), rules, calendar) if of_year(one, year)]
    lines = [_line(one, year, on, calendar or published_calendar()) for one in found]
    there = {one.rule.id for one in found}
    return (
        *lines,
        *_waiting(
            as_of(facts, on),
            year,
            on,
            [one for one in (duty_rules() if rules is None else rules) if one.id not in there],
        ),
    )


def of_year(one: Owed, year: int) -> bool:
    """Whether a duty stands on the card of a year.

    A yearly one stands on that of its year, the first one also on that of the listing; another from the year it begins
    until it is done or ended, and what is due before an event until that is due.
    """
    if one.rule.trigger is Trigger.YEARLY:
        return year in (int(one.period[:4]), one.since.year)
    if one.done_on is None:
        return one.since.year <= year <= (one.ended_on or date.max).year
    shown = [one.since, one.done_on, *([one.due] if one.due and one.rule.term.kind is TermKind.BEFORE else [])]
    return one.since.year <= year <= max(shown).year


def _owed(
    facts: UnitFacts, on: date, horizon: date, rules: Sequence[DutyRule] | None, calendar: WorkingCalendar | None
) -> tuple[Owed, ...]:
    known, held = as_of(facts, on), held_in(duty_rules() if rules is None else rules, facts.division, on)
    return tuple(_filled(known, one, on) for one in starts(known, held, horizon, calendar or published_calendar()))


def _filled(facts: UnitFacts, start: Start, on: date) -> Owed:
    done = start.proof.on if start.proof else None
    unknown = start.rule.term.kind is TermKind.UNKNOWN or not start.rule.in_use
    return Owed(
        rule=start.rule,
        unit=facts.unit,
        period=start.period,
        since=start.since,
        due=None if unknown else start.due,
        earliest=None if unknown else start.earliest,
        done_on=done,
        evidence=start.proof.evidence if start.proof else "",
        ended_on=start.ended if done is None else None,
        question=question(start.rule, needs_known=start.rule.needs.held(facts.traits) is True),
        provisional=start.provisional,
        reason=_because(start),
        basis=basis_on(start.rule, min(day for day in (on, done, start.due) if day is not None)),
        also=start.also,
    )


def question(rule: DutyRule, *, needs_known: bool) -> str:
    """What has to be known before it can be said how the duty stands, empty for nothing."""
    if not rule.in_use:
        return "switched_off"
    if rule.term.kind is TermKind.UNKNOWN:
        return "term_unknown"
    return "" if needs_known else "needs"


def _because(start: Start) -> Message:
    params = {"period": start.period, "since": str(start.since)}
    if start.rule.event is None:
        return _said("duty_reasons", start.rule.trigger, **params)
    return _said("duty_reasons", "event", **params, **_worded("event", "duty_events", start.rule.event))


def _line(one: Owed, year: int, on: date, calendar: WorkingCalendar) -> CardLine:
    state, word = _stands(one, year, on, calendar)
    params = {"due": str(one.due), "done": str(one.done_on), "ended": str(one.ended_on), "earliest": str(one.earliest)}
    params |= {"standard": one.rule.standard, "mark": one.rule.mark}
    return CardLine(one.unit, one.rule, one, state, _said("duty_states", word, **params, **_traits(one.rule)))


def _stands(one: Owed, year: int, on: date, calendar: WorkingCalendar) -> tuple[CardState, str]:
    """How a duty stands on the card, and the sentence that says so."""
    late = state(Due(due=one.due, done_on=one.done_on, standing=one.rule.term.kind is TermKind.NONE), on, calendar)
    later = one.due is not None and one.due.year > year
    if one.done_on is not None and not (later and one.done_on.year > year):
        return CardState.DONE, "done_late" if late is State.DONE_LATE else "done"
    if one.ended_on is not None and (one.due is None or one.due >= one.ended_on):
        return CardState.NOT_DUE, "ended"
    if one.question:
        return CardState.CANNOT_SAY, one.question
    if one.rule.force is Force.HINT:
        return CardState.NOT_DUE, "hint"
    if later:
        return CardState.NOT_DUE, "later" if one.earliest is None else "window"
    if late is State.OVERDUE:
        return CardState.OVERDUE, "overdue" if one.ended_on is None else "missed"
    return CardState.DUE, _due_words(one)


def _due_words(one: Owed) -> str:
    if one.due is None:
        return "no_day"
    return "due_provisional" if one.provisional else "due"


def _waiting(facts: UnitFacts, year: int, on: date, rules: Sequence[DutyRule]) -> Iterator[CardLine]:
    """What has no term yet on the card of a year: the event of the rule has not come."""
    for rows in held_in(rules, facts.division, on).values():
        there = [stay for stay in facts.stays if stay.list_key in rows[0].lists and _meets(stay, year)]
        in_force = [
            row
            for row in rows
            if row.in_use and row.since.year <= year and (row.until is None or row.until.year >= year)
        ]
        if rows[0].trigger is Trigger.EVENT and there and in_force:
            words = _worded("event", "duty_events", str(rows[0].event))
            yield CardLine(facts.unit, in_force[0], None, CardState.NOT_DUE, _said("duty_states", "waiting", **words))


def _meets(stay: Stay, year: int) -> bool:
    return stay.since.year <= year and (stay.until is None or stay.until > date(year, 1, 1))


def _traits(rule: DutyRule) -> dict[str, str]:
    joins = {"zh": "、", "en": ", "}
    return {
        f"traits_{one}": joins[one].join(
            sentence(ROOM, "duty_traits", name, language=one) for name in rule.needs.traits
        )
        for one in LANGUAGES
    }


def _worded(name: str, group: str, word: str) -> dict[str, str]:
    return {f"{name}_{one}": sentence(ROOM, group, word, language=one) for one in LANGUAGES}


def _said(group: str, message_id: str, **params: str) -> Message:
    return Message(ROOM, group, message_id, params)
