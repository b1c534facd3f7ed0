"""From the verdicts of a sample to its single factors: Si is the screening value each result was judged by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from soilrules.indices.contents import Content
from soilrules.indices.method import Method
from soilrules.indices.references import Reference
from soilrules.indices.single_factor import SingleFactors, single_factors
from soilrules.indices.wording import caveat
from soilrules.messages import Message
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause
from soilrules.statistics.substitution import Substitute

_OF_THE_CONTENT = {Cause.DETECTION_LIMIT_ABOVE, Cause.DETECTION_LIMIT_MISSING, Cause.ONLY_A_BOUND}
"""Causes of an unknown verdict that still leave one Si; the content then says why there is no factor."""


def factors_of_judged(
    judged: Iterable[tuple[Result, Verdict]],
    *,
    elements: Sequence[str],
    nondetects: Substitute | None = None,
    method: Method | None = None,
) -> SingleFactors:
    """Pi of each of `elements` for one sample, from its results and their verdicts by a soil standard.

    Where a verdict found no limit (pH missing, land unknown), its reason is the reason why Pi is unknown.
    Raises ValueError for verdicts by a standard of another medium.
    """
    pairs = tuple(judged)
    found = single_factors(
        [Content.of_result(result) for result, _ in pairs],
        elements=elements,
        standards={result.analyte: _standard(verdict) for result, verdict in pairs},
        nondetects=nondetects,
        method=method,
    )
    standards = dict.fromkeys(one.standard for _, one in pairs if one.analyte in found.elements and one.standard)
    if len(standards) < 2:
        return found
    return replace(found, remarks=(*found.remarks, caveat("several_standards", standards="、".join(standards))))


def _standard(verdict: Verdict) -> Reference | Message:
    if verdict.screening is None or (verdict.cause and verdict.cause not in _OF_THE_CONTENT):
        return verdict.reason
    return Reference.of_limit(verdict.screening, use=verdict.use)
