"""Whether cropland of the priority class 优先保护类耕地 kept its area and its quality between two days, unit by unit.

The area of all of it must not be less and no unit of it may have fallen into a worse class. Ground that went to another unit
of the class by a division or an adjustment of bounds is kept. A unit whose area or class nobody knows leaves it open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from soilrules.farmland.rulesets import ROOM
from soilrules.farmland.units import FarmlandClass
from soilrules.messages import Message

SAME_M2 = 1.0
"""Areas of a unit that differ by no more are the same: they were measured and rounded."""
PRINTED_M2 = 0.05 / 15 * 10_000
"""A sum that is less by no more prints the same: areas are told to a tenth of a mu."""


class Became(StrEnum):
    """What became of ground that was of the priority class."""

    KEPT = "kept"
    WORSE = "worse"  # now in a worse class
    LESS = "less"  # of the class still, but less ground
    GONE = "gone"  # farmland no more, or without a class
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ground:
    """A unit of the priority class before: its area then, and now what stands on the same ground.

    `now` are the classes that ground is in today, `still_m2` how much of it is of the priority class; None: nobody knows.
    """

    unit: str
    before_m2: float | None
    still_m2: float | None
    now: tuple[FarmlandClass, ...] = ()

    @property
    def became(self) -> Became:
        """What became of it."""
        if self.before_m2 is None or self.still_m2 is None:
            return Became.UNKNOWN
        if self.before_m2 - self.still_m2 <= SAME_M2:
            return Became.KEPT
        if any(one is not FarmlandClass.PRIORITY for one in self.now):
            return Became.WORSE
        return Became.LESS if self.still_m2 > 0 else Became.GONE

    @property
    def lost_m2(self) -> float:
        """How much is no longer of the class."""
        return max((self.before_m2 or 0.0) - (self.still_m2 or 0.0), 0.0)


class Outcome(StrEnum):
    """The answer for all units together."""

    KEPT = "kept"
    FELL = "fell"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Kept:
    """Area and quality, each with its answer; `named` are the units that were not kept, the largest loss first."""

    before_m2: float
    after_m2: float
    area: Outcome
    quality: Outcome
    named: tuple[Ground, ...]

    def messages(self) -> tuple[Message, ...]:
        """Both answers as sentences."""
        worse = sum(one.became is Became.WORSE for one in self.named)
        params = {"before": mu(self.before_m2), "after": mu(self.after_m2), "less": mu(self.before_m2 - self.after_m2)}
        return (
            Message(ROOM, "priority_area", self.area, params),
            Message(ROOM, "priority_quality", self.quality, {"units": str(worse)}),
        )


def compare(grounds: Sequence[Ground], after_m2: float | None) -> Kept:
    """Both days compared; `after_m2` is all priority farmland of the later day, None where some of it is not known."""
    before = sum(one.before_m2 or 0.0 for one in grounds)
    unknown = any(one.became is Became.UNKNOWN for one in grounds)
    named = sorted((one for one in grounds if one.became is not Became.KEPT), key=lambda one: -one.lost_m2)
    worse = any(one.became is Became.WORSE for one in grounds)
    quality = Outcome.FELL if worse else Outcome.UNKNOWN if unknown else Outcome.KEPT
    if unknown or after_m2 is None or not grounds:
        area = Outcome.UNKNOWN
    else:
        measured = sum(one.still_m2 if one.became is Became.KEPT else one.before_m2 for one in grounds)  # type: ignore[misc]
        area = Outcome.FELL if measured - after_m2 > PRINTED_M2 else Outcome.KEPT
    return Kept(before, after_m2 or 0.0, area, quality if grounds else Outcome.UNKNOWN, tuple(named))


def mu(area_m2: float) -> str:
    """Square metres as mu, as they are printed: 15 mu are one hectare.

    >>> mu(10_000)
    '15.0'
    """
    return f"{area_m2 * 15 / 10_000:,.1f}"
