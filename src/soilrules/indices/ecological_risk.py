"""Potential ecological risk (潜在生态危害指数) after Hakanson: Er of each element and RI of the set.

Er = Tr × C / B; RI = ΣEr. The cut-offs of RI were made for eight pollutants, PCBs among them: for another set they may be
taken as they are or scaled to it, and the result says which. One unknown element makes RI unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from soilrules.indices.contents import Content
from soilrules.indices.grades import Grade, Scale
from soilrules.indices.method import Number
from soilrules.indices.references import Background
from soilrules.indices.results import CompositeIndex, ElementIndex, IndexResult, divide, graded, shared
from soilrules.indices.risk_method import Cutoffs, RiskMethod, shipped_risk
from soilrules.indices.wording import ROOM, caveat, reason
from soilrules.messages import Message, sentence
from soilrules.statistics.substitution import Substitute
from soilrules.verdict import Mark


@dataclass(frozen=True, kw_only=True)
class ElementRisk(ElementIndex):
    """Er of one element with its toxic response factor Tr."""

    toxic_response: Number | None = None

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The index and Tr with its source and mark."""
        factor = self.toxic_response
        told = factor and {"value": float(factor.value), "source": factor.source, "mark": str(factor.mark)}
        return super().as_json(language) | {"toxic_response": told}


@dataclass(frozen=True, kw_only=True)
class EcologicalRisk(CompositeIndex):
    """RI, graded by `cutoffs` (multiplied by `cutoff_factor`, None where RI is unknown).

    `alternatives` are the grades by the other cut-offs in use.
    """

    rows: tuple[ElementRisk, ...]
    cutoffs: Cutoffs
    cutoff_factor: Decimal | None
    alternatives: Mapping[str, Grade]

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The index, the cut-offs taken and the grade by the others."""
        others = {key: grade.as_json(language) for key, grade in self.alternatives.items()}
        taken = {"id": self.cutoffs.id, "source": self.cutoffs.source, "mark": str(self.cutoffs.mark)}
        return super().as_json(language) | {
            "cutoffs": taken | {"factor": None if self.cutoff_factor is None else float(self.cutoff_factor)},
            "alternatives": others,
        }


def ecological_risk(
    contents: Iterable[Content],
    *,
    elements: Sequence[str],
    background: Background,
    cutoffs: str = "unscaled",
    nondetects: Substitute | None = None,
    method: RiskMethod | None = None,
) -> EcologicalRisk:
    """Er of each of `elements` and RI of them all. `cutoffs` is unscaled, by_count or by_toxic_response.

    Raises ValueError for other cut-offs.

    >>> from soilrules.indices.references import national_1990
    >>> found = ecological_risk([Content("cadmium", 0.97)], elements=["cadmium"], background=national_1990())
    >>> round(found.value, 6), found.grade.bounds.low, found.alternatives["by_count"].id
    (300.0, Decimal('300'), 'very_high')
    """
    method = method or shipped_risk()
    if cutoffs not in method.cutoffs:
        raise ValueError(f"{cutoffs!r} names no cut-offs of RI: expected one of {', '.join(method.cutoffs)}.")
    base = divide(contents, background, elements=elements, nondetects=nondetects, method=method.method)
    rows = tuple(_er(row, method) for row in base.rows)
    known = [row.value for row in rows if row.value is not None]
    value = math.fsum(known) if len(known) == len(rows) else None
    factors = tuple(row.toxic_response.value for row in rows if row.toxic_response)
    grades = _grades(value, {key: method.scale(one, factors) for key, one in method.cutoffs.items()})
    taken = method.cutoffs[cutoffs]
    grade = grades.pop(cutoffs, None)
    found = replace(base, rows=rows, **graded(base, method.method, [grade]))
    remarks = (*found.remarks, *_remarks(taken, len(rows), grade, grades))
    if not method.element_grades.in_use:
        remarks = (*remarks, caveat("element_grades_switched_off"))
    found = replace(found, rests_on=_rests_on(found), remarks=remarks)
    return EcologicalRisk(
        **shared(found),
        value=value,
        grade=grade,
        cutoffs=taken,
        cutoff_factor=None if value is None else method.factor(taken, factors),
        alternatives=grades,
    )


def _er(row: ElementIndex, method: RiskMethod) -> ElementRisk:
    factor = method.toxic_responses.get(row.element)
    found = ElementRisk(**vars(row), toxic_response=factor)
    if row.value is None:
        return found
    if factor is None:
        return replace(found, value=None, unknown=reason("no_toxic_response", row.element))
    value = float(factor.value) * row.value
    return replace(found, value=value, grade=method.element_grades.grade(value))


def _grades(value: float | None, scales: Mapping[str, Scale]) -> dict[str, Grade]:
    """The grade of RI by every cut-offs in use."""
    if value is None:
        return {}
    return {key: grade for key, scale in scales.items() if (grade := scale.grade(value))}


def _rests_on(result: IndexResult) -> tuple[tuple[str, Mark], ...]:
    """What the rows add: toxic responses and the grades of Er."""
    rows = [row for row in result.rows if isinstance(row, ElementRisk) and row.value is not None]
    factors = [("toxic_responses", row.toxic_response.mark) for row in rows if row.toxic_response]
    grades = [("element_grades", row.grade.mark) for row in rows if row.grade]
    return tuple(dict.fromkeys((*result.rests_on, *factors, *grades)))


def _remarks(taken: Cutoffs, count: int, grade: Grade | None, others: Mapping[str, Grade]) -> Iterable[Message]:
    """What the cut-offs were made for, which were taken, and whether others would give another grade."""
    yield caveat("made_for_eight", count=str(count), **_named("cutoffs", taken.id))
    if not taken.in_use:
        yield caveat("cutoffs_switched_off", **_named("cutoffs", taken.id))
    for key, other in others.items():
        if grade and other.id != grade.id:
            yield caveat(
                "other_cutoffs", **_named("cutoffs", key), grade_zh=other.name("zh"), grade_en=other.name("en")
            )


def _named(group: str, message_id: str) -> dict[str, str]:
    return {f"{group}_{one}": sentence(ROOM, group, message_id, language=one) for one in ("zh", "en")}
