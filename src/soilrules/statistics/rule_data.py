"""The numbers of the statistics room's rules: dated data with source and mark, read strictly, switchable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.messages import Message
from soilrules.strict import BadRuleData, Record, load_yaml

ROOM = "statistics"
MARKS = ("V", "V-ex", "V-code", "S", "K-high", "K-med", "K-low")
"""V: full text read. V-ex: an excerpt or secondary page. V-code: from public code. S: said by a plan.
K-high, K-med, K-low: from knowledge, not verified, with the confidence."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a rule as printed or remembered, and how sure it is."""

    value: Decimal
    mark: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one standard: where it stands, how sure it is, its numbers, how unclear words are read."""

    id: str
    standard: str
    source: str
    mark: str
    in_use: bool
    numbers: Mapping[str, Number]
    reading: str = ""

    def number(self, name: str) -> Decimal:
        """The value of one of its numbers."""
        return self.numbers[name].value

    def whole(self, name: str) -> int:
        """The value of a number that counts something."""
        return int(self.number(name))

    def switched_off(self) -> Rule:
        """The same rule, not in use."""
        return replace(self, in_use=False)

    @property
    def citation(self) -> Message:
        """Standard, source and mark as a sentence."""
        return Message(
            ROOM, "evaluation", "citation", {"standard": self.standard, "source": self.source, "mark": self.mark}
        )


Rules = Mapping[str, Rule]


@cache
def evaluation_rules(name: str) -> Rules:
    """The rules of soilrules/data/evaluation/NAME.yaml by id. Raises BadRuleData."""
    source = files("soilrules") / "data" / "evaluation" / f"{name}.yaml"
    record = Record(load_yaml(source), source.name)
    record.only("standard", "rules")
    return rules_of(record.row.get("rules"), record.text("standard"), source.name)


def rules_of(rows: object, standard: str, place: str) -> Rules:
    """Rules by id from their rows. Raises BadRuleData for an id said twice."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise BadRuleData(f"{place}: rules is {rows!r}; expected a list.")
    rules = [_rule(row, standard, place) for row in rows]
    if len(by_id := {rule.id: rule for rule in rules}) < len(rules):
        raise BadRuleData(f"{place}: a rule id stands twice; expected each once.")
    return MappingProxyType(by_id)


def mark_of(record: Record) -> str:
    """The mark of a record. Raises BadRuleData for a word that is none."""
    if (mark := record.text("mark")) not in MARKS:
        raise record.error(f"mark is {mark!r}; expected one of {', '.join(MARKS)}")
    return mark


def _rule(row: Mapping[str, Any], standard: str, place: str) -> Rule:
    record = Record(row, f"{place} {row.get('id')}")
    record.only("id", "source", "mark", "in_use", "numbers", "reading")
    if not isinstance(row.get("in_use"), bool):
        raise record.error(f"in_use is {row.get('in_use')!r}; expected true or false")
    numbers = {name: _number(one, f"{record.place} {name}") for name, one in row.get("numbers", {}).items()}
    return Rule(
        id=record.text("id"),
        standard=standard,
        source=record.text("source"),
        mark=mark_of(record),
        in_use=row["in_use"],
        numbers=MappingProxyType(numbers),
        reading=record.text("reading", ""),
    )


def _number(row: Mapping[str, Any], place: str) -> Number:
    record = Record(row, place)
    record.only("value", "mark")
    return Number(record.decimal("value"), mark_of(record))
