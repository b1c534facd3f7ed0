"""The kinds of measures on polluted farmland, and what counts as evidence. Data: data/farmland/measures.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.farmland.units import FarmlandClass
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Record, load_yaml


class Evidence(StrEnum):
    """What may stand for a measure."""

    IMAGE = "image"  # 图片
    VIDEO = "video"  # 视频
    DOCUMENT = "document"  # 文件方案
    RECEIPT = "receipt"  # 收据发票


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure and the classes of farmland the form lists it for."""

    key: str
    zh: str
    en: str
    classes: frozenset[FarmlandClass]


@cache
def measures() -> Mapping[str, Measure]:
    """The kinds by key, in the order of the form. Raises BadRuleData.

    >>> measures()["liming"].zh
    '石灰调节'
    """
    source = files("soilrules") / "data" / "farmland" / "measures.yaml"
    top = Record(load_yaml(source), source.name)
    top.only("mark", "source", "evidence", "measures")
    mark_of(top)
    if set(top.texts("evidence")) != set(Evidence):
        raise top.error(f"evidence is {top.texts('evidence')}; expected {', '.join(Evidence)}")
    found = [_measure(Record(row, f"{source.name} {row.get('key')}"), row) for row in top.mappings("measures")]
    if len({one.key for one in found}) < len(found):
        raise top.error("a key stands twice; expected each once")
    return MappingProxyType({one.key: one for one in found})


@cache
def measures_for(farmland_class: FarmlandClass) -> frozenset[str]:
    """The keys of the kinds the form lists for a class.

    >>> "liming" in measures_for(FarmlandClass.STRICT)
    False
    """
    return frozenset(one.key for one in measures().values() if farmland_class in one.classes)


def _measure(record: Record, row: Mapping[str, Any]) -> Measure:
    record.only("key", "zh", "en", "classes")
    classes = record.texts("classes")
    if not classes or set(classes) - set(FarmlandClass):
        raise record.error(f"classes is {row.get('classes')}; expected some of {', '.join(FarmlandClass)}")
    return Measure(record.text("key"), record.text("zh"), record.text("en"), frozenset(map(FarmlandClass, classes)))
