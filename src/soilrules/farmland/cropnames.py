"""Names of crops compared: what a zone prohibits and what is grown, and which are staple grain. Data: data/farmland/cropnames.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.strict import Record, load_yaml


@dataclass(frozen=True, slots=True)
class Crop:
    """One crop; `staple`: grain people eat."""

    name: str
    staple: bool


def is_staple(name: str) -> bool | None:
    """Whether a crop is staple grain; None for a name the list has not.

    >>> is_staple("晚稻"), is_staple("棉花"), is_staple("金银花") is None
    (True, False, True)
    """
    found = crops().get(name.strip())
    return None if found is None else found.staple


def among(name: str, prohibited: Iterable[str]) -> bool | None:
    """Whether a crop is one of those named; None where a name is not in the list and is not printed the same.

    >>> among("晚稻", ["水稻", "小麦"]), among("棉花", ["水稻"]), among("金银花", ["水稻"]) is None
    (True, False, True)
    """
    grown, named = name.strip(), [one.strip() for one in prohibited]
    if grown in named:
        return True
    known = [crops().get(one) for one in (grown, *named)]
    if known[0] is not None and known[0] in known[1:]:
        return True
    return None if None in known else False


@cache
def crops() -> Mapping[str, Crop]:
    """The crops by each of their names. Raises BadRuleData."""
    source = files("soilrules") / "data" / "farmland" / "cropnames.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("crops")
    found: dict[str, Crop] = {}
    for row in top.mappings("crops"):
        record = Record(row, f"{source.name} {row.get('crop')}")
        record.only("crop", "staple", "names")
        crop = Crop(record.text("crop"), record.true("staple"))
        for name in record.texts("names"):
            if name in found:
                raise record.error(f"{name} stands twice; expected each name once")
            found[name] = crop
    return MappingProxyType(found)
