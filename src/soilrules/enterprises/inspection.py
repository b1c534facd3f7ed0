"""Hazard inspection of key units: the edition of a day, what is looked at, and how a hazard is put right and verified.

The edition of the day of inspection decides. Of an edition whose tables were not seen the edition is unknown and the
items of the one before it are offered as a working list that says so. Data: data/enterprises/inspection.yaml.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.messages import Message
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import BadRuleData, Record, load_yaml

UNKNOWN_EDITION = "unknown"


class Aspect(StrEnum):
    """What an item looks at."""

    HARDWARE = "hardware"
    MONITORING = "monitoring"
    MANAGEMENT = "management"


class Hidden(StrEnum):
    """Whether a leak of a facility cannot be seen."""

    YES = "yes"
    NO = "no"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the guide, half-open in time; `offers` names the edition whose items stand in for tables not seen."""

    key: str
    zh: str
    en: str
    since: date
    until: date | None
    seen: bool
    offers: str
    mark: str

    def in_force(self, on: date) -> bool:
        """Whether it is the edition of that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class FacilityKind:
    """A kind of place or facility and the group it belongs to."""

    key: str
    zh: str
    en: str
    group: str
    hidden: Hidden


@dataclass(frozen=True, slots=True)
class Group:
    """One of the five groups of places and facilities."""

    key: str
    zh: str
    en: str
    mark: str
    kinds: tuple[FacilityKind, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at, for all kinds of a group or some."""

    key: str
    group: str
    aspect: Aspect
    zh: str
    en: str
    kinds: tuple[str, ...]
    edition: str
    mark: str


@dataclass(frozen=True, slots=True)
class LedgerField:
    """One column of the ledger of hazards."""

    key: str
    zh: str
    en: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything of the data file."""

    editions: tuple[Edition, ...]
    groups: tuple[Group, ...]
    items: Mapping[str, Item]
    ledger: Mapping[str, tuple[LedgerField, ...]]
    ledger_mark: str

    @property
    def kinds(self) -> Mapping[str, FacilityKind]:
        """Every kind of facility by key."""
        return {kind.key: kind for group in self.groups for kind in group.kinds}

    def edition_on(self, on: date) -> Edition | None:
        """The edition of a day, None before the first."""
        return next((one for one in self.editions if one.in_force(on)), None)


@dataclass(frozen=True, slots=True)
class Items:
    """What to look at on a day; `edition` is "unknown" where its tables were not seen, and `message` says what is offered."""

    edition: str
    items: tuple[Item, ...]
    message: Message

    def unanswered(self, answered: Collection[str]) -> tuple[Item, ...]:
        """The items without an answer."""
        return tuple(one for one in self.items if one.key not in answered)


def items_for(kind: str, on: date) -> Items:
    """The items of a kind of facility by the edition of a day. Raises ValueError for a kind there is not.

    >>> items_for("pool", date(2024, 5, 1)).edition
    'notice-2021'
    >>> items_for("pool", date(2026, 8, 15)).edition
    'unknown'
    """
    held = guide()
    if kind not in held.kinds:
        raise ValueError(f"{kind!r} is no kind of facility; expected one of {', '.join(sorted(held.kinds))}.")
    edition = held.edition_on(on)
    if edition is None:
        return Items(UNKNOWN_EDITION, (), _said("no_edition", day=str(on)))
    asked = edition.key if edition.seen else edition.offers
    items = tuple(one for one in held.items.values() if one.edition == asked and _is_for(one, held.kinds[kind]))
    if edition.seen:
        return Items(
            edition.key, items, _said("edition", edition_zh=edition.zh, edition_en=edition.en, mark=edition.mark)
        )
    older = next(one for one in held.editions if one.key == asked)
    words = {"edition_zh": edition.zh, "edition_en": edition.en, "older_zh": older.zh, "older_en": older.en}
    return Items(UNKNOWN_EDITION, items, _said("working_list", mark=edition.mark, **words))


def _is_for(item: Item, kind: FacilityKind) -> bool:
    return item.group == kind.group and (not item.kinds or kind.key in item.kinds)


def missing_fields(step: str, row: Mapping[str, object]) -> tuple[LedgerField, ...]:
    """The fields of the ledger a row needs for "found" or "rectified" and lacks."""
    return tuple(one for one in guide().ledger[step] if one.needed and row.get(one.key) in (None, "", False))


@cache
def guide() -> Guide:
    """The guide of data/enterprises/inspection.yaml. Raises BadRuleData."""
    source = files("soilrules") / "data" / "enterprises" / "inspection.yaml"
    return read_guide(load_yaml(source), source.name)


def read_guide(data: Mapping[str, Any], place: str) -> Guide:
    """A guide from rule data; `place` is told in errors. Raises BadRuleData."""
    top = Record(data, place)
    top.only("editions", "groups", "items", "ledger")
    editions = tuple(_edition(_row(row, place)) for row in top.mappings("editions"))
    groups = tuple(_group(_row(row, place)) for row in top.mappings("groups"))
    items = [_item(_row(row, place)) for row in top.mappings("items")]
    _check(place, editions, groups, items)
    ledger = top.mapping("ledger")
    ledger.only("mark", "found", "rectified")
    fields = {step: tuple(_field(_row(one, place)) for one in ledger.mappings(step)) for step in ("found", "rectified")}
    by_key = MappingProxyType({one.key: one for one in items})
    return Guide(editions, groups, by_key, MappingProxyType(fields), mark_of(ledger))


def _row(row: Mapping[str, Any], place: str) -> Record:
    return Record(row, f"{place} {row.get('key')}")


def _check(place: str, editions: tuple[Edition, ...], groups: tuple[Group, ...], items: list[Item]) -> None:
    """Whether editions follow each other without a gap and every name is known. Raises BadRuleData."""
    for one, following in zip(editions, editions[1:], strict=False):
        if one.until != following.since:
            raise BadRuleData(
                f"{place}: {one.key} ends {one.until}, {following.key} begins {following.since}; expected one day."
            )
    keys, kinds = {one.key for one in editions}, {kind.key: group.key for group in groups for kind in group.kinds}
    for item in items:
        if item.edition not in keys or any(kinds.get(one) != item.group for one in item.kinds):
            raise BadRuleData(
                f"{place}: {item.key} names an edition or a kind there is not; expected those of this file."
            )
    names = [*kinds, *(one.key for one in items)]
    if twice := {one for one in names if names.count(one) > 1}:
        raise BadRuleData(f"{place}: {', '.join(sorted(twice))} stands twice; expected each key once.")
    if unknown := [one.key for one in editions if not one.seen and one.offers not in keys]:
        raise BadRuleData(f"{place}: {', '.join(unknown)} was not seen and offers no edition; expected the key of one.")


def _edition(record: Record) -> Edition:
    record.only("key", "zh", "en", "since", "until", "seen", "offers", "mark")
    return Edition(
        **_named(record),
        since=record.day("since"),
        until=record.day_or_none("until"),
        seen=record.true("seen"),
        offers=str(record.row.get("offers") or ""),
        mark=mark_of(record),
    )


def _group(record: Record) -> Group:
    record.only("key", "zh", "en", "mark", "kinds")
    name = record.text("key")
    kinds = tuple(_kind(_row(row, record.place), name) for row in record.mappings("kinds"))
    return Group(**_named(record), mark=mark_of(record), kinds=kinds)


def _kind(record: Record, group: str) -> FacilityKind:
    record.only("key", "zh", "en", "hidden")
    return FacilityKind(**_named(record), group=group, hidden=record.choice("hidden", Hidden))


def _item(record: Record) -> Item:
    record.only("key", "group", "aspect", "zh", "en", "kinds", "edition", "mark")
    return Item(
        **_named(record),
        group=record.text("group"),
        aspect=record.choice("aspect", Aspect),
        kinds=record.texts("kinds"),
        edition=record.text("edition"),
        mark=mark_of(record),
    )


def _field(record: Record) -> LedgerField:
    record.only("key", "zh", "en", "needed")
    return LedgerField(**_named(record), needed=record.true("needed"))


def _named(record: Record) -> dict[str, str]:
    return {name: record.text(name) for name in ("key", "zh", "en")}


def _said(message_id: str, **params: str) -> Message:
    return Message("enterprises", "inspection", message_id, params)
