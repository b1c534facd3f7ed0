"""Effect evaluation of soil remediation (HJ 25.5): has one pollutant in one evaluation area reached its target?

Few values: each is at most the target. From eight values on: the upper confidence limit of the mean is at most the
target and the largest value at most twice the target. The numbers are data (data/evaluation/hj25.5-2018.yaml).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import scipy

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.readings import Reading, listed
from soilrules.statistics.rule_data import ROOM, Rule, Rules, evaluation_rules

EACH = "effect_evaluation.each_value"
MEAN = "effect_evaluation.mean_and_maximum"


class Outcome(StrEnum):
    """Whether the target is reached."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UpperLimit:
    """One-sided upper confidence limit of a mean by Student t: mean + t(confidence, n - 1) * s / √n."""

    n: int
    mean: Decimal
    standard_deviation: Decimal
    confidence: Decimal
    t: Decimal
    value: Decimal

    @property
    def formula(self) -> str:
        """The formula with its figures."""
        return (
            f"mean + t({self.confidence}, {self.n - 1}) × s / √n = {self.mean:.6g} + {self.t:.5g} × "
            f"{self.standard_deviation:.6g} / √{self.n} = {self.value:.6g}"
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer with what it rests on. `deciding`: the readings that decide; `upper_limit` on the path of the mean."""

    outcome: Outcome
    rule: Rule
    message: Message
    deciding: tuple[Reading, ...] = ()
    upper_limit: UpperLimit | None = None
    not_detected: int = 0
    version: str = __version__

    @property
    def assumption(self) -> Message | None:
        """What the upper limit takes for granted."""
        return Message(ROOM, "evaluation", "student_t_assumption") if self.upper_limit else None


def upper_limit(values: Sequence[Decimal], confidence: Decimal) -> UpperLimit:
    """Student's upper confidence limit of the mean; `values` are at least two, in one unit.

    >>> upper_limit([Decimal(1), Decimal(3)], Decimal("0.95")).formula
    'mean + t(0.95, 1) × s / √n = 2 + 6.3138 × 1.41421 / √2 = 8.31375'
    """
    mean, deviation = statistics.mean(values), statistics.stdev(values)
    t = Decimal(float(scipy.stats.t.ppf(float(confidence), len(values) - 1)))
    value = mean + t * deviation / Decimal(len(values)).sqrt()
    return UpperLimit(len(values), mean, deviation, confidence, t, value)


def evaluate(readings: Sequence[Reading], *, target: Decimal, rules: Rules | None = None) -> Evaluation:
    """Whether `readings` of one pollutant in one evaluation area reach `target` (same unit as the readings).

    A detected value above what its path allows is decisive whatever else is missing; then a non-detect whose
    reporting limit is above the target makes the answer unknown. Raises ValueError for a target not above zero.
    Source and mark: the rule in the result.
    """
    if not target.is_finite() or target <= 0:
        raise ValueError(f"target {target}: expected a content above 0, in the unit of the values.")
    rules = rules or evaluation_rules("hj25.5-2018")
    by_mean = len(readings) >= rules[MEAN].whole("minimum_values")
    rule = rules[MEAN if by_mean else EACH]
    if not readings or not rule.in_use:
        return _answer(Outcome.UNKNOWN, rule, "no_values" if not readings else "switched_off", readings)
    ceiling = target * rule.number("maximum_times_target") if by_mean else target
    if over := [one for one in readings if one.detected and one.value > ceiling]:
        return _over(rule, readings, over, ceiling)
    if coarse := [one for one in readings if not one.detected and one.value > target]:
        return _answer(Outcome.UNKNOWN, rule, "limit_above_target", readings, coarse, target=target)
    if by_mean:
        return _by_mean(rule, readings, target)
    largest = [max(readings, key=lambda one: one.value)]
    return _answer(Outcome.REACHED, rule, "each_within", readings, largest, target=target)


def _over(rule: Rule, readings: Sequence[Reading], over: Sequence[Reading], ceiling: Decimal) -> Evaluation:
    message = "maximum_above" if rule.id == MEAN else "each_above"
    return _answer(Outcome.NOT_REACHED, rule, message, readings, over, ceiling=ceiling)


def _by_mean(rule: Rule, readings: Sequence[Reading], target: Decimal) -> Evaluation:
    limit = upper_limit([one.value for one in readings], rule.number("confidence"))
    reached = limit.value <= target
    largest = [max(readings, key=lambda one: one.value)] if reached else list(readings)
    return Evaluation(
        Outcome.REACHED if reached else Outcome.NOT_REACHED,
        rule,
        Message(
            ROOM,
            "evaluation",
            "mean_within" if reached else "mean_above",
            {"n": str(limit.n), "formula": limit.formula, "target": str(target), "largest": listed(largest)},
        ),
        tuple(largest),
        limit,
        _not_detected(readings),
    )


def _answer(
    outcome: Outcome,
    rule: Rule,
    message: str,
    readings: Sequence[Reading],
    deciding: Sequence[Reading] = (),
    **params: Decimal,
) -> Evaluation:
    said = {name: str(value) for name, value in params.items()}
    said |= {"n": str(len(readings)), "values": listed(deciding), "rule": rule.id}
    return Evaluation(
        outcome,
        rule,
        Message(ROOM, "evaluation", message, said),
        tuple(deciding),
        not_detected=_not_detected(readings),
    )


def _not_detected(readings: Sequence[Reading]) -> int:
    return sum(not one.detected for one in readings)
