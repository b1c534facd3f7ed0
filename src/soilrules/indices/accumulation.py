"""Accumulation index (累积指数): the content over the background, element by element.

C / B, with B of the province and its source named; the national mean stands in for none without a caveat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from soilrules.indices.contents import Content
from soilrules.indices.method import Method, shipped
from soilrules.indices.references import Background
from soilrules.indices.results import IndexResult, divide
from soilrules.statistics.substitution import Substitute


def accumulation(
    contents: Iterable[Content],
    *,
    elements: Sequence[str],
    background: Background,
    nondetects: Substitute | None = None,
    method: Method | None = None,
) -> IndexResult:
    """C / B of each of `elements`.

    >>> from soilrules.indices.references import national_1990
    >>> found = accumulation([Content("lead", 52.0)], elements=["lead"], background=national_1990())
    >>> found.of("lead").value, found.caveats[0].id
    (2.0, 'national_background')
    """
    method = method or shipped("accumulation")
    return divide(contents, background, elements=elements, nondetects=nondetects, method=method)
