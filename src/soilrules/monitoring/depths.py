"""Whether a soil column was sampled at the depths the forms ask for, and a well deep enough.

Depths are metres below the ground, of water below its surface. Numbers: data/monitoring/depths.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache

from soilrules.messages import Message
from soilrules.monitoring.dated import DatedRule, origin, read, said
from soilrules.monitoring.density import Enough

SURFACE = "depths.surface"
SPACING = "depths.spacing"
LAYERS = "depths.soil_layers"
WATER = "depths.water_sample"
Rules = Mapping[str, DatedRule]


@dataclass(frozen=True, slots=True)
class Span:
    """From `top_m` down to `bottom_m`: a sample, or a soil layer."""

    top_m: Decimal
    bottom_m: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.top_m < self.bottom_m:
            raise ValueError(
                f"{self.top_m}–{self.bottom_m} m is no depth: expected metres below the ground, the upper edge first."
            )

    def __str__(self) -> str:
        return f"{self.top_m}–{self.bottom_m} m"


@dataclass(frozen=True, slots=True)
class Column:
    """One sampled column; `bottom_m` is how deep it was drilled, `layers` its soil layers; None is not known."""

    samples: tuple[Span, ...]
    bottom_m: Decimal | None
    layers: tuple[Span, ...] | None


@dataclass(frozen=True, slots=True)
class DepthFinding:
    """What one rule says of a column or a well."""

    verdict: Enough
    rule: DatedRule
    message: Message


def samples_needed(bottom_m: Decimal, *, layers: int = 1, rules: Rules | None = None) -> int:
    """The fewest samples of a column drilled to `bottom_m` through so many soil layers.

    >>> samples_needed(Decimal(6))
    4
    """
    numbers = (rules or depth_rules())[SPACING].numbers
    below = min(bottom_m, numbers["to_m"]) - numbers["from_m"]
    parts = int((max(below, Decimal(0)) / numbers["apart_m"]).to_integral_value(ROUND_CEILING))
    return max(1 + parts, layers)


def check_column(column: Column, on: date, *, rules: Rules | None = None) -> tuple[DepthFinding, ...]:
    """The depths of a column sampled on a day, rule by rule."""
    checks = {SURFACE: _surface, SPACING: _spacing, LAYERS: _layers}
    rules = rules or depth_rules()
    return tuple(_in_force(rules[name], on) or check(rules[name], column) for name, check in checks.items())


def check_water_sample(below_surface_m: Decimal | None, on: date, *, rules: Rules | None = None) -> DepthFinding:
    """Whether groundwater was taken deep enough below its surface."""
    rule = (rules or depth_rules())[WATER]
    if unknown := _in_force(rule, on):
        return unknown
    least = rule.numbers["below_surface_m"]
    if below_surface_m is None:
        return DepthFinding(Enough.UNKNOWN, rule, said("depths", "water_unknown", least=str(least)))
    enough = below_surface_m >= least
    message = said(
        "depths", "water_deep_enough" if enough else "water_too_high", least=str(least), found=str(below_surface_m)
    )
    return DepthFinding(Enough.MEETS if enough else Enough.TOO_FEW, rule, message)


@cache
def depth_rules() -> Rules:
    """The rules of data/monitoring/depths.yaml by id. Raises BadRuleData."""
    return {record.text("id"): DatedRule(**origin(record)) for record in read("depths")}


def _in_force(rule: DatedRule, on: date) -> DepthFinding | None:
    if rule.in_use and rule.in_force(on):
        return None
    message = said("depths", "not_in_force", rule=rule.id, day=str(on))
    return DepthFinding(Enough.UNKNOWN, rule, message)


def _surface(rule: DatedRule, column: Column) -> DepthFinding:
    lowest = rule.numbers["surface_m"]
    found = any(sample.bottom_m <= lowest for sample in column.samples)
    message = said("depths", "surface_yes" if found else "surface_no", lowest=str(lowest))
    return DepthFinding(Enough.MEETS if found else Enough.TOO_FEW, rule, message)


def _spacing(rule: DatedRule, column: Column) -> DepthFinding:
    """Stretches without a sample between the surface layer and the end of the column; deeper ones are not asked for."""
    begin, end, apart = (rule.numbers[name] for name in ("from_m", "to_m", "apart_m"))
    deepest = max((sample.bottom_m for sample in column.samples), default=Decimal(0))
    end = min(end, deepest if column.bottom_m is None else column.bottom_m)
    wide = [gap for gap in _gaps(column.samples, begin, end) if gap.bottom_m - gap.top_m > apart]
    if wide:
        message = said("depths", "spacing_no", apart=str(apart), gaps="; ".join(map(str, wide)))
        return DepthFinding(Enough.TOO_FEW, rule, message)
    if column.bottom_m is None:
        return DepthFinding(Enough.UNKNOWN, rule, said("depths", "bottom_unknown", deepest=str(deepest)))
    return DepthFinding(Enough.MEETS, rule, said("depths", "spacing_yes", apart=str(apart)))


def _gaps(samples: Sequence[Span], begin: Decimal, end: Decimal) -> Iterable[Span]:
    at = begin
    for sample in sorted(samples, key=lambda one: one.top_m):
        if at < min(sample.top_m, end):
            yield Span(at, min(sample.top_m, end))
        at = max(at, sample.bottom_m)
    if at < end:
        yield Span(at, end)


def _layers(rule: DatedRule, column: Column) -> DepthFinding:
    if column.layers is None:
        return DepthFinding(Enough.UNKNOWN, rule, said("depths", "layers_unknown"))
    without = [
        layer
        for layer in column.layers
        if not any(one.top_m < layer.bottom_m and layer.top_m < one.bottom_m for one in column.samples)
    ]
    if without:
        return DepthFinding(Enough.TOO_FEW, rule, said("depths", "layers_no", layers="; ".join(map(str, without))))
    return DepthFinding(Enough.MEETS, rule, said("depths", "layers_yes"))
