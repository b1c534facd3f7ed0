"""The rule sets of the classes of farmland: versions side by side, each part with its mark, two of them switches.

Data: data/farmland/rulesets.yaml. A rule set is named in everything that was computed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.analytes import all_analytes
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Readable, Record, load_yaml

ROOM = "farmland"


class Grade(IntEnum):
    """Ⅰ, Ⅱ, Ⅲ of a point, an element or a unit; of a unit they are the three classes of the law."""

    ONE = 1  # 优先保护类
    TWO = 2  # 安全利用类
    THREE = 3  # 严格管控类

    @property
    def roman(self) -> str:
        """As it is printed."""
        return "ⅠⅡⅢ"[self - 1]


class Otherwise(StrEnum):
    """What holds of a unit whose points neither agree nor have a majority."""

    WORST = "worst"
    DIVIDE = "divide"


class Produce(StrEnum):
    """How the samples of produce of a unit are, as rows of the table ask."""

    ANY = "any"
    NONE_ABOVE = "none_above"
    MOSTLY_WITHIN = "mostly_within"
    SOME_SEVERE = "some_severe"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the joint judgement."""

    soil: Grade
    produce: Produce
    result: Grade
    mark: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One rule set. `majority` None: no grade stands for a unit whose points differ. Limits are shares of 1."""

    id: str
    zh: str
    en: str
    source: str
    mark: str
    elements: tuple[str, ...]
    beside: tuple[str, ...]
    majority: Decimal | None
    otherwise: Otherwise
    samples: int
    light: Decimal
    mostly: Decimal
    together: tuple[Row, ...]
    marks: Mapping[str, str]
    switched: tuple[str, ...] = ()

    def rows_of(self, soil: Grade) -> tuple[Row, ...]:
        """The rows of the joint judgement for a grade by soil, in their order."""
        return tuple(row for row in self.together if row.soil is soil)

    def name(self, language: str = "zh") -> str:
        """What the rule set is called."""
        return self.en if language == "en" else self.zh


def without_majority(ruleset: Ruleset) -> Ruleset:
    """The same rule set, in which no majority stands for a unit."""
    return replace(ruleset, majority=None, switched=(*ruleset.switched, "majority"))


def with_severe(ruleset: Ruleset, result: Grade) -> Ruleset:
    """The same rule set with another result for soil Ⅱ with severe produce.

    >>> strict = with_severe(rulesets()["guide2019"], Grade.THREE)
    >>> [row.result.roman for row in strict.rows_of(Grade.TWO)]
    ['Ⅰ', 'Ⅲ', 'Ⅱ']
    """
    rows = tuple(
        replace(row, result=result) if row.soil is Grade.TWO and row.produce is Produce.SOME_SEVERE else row
        for row in ruleset.together
    )
    return replace(ruleset, together=rows, switched=(*ruleset.switched, "soil_ii_severe"))


@cache
def rulesets() -> Mapping[str, Ruleset]:
    """The rule sets by id, the usual one first. Raises BadRuleData."""
    return read_rulesets(files("soilrules") / "data" / "farmland" / "rulesets.yaml")


def read_rulesets(source: Readable) -> Mapping[str, Ruleset]:
    """The rule sets of a file by id. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("rulesets")
    found: dict[str, Ruleset] = {}
    for row in top.mappings("rulesets"):
        one = _ruleset(Record(row, f"{source.name} {row.get('id')}"))
        if one.id in found:
            raise top.error(f"{one.id} stands twice; expected once")
        found[one.id] = one
    if not found:
        raise top.error("rulesets is empty; expected at least one")
    return MappingProxyType(found)


def _ruleset(record: Record) -> Ruleset:
    record.only(
        "id", "zh", "en", "source", "mark", "elements", "beside", "majority", "otherwise", "produce", "mostly", "together"
    )  # fmt: skip
    otherwise, produce, mostly = (record.mapping(key) for key in ("otherwise", "produce", "mostly"))
    otherwise.only("value", "mark")
    produce.only("samples", "samples_mark", "light", "light_mark")
    marks = {"otherwise": mark_of(otherwise), "mostly": mark_of(mostly)}
    for key in ("samples", "light"):
        marks[key] = mark_of(Record({"mark": produce.text(f"{key}_mark")}, produce.place))
    majority = None
    if record.row.get("majority") is not None:
        part = record.mapping("majority")
        majority, marks["majority"] = _share(part), mark_of(part)
    return Ruleset(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        source=record.text("source"),
        mark=mark_of(record),
        elements=_elements(record, "elements"),
        beside=_elements(record, "beside"),
        majority=majority,
        otherwise=otherwise.choice("value", Otherwise),
        samples=_samples(produce),
        light=_light(produce),
        mostly=_share(mostly),
        together=_together(record),
        marks=MappingProxyType(marks),
    )


def _share(record: Record) -> Decimal:
    """A share above one half: one of two grades has it and never both."""
    record.only("value", "mark")
    if not Decimal("0.5") < (share := record.decimal("value")) <= 1:
        raise record.error(f"value is {share}; expected a share above 0.5 and not above 1")
    return share


def _samples(record: Record) -> int:
    number = record.decimal("samples")
    if number != int(number) or number < 1:
        raise record.error(f"samples is {number}; expected a whole number from 1")
    return int(number)


def _light(record: Record) -> Decimal:
    if (light := record.decimal("light")) <= 1:
        raise record.error(f"light is {light}; expected a multiple of the limit above 1")
    return light


def _elements(record: Record, key: str) -> tuple[str, ...]:
    slugs = record.texts(key)
    if unknown := [slug for slug in slugs if slug not in all_analytes()]:
        raise record.error(f"{key} has {', '.join(unknown)}; expected slugs of data/analytes.yaml")
    return slugs


def _together(record: Record) -> tuple[Row, ...]:
    rows = tuple(_row(Record(row, f"{record.place} together"), row) for row in record.mappings("together"))
    for soil in Grade:
        here = [row.produce for row in rows if row.soil is soil]
        if not here or here[-1] is not Produce.ANY or len(set(here)) < len(here):
            raise record.error(f"together has {here} for soil {soil}; expected each once and `any` last")
    return rows


def _row(record: Record, row: Mapping[str, Any]) -> Row:
    record.only("soil", "produce", "result", "mark")
    return Row(_grade(record, "soil"), record.choice("produce", Produce), _grade(record, "result"), mark_of(record))


def _grade(record: Record, key: str) -> Grade:
    value = record.text(key)
    if value not in ("1", "2", "3"):
        raise record.error(f"{key} is {value!r}; expected 1, 2 or 3 in quotes")
    return Grade(int(value))
