"""The data of the ecological risk index: toxic responses, grades of Er and RI, and how the cut-offs of RI are scaled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from soilrules import analytes
from soilrules.indices.grades import Scale, in_use, read_scale
from soilrules.indices.method import Method, Number, data, read_method, read_number
from soilrules.strict import Record
from soilrules.verdict import Mark

BY = ("none", "count", "toxic_response")


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """One way to fit the cut-offs of RI to an element set. `by` is none, count or toxic_response."""

    id: str
    by: str
    in_use: bool
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class RiskMethod:
    """The method with the grades of RI, those of Er, Tr by element, and the set the cut-offs were made for."""

    method: Method
    element_grades: Scale
    toxic_responses: Mapping[str, Number]
    made_for_count: Decimal
    made_for_toxic_response: Decimal
    made_for_mark: Mark
    cutoffs: Mapping[str, Cutoffs]

    def factor(self, cutoffs: Cutoffs, toxic_responses: tuple[Decimal, ...]) -> Decimal:
        """By what the cut-offs are multiplied for a set with these Tr."""
        if cutoffs.by == "count":
            return len(toxic_responses) / self.made_for_count
        if cutoffs.by == "toxic_response":
            return sum(toxic_responses, Decimal(0)) / self.made_for_toxic_response
        return Decimal(1)

    def scale(self, cutoffs: Cutoffs, toxic_responses: tuple[Decimal, ...]) -> Scale:
        """The grades of RI for a set with these Tr; switched off where the cut-offs are."""
        assert self.method.grades is not None
        if not cutoffs.in_use:
            return self.method.grades.switched_off()
        if cutoffs.by == "none":
            return self.method.grades
        mark = max((cutoffs.mark, self.made_for_mark), key=lambda one: one.doubt)
        return self.method.grades.times(self.factor(cutoffs, toxic_responses), source=cutoffs.source, mark=mark)


@cache
def shipped_risk() -> RiskMethod:
    """The method of soilrules/data/indices/ecological_risk.yaml. Raises BadRuleData."""
    return read_risk_method(data("ecological_risk"), "ecological_risk.yaml")


def read_risk_method(row: Mapping[str, Any], place: str) -> RiskMethod:
    """The method from its data. Raises BadRuleData."""
    method = read_method(row, place, "element_grades", "toxic_responses", "made_for", "cutoffs")
    whole = Record(row, place)
    if method.grades is None:
        raise whole.error("grades is missing; expected the grades of RI")
    made_for = Record(row["made_for"], f"{place} made_for")
    made_for.only("count", "toxic_response_sum", "source", "mark")
    cutoffs = [_cutoffs(Record(one, f"{place} cutoffs {one.get('id')}")) for one in row["cutoffs"]]
    if len(by_id := {one.id: one for one in cutoffs}) < len(cutoffs):
        raise whole.error("a way to scale the cut-offs stands twice; expected each once")
    return RiskMethod(
        method=method,
        element_grades=read_scale("element_risk", row["element_grades"], f"{place} element_grades"),
        toxic_responses=MappingProxyType(_toxic_responses(row["toxic_responses"], place)),
        made_for_count=made_for.decimal("count"),
        made_for_toxic_response=made_for.decimal("toxic_response_sum"),
        made_for_mark=Mark(made_for.text("mark")),
        cutoffs=MappingProxyType(by_id),
    )


def _toxic_responses(rows: list[Mapping[str, Any]], place: str) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for row in rows:
        record = Record(row, f"{place} toxic_responses {row.get('analyte')}")
        element = record.text("analyte")
        if element in found or element not in analytes.all_analytes():
            raise record.error("the element is unknown or stands twice; expected each slug of analytes.yaml once")
        found[element] = read_number({key: row[key] for key in row if key != "analyte"}, record.place)
    return found


def _cutoffs(record: Record) -> Cutoffs:
    record.only("id", "by", "in_use", "source", "mark")
    if (by := record.text("by")) not in BY:
        raise record.error(f"by is {by!r}; expected one of {', '.join(BY)}")
    return Cutoffs(record.text("id"), by, in_use(record), record.text("source"), Mark(record.text("mark")))
