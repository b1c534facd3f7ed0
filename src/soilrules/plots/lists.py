"""The five lists of plots: who decides each, by what, and which event enters a plot and which takes it off.

A level that does not decide a list only proposes, or registers what was announced. Data: data/plots/lists.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.bases import Basis, bases_on, known_bases
from soilrules.enterprises.lists import Level
from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Readable, Record, load_yaml

ROOM = "plots"


class ListKey(StrEnum):
    """A list of plots; in the order in which a plot comes to stand on them."""

    SUSPECTED = "suspected"  # 疑似污染地块名单
    POLLUTED = "polluted"  # 污染地块名录
    ROSTER = "roster"  # 风险管控和修复名录
    NEGATIVE = "negative"  # 开发利用负面清单
    PRIORITY = "priority"  # 优先管控名录


@dataclass(frozen=True, slots=True)
class PlotList:
    """One list. `mark` tells how sure it is who decides it."""

    key: ListKey
    zh: str
    en: str
    deciders: frozenset[Level]
    since: date
    until: date | None
    bases: tuple[str, ...]
    enters_by: str
    leaves_by: tuple[str, ...]
    mark: str

    def in_force(self, on: date) -> bool:
        """Whether the list is kept on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def bases_on(self, on: date) -> tuple[Basis, ...]:
        """What the list stands on that day."""
        return bases_on(self.bases, on)

    def name(self, language: str = "zh") -> str:
        """What the list is called."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Authority:
    """Whether an office decides a list. `level` is the level it decides at, which may be that it acts in the name of."""

    decides: bool
    level: Level
    message: Message
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class ListData:
    """The lists by key, and which level may decide in the name of which."""

    lists: Mapping[ListKey, PlotList]
    acting_for: frozenset[tuple[Level, Level]]

    def acts_at(self, level: Level, acting_for: Level | None) -> Level:
        """The level an office decides at: that in whose name it acts, where it may."""
        return acting_for if acting_for and (level, acting_for) in self.acting_for else level


def plot_lists() -> Mapping[ListKey, PlotList]:
    """The lists by key.

    >>> [str(one) for one in plot_lists()]
    ['suspected', 'polluted', 'roster', 'negative', 'priority']
    """
    return list_data().lists


def acts_at(level: Level, acting_for: Level | None = None) -> Level:
    """The level an office decides at.

    >>> acts_at(Level.COUNTY, Level.CITY), acts_at(Level.COUNTY, Level.PROVINCE)
    (<Level.CITY: 'city'>, <Level.COUNTY: 'county'>)
    """
    return list_data().acts_at(level, acting_for)


def may_decide(list_key: str, level: Level, acting_for: Level | None = None, *, on: date) -> Authority:
    """Whether an office decides who stands on a list on a day; if not, it proposes or registers. Raises ValueError.

    >>> may_decide("roster", Level.CITY, on=date(2026, 9, 1)).decides
    False
    >>> may_decide("polluted", Level.COUNTY, Level.CITY, on=date(2026, 9, 1)).decides
    True
    """
    if list_key not in list(ListKey):
        raise ValueError(f"{list_key!r} is no list of plots; expected one of {', '.join(ListKey)}.")
    held = plot_lists()[ListKey(list_key)]
    at = acts_at(level, acting_for)
    said = "decides" if at in held.deciders else "registers"
    if not held.in_force(on):
        said = "not_kept"
    words = {f"deciders_{one}": _levels(held.deciders, one) for one in LANGUAGES}
    message = Message(ROOM, "lists", said, {"zh": held.zh, "en": held.en, "day": str(on), **words})
    return Authority(said == "decides", at, message, held.bases_on(on))


@cache
def list_data() -> ListData:
    """The data of data/plots/lists.yaml. Raises BadRuleData."""
    return lists_in(files("soilrules") / "data" / "plots" / "lists.yaml")


def lists_in(source: Readable) -> ListData:
    """The lists of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("lists", "acting_for")
    kinds = [_list(Record(row, f"{source.name} {row.get('key')}")) for row in top.mappings("lists")]
    if [kind.key for kind in kinds] != list(ListKey):
        raise BadRuleData(f"{source.name}: expected each of {', '.join(ListKey)} once, in this order.")
    pairs = frozenset(_pair(Record(row, f"{source.name} acting_for")) for row in top.mappings("acting_for"))
    return ListData(MappingProxyType({kind.key: kind for kind in kinds}), pairs)


def _pair(record: Record) -> tuple[Level, Level]:
    record.only("level", "in_name_of")
    return record.choice("level", Level), record.choice("in_name_of", Level)


def _list(record: Record) -> PlotList:
    record.only("key", "zh", "en", "deciders", "since", "until", "bases", "enters_by", "leaves_by", "mark")
    since, until = record.day("since"), record.day_or_none("until")
    if until is not None and until <= since:
        raise record.error(f"until is {until}; expected a day after {since}")
    levels = record.texts("deciders")
    if not levels or not set(levels) <= set(Level):
        raise record.error(f"deciders is {list(levels)}; expected some of {', '.join(Level)}")
    return PlotList(
        key=record.choice("key", ListKey),
        zh=record.text("zh"),
        en=record.text("en"),
        deciders=frozenset(Level(one) for one in levels),
        since=since,
        until=until,
        bases=known_bases(record),
        enters_by=record.text("enters_by"),
        leaves_by=record.texts("leaves_by"),
        mark=mark_of(record),
    )


def _levels(levels: frozenset[Level], language: str) -> str:
    words = catalogue(ROOM)["levels"]
    return {"zh": "、", "en": ", "}[language].join(words[one][language] for one in Level if one in levels)
