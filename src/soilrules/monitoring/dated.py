"""The rules of monitoring as data: each with standard, source, mark, the days it is in force, and a switch.

A rule switched off decides nothing; what needs it becomes unknown, never a pass. Marks as in soilrules.statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from soilrules.messages import LANGUAGES, Message, sentence
from soilrules.statistics.rule_data import MARKS, mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

ROOM = "monitoring"
KEYS = ("id", "standard", "source", "mark", "in_use", "since", "until", "reading", "numbers")


class Medium(StrEnum):
    """What is sampled."""

    SOIL = "soil"
    GROUNDWATER = "groundwater"
    SURFACE_WATER = "surface_water"
    IRRIGATION = "irrigation"
    SEDIMENT = "sediment"
    AIR = "air"
    PRODUCE = "produce"


class Layer(StrEnum):
    """How deep a soil point samples: 0 to 0.5 m, or below."""

    SURFACE = "surface"
    DEEP = "deep"


@dataclass(frozen=True, slots=True)
class DatedRule:
    """One rule: where it stands, how sure it is, from when to when (half-open), its numbers, how unclear words are read."""

    id: str
    standard: str
    source: str
    mark: str
    in_use: bool
    since: date
    until: date | None
    reading: str
    numbers: Mapping[str, Decimal]

    def in_force(self, on: date) -> bool:
        """Whether the rule is of that day."""
        return self.since <= on and (self.until is None or on < self.until)

    def whole(self, name: str) -> int:
        """A number that counts something."""
        return int(self.numbers[name])

    @property
    def citation(self) -> Message:
        """Standard, source and mark as a sentence."""
        return said("rules", "citation", standard=self.standard, source=self.source, mark=self.mark)


Kind = TypeVar("Kind", bound=DatedRule)


def switched_off(rule: Kind) -> Kind:
    """The same rule, not in use."""
    return replace(rule, in_use=False)


def worst_mark(rules: Iterable[DatedRule]) -> str:
    """The mark of the least sure rule, empty without rules: an answer is as sure as that."""
    return max((rule.mark for rule in rules), key=MARKS.index, default="")


def read(name: str, *, room: str = ROOM) -> list[Record]:
    """The rows of soilrules/data/ROOM/NAME.yaml. Raises BadRuleData for an id said twice."""
    source = files("soilrules") / "data" / room / f"{name}.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("rules")
    found = [Record(row, f"{source.name} {row.get('id')}") for row in top.mappings("rules")]
    ids = [record.text("id") for record in found]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise BadRuleData(f"{source.name}: {', '.join(sorted(twice))} stands twice; expected each id once.")
    return found


def origin(record: Record, *more: str) -> dict[str, Any]:
    """The fields of a DatedRule from its row, which may have the keys `more` besides. Raises BadRuleData."""
    record.only(*KEYS, *more)
    if not isinstance(record.row.get("in_use"), bool):
        raise record.error(f"in_use is {record.row.get('in_use')!r}; expected true or false")
    since, until = record.day("since"), record.day_or_none("until")
    if until is not None and until <= since:
        raise record.error(f"until is {until}; expected a day after {since}")
    numbers = record.mapping("numbers")
    return {
        **{key: record.text(key) for key in ("id", "standard", "source")},
        "mark": mark_of(record),
        "in_use": record.row["in_use"],
        "since": since,
        "until": until,
        "reading": record.text("reading", ""),
        "numbers": MappingProxyType({str(key): numbers.decimal(str(key)) for key in numbers.row}),
    }


def said(group: str, message_id: str, **params: str) -> Message:
    """A sentence of this room."""
    return Message(ROOM, group, message_id, params)


def worded(name: str, group: str, ids: Iterable[str]) -> dict[str, str]:
    """Words of the catalogue as params of a sentence, by language: `name_zh`, `name_en`."""
    ids = list(ids)
    joins = {"zh": "、", "en": ", "}
    return {
        f"{name}_{one}": joins[one].join(sentence(ROOM, group, word, language=one) for word in ids) for one in LANGUAGES
    }
