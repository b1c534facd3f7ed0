"""What asks for a new look at the class of a unit: a point or a sample of produce that does not fit the class in force.

Asking is no class: a person takes it up or puts it aside. Data: data/farmland/adjustments.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from soilrules.farmland.produce import Excess
from soilrules.farmland.rulesets import Grade
from soilrules.farmland.units import FarmlandClass
from soilrules.statistics.rule_data import mark_of
from soilrules.strict import Readable, Record, load_yaml

_HOW_FAR = tuple(Excess)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """From which grade of a point, and how far produce lies above its limit, a class is looked at again."""

    soil: Mapping[FarmlandClass, Grade]
    produce: Mapping[FarmlandClass, Excess]
    mark: str


@cache
def adjustments() -> Adjustments:
    """The readings in use. Raises BadRuleData."""
    return read_adjustments(files("soilrules") / "data" / "farmland" / "adjustments.yaml")


def read_adjustments(source: Readable) -> Adjustments:
    """The readings of a file. Raises BadRuleData."""
    top = Record(load_yaml(source), source.name)
    top.only("source", "mark", "soil", "produce")
    top.text("source")
    soil, produce = top.mapping("soil"), top.mapping("produce")
    for part in (soil, produce):
        part.only(*(one.value for one in FarmlandClass))
    grades = {FarmlandClass(key): _grade(soil, key) for key in soil.row}
    return Adjustments(
        soil=MappingProxyType(grades),
        produce=MappingProxyType({FarmlandClass(key): produce.choice(key, Excess) for key in produce.row}),
        mark=mark_of(top),
    )


def soil_asks(current: FarmlandClass, grade: Grade | None) -> bool:
    """Whether the grade of a point asks for a new look at a class; a point nobody can judge asks nothing.

    >>> soil_asks(FarmlandClass.PRIORITY, Grade.TWO), soil_asks(FarmlandClass.STRICT, Grade.THREE)
    (True, False)
    """
    least = adjustments().soil.get(current)
    return grade is not None and least is not None and grade >= least


def produce_asks(current: FarmlandClass, excess: Excess | None) -> bool:
    """Whether a sample of produce asks for a new look at a class; one nobody can judge asks nothing."""
    least = adjustments().produce.get(current)
    return excess is not None and least is not None and _HOW_FAR.index(excess) >= _HOW_FAR.index(least)


def _grade(record: Record, key: str) -> Grade:
    value = record.text(key)
    if value not in ("2", "3"):
        raise record.error(f"{key} is {value!r}; expected 2 or 3 in quotes")
    return Grade(int(value))
