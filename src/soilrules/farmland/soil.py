"""One element in the soil of one unit: the grades of its points become the grade of the unit.

A point nobody can grade leaves the element open: it is never taken for clean. Points of the third grade that lie apart
from each other do not make the unit Ⅲ where a majority stands against them, but must be drawn out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from soilrules.farmland.rulesets import ROOM, Grade, Otherwise, Ruleset
from soilrules.messages import Message
from soilrules.verdict import Outcome

Pairs = frozenset[frozenset[str]]
"""Which points of a unit adjoin, by their names."""


@dataclass(frozen=True, slots=True)
class PointGrade:
    """The grade of one element at one point; None where nobody can say."""

    point: str
    grade: Grade | None


class SoilReason(StrEnum):
    """Why a unit has its grade by soil, or none."""

    SAME = "same"
    MAJORITY = "majority"
    DRAWN_OUT = "drawn_out"
    WORST = "worst"
    DIVIDE = "divide"
    NO_POINT = "no_point"
    POINT_UNKNOWN = "point_unknown"
    ADJOINING_UNKNOWN = "adjoining_unknown"


@dataclass(frozen=True, slots=True)
class ElementSoil:
    """The grade of an element by soil. `counts` of Ⅰ, Ⅱ, Ⅲ; `apart` are the points to be drawn out of the unit."""

    grade: Grade | None
    reason: SoilReason
    counts: tuple[int, int, int]
    unknown: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def message(self) -> Message:
        """The reason as a sentence."""
        one, two, three = (str(count) for count in self.counts)
        params = {"one": one, "two": two, "three": three, "grade": self.grade.roman if self.grade else "—"}
        names = {"unknown": "、".join(self.unknown), "apart": "、".join(self.apart)}
        return Message(ROOM, "soil", self.reason, params | names)


def grade_of(outcome: Outcome) -> Grade | None:
    """The grade of a point by the verdict of GB 15618: within the screening value, between both values, above control.

    >>> grade_of(Outcome.EXCEEDS_SCREENING).roman, grade_of(Outcome.UNKNOWN)
    ('Ⅱ', None)
    """
    grades = {
        Outcome.MEETS: Grade.ONE,
        Outcome.EXCEEDS_SCREENING: Grade.TWO,
        Outcome.EXCEEDS_CONTROL: Grade.THREE,
    }
    return grades.get(outcome)


def element_soil(points: Sequence[PointGrade], adjoining: Pairs | None, ruleset: Ruleset) -> ElementSoil:
    """The grade of a unit for one element. `adjoining` None: nobody knows which points adjoin."""
    unknown = tuple(one.point for one in points if one.grade is None)
    tally = Counter(one.grade for one in points)
    counts = (tally[Grade.ONE], tally[Grade.TWO], tally[Grade.THREE])
    if not points:
        return ElementSoil(None, SoilReason.NO_POINT, counts)
    if unknown:
        return ElementSoil(None, SoilReason.POINT_UNKNOWN, counts, unknown)
    present = [grade for grade in Grade if tally[grade]]
    if len(present) == 1:
        return ElementSoil(present[0], SoilReason.SAME, counts)
    leading = max(present, key=lambda grade: tally[grade])
    if ruleset.majority is None or Decimal(tally[leading]) < ruleset.majority * len(points):
        return _otherwise(max(present), counts, ruleset)
    others = [one for one in points if one.grade is not leading]
    adjoin = _adjoin([one.point for one in others], adjoining)
    if adjoin is None:
        return ElementSoil(None, SoilReason.ADJOINING_UNKNOWN, counts)
    if adjoin:
        return _otherwise(max(present), counts, ruleset)
    apart = tuple(one.point for one in others if one.grade is Grade.THREE)
    return ElementSoil(leading, SoilReason.DRAWN_OUT if apart else SoilReason.MAJORITY, counts, (), apart)


def _otherwise(worst: Grade, counts: tuple[int, int, int], ruleset: Ruleset) -> ElementSoil:
    if ruleset.otherwise is Otherwise.DIVIDE:
        return ElementSoil(None, SoilReason.DIVIDE, counts)
    return ElementSoil(worst, SoilReason.WORST, counts)


def _adjoin(points: Sequence[str], adjoining: Pairs | None) -> bool | None:
    """Whether any two of the points adjoin; one alone adjoins none."""
    if len(points) < 2:
        return False
    if adjoining is None:
        return None
    return any(frozenset(pair) in adjoining for pair in combinations(points, 2))
