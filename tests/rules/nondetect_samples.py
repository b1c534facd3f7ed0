"""Samples and estimates by the names the cases of the statistics use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from soilrules.statistics import (
    CensoredSample,
    Estimate,
    arithmetic,
    kaplan_meier,
    maximum_likelihood,
    regression_on_order,
    substitute,
)

CASES = Path(__file__).resolve().parents[1] / "cases" / "statistics"
METHODS: dict[str, Callable[[CensoredSample, Any], Estimate]] = {
    "kaplan_meier": lambda sample, tail: kaplan_meier(sample, tail=tail),
    "regression_on_order": lambda sample, plotting: regression_on_order(sample, plotting=plotting),
    "maximum_likelihood": lambda sample, distribution: maximum_likelihood(sample, distribution=distribution),
    "substitution": lambda sample, by: substitute(sample, by=by),
    "arithmetic": lambda sample, _: arithmetic(sample),
}


def cases(name: str) -> Any:
    """A file of cases."""
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


def sample_of(results: str | Sequence[str]) -> CensoredSample:
    """Results as a laboratory writes them: `<5` is not detected at the limit 5."""
    words = results.split() if isinstance(results, str) else results
    return CensoredSample([float(word.removeprefix("<")) for word in words], [word.startswith("<") for word in words])


def estimate(sample: CensoredSample, method: str, convention: str) -> Estimate:
    """An estimate by the ids of its method and convention."""
    return METHODS[method](sample, convention)


def meets(value: float | None, printed: str, *, cut_off: bool = False) -> bool:
    """Whether a value rounds to the printed figure, or is cut off to it."""
    exponent = Decimal(printed).as_tuple().exponent
    assert value is not None and isinstance(exponent, int)
    return abs(value - float(printed)) <= (1.001 if cut_off else 0.501) * 10.0**exponent
