"""Which analytes of a campaign vary together: hints at sources, with their caveat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soildesk.monitoring.queries import contents as of
from soildesk.monitoring.queries.tools import Asked
from soilrules.geostat import CannotInterpolate, Correlations, Loadings, correlations, loadings
from soilrules.messages import Message
from soilrules.statistics.substitution import FRACTION_OF_LIMIT, Substitute

LEAST = 5
MOST = 14
"""Analytes drawn together."""


@dataclass(frozen=True, slots=True)
class Together:
    """Correlations and loadings of some analytes; a refusal says why one of them is not there."""

    analytes: Sequence[str]
    samples: Sequence[str]
    table: np.ndarray  # samples by analytes, NaN where not measured
    not_detected: dict[str, int]
    correlations: Correlations | None
    loadings: Loadings | None
    refusals: Sequence[Message]


def candidates(asked: Asked) -> list[str]:
    """The analytes with results enough, pH aside: it is no content."""
    counted = {slug: 0 for slug in asked.analytes}
    rows = asked.rows.order_by().values_list("analyte", flat=True) if asked.rows is not None else ()
    for slug in rows:
        counted[slug] += 1
    return [slug for slug, count in counted.items() if count >= LEAST and slug != "ph"]


def together(asked: Asked, analytes: Sequence[str], by: Substitute) -> Together:
    """What varies together, non-detects counted as `by` says."""
    samples, table, missing = _table(asked, analytes, by)
    columns = {slug: table[:, at] for at, slug in enumerate(analytes)}
    refusals: list[Message] = []
    found, loaded = None, None
    try:
        found = correlations(columns)
        loaded = loadings(columns)
    except CannotInterpolate as refusal:
        refusals.append(refusal.message)
    return Together(analytes, samples, table, missing, found, loaded, refusals)


def _table(asked: Asked, analytes: Sequence[str], by: Substitute) -> tuple[list[str], np.ndarray, dict[str, int]]:
    """One row for each sample; the higher of two contents of one sample counts."""
    held = asked.contents(analytes)
    samples = sorted({one.sample for one in held})
    row = {sample: at for at, sample in enumerate(samples)}
    table = np.full((len(samples), len(analytes)), np.nan)
    missing = {}
    for at, slug in enumerate(analytes):
        _unit, some, _other = of.alike([one for one in held if one.analyte == slug])
        missing[slug] = sum(not one.detected for one in some)
        for one in some:
            number = one.number if one.detected else FRACTION_OF_LIMIT[by] * one.number
            table[row[one.sample], at] = np.fmax(table[row[one.sample], at], number)
    return samples, table, missing
