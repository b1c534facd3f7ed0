"""A case under uncertainty as plain data: what is drawn, the percentiles that come of it, and which input moves them.

No Django in here: the command draws without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from soilrules.risk import Case, CaseError
from soilrules.risk.distributions import read_distribution
from soilrules.risk.sensitivity import tornado
from soilrules.risk.uncertainty import Draws, Sampler, Sampling, Uncertain, run

QUANTITIES = ("risk.total", "hq.total", "control")
MOST_DRAWS = 100_000
SAMPLERS = tuple(str(one) for one in Sampler)


def read_uncertain(data: Mapping[str, Any]) -> dict[str, Uncertain]:
    """What is drawn, by the name of a parameter ("BWa") or of a substance's property ("benzene.H"). Raises CaseError."""
    return {str(name): _uncertain(record, f"uncertain.{name}") for name, record in data.items()}


def _uncertain(record: object, place: str) -> Uncertain:
    if not isinstance(record, Mapping):
        raise CaseError("no_table", place=place, value=repr(record))
    return Uncertain(read_distribution(record, place=place), str(record.get("because", "")))


def uncertainty_of(
    case: Case,
    uncertain: Mapping[str, Uncertain],
    sampling: Sampling,
    *,
    step: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Percentiles and tornado of each substance; `step` is told (done, of how many). Raises CaseError."""
    draws = run(case, uncertain, sampling)
    found = {}
    for at, slug in enumerate(draws.slugs, start=1):
        found[slug] = {quantity: _quantity(case, uncertain, draws, slug, quantity) for quantity in QUANTITIES}
        if step:
            step(at, len(draws.slugs))
    return {
        "draws": sampling.n,
        "seed": sampling.seed,
        "sampler": str(sampling.sampler),
        "generator": draws.generator,
        "version": draws.version,
        "reasons": dict(draws.reasons),
        "substances": found,
    }


def _quantity(
    case: Case, uncertain: Mapping[str, Uncertain], draws: Draws, slug: str, quantity: str
) -> dict[str, Any] | None:
    """One quantity of one substance; None where the model cannot say."""
    percentiles = draws.percentiles(slug, quantity)
    if not percentiles:
        return None
    bars = tornado(case, uncertain, draws, slug=slug, quantity=quantity)
    return {
        "percentiles": [asdict(one) for one in percentiles],
        "tornado": [asdict(one) | {"width": one.width} for one in bars],
    }
