"""The rules of the duties of firms as data: who owes what, when, to whom, by what text.

Rows of one id are one duty by one trigger, in different places, days and editions. A row of a smaller place stands
before the national one where its term can be kept; both stay visible. Data: data/enterprises/duties.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import yaml

from soilrules.bases import known_bases
from soilrules.enterprises.facts import EventKind
from soilrules.monitoring.dated import DatedRule, origin
from soilrules.monitoring.frequency import after
from soilrules.strict import BadRuleData, Choice, Readable, Record, parse_yaml

KEYS = (
    "duty", "title", "lists", "owed_by", "trigger", "event", "term", "evidence", "about", "whole_counts", "nth", "later", "earlier_months",
    "needs", "while_operating", "recipients", "bases", "force", "division", "edition", "issued_on", "violation",
)  # fmt: skip
SHARED = (
    "duty", "lists", "owed_by", "trigger", "event", "evidence", "about", "whole_counts", "nth", "later", "earlier_months",
    "needs", "while_operating", "force",
)  # fmt: skip
ALWAYS = "always"


class Trigger(StrEnum):
    """What a term is counted from."""

    YEARLY = "yearly"  # each year, or each part of a year
    LISTING = "listing"  # once for a stay on the list
    LAST = "last"  # from each time it was done
    EVENT = "event"  # from or before something that happens


class Unit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class TermKind(StrEnum):
    """What is known of the day something is due."""

    COUNTED = "counted"  # so many days or months after the trigger
    BEFORE = "before"  # so many days before the event
    FIXED = "fixed"  # a day of one year, for all
    YEARLY = "yearly"  # days of every year
    NONE = "none"  # the text sets no day
    UNKNOWN = "unknown"  # the text was not seen; whether it sets a day nobody can say


class Force(StrEnum):
    """How binding a rule is."""

    MUST = "must"  # 法定
    HINT = "hint"  # 鼓励


class OwedBy(StrEnum):
    """Who has to act."""

    UNIT = "unit"
    ECOLOGY = "ecology"
    GOVERNMENT = "government"
    PERMIT_AUTHORITY = "permit_authority"


class Recipient(StrEnum):
    """Whom a duty is fulfilled towards."""

    ECOLOGY = "ecology"
    CITY_ECOLOGY = "city_ecology"
    INDUSTRY = "industry"
    REGISTRY = "registry"
    PUBLIC = "public"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Term:
    """When something is due.

    COUNTED: `most` units after the trigger, done from `least` on. BEFORE: `most` units before the event. FIXED: `day`,
    for stays begun before `listed_before`. YEARLY: month and day of each round; `same_year`: from the year of listing on
    where the day is still to come, else from the year after.
    """

    kind: TermKind
    unit: Unit = Unit.DAYS
    least: int | None = None
    most: int = 0
    day: date | None = None
    listed_before: date | None = None
    rounds: tuple[tuple[int, int], ...] = ()
    same_year: bool = False

    def after(self, start: date, count: int) -> date:
        """The day `count` units after `start`."""
        return after(start, count) if self.unit is Unit.MONTHS else start + timedelta(count)


@dataclass(frozen=True, slots=True)
class Needs:
    """The rule is for firms of which exactly `count` of these traits are true; without traits for all."""

    traits: tuple[str, ...] = ()
    count: int = 0

    def held(self, traits: Mapping[str, bool | None]) -> bool | None:
        """Whether a firm is meant; None where traits that are not known decide."""
        true = sum(traits.get(name) is True for name in self.traits)
        unknown = sum(traits.get(name) is None for name in self.traits)
        if not true <= self.count <= true + unknown:
            return False
        return None if unknown else True


@dataclass(frozen=True, slots=True)
class DutyRule(DatedRule):
    """One rule. `duty` is the duty it belongs to, which may have several (first time, again, after an anomaly)."""

    duty: str
    titles: Mapping[str, str]  # zh, en
    lists: tuple[str, ...]  # on any of these lists
    owed_by: OwedBy
    trigger: Trigger
    event: EventKind | None  # of the trigger
    term: Term
    evidence: tuple[EventKind, ...]
    about: tuple[str, ...]  # what the evidence may be of besides the whole
    whole_counts: bool  # whether evidence without a subject stands for every subject
    nth: int  # the how many-th evidence after the trigger
    later: bool  # whether evidence of the day of the event itself is not of it
    earlier_months: int | None  # how long before the listing it may have been done; None: not before
    needs: Needs
    while_operating: bool  # ends with production
    recipients: tuple[Recipient, ...]
    bases: tuple[str, ...]
    force: Force
    division: str  # it holds here and below; "" is everywhere
    edition: str
    issued_on: date | None
    violation: str  # the kind of breach when it is not done

    @property
    def key(self) -> tuple[str, str, date, str]:
        """What tells rows of one id apart."""
        return self.id, self.division, self.since, self.edition

    def title(self, language: str = "zh") -> str:
        """Its name."""
        return self.titles[language]


DutyRules = tuple[DutyRule, ...]


@cache
def duty_rules() -> DutyRules:
    """The rules of data/enterprises/duties.yaml. Raises BadRuleData."""
    return rules_in(files("soilrules") / "data" / "enterprises" / "duties.yaml")


def rules_in(source: Readable) -> DutyRules:
    """The rules of a file; a rule that holds twice in one place on one day is refused. Raises BadRuleData."""
    text = source.read_text("utf-8")
    top = Record(parse_yaml(text, source.name), source.name)
    top.only("rules")
    rows, lines = top.mappings("rules"), _lines(text)
    rules = [
        _rule(Record(row, f"{source.name} line {line} {row.get('id')}")) for row, line in zip(rows, lines, strict=True)
    ]
    for (one, first), (other, second) in combinations(zip(rules, lines, strict=True), 2):
        if one.id == other.id and (
            differing := [name for name in SHARED if getattr(one, name) != getattr(other, name)]
        ):
            raise BadRuleData(
                f"{source.name}: {one.id} of line {first} and of line {second} differ in {', '.join(differing)}; "
                "expected rows of one id to differ in place, days, edition, term and texts only."
            )
        if overlapping(one, other):
            raise BadRuleData(
                f"{source.name}: {one.id} of line {first} and of line {second} both hold in {one.division or 'all places'} "
                f"on {max(one.since, other.since)}; expected one: end the earlier, or take one out of use."
            )
    return tuple(rules)


def overlapping(one: DutyRule, other: DutyRule) -> bool:
    """Whether two rows in use are one rule in one place on one day."""
    same = (one.id, one.division) == (other.id, other.division) and one.in_use and other.in_use
    return same and one.since < (other.until or date.max) and other.since < (one.until or date.max)


def chosen(rules: Iterable[DutyRule], rule_id: str, edition: str) -> DutyRules:
    """The rules with this edition of a rule in use, and what overlaps it out of use. Raises KeyError for no such row."""
    rules = tuple(rules)
    wanted = next((one for one in rules if (one.id, one.edition) == (rule_id, edition)), None)
    if wanted is None:
        raise KeyError(
            f"{rule_id} has no edition {edition!r}; expected one of {sorted({one.edition for one in rules if one.id == rule_id})}"
        )
    used = replace(wanted, in_use=True)
    return tuple(
        used if one is wanted else replace(one, in_use=False) if overlapping(one, used) else one for one in rules
    )


def held_in(rules: Sequence[DutyRule], division: str, on: date) -> Mapping[str, DutyRules]:
    """The rules of a place known on a day, by id: those of the smallest place first, those out of use last."""
    held: dict[str, list[DutyRule]] = {}
    for rule in rules:
        if division.startswith(rule.division) and (rule.issued_on is None or rule.issued_on <= on):
            held.setdefault(rule.id, []).append(rule)
    order = {
        name: sorted(rows, key=lambda one: (not one.in_use, -len(one.division), one.since))
        for name, rows in held.items()
    }
    return {name: tuple(one for one in rows if one.in_use or not one.division) for name, rows in order.items()}


def _lines(text: str) -> list[int]:
    """The line each rule begins on."""
    top: yaml.MappingNode = yaml.compose(text, Loader=yaml.CSafeLoader)  # type: ignore[assignment]
    rows = next((value for key, value in top.value if key.value == "rules"), None)
    return [row.start_mark.line + 1 for row in rows.value] if isinstance(rows, yaml.SequenceNode) else []


def _rule(record: Record) -> DutyRule:
    known = origin(record, *KEYS)
    titles = record.mapping("title")
    titles.only("zh", "en")
    rule = DutyRule(
        **known,
        **_who(record),
        duty=record.text("duty"),
        titles={language: titles.text(language) for language in ("zh", "en")},
        trigger=record.choice("trigger", Trigger),
        event=record.choice("event", EventKind) if "event" in record.row else None,
        term=_term(record.mapping("term")),
        evidence=_choices(record, "evidence", EventKind),
        about=record.texts("about"),
        whole_counts=record.true("whole_counts"),
        nth=_whole(record, "nth", 1),
        later=record.true("later"),
        earlier_months=_earlier(record),
        while_operating=record.true("while_operating"),
        bases=known_bases(record),
        edition=record.text("edition", ""),
        issued_on=record.day_or_none("issued_on"),
        violation=record.text("violation", ""),
    )
    return _sound(rule, record)


def _who(record: Record) -> dict[str, Any]:
    needs = record.mapping("needs")
    needs.only("traits", "count")
    return {
        "lists": record.texts("lists"),
        "owed_by": record.choice("owed_by", OwedBy),
        "needs": Needs(needs.texts("traits"), _whole(needs, "count", 0)),
        "recipients": _choices(record, "recipients", Recipient),
        "force": record.choice("force", Force),
        "division": record.text("division", ""),
    }


def _term(record: Record) -> Term:
    record.only("kind", "unit", "least", "most", "day", "listed_before", "rounds", "same_year")
    return Term(
        kind=record.choice("kind", TermKind),
        unit=record.choice("unit", Unit) if "unit" in record.row else Unit.DAYS,
        least=_whole(record, "least", 0) if "least" in record.row else None,
        most=_whole(record, "most", 0),
        day=record.day_or_none("day"),
        listed_before=record.day_or_none("listed_before"),
        rounds=tuple(_month_day(record, one) for one in record.texts("rounds")),
        same_year=record.true("same_year"),
    )


def _month_day(record: Record, text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        raise record.error(f"rounds has {text!r}; expected month and day such as 03-31") from None
    return day.month, day.day


def _choices(record: Record, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
    if wrong := [one for one in record.texts(key) if one not in list(kind)]:
        raise record.error(f"{key} has {', '.join(wrong)}; expected {', '.join(kind)}")
    return tuple(kind(one) for one in record.texts(key))


def _whole(record: Record, key: str, default: int) -> int:
    if key not in record.row:
        return default
    number = record.decimal(key)
    if number != int(number) or number < 0:
        raise record.error(f"{key} is {number}; expected a whole number, 0 or more")
    return int(number)


def _earlier(record: Record) -> int | None:
    if record.row.get("earlier_months") == ALWAYS:
        return 12 * 100
    return _whole(record, "earlier_months", 0) or None


def _sound(rule: DutyRule, record: Record) -> DutyRule:
    """What the fields must be together."""
    kinds = {
        Trigger.YEARLY: (TermKind.YEARLY,),
        Trigger.LISTING: (TermKind.COUNTED, TermKind.FIXED, TermKind.NONE, TermKind.UNKNOWN),
        Trigger.LAST: (TermKind.COUNTED, TermKind.UNKNOWN),
        Trigger.EVENT: (TermKind.COUNTED, TermKind.BEFORE, TermKind.NONE, TermKind.UNKNOWN),
    }[rule.trigger]
    if rule.term.kind not in kinds:
        raise record.error(f"term is {rule.term.kind} with the trigger {rule.trigger}; expected {', '.join(kinds)}")
    if (rule.event is None) != (rule.trigger is not Trigger.EVENT):
        raise record.error(
            f"event is {rule.event} with the trigger {rule.trigger}; expected an event with the trigger event only"
        )
    if not rule.evidence or not rule.lists or rule.nth < 1:
        raise record.error("expected a list, an evidence and nth of 1 or more")
    if rule.term.kind is TermKind.FIXED and rule.term.day is None:
        raise record.error("term is fixed without a day; expected one")
    if rule.term.rounds != tuple(sorted(set(rule.term.rounds))) or bool(rule.term.rounds) != (
        rule.trigger is Trigger.YEARLY
    ):
        raise record.error("rounds are to rise, and to stand with the trigger yearly")
    return rule
