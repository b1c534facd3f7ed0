"""Produce beside soil: how far samples lie above the limit, and what soil and produce say together of one element."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from soilrules.farmland.rulesets import ROOM, Grade, Produce, Row, Ruleset
from soilrules.messages import Message


class Excess(StrEnum):
    """How far a sample lies above its limit."""

    WITHIN = "within"  # 未超标
    LIGHT = "light"  # 轻微超标
    SEVERE = "severe"  # 严重超标


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of produce of one unit for one element, counted by how far they lie above the limit."""

    within: int = 0
    light: int = 0
    severe: int = 0
    unknown: int = 0

    @property
    def judged(self) -> int:
        """Those somebody can judge."""
        return self.within + self.light + self.severe


class JointReason(StrEnum):
    """Why the joint grade is what it is."""

    TOO_FEW = "too_few"
    KEPT = "kept"
    LOWERED = "lowered"
    RAISED = "raised"
    HELD_BY_UNKNOWN = "held_by_unknown"


@dataclass(frozen=True, slots=True)
class Joint:
    """What soil and produce say together; `row` is the row of the table that fits, None where there were too few samples."""

    grade: Grade
    reason: JointReason
    samples: Samples
    row: Row | None

    @property
    def message(self) -> Message:
        """The reason as a sentence."""
        some = self.samples
        params = {"within": str(some.within), "light": str(some.light), "severe": str(some.severe)}
        more = {"unknown": str(some.unknown), "grade": self.grade.roman}
        return Message(ROOM, "joint", self.reason, params | more)


def excess(ratio: Decimal, ruleset: Ruleset) -> Excess:
    """How far a sample lies above its limit, by measured ÷ limit; the limit itself is not exceeded.

    Raises ValueError for a ratio below 0.
    """
    if ratio < 0:
        raise ValueError(f"ratio {ratio} is below 0: expected measured ÷ limit. Check value and unit of the sample.")
    if ratio <= 1:
        return Excess.WITHIN
    return Excess.LIGHT if ratio <= ruleset.light else Excess.SEVERE


def joint(soil: Grade, samples: Samples, ruleset: Ruleset) -> Joint:
    """The grade of an element by soil and produce.

    Fewer samples than the rule set asks change nothing. Samples nobody can judge never lower a grade: it falls only as
    far as it would if every one of them were severe.
    """
    if samples.judged < ruleset.samples:
        return Joint(soil, JointReason.TOO_FEW, samples, None)
    row = _fitting(soil, samples, ruleset)
    if samples.unknown and row.result < soil:
        worst = Samples(samples.within, samples.light, samples.severe + samples.unknown)
        held = _fitting(soil, worst, ruleset)
        if held.result > row.result:
            return Joint(min(held.result, soil), JointReason.HELD_BY_UNKNOWN, samples, held)
    changes = {-1: JointReason.LOWERED, 0: JointReason.KEPT, 1: JointReason.RAISED}
    return Joint(row.result, changes[(row.result > soil) - (row.result < soil)], samples, row)


def _fitting(soil: Grade, samples: Samples, ruleset: Ruleset) -> Row:
    return next(row for row in ruleset.rows_of(soil) if _fits(row.produce, samples, ruleset.mostly))


def _fits(produce: Produce, samples: Samples, mostly: Decimal) -> bool:
    match produce:
        case Produce.NONE_ABOVE:
            return samples.light + samples.severe == 0
        case Produce.SOME_SEVERE:
            return samples.severe > 0
        case Produce.MOSTLY_WITHIN:
            return samples.severe == 0 and Decimal(samples.within) >= mostly * samples.judged
        case Produce.ANY:
            return True
