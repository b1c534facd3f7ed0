"""The method of an index: its formula as printed, source, mark and numbers, read strictly and switchable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from soilrules.indices.grades import Scale, in_use, read_scale
from soilrules.strict import Record, load_yaml
from soilrules.verdict import Mark


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a method, where it is from and how sure it is."""

    value: Decimal
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Method:
    """One index: id, formula as printed, source, mark, numbers and grades. Not `in_use`, it computes nothing."""

    id: str
    formula: str
    source: str
    mark: Mark
    in_use: bool
    numbers: Mapping[str, Number]
    grades: Scale | None = None

    def number(self, name: str) -> float:
        """The value of one of its numbers."""
        return float(self.numbers[name].value)

    def switched_off(self) -> Method:
        """The same method, not in use."""
        return replace(self, in_use=False)

    def without_grades(self) -> Method:
        """The same method with its grades switched off."""
        return replace(self, grades=self.grades.switched_off() if self.grades else None)

    def as_json(self) -> dict[str, str]:
        """Id, formula, source and mark."""
        return {"id": self.id, "formula": self.formula, "source": self.source, "mark": str(self.mark)}


@cache
def shipped(name: str) -> Method:
    """The method of soilrules/data/indices/NAME.yaml. Raises BadRuleData.

    >>> shipped("nemerow").formula
    'P = sqrt((mean(Pi)^2 + max(Pi)^2) / 2)'
    """
    return read_method(data(name), f"{name}.yaml")


def data(name: str) -> Mapping[str, Any]:
    """The data of soilrules/data/indices/NAME.yaml. Raises BadRuleData."""
    return load_yaml(files("soilrules") / "data" / "indices" / f"{name}.yaml")


def read_method(row: Mapping[str, Any], place: str, *more: str) -> Method:
    """A method from its data; `more` are keys of this index alone. Raises BadRuleData."""
    record = Record(row, place)
    record.only("id", "formula", "source", "mark", "in_use", "numbers", "grades", *more)
    numbers = {name: read_number(one, f"{place} {name}") for name, one in row.get("numbers", {}).items()}
    method_id = record.text("id")
    return Method(
        id=method_id,
        formula=record.text("formula"),
        source=record.text("source"),
        mark=Mark(record.text("mark")),
        in_use=in_use(record),
        numbers=MappingProxyType(numbers),
        grades=read_scale(method_id, row["grades"], f"{place} grades") if "grades" in row else None,
    )


def read_number(row: Mapping[str, Any], place: str) -> Number:
    """A number with its source and mark. Raises BadRuleData."""
    record = Record(row, place)
    record.only("value", "source", "mark")
    return Number(record.decimal("value"), record.text("source"), Mark(record.text("mark")))
