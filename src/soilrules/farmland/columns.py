"""Classes of units by the hundred thousand: grades of points and samples as arrays in, grades of units as arrays out.

The rules are those of soilrules.farmland.units, the answers equal; nothing here loops over points or units. Elements go
by their place in `ruleset.elements`. Grades are 1, 2, 3; 0 is "nobody can say", −1 "not measured here".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from soilrules.farmland.rulesets import Grade, Otherwise, Produce, Ruleset
from soilrules.farmland.soil import SoilReason

Ints = NDArray[np.int32]
Grades = NDArray[np.int8]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

UNMEASURED, UNKNOWN = -1, 0
REASONS = tuple(SoilReason)
_REASON = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class PointColumns:
    """Points of a campaign. `unit`: (n,) place of each point's unit; `grades`: (n, elements).

    `adjoining`: (m, 2) places of points of one unit that adjoin; None where nobody knows.
    """

    unit: Ints
    grades: Grades
    adjoining: Ints | None


@dataclass(frozen=True, slots=True)
class SampleColumns:
    """Samples of produce: `unit` and `element` (k,); `excess` (k,) 1 within, 2 light, 3 severe, 0 unknown."""

    unit: Ints
    element: Ints
    excess: Grades


@dataclass(frozen=True, slots=True)
class UnitColumns:
    """Units: `soil`, `grades` (units, elements) and `reasons` as places in REASONS; `worst` (units,); `controlling` flags.

    `apart`: (n, elements) points to be drawn out, for the points as they came.
    """

    soil: Grades
    reasons: Grades
    grades: Grades
    worst: Grades
    controlling: Flags
    apart: Flags


def classify_columns(units: int, points: PointColumns, samples: SampleColumns, ruleset: Ruleset) -> UnitColumns:
    """The classes of `units` units by a rule set."""
    count = len(ruleset.elements)
    shape = (units, count)
    soil, reasons, grades = np.zeros(shape, np.int8), np.zeros(shape, np.int8), np.zeros(shape, np.int8)
    apart = np.zeros(points.grades.shape, bool)
    for element in range(count):
        grade = np.ascontiguousarray(points.grades[:, element])
        soil[:, element], reasons[:, element], drawn = _soil(units, points, grade, ruleset)
        severe = np.flatnonzero(grade == Grade.THREE)
        apart[severe, element] = drawn[points.unit[severe]]
        here = samples.element == element
        tally = _tally(units, samples.unit[here], samples.excess[here])
        grades[:, element] = _joint(soil[:, element], tally, ruleset)
    worst = grades.max(axis=1, initial=0)
    open_ = (grades == UNKNOWN).any(axis=1) & (worst < Grade.THREE)
    worst = np.where(open_, UNKNOWN, worst).astype(np.int8)
    controlling = (grades == worst[:, None]) & (worst[:, None] > Grade.ONE)
    return UnitColumns(soil, reasons, grades, worst, controlling, apart)


def _tally(units: int, unit: Ints, grade: Grades) -> Counts:
    """(5, units): how many of each unit are not measured, unknown, 1, 2 and 3."""
    cell = (grade.astype(np.int64) - UNMEASURED) * units + unit
    return np.bincount(cell, minlength=units * 5).reshape(5, units)


def _soil(units: int, points: PointColumns, grade: Grades, ruleset: Ruleset) -> tuple[Grades, Grades, Flags]:
    """The grade by soil, the reason, and the units whose severe points are to be drawn out; `grade` of one element."""
    _unmeasured, unknown, *known = _tally(units, points.unit, grade)
    one, two, three = known
    total, largest = one + two + three, np.maximum(np.maximum(one, two), three)
    leading = np.where(one == largest, 1, np.where(two == largest, 2, 3)).astype(np.int8)
    worst = np.where(three > 0, 3, np.where(two > 0, 2, 1)).astype(np.int8)
    others = total - largest
    same, most = others == 0, _reaches(largest, total, ruleset.majority)
    adjoin = _adjoining(units, points, (grade != UNMEASURED) & (grade != leading[points.unit]))
    nobody_knows = (others > 1) & (points.adjoining is None)
    drawn = most & ~adjoin & (three > 0) & (leading != 3)
    fallback = SoilReason.DIVIDE if ruleset.otherwise is Otherwise.DIVIDE else SoilReason.WORST
    reason = np.select(
        [total + unknown == 0, unknown > 0, same, ~most, nobody_knows, adjoin, drawn],
        [
            _REASON[SoilReason.NO_POINT], _REASON[SoilReason.POINT_UNKNOWN], _REASON[SoilReason.SAME], _REASON[fallback],
            _REASON[SoilReason.ADJOINING_UNKNOWN], _REASON[fallback], _REASON[SoilReason.DRAWN_OUT],
        ],
        _REASON[SoilReason.MAJORITY],
    ).astype(np.int8)  # fmt: skip
    said = np.zeros(len(REASONS), np.int8)
    said[[_REASON[one] for one in (SoilReason.SAME, SoilReason.MAJORITY, SoilReason.DRAWN_OUT)]] = 1
    said[_REASON[SoilReason.WORST]] = 2
    soil = np.where(said[reason] == 1, leading, np.where(said[reason] == 2, worst, UNKNOWN)).astype(np.int8)
    return soil, reason, reason == _REASON[SoilReason.DRAWN_OUT]


def _reaches(part: Counts, whole: Counts, share: object) -> Flags:
    """Whether a part is at least this share of the whole, in whole numbers; no share is reached by none."""
    if share is None:
        return np.zeros(len(part), bool)
    exact = Fraction(str(share))
    reached: Flags = part * exact.denominator >= whole * exact.numerator
    return reached


def _adjoining(units: int, points: PointColumns, minority: Flags) -> Flags:
    """Whether two points of the minority of a unit are known to adjoin."""
    adjoin = np.zeros(units, bool)
    if points.adjoining is None:
        return adjoin
    first, second = points.adjoining[minority[points.adjoining[:, 0]]].T
    adjoin[points.unit[first[minority[second]]]] = True
    return adjoin


def _joint(soil: Grades, tally: Counts, ruleset: Ruleset) -> Grades:
    """The grade by soil and produce."""
    _unmeasured, unknown, within, light, severe = tally
    plain = _by_table(soil, within, light, severe, ruleset)
    feared = _by_table(soil, within, light, severe + unknown, ruleset)
    held = np.where((unknown > 0) & (plain < soil), np.maximum(plain, np.minimum(feared, soil)), plain)
    judged = within + light + severe
    return np.where((judged < ruleset.samples) | (soil == UNKNOWN), soil, held).astype(np.int8)


def _by_table(soil: Grades, within: Counts, light: Counts, severe: Counts, ruleset: Ruleset) -> Grades:
    """The result of the first row of the table that fits each unit."""
    above = light + severe
    fits = {
        Produce.NONE_ABOVE: above == 0,
        Produce.SOME_SEVERE: severe > 0,
        Produce.MOSTLY_WITHIN: (severe == 0) & _reaches(within, within + above, ruleset.mostly),
        Produce.ANY: np.ones(len(soil), bool),
    }
    rows = ruleset.together
    found = np.select([(soil == row.soil) & fits[row.produce] for row in rows], [int(row.result) for row in rows], 0)
    return found.astype(np.int8)
