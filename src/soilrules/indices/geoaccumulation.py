"""Geo-accumulation index (地累积指数, Igeo) after Müller, element by element.

Igeo = log2(C / (1.5 × B)); classes 0 to 6, left-open: exactly 0 is class 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from soilrules.indices.contents import Content
from soilrules.indices.method import Method, shipped
from soilrules.indices.references import Background
from soilrules.indices.results import ElementIndex, IndexResult, divide, graded, shared
from soilrules.indices.wording import reason
from soilrules.statistics.substitution import Substitute


def geoaccumulation(
    contents: Iterable[Content],
    *,
    elements: Sequence[str],
    background: Background,
    nondetects: Substitute | None = None,
    method: Method | None = None,
) -> IndexResult:
    """Igeo of each of `elements`, with its class.

    >>> from soilrules.indices.references import national_1990
    >>> found = geoaccumulation([Content("lead", 78.0)], elements=["lead"], background=national_1990())
    >>> found.of("lead").value, found.of("lead").grade.id
    (1.0, 'class_1')
    """
    method = method or shipped("geoaccumulation")
    base = divide(contents, background, elements=elements, nondetects=nondetects, method=method)
    rows = tuple(_igeo(row, method) for row in base.rows)
    found = shared(base) | graded(base, method, (row.grade for row in rows)) | {"rows": rows}
    return IndexResult(**found)


def _igeo(row: ElementIndex, method: Method) -> ElementIndex:
    if row.value is None:
        return row
    if row.value == 0:
        return replace(row, value=None, unknown=reason("no_logarithm", row.element))
    value = math.log2(row.value / method.number("background_factor"))
    return replace(row, value=value, grade=method.grades.grade(value) if method.grades else None)
