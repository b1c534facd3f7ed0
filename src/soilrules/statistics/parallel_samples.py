"""t test with parallel samples (平行样), for values near a remediation target (HJ 25.5).

Two forms, each its own rule with its own mark (data/evaluation/hj25.5-2018.yaml):

`compare_value`: one value x against the target T, given the error of sampling and laboratory. With k groups of
parallel samples, relative residuals r = (value - mean of its group) / mean of its group:
    s = √(Σ r² / f), f = Σ (group size - 1);  t = (x - T) / (s · T), compared with t(1 - α/2, f).
For pairs Σ r² of a pair is (a - b)² / (2 · mean²), so s is the usual standard deviation from duplicates.

`compare_mean`: the mean of parallel samples of one place against the target: mean ± t(1 - α/2, n - 1) · s / √n.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import scipy

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.readings import Reading
from soilrules.statistics.rule_data import ROOM, Rule, Rules, evaluation_rules

VALUE = "parallel_samples.value"
MEAN = "parallel_samples.mean"
PASSES = {"below": True, "not_different": True, "above": False}


class Comparison(StrEnum):
    """How a value stands to the target, given the error."""

    BELOW = "below"
    NOT_DIFFERENT = "not_different"
    ABOVE = "above"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TTest:
    """The comparison, its figures and its formula. `standard_error` in the unit of the target."""

    outcome: Comparison
    rule: Rule
    message: Message
    t: float | None = None
    critical: float | None = None
    degrees_of_freedom: int = 0
    standard_error: float | None = None
    version: str = __version__

    @property
    def passes(self) -> bool | None:
        """Significantly below or not different passes, significantly above fails; unknown is None, not a pass."""
        return PASSES.get(self.outcome)


def relative_error(groups: Sequence[Sequence[Reading]]) -> tuple[float, int]:
    """Relative standard deviation pooled over groups of detected parallel samples, and its degrees of freedom."""
    squares, freedom = 0.0, 0
    for group in groups:
        mean = statistics.mean(one.value for one in group)
        squares += sum(float((one.value - mean) / mean) ** 2 for one in group)
        freedom += len(group) - 1
    return math.sqrt(squares / freedom), freedom


def compare_value(
    value: Reading, groups: Sequence[Sequence[Reading]], *, target: Decimal, rules: Rules | None = None
) -> TTest:
    """How one value stands to the target, given parallel samples of the same pollutant.

    `groups`: two or more readings of one place each. A group with a non-detect says nothing about the error and is
    left out. A value not detected counts as its reporting limit; where that is above the target: unknown.
    """
    rule = (rules or evaluation_rules("hj25.5-2018"))[VALUE]
    usable = [group for group in groups if len(group) > 1 and all(one.detected for one in group)]
    least = rule.whole("minimum_groups")
    if reason := _no_test(rule, len(usable), least, value.detected or value.value <= target):
        return _unknown(rule, reason, have=len(usable), least=least)
    error, freedom = relative_error(usable)
    return _tested(rule, float(value.value - target), error * float(target), freedom)


def compare_mean(replicates: Sequence[Reading], *, target: Decimal, rules: Rules | None = None) -> TTest:
    """How the mean of parallel samples of one place stands to the target; non-detects make it unknown."""
    rule = (rules or evaluation_rules("hj25.5-2018"))[MEAN]
    detected = [one.value for one in replicates if one.detected]
    least = rule.whole("minimum_values")
    if reason := _no_test(rule, len(detected), least, len(detected) == len(replicates)):
        return _unknown(rule, reason, have=len(detected), least=least)
    error = float(statistics.stdev(detected)) / math.sqrt(len(detected))
    return _tested(rule, float(statistics.mean(detected) - target), error, len(detected) - 1)


def _no_test(rule: Rule, have: int, least: int, comparable: bool) -> str | None:
    if not rule.in_use:
        return "switched_off"
    if not comparable:
        return "parallel_not_detected"
    return "too_few_parallels" if have < least else None


def _tested(rule: Rule, difference: float, standard_error: float, freedom: int) -> TTest:
    if standard_error == 0:
        return _unknown(rule, "no_spread")
    t = difference / standard_error
    critical = float(scipy.stats.t.ppf(1 - float(rule.number("significance")) / 2, freedom))
    outcome = Comparison.NOT_DIFFERENT
    if abs(t) > critical:
        outcome = Comparison.ABOVE if t > 0 else Comparison.BELOW
    params = {"t": f"{t:.4g}", "critical": f"{critical:.4g}", "freedom": str(freedom)}
    message = Message(ROOM, "evaluation", f"parallel_{outcome}", params)
    return TTest(outcome, rule, message, t, critical, freedom, standard_error)


def _unknown(rule: Rule, reason: str, **params: int) -> TTest:
    said = {name: str(value) for name, value in params.items()} | {"rule": rule.id}
    return TTest(Comparison.UNKNOWN, rule, Message(ROOM, "evaluation", reason, said))
