"""What is known of a firm that its duties depend on: stays on lists, events, traits.

A stay is half-open: `until` is the first day the firm is no longer on the list. A successor inherits by its facts: the
caller gives it the stays and events of its predecessors beside its own; stays that touch or overlap are one stay, so
that a term that ran goes on running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen to a firm, be planned, or be filed."""

    COMMISSIONED = "commissioned"  # a new or rebuilt project starts production; `subject` is the project
    BASELINE_FILED = "baseline_filed"
    HAZARD_INSPECTION_DONE = "hazard_inspection_done"  # without a subject: the whole plant
    HAZARD_RECTIFIED = "hazard_rectified"
    SELFMON_PLAN_FILED = "selfmon_plan_filed"
    SELFMON_DONE = "selfmon_done"  # without a subject: soil and groundwater; else "soil" or "groundwater"
    TOXIC_REPORT_FILED = "toxic_report_filed"
    ANOMALY = "anomaly"
    ANOMALY_CLOSED = "anomaly_closed"
    DEMOLITION_PLANNED = "demolition_planned"  # `on` is the planned start
    DEMOLITION_STARTED = "demolition_started"
    DEMOLITION_FILED_ECOLOGY = "demolition_filed_ecology"
    DEMOLITION_FILED_INDUSTRY = "demolition_filed_industry"
    DEMOLITION_CLOSED = "demolition_closed"  # the closing report
    TANK_IN_USE = "tank_in_use"
    TANK_REPORTED = "tank_reported"
    LETTER_SIGNED = "letter_signed"  # 责任书
    LETTER_PUBLISHED = "letter_published"
    CLOSING_PLANNED = "closing_planned"  # `on` is the planned end of production
    TRANSFER_PLANNED = "transfer_planned"  # `on` is the planned change of use, recall or transfer
    SURVEY_FILED = "survey_filed"
    PERMIT_ISSUED = "permit_issued"
    PERMIT_DUTIES_WRITTEN = "permit_duties_written"
    PERMIT_CANCELLED = "permit_cancelled"
    INSURED = "insured"


PLANNED = (EventKind.DEMOLITION_PLANNED, EventKind.CLOSING_PLANNED, EventKind.TRANSFER_PLANNED)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay on one list, half-open."""

    list_key: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event or filing.

    `period` is the period of the duty it is filed for (`Owed.period`); where it is empty the day decides. `subject` says
    which demolition, tank, project or anomaly; `evidence` is the id of the filing or file. `known` is the day it became
    known: without it the day itself, for a plan of something to come any day. Of several plans of one subject the one
    known last holds.
    """

    kind: EventKind
    on: date
    period: str = ""
    subject: str = ""
    evidence: str = ""
    known: date | None = None

    @property
    def known_on(self) -> date:
        """From which day it can be used."""
        return self.known or (date.min if self.kind in PLANNED else self.on)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """All that is known of a firm; a trait that is missing or None is not known."""

    unit: str
    division: str
    stays: tuple[Stay, ...] = ()
    events: tuple[Event, ...] = ()
    traits: Mapping[str, bool | None] = field(default_factory=dict)
    operating_until: date | None = None  # the last day of production, None while it goes on


def as_of(facts: UnitFacts, on: date) -> UnitFacts:
    """What could be known on a day: no later event, listing, delisting or end of production."""
    events = [event for event in facts.events if event.known_on <= on]
    plans: dict[tuple[EventKind, str], Event] = {}
    for event in sorted((one for one in events if one.kind in PLANNED), key=lambda one: (one.known_on, one.on)):
        plans[event.kind, event.subject or str(event.on)] = event
    for event in (one for one in events if one.kind is EventKind.DEMOLITION_STARTED):
        planned = replace(
            event, kind=EventKind.DEMOLITION_PLANNED, known=event.on
        )  # nobody planned it: it is owed all the same
        plans.setdefault((planned.kind, event.subject or str(event.on)), planned)
    kept = (*(one for one in events if one.kind not in PLANNED), *plans.values())
    ended = facts.operating_until if facts.operating_until is not None and facts.operating_until <= on else None
    return replace(facts, stays=_stays(facts, on), events=kept, operating_until=ended)


def _stays(facts: UnitFacts, on: date) -> tuple[Stay, ...]:
    """The stays begun by a day, one list after the other, those that touch put together."""
    joined: list[Stay] = []
    for stay in sorted((one for one in facts.stays if one.since <= on), key=lambda one: (one.list_key, one.since)):
        until = stay.until if stay.until is not None and stay.until <= on else None
        last = joined[-1] if joined and joined[-1].list_key == stay.list_key else None
        if last is None or (last.until is not None and last.until < stay.since):
            joined.append(Stay(stay.list_key, stay.since, until))
        else:
            ends = None if last.until is None or until is None else max(last.until, until)
            joined[-1] = Stay(stay.list_key, last.since, ends)
    return tuple(joined)
