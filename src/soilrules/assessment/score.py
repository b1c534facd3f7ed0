"""The score of a scheme from facts alone: every item with its points and why, deductions, vetoes, the score, the grade.

What is not known makes a range: `worst` is the score if everything unknown turns out against the assessed, `best` if in its
favour. There is a grade where both ends have the same one. Points are fractions; the score is cut to two decimals, never
rounded up, so no grade is reached by rounding, and the grade is that of the score as printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from soilrules.assessment.facts import HUNDRED, UNKNOWN, Fact
from soilrules.assessment.scheme import Deduction, Grade, Item, Method, NotApplicable, Scheme, Veto
from soilrules.messages import Message

CENT = Decimal("0.01")
ROOM = "assessment"


class Said(StrEnum):
    """What is said of an item."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Scored:
    """One item: its fact, what is said of it, the points it has at the least and at the most, and why."""

    item: Item
    fact: Fact
    said: Said
    low: Decimal
    high: Decimal
    message: Message

    @property
    def deduction(self) -> Decimal:
        """What is lost for sure."""
        return self.item.weight - self.high


@dataclass(frozen=True, slots=True)
class Taken:
    """One deduction: between how much and how much is taken off."""

    rule: Deduction
    fact: Fact
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Vetoed:
    """One veto: it holds, it does not, or (None) nobody knows."""

    rule: Veto
    fact: Fact
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """The whole. `worst` and `best` None: no item applies. `grade` None: it cannot be said, see `grades` for what it may be."""

    items: tuple[Scored, ...]
    deductions: tuple[Taken, ...]
    vetoes: tuple[Vetoed, ...]
    worst: Decimal | None
    best: Decimal | None
    grades: tuple[Grade, Grade] | None

    @property
    def grade(self) -> Grade | None:
        """The grade where both ends have the same."""
        return self.grades[0] if self.grades and self.grades[0] == self.grades[1] else None

    @property
    def known(self) -> bool:
        """Whether the score is one number."""
        return self.worst is not None and self.worst == self.best

    @property
    def missing(self) -> tuple[str, ...]:
        """Items, deductions and vetoes that make the score or the grade unsure."""
        unsure = [one.item.id for one in self.items if one.said is Said.UNKNOWN]
        unsure += [one.rule.id for one in self.deductions if one.low != one.high]
        return (*unsure, *(one.rule.id for one in self.vetoes if one.holds is None))


def score(scheme: Scheme, facts: Mapping[str, Fact]) -> Score:
    """The score of these facts by the ids of items, deductions and vetoes; what is left out is not known."""
    used = scheme.used
    ranges = {one.id: _points(one, facts.get(one.id, UNKNOWN), scheme.not_applicable) for one in used}
    counted = [
        one for one in used if facts.get(one.id, UNKNOWN).applicable or scheme.not_applicable is NotApplicable.FULL
    ]
    items = tuple(_scored(one, facts.get(one.id, UNKNOWN), ranges[one.id], scheme) for one in used)
    deductions = tuple(_taken(one, facts.get(one.id, UNKNOWN)) for one in scheme.deductions if one.in_use)
    vetoes = tuple(Vetoed(one, fact := facts.get(one.id, UNKNOWN), _holds(fact)) for one in scheme.vetoes if one.in_use)
    whole = sum((Fraction(one.weight) for one in counted), Fraction(0))
    if not whole:
        return Score(items, deductions, vetoes, None, None, None)
    worst, best = (HUNDRED * sum((ranges[one.id][end] for one in counted), Fraction(0)) / whole for end in (0, 1))
    worst -= sum((Fraction(one.high) for one in deductions), Fraction(0))
    best -= sum((Fraction(one.low) for one in deductions), Fraction(0))
    ends = printed(max(worst, Fraction(0))), printed(max(best, Fraction(0)))
    return Score(items, deductions, vetoes, *ends, _grades(scheme, ends, vetoes))


def printed(value: Fraction) -> Decimal:
    """A number cut to two decimals.

    >>> printed(Fraction(179999, 2000))
    Decimal('89.99')
    """
    return Decimal(int(value * 100)).scaleb(-2).quantize(CENT, ROUND_DOWN)


def _points(item: Item, fact: Fact, rule: NotApplicable) -> tuple[Fraction, Fraction]:
    """The least and the most points of an item."""
    weight = Fraction(item.weight)
    if not fact.applicable:
        return (weight, weight) if rule is NotApplicable.FULL else (Fraction(0), Fraction(0))
    if fact.low is None or fact.high is None:
        return Fraction(0), weight
    ends = sorted(_of_value(item, value) for value in (fact.low, fact.high))
    return ends[0], ends[1]


def _of_value(item: Item, value: Fraction) -> Fraction:
    """The points of one value."""
    weight, target = Fraction(item.weight), Fraction(item.target)
    if item.method is Method.PER:
        return max(Fraction(0), weight - Fraction(item.each) * value)
    if item.method is Method.SHARE:
        return weight * min(Fraction(1), value / target)
    met = value >= target if item.comparator == ">=" else value <= target
    return weight if met else Fraction(0)


def _scored(item: Item, fact: Fact, points: tuple[Fraction, Fraction], scheme: Scheme) -> Scored:
    said = _said(item, fact, points)
    low, high = (printed(one) for one in points)
    told = {
        "low": "?" if fact.low is None else _short(fact.low),
        "high": "?" if fact.high is None else _short(fact.high),
        "target": _short(Fraction(item.target)),
        "comparator": {">=": "≥", "<=": "≤"}[item.comparator],
        "each": _short(Fraction(item.each)),
        "lost": _short(Fraction(item.weight) - points[1]),
    }
    name = str(item.method)
    if said is Said.NOT_APPLICABLE:
        name = f"not_applicable_{scheme.not_applicable}"
    elif fact.low is None or fact.high is None:
        name = "nothing_known"
    elif fact.low != fact.high:
        name = "between"
    return Scored(item, fact, said, low, high, Message(ROOM, "score", name, told))


def _said(item: Item, fact: Fact, points: tuple[Fraction, Fraction]) -> Said:
    if not fact.applicable:
        return Said.NOT_APPLICABLE
    if points[0] != points[1] or fact.low is None:
        return Said.UNKNOWN
    if points[0] == Fraction(item.weight):
        return Said.MET
    return Said.PARTLY if points[0] else Said.NOT_MET


def _short(value: Fraction) -> str:
    """A value as reports print it: rounded, unlike points."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(CENT, ROUND_HALF_UP).normalize():f}"


def _taken(rule: Deduction, fact: Fact) -> Taken:
    most = Fraction(rule.most)
    if not fact.applicable:
        return Taken(rule, fact, Decimal(0), Decimal(0))
    low = min(most, Fraction(rule.each) * fact.low) if fact.low is not None else Fraction(0)
    high = min(most, Fraction(rule.each) * fact.high) if fact.high is not None else most
    return Taken(rule, fact, printed(low), printed(high))


def _holds(fact: Fact) -> bool | None:
    """Whether there is a case of it."""
    if not fact.applicable or fact.high == 0:
        return False
    return True if fact.low is not None and fact.low > 0 else None


def _grades(scheme: Scheme, ends: tuple[Decimal, Decimal], vetoes: Sequence[Vetoed]) -> tuple[Grade, Grade]:
    """The grades of the worst and of the best end: the worst has every veto that may hold, the best those that do."""
    worst, best = (scheme.grade(one) for one in ends)
    for one in vetoes:
        cap = next(each for each in scheme.grades if each.id == one.rule.cap)
        if one.holds is not False:
            worst = min(worst, cap, key=lambda each: each.at_least)
        if one.holds:
            best = min(best, cap, key=lambda each: each.at_least)
    return worst, best
