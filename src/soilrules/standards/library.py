"""Every edition of every standard we hold, and which one is in force on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files

from soilrules.standards.loader import read_edition
from soilrules.standards.model import Edition, Limit
from soilrules.strict import BadRuleData, load_yaml


@dataclass(frozen=True)
class Library:
    """National editions and provincial or local ones laid over them."""

    editions: tuple[Edition, ...]

    def __post_init__(self) -> None:
        _check_editions(self.editions)

    @property
    def families(self) -> tuple[str, ...]:
        """The standards, each without its year: gb15618, gb36600 …"""
        return tuple(dict.fromkeys(one.family for one in self.editions if not one.division))

    def national(self, family: str) -> tuple[Edition, ...]:
        """The national editions of a standard, the oldest first."""
        found = (one for one in self.editions if one.family == family and not one.division)
        return tuple(sorted(found, key=lambda one: one.since))

    def edition(self, family: str, on: date) -> Edition | None:
        """The national edition in force on a day, None where there is none."""
        return next((one for one in self.national(family) if one.in_force(on)), None)

    def overlays(self, family: str, on: date, division: str) -> tuple[Edition, ...]:
        """The local editions in force on a day in a division, the widest place first: of a province and of its city
        both hold, and the stricter limit counts."""
        local = (one for one in self.editions if one.division and one.family == family and one.in_force(on))
        return tuple(sorted((one for one in local if division.startswith(one.division)), key=lambda one: one.division))

    def find(self, name: str) -> tuple[str, Edition | None]:
        """The family, and the edition where the name says its year, that a name means.

        Reads gb36600-2018, GB 36600-2018, gb36600, GB/T 14848. Raises KeyError where there is none.
        """
        plain = re.sub(r"[\s/_]+", "", unicodedata.normalize("NFKC", name).casefold())
        for one in self.editions:
            if plain in {re.sub(r"[\s/]+", "", text.casefold()) for text in (one.id, one.standard)}:
                return one.family, one
        if plain in self.families:
            return plain, None
        raise KeyError(name)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every limit held: a stored verdict keeps it, to tell by which tables it was given."""
        return sha256(repr([(one.id, one.since, one.until, one.limits) for one in self.editions]).encode()).hexdigest()[
            :16
        ]

    def with_editions(self, more: Iterable[Edition]) -> Library:
        """This library and more editions, such as those an office entered."""
        return Library((*self.editions, *more))


@cache
def shipped() -> Library:
    """The library as shipped. Raises BadRuleData where a table cannot be trusted."""
    folder = files("soilrules") / "data" / "standards"
    tables = [*(folder / "national").iterdir(), *(folder / "provincial").iterdir()]
    names = sorted((one for one in tables if one.name.endswith(".yaml")), key=lambda one: one.name)
    return Library(tuple(read_edition(load_yaml(one), one.name) for one in names))


def _check_editions(editions: tuple[Edition, ...]) -> None:
    seen: set[str] = set()
    for one in editions:
        if one.id in seen:
            raise BadRuleData(f"{one.id} is held twice; expected one file an edition.")
        seen.add(one.id)
    for one in editions:
        for other in editions:
            same = one.family == other.family and one.division == other.division
            if one is not other and same and one.since <= other.since and (one.until or date.max) > other.since:
                raise BadRuleData(
                    f"{one.id} and {other.id} are both in force on {other.since}; expected one edition a day."
                )
    for one in editions:
        if one.division:
            _check_overlay(one, editions)


def _overlap(one: Edition, other: Edition) -> bool:
    return one.since < (other.until or date.max) and other.since < (one.until or date.max)


def _check_overlay(local: Edition, editions: tuple[Edition, ...]) -> None:
    """A place may be stricter than the nation or limit what the nation does not; it is never laxer."""
    nations = [one for one in editions if one.family == local.family and not one.division and _overlap(one, local)]
    if not nations:
        raise BadRuleData(f"{local.id} lies over {local.family}, of which there is no national edition in its time.")
    for limit in local.limits:
        for nation in nations:
            _check_local(limit, nation, local)


def _check_local(limit: Limit, nation: Edition, local: Edition) -> None:
    row = f"{local.id} {limit.analyte} {limit.level}"
    if limit.bound.upper is None:
        raise BadRuleData(f"{row}: no value; expected one, for only a number can be held against the nation's.")
    if strange := {limit.level, *limit.uses} - {*nation.levels, *nation.uses}:
        raise BadRuleData(f"{row}: {', '.join(strange)} is no level or use of {nation.id}; it would never apply.")
    first, here = nation.levels[0], nation.by_analyte.get(limit.analyte, {})
    if first not in here and first not in local.by_analyte[limit.analyte]:
        raise BadRuleData(f"{row}: neither the place nor {nation.id} has {first}; expected it beside {limit.level}.")
    _check_above_first(limit, [*here.get(first, ()), *local.by_analyte[limit.analyte].get(first, ())], row)
    for other in here.get(limit.level, ()):
        if limit.unit.dimension is not other.unit.dimension:
            raise BadRuleData(f"{row}: {limit.unit.symbol} does not convert to {other.unit.symbol} of {other.edition}.")
        if _same_place(limit, other) and limit.upper * limit.unit.to(other.unit) > other.upper:
            raise BadRuleData(
                f"{row}: {limit.upper} is laxer than {other.upper} of {other.edition}; "
                "a place may only be stricter. Leave the row out or check the figure."
            )


def _check_above_first(limit: Limit, firsts: Sequence[Limit], row: str) -> None:
    """A local control value below every screening value here would be exceeded by what meets."""
    below = [one for one in firsts if _same_place(limit, one) and limit.unit.dimension is one.unit.dimension]
    if below and all(limit.upper * limit.unit.to(one.unit) < one.upper for one in below):
        raise BadRuleData(f"{row}: {limit.upper} is below {below[0].upper} of {below[0].edition} and {below[0].level}.")


def _same_place(one: Limit, other: Limit) -> bool:
    same_use = not one.uses or not other.uses or bool(set(one.uses) & set(other.uses))
    return same_use and (one.ph is None or other.ph is None or one.ph == other.ph)
