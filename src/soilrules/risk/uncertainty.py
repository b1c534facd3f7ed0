"""Risk under uncertainty: Monte Carlo and Latin hypercube over any parameter, reproducible by seed.

The functions of `model` run on draws instead of single values, so a draw of the case itself gives what `assess` gives.
A name is a parameter key ("BWa"), or a property or concentration of a substance ("benzene.H", "benzene.surface_mg_kg").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import scipy

import soilrules
from soilrules.risk.case import Case
from soilrules.risk.distributions import Array, Distribution
from soilrules.risk.errors import CaseError, unknown
from soilrules.risk.model import control_values, slopes, total
from soilrules.risk.parameters import Value, Values, check_together, derive, given, parameter_of
from soilrules.risk.pathways import PATHWAYS, Medium
from soilrules.risk.substances import properties_of, refusal, substance_table, substances

CELLS = 1 << 15  # substances x draws worked on at once: what the processor keeps near
TOTALS = ("risk.total", "hq.total", "rcvs", "hcvs", "control", "rcvg", "hcvg", "groundwater_control")
BY_PATHWAY = tuple(f"{effect}.{one.name}" for effect in ("risk", "hq") for one in PATHWAYS)


class Sampler(StrEnum):
    """How shares between 0 and 1 are drawn: independently, or one in each of n equal slices."""

    MONTE_CARLO = "monte_carlo"
    LATIN_HYPERCUBE = "latin_hypercube"


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A parameter that is drawn, and why with this distribution."""

    distribution: Distribution
    because: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many draws, by which sampler and seed, kept for which quantities."""

    n: int
    seed: int
    sampler: Sampler = Sampler.LATIN_HYPERCUBE
    quantities: tuple[str, ...] = TOTALS


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile and the bounds it lies between; None where the draws are too few to bound it."""

    percent: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of a run and what came of them: arrays of n by name, and of (substances, n) by quantity."""

    sampling: Sampling
    slugs: tuple[str, ...]
    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]
    reasons: Mapping[str, str]
    version: str = field(default=soilrules.__version__)
    generator: str = "numpy PCG64"

    def of(self, slug: str, quantity: str) -> Array:
        """The n values of one quantity of one substance; NaN where the model cannot say."""
        found: Array = self.outputs[quantity][self.slugs.index(slug)]
        return found

    def percentiles(
        self, slug: str, quantity: str, percents: Sequence[float] = (5, 25, 50, 75, 95), *, confidence: float = 0.95
    ) -> tuple[Percentile, ...]:
        """Percentiles with their sampling error; empty where the quantity is not defined."""
        values = self.of(slug, quantity)
        if np.isnan(values).any():
            return ()
        ordered = np.sort(values)
        return tuple(percentile(ordered, percent, confidence=confidence) for percent in percents)

    def as_json(self) -> dict[str, Any]:
        """Percentiles of every quantity kept, by substance, with how they were drawn and why."""
        return {
            "sampler": str(self.sampling.sampler),
            "n": self.sampling.n,
            "seed": self.sampling.seed,
            "generator": self.generator,
            "version": self.version,
            "uncertain": dict(self.reasons),
            "substances": {
                slug: {name: [asdict(one) for one in self.percentiles(slug, name)] for name in self.outputs}
                for slug in self.slugs
            },
        }


def percentile(ordered: Array, percent: float, *, confidence: float = 0.95) -> Percentile:
    """A percentile of sorted draws between the order statistics that hold it with `confidence`.

    The bounds assume nothing of the distribution: the number of draws below the true percentile is binomial. For a
    Latin hypercube they are wider than needed.
    """
    n, share = len(ordered), percent / 100.0
    outside = (1.0 - confidence) / 2.0
    below = int(scipy.stats.binom.ppf(outside, n, share))
    above = int(scipy.stats.binom.ppf(1.0 - outside, n, share)) + 1
    return Percentile(
        percent=percent,
        value=float(np.quantile(ordered, share)),
        low=float(ordered[below - 1]) if below >= 1 else None,
        high=float(ordered[above - 1]) if above <= n else None,
    )


def shares(sampling: Sampling, dimensions: int) -> Array:
    """n points in the unit cube, shape (n, dimensions), the same for the same seed."""
    generator = np.random.Generator(np.random.PCG64(sampling.seed))
    if sampling.sampler is Sampler.MONTE_CARLO:
        return generator.random((sampling.n, dimensions))
    return np.asarray(scipy.stats.qmc.LatinHypercube(d=dimensions, rng=generator).random(sampling.n), dtype=np.float64)


def run(case: Case, uncertain: Mapping[str, Uncertain], sampling: Sampling) -> Draws:
    """Draw the uncertain parameters n times and run the model on every draw; refused substances are left out.

    Raises CaseError for a name that is none, a missing justification, and draws outside the physical range.
    """
    slugs = tuple(one.slug for one in case.substances if refusal(one.slug) is None)
    _check(case, uncertain, sampling, slugs)
    points = shares(sampling, len(uncertain))
    inputs = {name: one.distribution.quantiles(points[:, at]) for at, (name, one) in enumerate(uncertain.items())}
    return Draws(
        sampling=sampling,
        slugs=slugs,
        inputs=inputs,
        outputs=_outputs(prepare(case, slugs, inputs), case, sampling),
        reasons={name: one.because for name, one in uncertain.items()},
    )


def _check(case: Case, uncertain: Mapping[str, Uncertain], sampling: Sampling, slugs: tuple[str, ...]) -> None:
    if sampling.n < 1 or not uncertain or not slugs:
        raise CaseError("nothing_to_draw", n=sampling.n, parameters=len(uncertain), substances=len(slugs))
    for quantity in sampling.quantities:
        if quantity not in (*TOTALS, *BY_PATHWAY):
            raise unknown("quantity", quantity, (*TOTALS, *BY_PATHWAY), place="quantities")
    for name, one in uncertain.items():
        if not one.because.strip():
            raise CaseError("because_missing", place=f"uncertain.{name}")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the model runs on: parameters of shape () or (n,), properties and concentrations (m, 1) or (m, n)."""

    values: Values
    properties: Values
    concentrations: Values

    def part(self, begin: int, end: int) -> Inputs:
        """The draws from `begin` to before `end`."""
        return Inputs(*({key: _cut(one, begin, end) for key, one in kind.items()} for kind in self.kinds))

    @property
    def kinds(self) -> tuple[Values, Values, Values]:
        """The three mappings."""
        return self.values, self.properties, self.concentrations


def _cut(value: Value, begin: int, end: int) -> Value:
    return value if np.ndim(value) == 0 or np.shape(value)[-1] == 1 else np.asarray(value)[..., begin:end]


def prepare(case: Case, slugs: tuple[str, ...], drawn: Mapping[str, Value]) -> Inputs:
    """The inputs of the model for `slugs` with some of them replaced by `drawn`: single values or arrays of n."""
    values = given(case.chosen_set, land_class=case.land_class, overrides=case.overrides)
    properties: dict[str, Value] = dict(properties_of([substances()[slug] for slug in slugs]))
    concentrations: dict[str, Value] = dict(_concentrations(case, slugs))
    for name, value in drawn.items():
        slug, _, key = name.partition(".")
        if not key:
            _in_range(case, name, value)
            values[name] = value
        elif slug in slugs and key in (*substance_table().properties, *Medium):
            target = properties if key in properties else concentrations
            target[key] = _with_row(target[key], slugs.index(slug), value, name)
        else:
            raise unknown("name", name, _names(slugs), place="uncertain")
    full = derive(values)
    check_together(full)
    return Inputs(full, properties, concentrations)


def _names(slugs: tuple[str, ...]) -> list[str]:
    return [f"{slug}.{key}" for slug in slugs for key in (*substance_table().properties, *Medium)]


def _in_range(case: Case, name: str, value: Value) -> None:
    parameter = parameter_of(case.chosen_set, name, land_class=case.land_class, place="uncertain")
    for edge in (float(np.min(value)), float(np.max(value))):
        if not parameter.range.holds(edge):
            raise CaseError(
                "out_of_range", place=f"uncertain.{name}", value=f"{edge:g}", range=parameter.range, unit=parameter.unit
            )


def _with_row(column: Value, at: int, value: Value, name: str) -> Array:
    """`column` of shape (m, 1) or (m, n) with row `at` replaced by draws, which may not be below 0."""
    if not np.all(np.isfinite(value) & (np.asarray(value) >= 0)):
        raise CaseError("below_zero", place=f"uncertain.{name}", value=f"{float(np.min(value)):g}")
    wide = np.array(np.broadcast_to(column, (np.shape(column)[0], max(np.shape(column)[-1], np.size(value)))))
    wide[at] = value
    return wide


def _concentrations(case: Case, slugs: tuple[str, ...]) -> dict[str, Array]:
    measured = {one.slug: one for one in case.substances}
    rows = {str(key): [getattr(measured[slug], key) for slug in slugs] for key in Medium}
    return {key: np.array([[math.nan if one is None else one] for one in row]) for key, row in rows.items()}


def evaluate(inputs: Inputs, case: Case) -> dict[str, Value]:
    """Every quantity by name for all substances and draws; NaN where the model cannot say.

    Of the case only the land class and the excluded pathways count; all numbers are those of `inputs`.
    """
    each = slopes(inputs.values, inputs.properties, land_class=case.land_class, excluded=case.excluded)
    found: dict[str, Value] = {}
    for effect, per_unit in (("risk", each.risk), ("hq", each.hq)):
        parts = {one.name: per_unit[one.name] * inputs.concentrations[one.medium] for one in PATHWAYS}
        found.update({f"{effect}.{name}": part for name, part in parts.items()})
        found[f"{effect}.total"] = total(parts.values())
    control = control_values(inputs.values, inputs.properties, each)
    return found | {name: getattr(control, name) for name in TOTALS if "." not in name}


def _outputs(inputs: Inputs, case: Case, sampling: Sampling) -> dict[str, Array]:
    rows = len(inputs.properties["SAF"])  # type: ignore[arg-type]  # a column per property
    found = {quantity: np.empty((rows, sampling.n)) for quantity in sampling.quantities}
    for begin, end in _pieces(sampling.n, rows):
        part = evaluate(inputs.part(begin, end), case)
        for quantity in sampling.quantities:
            found[quantity][:, begin:end] = part[quantity]
    return found


def _pieces(n: int, rows: int) -> Iterator[tuple[int, int]]:
    step = max(1, CELLS // rows)
    for begin in range(0, n, step):
        yield begin, min(begin + step, n)
