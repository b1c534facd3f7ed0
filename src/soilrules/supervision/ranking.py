"""Ranking like units by one item at a time: published formulas, shared ranks, and no rank where cases are few or unknown.

There is no score over several items, and units of different groups never stand in one order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml

ROOM = "supervision"


class Group(StrEnum):
    """Units that are alike."""

    TOWN = "town"
    DISTRICT = "district"
    DEPARTMENT = "department"


class Source(StrEnum):
    """Where the cases of an item come from."""

    DUTIES = "duties"
    SLIPS = "slips"
    TASKS = "tasks"
    FARMLAND = "farmland"


class Standing(StrEnum):
    """Whether a unit has a rank, or why it has none."""

    RANKED = "ranked"
    NONE = "none"  # nothing fell due: neither good nor bad
    UNKNOWN = "unknown"
    FEW_CASES = "few_cases"
    FEW_UNITS = "few_units"
    EQUAL = "equal"  # all the same: nobody is first


@dataclass(frozen=True, slots=True)
class Smallest:
    """Fewer cases of a unit, or fewer units with that many, are not ranked."""

    cases: int
    units: int
    basis: str = ""
    mark: str = "K-low"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing units are ranked by, with its formula in words. `kinds` of duties; with `but` all kinds except these."""

    id: str
    names: Mapping[str, str]
    formulas: Mapping[str, str]
    cases: Mapping[str, str]
    source: Source
    kinds: tuple[str, ...]
    but: tuple[str, ...]
    among: tuple[Group, ...]
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of a unit: how many cases, and how much of the whole is good (both in one unit, None: not known)."""

    unit: str
    group: Group
    cases: int
    good: Decimal | int | None
    whole: Decimal | int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit in its group: its share (None where there is none), and its rank or why it has none."""

    tally: Tally
    standing: Standing
    share: Fraction | None
    rank: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class Table:
    """The items, the groups and the smallest sample, as data/supervision/ranking.yaml says them."""

    items: Mapping[str, Item]
    groups: Mapping[Group, Mapping[str, str]]
    smallest: Smallest


@cache
def table() -> Table:
    """Everything of data/supervision/ranking.yaml."""
    source = files("soilrules") / "data" / "supervision" / "ranking.yaml"
    data = Record(load_yaml(source), source.name)
    data.only("smallest", "groups", "items")
    small = data.mapping("smallest")
    small.only("cases", "units", "basis", "mark")
    smallest = Smallest(int(small.decimal("cases")), int(small.decimal("units")), small.text("basis"), mark_of(small))
    if smallest.cases < 1 or smallest.units < 2:
        raise small.error(f"cases {smallest.cases}, units {smallest.units}; expected at least one case and two units")
    named = data.mapping("groups")
    groups = {one: _words(named.mapping(one)) for one in Group}
    items = [_item(Record(row, f"{source.name} {row.get('id')}")) for row in data.mappings("items")]
    if twice := [name for name, n in Counter(one.id for one in items).items() if n > 1]:
        raise data.error(f"items {', '.join(twice)} stand twice; expected each once")
    return Table({one.id: one for one in items}, groups, smallest)


def _words(record: Record) -> Mapping[str, str]:
    record.only("zh", "en")
    return {language: record.text(language) for language in ("zh", "en")}


def _item(row: Record) -> Item:
    row.only("id", "zh", "en", "source", "kinds", "except", "among", "case", "formula", "basis", "mark")
    source = row.choice("source", Source)
    kinds, but = row.texts("kinds"), row.texts("except")
    if (source is Source.DUTIES) != bool(kinds or but):
        raise row.error(f"source is {source}; expected `kinds` or `except` for duties and for nothing else")
    return Item(
        row.text("id"),
        {language: row.text(language) for language in ("zh", "en")},
        _words(row.mapping("formula")),
        _words(row.mapping("case")),
        source,
        kinds,
        but,
        tuple(Group(one) for one in row.texts("among")),
        row.text("basis"),
        mark_of(row),
    )


def share_of(tally: Tally) -> Fraction | None:
    """The good part of the whole, exactly; None where it is not known or there is no whole.

    >>> share_of(Tally("甲", Group.TOWN, 6, 3, 6))
    Fraction(1, 2)
    """
    if tally.good is None or tally.whole is None or not tally.whole:
        return None
    if not 0 <= tally.good <= tally.whole:
        raise ValueError(f"{tally.unit}: {tally.good} of {tally.whole} is good; expected from 0 to the whole.")
    return Fraction(tally.good) / Fraction(tally.whole)


def ranking(tallies: Iterable[Tally], smallest: Smallest) -> Mapping[Group, tuple[Ranked, ...]]:
    """The units of each group by rank, those without one last. Equal shares share a rank, and the next rank is left out;
    where all shares are equal nobody has one.

    >>> found = ranking([Tally(u, Group.TOWN, 5, n, 5) for u, n in (("甲", 4), ("乙", 5), ("丙", 4))], Smallest(5, 3))
    >>> [(one.tally.unit, one.rank) for one in found[Group.TOWN]]
    [('乙', 1), ('丙', 2), ('甲', 2)]
    """
    by_group: dict[Group, list[Tally]] = {}
    for one in tallies:
        by_group.setdefault(one.group, []).append(one)
    return {group: _of_group(by_group[group], smallest) for group in Group if group in by_group}


def _of_group(tallies: list[Tally], smallest: Smallest) -> tuple[Ranked, ...]:
    stands = {one.unit: (one, share_of(one), _first_look(one, smallest)) for one in tallies}
    if len(stands) < len(tallies):
        raise ValueError("a unit stands twice in one group: give each unit one tally of an item.")
    fit = [share for _one, share, how in stands.values() if how is Standing.RANKED and share is not None]
    instead = Standing.FEW_UNITS if len(fit) < smallest.units else Standing.EQUAL if len(set(fit)) == 1 else None
    found = []
    for one, share, look in stands.values():
        how = instead if instead and look is Standing.RANKED else look
        rank = 1 + sum(other > share for other in fit) if how is Standing.RANKED and share is not None else None
        found.append(Ranked(one, how, share, rank, _message(one, how, rank, smallest)))
    return tuple(sorted(found, key=lambda each: (each.rank is None, each.rank or 0, each.tally.unit)))


def _first_look(one: Tally, smallest: Smallest) -> Standing:
    if one.good is None or one.whole is None:
        return Standing.UNKNOWN
    if not one.cases or not one.whole:
        return Standing.NONE
    return Standing.FEW_CASES if one.cases < smallest.cases else Standing.RANKED


def _message(one: Tally, how: Standing, rank: int | None, smallest: Smallest) -> Message:
    params = {
        "n": str(one.cases),
        "rank": str(rank),
        "cases": str(smallest.cases),
        "units": str(smallest.units),
    }
    return Message(ROOM, "ranking", str(how), params)
