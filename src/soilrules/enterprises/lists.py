"""The kinds of dated lists of firms: who decides a list, by what, and when and with what it is published.

Data: data/enterprises/lists.yaml. A level that does not decide a list registers what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.messages import LANGUAGES, Message, catalogue
from soilrules.statistics.rule_data import MARKS, mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

ROOM = "enterprises"


class Level(StrEnum):
    """A level of government."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a list stands, half-open in time, and how sure that is."""

    source: str
    since: date
    until: date | None
    mark: str

    def in_force(self, on: date) -> bool:
        """Whether the basis is of that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Publication:
    """By which month and day the list of a year is published."""

    month: int
    day: int
    since: date
    mark: str


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list. `fields` are what a published row says, by name."""

    key: str
    zh: str
    en: str
    deciders: frozenset[Level]
    since: date
    until: date | None
    bases: tuple[Basis, ...]
    publication: Publication | None
    fields: tuple[str, ...]

    def in_force(self, on: date) -> bool:
        """Whether the list is kept on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def bases_on(self, on: date) -> tuple[Basis, ...]:
        """What the list stands on that day."""
        return tuple(one for one in self.bases if one.in_force(on))

    def mark_on(self, on: date) -> str:
        """The mark of the surest basis of a day, empty where there is none."""
        return min((one.mark for one in self.bases_on(on)), key=MARKS.index, default="")

    def decides(self, level: Level) -> bool:
        """Whether a level of government decides who stands on the list."""
        return level in self.deciders

    def publication_due(self, year: int) -> date | None:
        """The last day to publish the list of a year; None where no such day is known."""
        rule = self.publication
        due = None if rule is None else date(year, rule.month, rule.day)
        return due if rule and due and due >= rule.since and self.in_force(due) else None

    def missing(self, row: Mapping[str, object]) -> tuple[str, ...]:
        """The fields a row lacks that are published."""
        return tuple(name for name in self.fields if row.get(name) in (None, ""))

    def role_of(self, level: Level) -> Message:
        """What a level may do with the list, as a sentence."""
        words = {f"deciders_{one}": _named(self.deciders, one) for one in LANGUAGES}
        name = "decides" if self.decides(level) else "registers"
        return Message(ROOM, "lists", name, {"zh": self.zh, "en": self.en, **words})


def list_kinds() -> Mapping[str, ListKind]:
    """All kinds of lists by key.

    >>> list_kinds()["soil_key"].decides(Level.COUNTY)
    False
    >>> list_kinds()["soil_key"].publication_due(2026)
    datetime.date(2026, 3, 31)
    """
    return _shipped()


def kinds_on(on: date) -> tuple[ListKind, ...]:
    """The kinds of lists kept on a day."""
    return tuple(kind for kind in _shipped().values() if kind.in_force(on))


def read_kinds(data: Mapping[str, Any], place: str) -> Mapping[str, ListKind]:
    """Kinds by key from rule data; `place` is told in errors. Raises BadRuleData."""
    top = Record(data, place)
    top.only("lists")
    kinds = [_kind(Record(row, f"{place} {row.get('key')}")) for row in top.mappings("lists")]
    keys = [kind.key for kind in kinds]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise BadRuleData(f"{place}: {', '.join(sorted(twice))} stands twice; expected each key once.")
    return MappingProxyType(dict(zip(keys, kinds, strict=True)))


@cache
def _shipped() -> Mapping[str, ListKind]:
    source = files("soilrules") / "data" / "enterprises" / "lists.yaml"
    return read_kinds(load_yaml(source), source.name)


def _kind(record: Record) -> ListKind:
    record.only("key", "zh", "en", "deciders", "since", "until", "bases", "publication", "fields")
    publication = record.mapping("publication")
    since, until = _period(record)
    return ListKind(
        key=record.text("key"),
        zh=record.text("zh"),
        en=record.text("en"),
        deciders=frozenset(_levels(record)),
        since=since,
        until=until,
        bases=tuple(_basis(Record(row, f"{record.place} bases")) for row in record.mappings("bases")),
        publication=_publication(publication) if publication.row else None,
        fields=_fields(record),
    )


def _levels(record: Record) -> list[Level]:
    levels = record.texts("deciders")
    if not levels or not set(levels) <= set(Level):
        raise record.error(f"deciders is {list(levels)}; expected some of {', '.join(Level)}")
    return [Level(one) for one in levels]


def _fields(record: Record) -> tuple[str, ...]:
    fields = record.texts("fields")
    if unknown := [one for one in fields if one not in catalogue(ROOM)["list_fields"]]:
        raise record.error(
            f"fields has {', '.join(unknown)}; expected some of {', '.join(catalogue(ROOM)['list_fields'])}"
        )
    return fields


def _basis(record: Record) -> Basis:
    record.only("source", "since", "until", "mark")
    since, until = _period(record)
    return Basis(record.text("source"), since, until, mark_of(record))


def _period(record: Record) -> tuple[date, date | None]:
    since, until = record.day("since"), record.day_or_none("until")
    if until is not None and until <= since:
        raise record.error(f"until is {until}; expected a day after {since}")
    return since, until


def _publication(record: Record) -> Publication:
    record.only("date", "since", "mark")
    try:
        day = date.fromisoformat(f"2001-{record.text('date')}")
    except ValueError:
        raise record.error(f"date is {record.row['date']!r}; expected month and day such as 03-31") from None
    return Publication(day.month, day.day, record.day("since"), mark_of(record))


def _named(levels: frozenset[Level], language: str) -> str:
    words = catalogue(ROOM)["levels"]
    return {"zh": "、", "en": ", "}[language].join(words[one][language] for one in Level if one in levels)
