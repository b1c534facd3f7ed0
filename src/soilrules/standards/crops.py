"""Crops by the names people write, and the food groups of GB 2762 each belongs to (data/standards/crops.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.standards.model import Use
from soilrules.strict import Record, load_yaml


@cache
def groups() -> Mapping[str, Use]:
    """The food groups by key."""
    return MappingProxyType({key: Use(key, row["zh"], row["en"]) for key, row in _data()["groups"].items()})


def groups_of(crop: str) -> tuple[str, ...]:
    """The groups of a crop as people name it, the most specific first; empty where the crop is not known.

    >>> groups_of("芹菜")
    ('celery', 'stem_vegetables', 'all_fresh_vegetables')
    """
    name = crop.strip().casefold()
    return (name,) if name in groups() and name not in _by_name() else _by_name().get(name, ())


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
        record.only("names", "groups")
        if unknown := set(record.texts("groups")) - groups().keys():
            raise record.error(f"unknown group {', '.join(sorted(unknown))}; expected {', '.join(groups())}")
        for name in map(str.casefold, record.texts("names")):
            if name in found:
                raise record.error(f"{name} stands twice; expected once")
            found[name] = record.texts("groups")
    return MappingProxyType(found)
