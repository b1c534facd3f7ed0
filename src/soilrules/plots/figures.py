"""Numbers a report gives of its laboratory values against a target, and the same numbers computed from the values themselves.

Whether the target is reached is said by soilrules.statistics.effect_evaluation for soil. For groundwater the rules of the
batches and of the trend (HJ 25.6) are not confirmed: a value above the target fails, values within it say nothing yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from soilrules.messages import Message
from soilrules.plots.lists import ROOM
from soilrules.statistics.effect_evaluation import MEAN, Outcome, evaluate, upper_limit
from soilrules.statistics.readings import Reading, listed
from soilrules.statistics.rule_data import evaluation_rules

SOIL_RULES = "hj25.5-2018"


class Name(StrEnum):
    """A number of a target."""

    N = "n"
    MEAN = "mean"
    UCL95 = "ucl95"
    MAXIMUM = "maximum"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many values, their mean, its upper confidence limit, the largest, and how many per cent are above the target.

    None is not known; a value not detected counts as its reporting limit.
    """

    n: int | None = None
    mean: Decimal | None = None
    ucl95: Decimal | None = None
    maximum: Decimal | None = None
    above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a target is reached, why, and the computed numbers."""

    outcome: Outcome
    message: Message
    figures: Figures


def figures_of(readings: Sequence[Reading], target: Decimal) -> Figures:
    """The numbers of values in the unit of the target; `above` is open where a reporting limit lies above it.

    >>> figures_of([Reading.parse("10"), Reading.parse("<2"), Reading.parse("30")], Decimal(20)).above.quantize(Decimal("0.1"))
    Decimal('33.3')
    """
    if not readings:
        return Figures(0)
    values = [one.value for one in readings]
    known = all(one.detected or one.value <= target for one in readings)
    over = sum(one.detected and one.value > target for one in readings)
    confidence = evaluation_rules(SOIL_RULES)[MEAN].number("confidence")
    return Figures(
        n=len(values),
        mean=sum(values, Decimal(0)) / len(values),
        ucl95=upper_limit(values, confidence).value if len(values) > 1 else None,
        maximum=max(values),
        above=Decimal(100 * over) / len(values) if known else None,
    )


def judge_soil(readings: Sequence[Reading], target: Decimal) -> Judged:
    """Whether soil reaches its target: few values each by itself, from eight on by the upper limit of the mean (HJ 25.5)."""
    found = evaluate(readings, target=target)
    return Judged(found.outcome, found.message, figures_of(readings, target))


def judge_groundwater(readings: Sequence[Reading], target: Decimal) -> Judged:
    """Whether groundwater reaches its target: a value above it does not; otherwise it cannot be said from values alone."""
    over = [one for one in readings if one.detected and one.value > target]
    params = {"n": str(len(readings)), "target": str(target), "values": listed(over)}
    name = "groundwater_above" if over else "groundwater_open" if readings else "no_values"
    outcome = Outcome.NOT_REACHED if over else Outcome.UNKNOWN
    return Judged(outcome, Message(ROOM, "targets", name, params), figures_of(readings, target))


def differing(own: Figures, computed: Figures) -> tuple[Name, ...]:
    """The numbers a report tells that are others than the computed ones, to the digits it prints.

    What the report does not tell, or cannot be computed, is in neither.

    >>> differing(Figures(n=3, mean=Decimal("14.0")), Figures(n=3, mean=Decimal("14.04")))
    ()
    >>> differing(Figures(maximum=Decimal(30)), Figures(maximum=Decimal(31)))
    (<Name.MAXIMUM: 'maximum'>,)
    """
    return tuple(one for one in Name if _differs(getattr(own, one), getattr(computed, one)))


def _differs(own: Decimal | int | None, computed: Decimal | int | None) -> bool:
    if own is None or computed is None:
        return False
    printed, exact = Decimal(own), Decimal(computed)
    return printed not in [exact.quantize(printed, rounding=one) for one in (ROUND_HALF_UP, ROUND_HALF_EVEN)]
