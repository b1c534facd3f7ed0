"""By when a step in the life of a plot is due: only what a rule of that place and day says, nothing guessed.

Where no day is set the answer has none and warns. Whether something is late is not said here: one function owns that
(soilrules.deadlines.state). Data: data/plots/deadlines.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.bases import Basis, bases_on, known_bases
from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, origin
from soilrules.monitoring.frequency import after
from soilrules.plots.life import History
from soilrules.plots.lists import ROOM
from soilrules.plots.state import EventKind
from soilrules.strict import Readable, Record, load_yaml


class Kind(StrEnum):
    """What is due."""

    PRELIMINARY = "preliminary"  # the preliminary survey, from the receipt of the notice
    PROVINCE_LIMIT = "province_limit"  # the survey before a change of use, by the limit the province sets
    DISCLOSURE = "disclosure"  # until when a report stays public at least
    COMPLETENESS = "completeness"  # the check whether a report is complete
    JOINT_REVIEW = "joint_review"
    REMOVAL_REVIEW = "removal_review"


class Unit(StrEnum):
    """What is counted."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class DeadlineRule(DatedRule):
    """One term. `starts` is the fact whose day starts the clock; an empty division holds everywhere."""

    kind: Kind
    division: str
    starts: str
    unit: Unit
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day in time, None where none is set or the start is not known.

    `provisional`: the holidays of that year are not published. `confirmed`: nothing newer leaves the rule open.
    """

    kind: Kind
    due: date | None
    rule: DeadlineRule | None
    provisional: bool
    confirmed: bool
    bases: tuple[Basis, ...]
    message: Message


def due_day(
    kind: Kind, start: date | None, division: str, *, on: date, rules: Sequence[DeadlineRule] | None = None
) -> DueDay:
    """By when something is due that starts on `start`, by the rules of a place on a day; a division of the place comes first.

    >>> due_day(Kind.PRELIMINARY, date(2026, 8, 31), "410102", on=date(2026, 11, 22)).due
    datetime.date(2027, 2, 28)
    """
    rule = _held(kind, division, on, rules)
    if rule is None:
        return _none(kind, on)
    bases = bases_on(rule.bases, on)
    confirmed = all(one.confirmed(on) for one in bases)
    if start is None:
        return DueDay(kind, None, rule, False, confirmed, bases, _said("start_unknown", kind))
    due, provisional = _counted(rule, start)
    said = "least" if kind is Kind.DISCLOSURE else "due"  # a disclosure lasts so long at least; the others end by then
    message = _said(
        said if confirmed else f"{said}_unconfirmed", kind, day=str(due), standard=rule.standard, mark=rule.mark
    )
    return DueDay(kind, due, rule, provisional, confirmed, bases, message)


def survey_due(history: History, division: str, *, on: date) -> DueDay | None:
    """By when the survey a notice asked is due, by the last notice served in the round; None without an open notice."""
    served: date | None = None
    open_notice = False
    for step in history.steps:
        if step.refused is None and step.event.on <= on:
            open_notice = _still_open(open_notice, step.event.kind)
            received = step.event.facts.get("received_on")
            if step.event.kind is EventKind.NOTICE_SERVED and isinstance(received, date):
                served = received
    return due_day(Kind.PRELIMINARY, served, division, on=on) if open_notice else None


def disclosed_enough(since: date | None, until: date | None, *, on: date) -> bool | None:
    """Whether a report was public as long as it has to; None while nobody can say, as while it is still public.

    >>> disclosed_enough(date(2026, 1, 10), date(2026, 3, 10), on=date(2026, 6, 1))
    True
    >>> disclosed_enough(date(2026, 1, 10), date(2026, 3, 9), on=date(2026, 6, 1))
    False
    """
    least = due_day(Kind.DISCLOSURE, since, "", on=on).due
    if least is None:
        return None
    if until is not None and until < least:
        return False
    return True if on >= least else None


def _still_open(open_notice: bool, kind: EventKind) -> bool:
    answered = (
        EventKind.PRELIMINARY_WITHIN,
        EventKind.PRELIMINARY_EXCEEDS,
        EventKind.SUSPICION_DISMISSED,
        EventKind.REOPENED,
    )
    return kind is EventKind.NOTICE_SERVED or (open_notice and kind not in answered)


def _held(kind: Kind, division: str, on: date, rules: Sequence[DeadlineRule] | None) -> DeadlineRule | None:
    held = [
        one
        for one in (deadline_rules() if rules is None else rules)
        if one.kind is kind and one.in_use and one.in_force(on) and division.startswith(one.division)
    ]
    return max(held, key=lambda one: len(one.division), default=None)


def _none(kind: Kind, on: date) -> DueDay:
    """No day is set; of the province's limit it is told that the law of the day wants one."""
    bases = bases_on(("law.survey_change", "code.survey_change"), on) if kind is Kind.PROVINCE_LIMIT else ()
    wanted = any(one.id == "code.survey_change" for one in bases)
    return DueDay(kind, None, None, False, True, bases, _said("no_province_limit" if wanted else "no_day", kind))


def _counted(rule: DeadlineRule, start: date) -> tuple[date, bool]:
    most = rule.whole("most")
    if rule.unit is Unit.MONTHS:
        return after(start, most), False
    if rule.unit is Unit.DAYS:
        return date.fromordinal(start.toordinal() + most), False
    return _calendar().add_working_days(start, most)


def _said(name: str, kind: Kind, **params: str) -> Message:
    names = {f"what_{one}": Message(ROOM, "deadline_kinds", kind).sentence(one) for one in ("zh", "en")}
    return Message(ROOM, "deadlines", name, names | params)


@cache
def _calendar() -> WorkingCalendar:
    return published_calendar()


@cache
def deadline_rules() -> tuple[DeadlineRule, ...]:
    """The terms of data/plots/deadlines.yaml. Raises BadRuleData."""
    return deadlines_in(files("soilrules") / "data" / "plots" / "deadlines.yaml")


def deadlines_in(source: Readable) -> tuple[DeadlineRule, ...]:
    """The terms of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("rules")
    rules = tuple(_rule(row, source.name) for row in top.mappings("rules"))
    ids = [one.id for one in rules]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise top.error(f"{', '.join(sorted(twice))} stands twice; expected each id once")
    return rules


def _rule(row: Mapping[str, object], place: str) -> DeadlineRule:
    record = Record(row, f"{place} {row.get('id')}")
    fields = origin(record, "kind", "division", "from", "unit", "bases")
    rule = DeadlineRule(
        **fields,
        kind=record.choice("kind", Kind),
        division=record.text("division", ""),
        starts=record.text("from"),
        unit=record.choice("unit", Unit),
        bases=known_bases(record),
    )
    if rule.numbers.get("most", 0) < 1 or rule.numbers["most"] % 1:
        raise record.error("most is to be a whole number of 1 or more")
    if not rule.bases or (rule.kind is Kind.PROVINCE_LIMIT and not rule.division):
        raise record.error("expected a citation, and for the limit of a province its division")
    return rule
