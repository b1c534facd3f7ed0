"""Crops by the names people write, and the food groups of GB 2762 each belongs to (data/standards/crops.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.standards.model import Use
from soilrules.strict import Record, load_yaml

_BEHIND = re.compile(r"([^()]+?)(籽粒|\(([^()]+)\))")
_SAME = frozenset(("鲜", "鲜样", "鲜重", "鲜品", "籽粒"))
"""What may stand in brackets behind a crop and leaves it what it is; 干 does not."""


@cache
def groups() -> Mapping[str, Use]:
    """The food groups by key."""
    return MappingProxyType({key: Use(key, row["zh"], row["en"]) for key, row in _data()["groups"].items()})


def groups_of(crop: str) -> tuple[str, ...]:
    """The groups of a crop as people name it, the most specific first; empty where the crop is not known.

    The part that was measured, or another name of the same, may stand behind it: 小麦籽粒, 空心菜（蕹菜）.

    >>> groups_of("芹菜")
    ('celery', 'stem_vegetables', 'all_fresh_vegetables')
    >>> groups_of("小麦籽粒"), groups_of("辣椒（干）")
    (('wheat',), ())
    """
    name = "".join(unicodedata.normalize("NFKC", crop).casefold().split())
    found = _named(crop.strip().casefold()) or _named(name)
    if found or (parts := _BEHIND.fullmatch(name)) is None:
        return found
    first = _named(parts[1])
    return first if parts[3] is None or parts[3] in _SAME or _named(parts[3]) == first else ()


def _named(name: str) -> tuple[str, ...]:
    return (name,) if name in groups() and name not in _by_name() else _by_name().get(name, ())


@cache
def kinds_of(crop: str) -> frozenset[str]:
    """The groups of the kinds a name may mean that says no kind; empty for a crop.

    >>> "leafy_vegetables" in kinds_of("蔬菜"), kinds_of("菠菜")
    (True, frozenset())
    """
    name = crop.strip().casefold()
    if not any(row.get("general") and name in map(str.casefold, row["names"]) for row in _data()["crops"]):
        return frozenset()
    (whole,) = _by_name()[name]
    return frozenset(one for kinds in _by_name().values() if whole in kinds for one in kinds[: kinds.index(whole)])


@cache
def _data() -> Mapping[str, Any]:
    data = load_yaml(files("soilrules") / "data" / "standards" / "crops.yaml")
    Record(data, "crops.yaml").only("mark", "groups", "crops")
    return data


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in _data()["crops"]:
        record = Record(row, f"crops.yaml {row.get('names')}")
        record.only("names", "groups", "general")
        if unknown := set(record.texts("groups")) - groups().keys():
            raise record.error(f"unknown group {', '.join(sorted(unknown))}; expected {', '.join(groups())}")
        for name in map(str.casefold, record.texts("names")):
            if name in found:
                raise record.error(f"{name} stands twice; expected once")
            found[name] = record.texts("groups")
    return MappingProxyType(found)
