"""The rules of slips as dated data: what each says, what an office may change in its own version, and what holds on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml
from soilrules.supervision.authorities import Act

MOST_DAYS = 250


class Colour(StrEnum):
    """Colours in their order; `none` is a reminder, which is no slip."""

    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    def raised(self, steps: int) -> Colour:
        """The colour some steps higher, red at most; a reminder stays one.

        >>> Colour.BLUE.raised(1), Colour.RED.raised(1), Colour.NONE.raised(1)
        (<Colour.YELLOW: 'yellow'>, <Colour.RED: 'red'>, <Colour.NONE: 'none'>)
        """
        order = list(Colour)
        return self if self is Colour.NONE else order[min(order.index(self) + steps, len(order) - 1)]


class Kind(StrEnum):
    """What makes a slip due."""

    REMIND = "remind"
    NEAR = "near"
    SLOW = "slow"
    UNHEEDED = "unheeded"
    OVERDUE = "overdue"
    AFTER_RED = "after_red"


class To(StrEnum):
    """Who gets it."""

    UNIT = "unit"
    LEADER = "leader"
    CAMPAIGN_OFFICE = "campaign_office"
    GOVERNMENT = "government"


@dataclass(frozen=True, slots=True)
class SlipRule:
    """One rule. `within_days`: only so many days before the term; `answer_days`: working days for a reason (0: none is asked)."""

    id: str
    kind: Kind
    in_use: bool
    days: int
    within_days: int
    answer_days: int
    colour: Colour
    to: tuple[To, ...]
    then: Act | None
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one version, in the order of the ladder, and what important matters are raised by."""

    rules: tuple[SlipRule, ...]
    raises: int
    raises_basis: str
    raises_mark: str
    colours: Mapping[Colour, str]

    def of(self, kind: Kind) -> tuple[SlipRule, ...]:
        """The rules of a kind that are in use."""
        return tuple(one for one in self.rules if one.kind is kind and one.in_use)

    def rule(self, rule_id: str) -> SlipRule | None:
        """The rule with this id."""
        return next((one for one in self.rules if one.id == rule_id), None)


@dataclass(frozen=True, slots=True)
class RulesSince:
    """A version and the first day it holds; without rules nothing is issued from that day."""

    since: date
    rules: Rules | None


class UnfitRules(BadRuleData):
    """A version that would leave a step out; `message` says it in both languages, `rule` which rule it is about."""

    def __init__(self, name: str, rule: str, **params: object) -> None:
        told = {key: str(value) for key, value in params.items()}
        self.message, self.rule = Message("supervision", "unfit", name, told), rule
        super().__init__(f"{rule}: {self.message.sentence('en')}")


CHANGEABLE = ("in_use", "days", "within_days", "answer_days", "colour", "to")


@cache
def customary() -> Rules:
    """The rules shipped, read from data/supervision/slips.yaml."""
    source = files("soilrules") / "data" / "supervision" / "slips.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("rules", "important", "colours", "bases")
    bases = data.mapping("bases")
    rules = tuple(_rule(Record(row, f"{source.name} {row.get('id')}"), bases) for row in data.mappings("rules"))
    important, names = data.mapping("important"), data.mapping("colours")
    important.only("raises", "basis", "mark")
    return checked(
        Rules(
            rules,
            _number(important, "raises"),
            bases.text(important.text("basis")),
            mark_of(important),
            {one: names.text(one) for one in Colour},
        )
    )


def with_changes(rules: Rules, changes: Mapping[str, Mapping[str, Any]], colours: Mapping[str, str]) -> Rules:
    """An office's own version: some numbers, addressees and switches of the rules, and what its colours are called.

    Raises BadRuleData with the rule, the value and what was expected.
    """
    if unknown := sorted(set(changes) - {one.id for one in rules.rules}):
        raise BadRuleData(f"{', '.join(unknown)}: no such rule; expected {', '.join(one.id for one in rules.rules)}.")
    if unknown := sorted(set(colours) - set(Colour)):
        raise BadRuleData(f"{', '.join(unknown)}: no such colour; expected {', '.join(Colour)}.")
    changed = tuple(_changed(one, changes.get(one.id, {})) for one in rules.rules)
    names = {one: str(colours.get(one, "")).strip() or name for one, name in rules.colours.items()}
    return checked(replace(rules, rules=changed, colours=names))


def checked(rules: Rules) -> Rules:
    """The rules, where none of them makes a step be left out: what is overdue gets its slip, and steps stand in order."""
    ids = [one.id for one in rules.rules]
    if len(set(ids)) != len(ids):
        raise BadRuleData("slips: a rule stands twice; expected each id once.")
    if len(rules.of(Kind.OVERDUE)) != 1:
        raise UnfitRules("always", "overdue")
    for one in rules.rules:
        _check_rule(one)
    steps = [one.days for one in rules.of(Kind.AFTER_RED)]
    if steps != sorted(set(steps)):
        raise UnfitRules("order", "after_red", days=", ".join(map(str, steps)))
    return rules


def _check_rule(one: SlipRule) -> None:
    low = _least(one)
    if not low <= one.days <= MOST_DAYS or not 0 <= one.within_days <= MOST_DAYS * 2:
        raise UnfitRules("days", one.id, days=one.days, low=low, most=MOST_DAYS)
    if not 0 <= one.answer_days <= MOST_DAYS:
        raise UnfitRules("answer_days", one.id, days=one.answer_days, most=MOST_DAYS)
    if To.UNIT not in one.to:
        raise UnfitRules("unit", one.id, to=", ".join(one.to))
    if (one.colour is Colour.NONE) != (one.kind is Kind.REMIND):
        raise UnfitRules("colour", one.id, colour=one.colour)
    if one.kind in (Kind.OVERDUE, Kind.AFTER_RED) and one.colour is not Colour.RED:
        raise UnfitRules("red", one.id, colour=one.colour)


def _changed(rule: SlipRule, changes: Mapping[str, Any]) -> SlipRule:
    record = Record(changes, rule.id)
    record.only(*CHANGEABLE)
    made: dict[str, Any] = {}
    for name in ("days", "within_days", "answer_days"):
        if name in changes:
            made[name] = _days(rule, name, changes[name])
    if "in_use" in changes:
        if not isinstance(changes["in_use"], bool):
            raise record.error(f"in_use is {changes['in_use']!r}; expected true or false")
        made["in_use"] = changes["in_use"]
    if "colour" in changes:
        made["colour"] = record.choice("colour", Colour)
    if "to" in changes:
        if not changes["to"]:
            raise UnfitRules("unit", rule.id, to="")
        made["to"] = _addressees(record)
    return replace(rule, **made)


def _days(rule: SlipRule, name: str, value: Any) -> int:
    if type(value) is not int:
        which, low = ("answer_days", 0) if name == "answer_days" else ("days", _least(rule))
        raise UnfitRules(which, rule.id, days=str(value)[:20] or "—", low=low, most=MOST_DAYS)
    return value


def _least(rule: SlipRule) -> int:
    return 0 if rule.kind in (Kind.OVERDUE, Kind.NEAR, Kind.REMIND) else 1


def _rule(record: Record, bases: Record) -> SlipRule:
    record.only("id", "kind", "in_use", "days", "within_days", "answer_days", "colour", "to", "then", "basis", "mark")
    return SlipRule(
        id=record.text("id"),
        kind=record.choice("kind", Kind),
        in_use=record.true("in_use"),
        days=_number(record, "days"),
        within_days=_number(record, "within_days", 0),
        answer_days=_number(record, "answer_days", 0),
        colour=record.choice("colour", Colour),
        to=_addressees(record),
        then=record.choice("then", Act) if record.row.get("then") else None,
        basis=bases.text(record.text("basis")),
        mark=mark_of(record),
    )


def _addressees(record: Record) -> tuple[To, ...]:
    said = record.texts("to")
    if not said or set(said) - set(To):
        raise record.error(f"to is {', '.join(said) or 'empty'}; expected some of {', '.join(To)}")
    return tuple(one for one in To if one in said)


def _number(record: Record, key: str, default: int | None = None) -> int:
    value = record.row.get(key, default)
    if type(value) is not int:
        raise record.error(f"{key} is {value!r}; expected a whole number")
    return value


def in_order(versions: Sequence[RulesSince]) -> tuple[RulesSince, ...]:
    """Versions by the day they begin; of one day the last one counts."""
    by_day = {one.since: one for one in versions}
    return tuple(by_day[day] for day in sorted(by_day))
