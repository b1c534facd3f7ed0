"""How contents spread: quartiles, whiskers and outliers of each unit, non-detects by the rule that is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soildesk.monitoring.queries.contents import Content
from soilrules.statistics import (
    CannotEstimate,
    CensoredSample,
    Estimate,
    Substitute,
    Tail,
    arithmetic,
    kaplan_meier,
    substitute,
)

LEAST = 5
"""Fewer contents are drawn one by one: quartiles of four values say nothing."""
FENCE = 1.5
"""Tukey (1977): what lies farther from the box than 1.5 times its height is drawn alone."""
KAPLAN_MEIER = "kaplan_meier"
RULES = (KAPLAN_MEIER, Substitute.HALF_LIMIT.value, Substitute.LIMIT.value)
"""What may be done with non-detects: nothing is put in their place, or half their limit, or their limit."""


@dataclass(frozen=True, slots=True)
class Box:
    """One unit. Quartiles are None below the smallest content detected, or where there are too few (`why` says so)."""

    name: str
    n: int
    not_detected: int
    quartiles: tuple[float | None, float | None, float | None]
    whiskers: tuple[float, float] | None
    outliers: Sequence[Content]
    singles: Sequence[Content]  # all contents, where there are too few for a box
    limit: float | None  # the largest detection limit, below which nothing is known
    why: str = ""


def boxes(groups: Mapping[str, Sequence[Content]], rule: str, language: str) -> list[Box]:
    """A box for each unit."""
    return [_box(name, held, rule, language) for name, held in groups.items()]


def _box(name: str, held: Sequence[Content], rule: str, language: str) -> Box:
    held = [one for one in held if one.number > 0]
    missing = [one for one in held if not one.detected]
    limit = max((one.number for one in missing), default=None)
    nothing = (None, None, None)
    if len(held) < LEAST:
        return Box(name, len(held), len(missing), nothing, None, (), held, limit)
    try:
        estimate = _estimate(CensoredSample([one.number for one in held], [not one.detected for one in held]), rule)
    except CannotEstimate as refusal:
        return Box(name, len(held), len(missing), nothing, None, (), held, limit, refusal.sentence(language))
    first, middle, third = (estimate.quantiles[one] for one in (0.25, 0.5, 0.75))
    whiskers, outliers = _fences(held, first, third)
    return Box(name, len(held), len(missing), (first, middle, third), whiskers, outliers, (), limit)


def _estimate(sample: CensoredSample, rule: str) -> Estimate:
    if not sample.n_censored:
        return arithmetic(sample)
    if rule == KAPLAN_MEIER:
        return kaplan_meier(sample, tail=Tail.SMALLEST_DETECT)
    return substitute(sample, by=Substitute(rule))


def _fences(
    held: Sequence[Content], first: float | None, third: float | None
) -> tuple[tuple[float, float] | None, list[Content]]:
    """Whiskers end at the last content within the fences; the rest of what was detected stands alone."""
    detected = [one for one in held if one.detected]
    if third is None or not detected:
        return None, []
    low = first if first is not None else min(one.number for one in detected)
    reach = FENCE * (third - low)
    inside = np.array([one.number for one in detected if low - reach <= one.number <= third + reach])
    outliers = [one for one in detected if not low - reach <= one.number <= third + reach]
    if not inside.size:
        return None, outliers
    return (float(min(inside.min(), low)), float(max(inside.max(), third))), outliers
