"""Nemerow index (内梅罗综合污染指数): the mean and the largest single factor of one and the same element set.

P = sqrt((mean(Pi)² + max(Pi)²) / 2). One unknown element makes it unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from soilrules.indices.method import Method, shipped
from soilrules.indices.results import CompositeIndex, graded, shared
from soilrules.indices.single_factor import SingleFactors


@dataclass(frozen=True, kw_only=True)
class Nemerow(CompositeIndex):
    """The index, and the mean and maximum it is made of; None where it is unknown."""

    mean: float | None
    maximum: float | None

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The index with its mean and maximum."""
        return super().as_json(language) | {"mean": self.mean, "maximum": self.maximum}


def nemerow(factors: SingleFactors, *, method: Method | None = None) -> Nemerow:
    """The Nemerow index over exactly the element set of `factors`."""
    method = method or shipped("nemerow")
    known = [row.value for row in factors.rows if row.value is not None]
    mean = maximum = value = grade = None
    if method.in_use and len(known) == len(factors.rows):
        mean, maximum = math.fsum(known) / len(known), max(known)
        value = math.hypot(mean, maximum) / math.sqrt(2)
        grade = method.grades.grade(value) if method.grades else None
    found = shared(factors) | graded(factors, method, [grade]) | {"method": method}
    return Nemerow(**found, mean=mean, maximum=maximum, value=value, grade=grade)
