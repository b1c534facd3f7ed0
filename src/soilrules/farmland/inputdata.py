"""Figures of inputs and wastes, indicators made of them and the rule of plausibility, as data: data/farmland/inputs.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
NOISE = re.compile(r"[\s“”\"'、，,：:_\-]")


class Kind(StrEnum):
    """How an indicator is made."""

    SHARE = "share"
    CHANGE = "change"
    TOLD = "told"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a town reports once a year; `of_place`: what is told for a county or city and never made of its towns.

    A heading with a word of `never` is of something else, as 实物量 is where the pure content is asked.
    """

    key: str
    zh: str
    en: str
    unit: str
    names: tuple[str, ...] = ()
    per: str = ""
    of: str = ""
    of_place: bool = False
    never: tuple[str, ...] = ()

    def rank(self, heading: str) -> int:
        """The place of a heading among the names of the figure: the first is the most exact."""
        names = [plain(name) for name in (self.zh, self.key, *self.names)]
        said = (plain(heading), plain(BRACKETS.sub("", heading)))
        return next((names.index(one) for one in said if one in names), len(names))


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is made of figures: part of whole, this year's part against last year's, or the part as it is told; `asked` is the figure
    that keeps what a superior asks for.
    """

    key: str
    zh: str
    en: str
    kind: Kind
    part: str
    whole: str
    mark: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Plausible:
    """When a figure asks for an explanation: so many times last year's, so many spreads off at least so many towns."""

    times: Decimal
    neighbours: int
    spread: Decimal
    explain_working_days: int
    mark: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """All of it. `units`: for each of our units, the units a table may be printed in as so many of ours."""

    figures: Mapping[str, Figure]
    indicators: Mapping[str, Indicator]
    units: Mapping[str, Mapping[str, Decimal]]
    plausible: Plausible

    def called(self, heading: str) -> Figure | None:
        """The figure a heading means; a unit in brackets behind it does not matter.

        >>> inputs().called("化肥施用量（吨）").key
        'fertiliser_t'
        """
        found = _headings().get(plain(heading)) or _headings().get(plain(BRACKETS.sub("", heading)))
        return None if found is None or any(word in heading for word in found.never) else found

    def factor(self, figure: Figure, unit: str) -> Decimal | None:
        """So many of our units is one of a printed unit; None where the unit is none of this figure."""
        known = {plain(name): factor for name, factor in self.units[figure.unit].items()}
        return known.get(plain(unit))


def plain(text: str) -> str:
    """A heading without brackets, quotes, blanks and case, to be compared."""
    return NOISE.sub("", re.sub(r"[（()）]", "", text)).lower()


@cache
def _headings() -> Mapping[str, Figure]:
    return {plain(name): one for one in inputs().figures.values() for name in (one.zh, one.key, *one.names)}


@cache
def inputs() -> Inputs:
    """Figures, indicators, units and the rule of plausibility. Raises BadRuleData."""
    source = files("soilrules") / "data" / "farmland" / "inputs.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("figures", "indicators", "units", "plausible")
    units = {
        key: {name: Record(told, f"{source.name} {key}").decimal(name) for name in told}
        for key, told in top.mapping("units").row.items()
    }
    figures = {
        str(row.get("key")): _figure(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("figures")
    }
    _whole_figures(top, figures, units)
    made = {
        str(row.get("key")): _indicator(Record(row, f"{source.name} {row.get('key')}"), figures)
        for row in top.mappings("indicators")
    }
    return Inputs(MappingProxyType(figures), MappingProxyType(made), MappingProxyType(units), _plausible(top.mapping("plausible")))  # fmt: skip


def _whole_figures(top: Record, figures: Mapping[str, Figure], units: Mapping[str, Mapping[str, Decimal]]) -> None:
    """Refuse a figure in an unknown unit, beside one that is none, or a heading that means two."""
    seen: dict[str, str] = {}
    for one in figures.values():
        if one.unit not in units or any(name and name not in figures for name in (one.per, one.of)):
            raise top.error(f"{one.key}: unit {one.unit!r}, per {one.per!r}, of {one.of!r}; expected known ones")
        for name in (one.zh, one.key, *one.names):
            if seen.setdefault(plain(name), one.key) != one.key:
                raise top.error(f"{name!r} means {seen[plain(name)]} and {one.key}; expected one figure a heading")


def _figure(record: Record) -> Figure:
    record.only("key", "zh", "en", "unit", "names", "per", "of", "of_place", "never")
    return Figure(
        record.text("key"), record.text("zh"), record.text("en"), record.text("unit"), record.texts("names"),
        record.text("per", ""), record.text("of", ""), record.true("of_place"), record.texts("never"),
    )  # fmt: skip


def _indicator(record: Record, figures: Mapping[str, Figure]) -> Indicator:
    record.only("key", "zh", "en", "kind", "part", "whole", "asked", "mark")
    kind = record.choice("kind", Kind)
    part, whole, asked = record.text("part"), record.text("whole", ""), record.text("asked", "")
    if asked and (asked not in figures or not figures[asked].of_place):
        raise record.error(f"asked is {asked!r}; expected a figure told of a place")
    if part not in figures or (whole and whole not in figures) or bool(whole) is not (kind is Kind.SHARE):
        raise record.error(f"part and whole are {part!r} and {whole!r}; expected figures, a whole for a share")
    return Indicator(
        record.text("key"), record.text("zh"), record.text("en"), kind, part, whole, mark_of(record), asked
    )


def _plausible(rule: Record) -> Plausible:
    rule.only("times_last_year", "neighbours", "spread", "explain_working_days", "mark")
    return Plausible(
        rule.decimal("times_last_year"), int(rule.decimal("neighbours")), rule.decimal("spread"),
        int(rule.decimal("explain_working_days")), mark_of(rule),
    )  # fmt: skip
