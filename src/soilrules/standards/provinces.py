"""Provinces by the names people write, and the local standards known to exist whose values are not held.

The codes are the first digits of GB/T 2260 (data/standards/provinces.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.standards.library import Library
from soilrules.strict import Record, load_yaml
from soilrules.verdict import Mark


@dataclass(frozen=True, slots=True)
class Province:
    """One province: two digits and its names."""

    code: str
    zh: str
    short: str
    en: str
    also: tuple[str, ...] = ()

    def name(self, language: str = "zh") -> str:
        """The name in `language` (zh or en)."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class LocalStandard:
    """A local standard that exists. `families` are the national ones it lies over; `since` None is not known."""

    standard: str
    title: str
    division: str
    families: tuple[str, ...]
    since: date | None
    note: str
    source: str
    mark: Mark


def division_of(text: str) -> str:
    """The division code a name or code means, without trailing zeros. Raises KeyError where it means none.

    >>> division_of("江西"), division_of("Jiangxi"), division_of("360000"), division_of("360102")
    ('36', '36', '36', '360102')
    """
    plain = _plain(text)
    if plain in _by_name():
        return _by_name()[plain].code
    if re.fullmatch(r"\d{2}(\d{2}){0,2}|\d{9}|\d{12}", plain) and plain[:2] in provinces():
        return re.sub(r"(00)+$", "", plain) if len(plain) <= 6 else plain
    raise KeyError(text)


def name_of(division: str, language: str = "zh") -> str:
    """The name of the province a division lies in, the code itself where it is none."""
    province = provinces().get(division[:2])
    return province.name(language) if province else division


def not_held(library: Library, division: str) -> tuple[LocalStandard, ...]:
    """The local standards known for a division that `library` holds no table of."""
    held = {_plain(one.standard) for one in library.editions if one.division}
    return tuple(one for one in known() if division.startswith(one.division) and _plain(one.standard) not in held)


@cache
def provinces() -> Mapping[str, Province]:
    """Every province by its two digits."""
    return MappingProxyType({one.code: one for one in map(_province, _data()["provinces"])})


@cache
def known() -> tuple[LocalStandard, ...]:
    """Every local standard known to exist whose values are not shipped."""
    return tuple(_standard(row) for row in _data()["not_held"])


@cache
def _data() -> Mapping[str, Any]:
    data = load_yaml(files("soilrules") / "data" / "standards" / "provinces.yaml")
    Record(data, "provinces.yaml").only("provinces", "not_held")
    return data


def _province(row: Mapping[str, Any]) -> Province:
    record = Record(row, f"provinces.yaml {row.get('code')}")
    record.only("code", "zh", "short", "en", "also")
    return Province(
        record.text("code"), record.text("zh"), record.text("short"), record.text("en"), record.texts("also")
    )


def _standard(row: Mapping[str, Any]) -> LocalStandard:
    record = Record(row, f"provinces.yaml {row.get('standard')}")
    record.only("standard", "title", "division", "families", "since", "note", "source", "mark")
    return LocalStandard(
        record.text("standard"),
        record.text("title"),
        record.text("division"),
        record.texts("families"),
        record.day_or_none("since"),
        record.text("note"),
        record.text("source"),
        Mark(record.text("mark")),
    )


@cache
def _by_name() -> Mapping[str, Province]:
    found: dict[str, Province] = {}
    for one in provinces().values():
        for name in (one.zh, one.short, one.en, *one.also):
            if found.setdefault(_plain(name), one) is not one:
                raise Record({}, "provinces.yaml").error(f"{name} is a name of two provinces; expected one")
    return MappingProxyType(found)


def _plain(text: str) -> str:
    return re.sub(r"[\s_/-]+", "", unicodedata.normalize("NFKC", text)).casefold()
