"""Single factor index (单因子指数): the content over its evaluation standard, element by element.

Pi = Ci / Si, with Si by the land and pH of the sample. 超标倍数 is Pi − 1 and is stated only above the standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from soilrules.indices.contents import Content
from soilrules.indices.grades import DIGITS
from soilrules.indices.method import Method, shipped
from soilrules.indices.results import ElementIndex, IndexResult, References, divide, shared
from soilrules.statistics.substitution import Substitute


@dataclass(frozen=True, kw_only=True)
class SingleFactor(ElementIndex):
    """Pi of one element. `times_over` is None where the standard is not exceeded, `exceeds` where nobody can say."""

    exceeds: bool | None = None
    times_over: float | None = None

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The quotient, whether it exceeds and by how many times the standard."""
        return super().as_json(language) | {"exceeds": self.exceeds, "times_over": self.times_over}


@dataclass(frozen=True, kw_only=True)
class SingleFactors(IndexResult):
    """Pi of every element of the set."""

    rows: tuple[SingleFactor, ...]


def single_factors(
    contents: Iterable[Content],
    *,
    elements: Sequence[str],
    standards: References,
    nondetects: Substitute | None = None,
    method: Method | None = None,
) -> SingleFactors:
    """Pi of each of `elements` by the evaluation standards given; a non-detect has one only with `nondetects`.

    >>> from soilrules.indices.references import Reference
    >>> from soilrules.verdict import Mark
    >>> si = Reference("cadmium", 0.3, "GB 15618-2018 表1 序号1", Mark.DOUBLE_SOURCED)
    >>> found = single_factors([Content("cadmium", 0.45)], elements=["cadmium"], standards={"cadmium": si})
    >>> found.of("cadmium").value, found.of("cadmium").times_over
    (1.5, 0.5)
    """
    method = method or shipped("single_factor")
    base = divide(contents, standards, elements=elements, nondetects=nondetects, method=method)
    rows = tuple(_factor(row, method.number("exceeded_above")) for row in base.rows)
    return SingleFactors(**shared(base) | {"rows": rows})


def _factor(row: ElementIndex, one: float) -> SingleFactor:
    if row.value is None:
        return SingleFactor(**vars(row))
    exceeds = round(row.value, DIGITS) > one
    return SingleFactor(**vars(row), exceeds=exceeds, times_over=row.value - one if exceeds else None)
