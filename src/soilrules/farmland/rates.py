"""The safe-use rate of polluted farmland (受污染耕地安全利用率): which ground counts, by the method of the year.

Areas are in m². Ground under two measures is covered once: the caller gives the area measures cover, not their sum.
Nothing that counts is no rate and not 100 %; units nobody can place leave the rate unknown. Data: data/farmland/rates.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from soilrules.farmland.rulesets import ROOM
from soilrules.farmland.units import FarmlandClass
from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml


class Placing(StrEnum):
    """By what a unit falls into the rate."""

    POLLUTION = "pollution"
    CLASS = "class"


class Need(StrEnum):
    """What ground needs to count."""

    MEASURES = "measures"
    PRODUCE = "produce"


class Pollution(StrEnum):
    """How polluted a unit is, as the survey of farmland told; none is in no rate."""

    NONE = "none"
    SLIGHT = "slight"  # 轻微
    LIGHT = "light"  # 轻度
    MODERATE = "moderate"  # 中度
    HEAVY = "heavy"  # 重度


class State(StrEnum):
    """Whether there is a rate."""

    OK = "ok"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counting:
    """What one kind of unit needs to count, and the part of the formula it belongs to.

    `under` is the class whose kinds of measures count on it.
    """

    of: str
    needs: frozenset[Need]
    part: str
    under: FarmlandClass


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `last_year` None: no end is known."""

    id: str
    zh: str
    en: str
    first_year: int
    last_year: int | None
    by: Placing
    counts: Mapping[str, Counting]
    mark: str
    reading: str


@dataclass(frozen=True, slots=True)
class RateUnit:
    """One unit in the year: its area, the area measures with evidence cover, what its produce says (None: no sample).

    `farmland_class` as approved, `pollution` as the survey told; "" where nobody said.
    """

    unit: str
    area_m2: Decimal
    covered_m2: Decimal
    farmland_class: str = ""
    pollution: str = ""
    produce_within: bool | None = None


@dataclass(frozen=True, slots=True)
class RateRow:
    """An area of the denominator and whether it counts; a unit that counts in part has two."""

    unit: str
    kind: str
    area_m2: Decimal
    counts: bool
    because: Message
    part: str


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of a year and its rows; `open` are the units nobody can place."""

    method: Method
    state: State
    rows: tuple[RateRow, ...]
    open: tuple[str, ...] = ()

    @property
    def numerator_m2(self) -> Decimal:
        """The area that counts."""
        return sum((row.area_m2 for row in self.rows if row.counts), Decimal(0))

    @property
    def denominator_m2(self) -> Decimal:
        """The area of all rows."""
        return sum((row.area_m2 for row in self.rows), Decimal(0))

    @property
    def rate(self) -> Decimal | None:
        """A fraction of 1, not rounded; None where there is none."""
        return self.numerator_m2 / self.denominator_m2 if self.state is State.OK else None


def safe_use_rate(units: Iterable[RateUnit], method: Method) -> Rate:
    """The rate of these units by a method. No unit at all is unknown. Raises ValueError for an impossible area.

    >>> units = [RateUnit("A", Decimal(100), Decimal(40), farmland_class="safe_use")]
    >>> safe_use_rate(units, method_of(2025)).rate
    Decimal('0.4')
    """
    given = tuple(units)
    rows: list[RateRow] = []
    unplaced: list[str] = []
    for one in given:
        _check(one)
        kind = one.farmland_class if method.by is Placing.CLASS else one.pollution
        if not kind:
            unplaced.append(one.unit)
        elif kind in method.counts:
            rows.extend(_rows(one, method.counts[kind]))
    if not given or unplaced:
        return Rate(method, State.UNKNOWN, tuple(rows), tuple(unplaced))
    return Rate(method, State.OK if rows else State.NOT_APPLICABLE, tuple(rows))


def _check(one: RateUnit) -> None:
    if one.area_m2 <= 0 or not 0 <= one.covered_m2 <= one.area_m2:
        raise ValueError(
            f"{one.unit}: {one.covered_m2} m² of {one.area_m2} m² under measures is impossible: expected an area above 0 "
            "and no more of it covered. Check the unit's area and its measures."
        )


def _rows(one: RateUnit, counting: Counting) -> list[RateRow]:
    counted = one.covered_m2
    reason = "measured"
    if Need.PRODUCE in counting.needs and one.produce_within is not True:
        counted = Decimal(0)
        reason = "no_produce" if one.produce_within is None else "produce_above"
    rows = [(counted, True, "measured")] if counted else []
    if left := one.area_m2 - counted:
        rows.append((left, False, "no_measure" if reason == "measured" or not one.covered_m2 else reason))
    return [
        RateRow(one.unit, counting.of, area, counts, Message(ROOM, "rate", why), counting.part)
        for area, counts, why in rows
    ]


def method_of(year: int) -> Method:
    """The method a year is counted by. Raises ValueError for a year before all of them."""
    for method in methods().values():
        if method.first_year <= year and (method.last_year is None or year <= method.last_year):
            return method
    first = min(method.first_year for method in methods().values())
    raise ValueError(f"{year} has no method: expected a year from {first} on. Check the year.")


@cache
def methods() -> Mapping[str, Method]:
    """The methods by id. Raises BadRuleData for two that hold for one year."""
    source = files("soilrules") / "data" / "farmland" / "rates.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("methods")
    found = [_method(Record(row, f"{source.name} {row.get('id')}")) for row in top.mappings("methods")]
    for one, other in zip(found, found[1:], strict=False):
        if one.last_year is None or one.last_year + 1 != other.first_year:
            raise BadRuleData(f"{other.id} begins in {other.first_year}; expected the year after the one before ends.")
    return {one.id: one for one in found}


def _method(record: Record) -> Method:
    record.only("id", "zh", "en", "first_year", "last_year", "by", "mark", "reading", "counts")
    counts = [_counting(Record(row, f"{record.place} {row.get('of')}")) for row in record.mappings("counts")]
    return Method(
        id=record.text("id"),
        zh=record.text("zh"),
        en=record.text("en"),
        first_year=_year(record, "first_year"),
        last_year=None if record.row.get("last_year") is None else _year(record, "last_year"),
        by=record.choice("by", Placing),
        counts={one.of: one for one in counts},
        mark=mark_of(record),
        reading=record.text("reading"),
    )


def _counting(record: Record) -> Counting:
    record.only("of", "needs", "part", "under")
    needs, under = frozenset(map(Need, _needs(record))), record.choice("under", FarmlandClass)
    return Counting(record.text("of"), needs, record.text("part"), under)


def _needs(record: Record) -> Sequence[str]:
    needs = record.texts("needs")
    if not needs or set(needs) - set(Need):
        raise record.error(f"needs is {list(needs)}; expected some of {', '.join(Need)}")
    return needs


def _year(record: Record, key: str) -> int:
    year = record.row.get(key)
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        raise record.error(f"{key} is {year!r}; expected a year")
    return year
