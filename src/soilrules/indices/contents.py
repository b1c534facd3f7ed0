"""The content of one element in one sample, in mg/kg of dry soil: a number, a non-detect, or a reason why neither."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from soilrules import analytes
from soilrules.indices.wording import reason, short
from soilrules.messages import Message
from soilrules.standards.results import Result
from soilrules.statistics.substitution import FRACTION_OF_LIMIT, Substitute
from soilrules.units import Amount, Basis, Dimension, Unit, parse


@dataclass(frozen=True, slots=True)
class Content:
    """What a laboratory found of `element` (its slug), mg/kg.

    `censored` says not detected, below `detection_limit_mg_kg` where that is known; `at_least` that the value is
    only a lower bound; `problem` why a reported result cannot be taken. Raises ValueError for an unknown element.
    """

    element: str
    value_mg_kg: float | None = None
    detection_limit_mg_kg: float | None = None
    censored: bool = False
    at_least: bool = False
    problem: Message | None = None

    def __post_init__(self) -> None:
        known_element(self.element)

    @classmethod
    def of_amount(cls, element: str, amount: Amount) -> Content:
        """The content of an amount in any unit of mass per mass; its problem says where the unit is another.

        >>> from decimal import Decimal
        >>> round(Content.of_amount("cadmium", Amount(Decimal("350"), parse("µg/kg"))).value_mg_kg, 6)
        0.35
        """
        return cls.of_result(Result(element, amount.value, amount.unit))

    @classmethod
    def of_result(cls, result: Result) -> Content:
        """The content a laboratory result reports; its problem says where the unit does not lead to mg/kg dry."""
        unit = result.unit
        if unit is None or unit.dimension is not Dimension.MASS_FRACTION or unit.basis is Basis.FRESH:
            printed = unit.symbol if unit else result.printed_unit
            kind = "fresh_weight" if unit and unit.basis is Basis.FRESH else "unit_not_mg_kg"
            return cls(result.analyte, problem=reason(kind, result.analyte, unit=printed))
        factor = unit.to(_mg_kg())
        value, limit = result.value, result.detection_limit
        return cls(
            result.analyte,
            value_mg_kg=None if value is None else float(value * factor),
            detection_limit_mg_kg=None if limit is None else float(limit * factor),
            censored=result.censored,
            at_least=result.at_least,
        )

    def usable(self, nondetects: Substitute | None) -> float | Message:
        """The number to compute with, above 0 (or 0 where zero was asked for), else why there is none."""
        if self.problem is not None:
            return self.problem
        if self.censored:
            return self._substituted(nondetects)
        if self.at_least:
            return reason("only_a_bound", self.element)
        if self.value_mg_kg is None:
            return reason("content_missing", self.element)
        if not _above_zero(self.value_mg_kg):
            return reason("content_not_positive", self.element, value=short(self.value_mg_kg))
        return float(self.value_mg_kg)

    def _substituted(self, by: Substitute | None) -> float | Message:
        if by is None:
            return reason("not_detected", self.element)
        if self.detection_limit_mg_kg is None or not _above_zero(self.detection_limit_mg_kg):
            return reason("detection_limit_missing", self.element)
        return FRACTION_OF_LIMIT[by] * self.detection_limit_mg_kg


def by_element(contents: Iterable[Content]) -> Mapping[str, Content]:
    """Contents by element. Raises ValueError where an element stands twice."""
    found: dict[str, Content] = {}
    for one in contents:
        if one.element in found:
            raise ValueError(
                f"{one.element} stands twice among the contents of a sample: expected once. Put parallel results together first."
            )
        found[one.element] = one
    return found


def element_set(elements: Sequence[str]) -> tuple[str, ...]:
    """The element set of an index as fixed by the caller. Raises ValueError where it is empty or names one twice."""
    named = tuple(elements)
    if isinstance(elements, str) or not named or len(set(named)) < len(named):
        raise ValueError(f"{elements!r} is no element set: expected at least one element (slug), each once.")
    for one in named:
        known_element(one)
    return named


def known_element(element: str) -> None:
    """Raises ValueError for a slug that is no analyte, with the nearest ones."""
    if element not in analytes.all_analytes():
        near = ", ".join(one.slug for one in analytes.nearest(element)) or "none"
        raise ValueError(f"{element!r} is not in the list of analytes: expected a slug (nearest: {near}).")


def _above_zero(number: float) -> bool:
    return math.isfinite(number) and number > 0


def _mg_kg() -> Unit:
    unit = parse("mg/kg")
    assert unit is not None
    return unit
