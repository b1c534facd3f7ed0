"""Inputs and wastes of agriculture by town and year: indicators from figures, and figures that ask for an explanation.

A figure nobody reported is None; an indicator that rests on one is None, never 0 or 100 %. Towns only explain what is
out of line: with last year, or with the towns around. Data: data/farmland/inputs.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from statistics import median
from types import MappingProxyType
from typing import Any

from soilrules.farmland.rulesets import ROOM
from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

Figures = Mapping[str, Decimal | None]
NORMAL = Decimal("0.6745")  # the median deviation of a normal distribution, in standard deviations


class Kind(StrEnum):
    """How an indicator is made."""

    SHARE = "share"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a town reports once a year."""

    key: str
    zh: str
    en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is made of figures: part of whole, or this year's part against last year's."""

    key: str
    zh: str
    en: str
    kind: Kind
    part: str
    whole: str
    mark: str


@dataclass(frozen=True, slots=True)
class Plausible:
    """When a figure asks for an explanation: so many times last year's, so many spreads off at least so many towns."""

    times: Decimal
    neighbours: int
    spread: Decimal
    mark: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The data of this module."""

    figures: Mapping[str, Figure]
    indicators: Mapping[str, Indicator]
    plausible: Plausible


class Line(StrEnum):
    """How a figure lies in line."""

    PLAUSIBLE = "plausible"
    UNLIKE_LAST_YEAR = "unlike_last_year"
    UNLIKE_NEIGHBOURS = "unlike_neighbours"
    CANNOT_SAY = "cannot_say"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure of one town: how it lies in line with last year and with other towns."""

    figure: str
    line: Line
    message: Message

    @property
    def asks(self) -> bool:
        """Whether the town has to explain or to report."""
        return self.line in (Line.UNLIKE_LAST_YEAR, Line.UNLIKE_NEIGHBOURS, Line.MISSING)


def indicator(key: str, this_year: Figures, last_year: Figures) -> Decimal | None:
    """An indicator as a fraction of 1; None where a figure it needs was not reported or the whole is 0.

    Raises ValueError for a part above its whole and for an unknown key.

    >>> indicator("film_recovery", {"film_t": Decimal(8), "film_recovered_t": Decimal(6)}, {})
    Decimal('0.75')
    """
    if key not in inputs().indicators:
        raise ValueError(f"{key} is no indicator: expected one of {', '.join(inputs().indicators)}.")
    told = inputs().indicators[key]
    part = this_year.get(told.part)
    whole = this_year.get(told.whole) if told.kind is Kind.SHARE else last_year.get(told.part)
    if part is None or not whole:
        return None
    if told.kind is Kind.CHANGE:
        return part / whole - 1
    if part > whole:
        raise ValueError(
            f"{key}: {part} of {whole} is more than all: expected a part of the whole. Check both figures."
        )
    return part / whole


def checked(figure: str, value: Decimal | None, last_year: Decimal | None, around: Sequence[Decimal]) -> Checked:
    """A figure against last year's and those of the towns around (per unit of ground or as they are, all alike).

    >>> checked("film_t", Decimal(21), Decimal(10), []).line
    <Line.UNLIKE_LAST_YEAR: 'unlike_last_year'>
    """
    rule = inputs().plausible
    if value is None:
        return _told(figure, Line.MISSING)
    if last_year is not None and _far(value, last_year, rule.times):
        return _told(figure, Line.UNLIKE_LAST_YEAR, value, last_year)
    if len(around) >= rule.neighbours:
        middle = median(around)
        spread = median([abs(one - middle) for one in around])
        if spread and NORMAL * abs(value - middle) / spread > rule.spread:
            return _told(figure, Line.UNLIKE_NEIGHBOURS, value, middle)
    known = last_year is not None or len(around) >= rule.neighbours
    return _told(figure, Line.PLAUSIBLE if known else Line.CANNOT_SAY)


def _far(value: Decimal, last: Decimal, times: Decimal) -> bool:
    """Whether one is more than so many times the other."""
    low, high = sorted((value, last))
    return high > low * times


def _told(figure: str, line: Line, value: Decimal | None = None, beside: Decimal | None = None) -> Checked:
    params = {"value": "" if value is None else str(value), "beside": "" if beside is None else str(beside)}
    return Checked(figure, line, Message(ROOM, "inputs", line, params))


@cache
def inputs() -> Inputs:
    """Figures, indicators and the rule of plausibility. Raises BadRuleData."""
    source = files("soilrules") / "data" / "farmland" / "inputs.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("figures", "indicators", "plausible")
    figures = [_figure(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("figures")]
    keys = {one.key for one in figures}
    made = [_indicator(Record(row, f"{source.name} {row.get('key')}"), row, keys) for row in top.mappings("indicators")]
    rule = top.mapping("plausible")
    rule.only("times_last_year", "neighbours", "spread", "mark")
    return Inputs(
        MappingProxyType({one.key: one for one in figures}),
        MappingProxyType({one.key: one for one in made}),
        Plausible(
            rule.decimal("times_last_year"), int(rule.decimal("neighbours")), rule.decimal("spread"), mark_of(rule)
        ),
    )


def _figure(record: Record) -> Figure:
    record.only("key", "zh", "en", "unit")
    return Figure(record.text("key"), record.text("zh"), record.text("en"), record.text("unit", ""))


def _indicator(record: Record, row: Mapping[str, Any], keys: set[str]) -> Indicator:
    record.only("key", "zh", "en", "kind", "part", "whole", "mark")
    kind = record.choice("kind", Kind)
    part, whole = record.text("part"), record.text("whole", "")
    if part not in keys or (whole and whole not in keys) or bool(whole) is not (kind is Kind.SHARE):
        raise record.error(
            f"part and whole are {part!r} and {row.get('whole')!r}; expected figures, a whole for a share"
        )
    return Indicator(record.text("key"), record.text("zh"), record.text("en"), kind, part, whole, mark_of(record))
