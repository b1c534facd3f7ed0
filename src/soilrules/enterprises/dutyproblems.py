"""What the dates themselves show: a demolition begun before it was filed or too soon after, results of before the listing.

A finding is for a person to look at; the kind of breach is a proposal, its amounts stand in the catalogue of breaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from soilrules.bases import Basis, basis_on
from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.enterprises.duties import ROOM
from soilrules.enterprises.dutyrules import DutyRule, duty_rules, held_in
from soilrules.enterprises.facts import Event, EventKind, UnitFacts, as_of
from soilrules.enterprises.starts import working_days_before
from soilrules.messages import LANGUAGES, Message, sentence

MEASURED = (EventKind.SELFMON_DONE, EventKind.HAZARD_INSPECTION_DONE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the dates show; `violation` is empty where it is no breach."""

    kind: str
    unit: str
    subject: str
    on: date
    violation: str
    rule: DutyRule | None
    message: Message
    basis: tuple[Basis, ...]


def problems(
    facts: UnitFacts, on: date, *, rules: Sequence[DutyRule] | None = None, calendar: WorkingCalendar | None = None
) -> tuple[Finding, ...]:
    """What the dates known on a day show."""
    known = as_of(facts, on)
    held = held_in(duty_rules() if rules is None else rules, facts.division, on)
    filings = [rows for rows in held.values() if rows[0].event is EventKind.DEMOLITION_PLANNED]
    started = sorted((one for one in known.events if one.kind is EventKind.DEMOLITION_STARTED), key=lambda one: one.on)
    found = [_demolition(known, event, rows, calendar or published_calendar()) for event in started for rows in filings]
    return (*(one for one in found if one is not None), *_before_listing(known))


def _demolition(facts: UnitFacts, event: Event, rows: Sequence[DutyRule], calendar: WorkingCalendar) -> Finding | None:
    rule = next((one for one in rows if one.in_use and one.in_force(event.on)), None)
    listed = any(stay.since <= event.on and (stay.until is None or event.on < stay.until) for stay in facts.stays)
    if rule is None or not listed:
        return None
    filed = sorted(one.on for one in facts.events if one.kind in rule.evidence and one.subject == event.subject)
    last, provisional = working_days_before(event.on, rule.term.most, calendar)
    if filed and filed[0] <= last:
        return None
    kind = "demolition_unfiled" if not filed or filed[0] > event.on else "demolition_filed_short"
    receivers = {
        f"to_{one}": "、".join(sentence(ROOM, "duty_recipients", who, language=one) for who in rule.recipients)
        for one in LANGUAGES
    }
    days = {
        "started": str(event.on),
        "filed": str(filed[0]) if filed else "",
        "last": str(last),
        "days": str(rule.term.most),
    }
    word = f"{kind}_provisional" if kind == "demolition_filed_short" and provisional else kind
    message = Message(ROOM, "duty_problems", word, {"subject": event.subject, **days, **receivers})
    return Finding(kind, facts.unit, event.subject, event.on, rule.violation, rule, message, basis_on(rule, event.on))


def _before_listing(facts: UnitFacts) -> Iterator[Finding]:
    first = min((stay.since for stay in facts.stays), default=None)
    for event in facts.events:
        if event.kind in MEASURED and first is not None and event.on < first:
            message = Message(ROOM, "duty_problems", "before_listing", {"on": str(event.on), "listed": str(first)})
            yield Finding("before_listing", facts.unit, event.subject, event.on, "", None, message, ())
