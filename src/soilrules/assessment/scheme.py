"""A scheme of assessment: items with weights and targets, deductions, vetoes, grades, consequences.

An item is scored from a figure of the desk, or from what a person states where no register tells it. The weights of the items
in use make 100. A place may change weights, targets and switches; the changes make another version of the scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from soilrules.supervision.authorities import Body

FULL = Decimal(100)


class Level(StrEnum):
    """Who is assessed."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"


class Method(StrEnum):
    """How points follow from the value."""

    REACH = "reach"  # all of the weight where the target is met, else nothing
    SHARE = "share"  # in proportion to how much of the target is reached
    PER = "per"  # so many points off for each fault


class NotApplicable(StrEnum):
    """What becomes of the weight of an item that does not apply."""

    REDISTRIBUTE = "redistribute"  # the other items make up the whole
    FULL = "full"  # it counts in full


class Consequence(StrEnum):
    """What may follow; a person decides."""

    FUND = "fund"  # input to the allocation of funds
    LIMIT = "limit"  # 限批
    TALK = "talk"  # 约谈
    RECTIFY = "rectify"  # 限期整改


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `figures` are added up, as a share of `of` in percent where that is given; none: a person states the value.

    `faults`: the rows of the figures are what is wrong, one fault each. `target` and `comparator` of reach and share, `each`
    of per. `mark` says how sure the item is, `weight_mark` how sure its weight is.
    """

    id: str
    part: str
    title: str
    weight: Decimal
    method: Method
    figures: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    faults: bool = False
    comparator: str = ">="
    target: Decimal = FULL
    each: Decimal = Decimal(0)
    basis: str = ""
    mark: str = "K-low"
    weight_mark: str = "K-low"
    in_use: bool = True

    @property
    def stated(self) -> bool:
        """Whether no register tells it."""
        return not self.figures


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points off the whole score for each case, at most `most`."""

    id: str
    title: str
    figures: tuple[str, ...]
    each: Decimal
    most: Decimal
    basis: str
    mark: str
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class Veto:
    """One case is enough: the grade is `cap` at the most, whatever the score."""

    id: str
    title: str
    figures: tuple[str, ...]
    cap: str
    basis: str
    mark: str
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the lowest score that has it; the edge is inside."""

    id: str
    title: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Follows:
    """What is proposed where the grade is one of `grades` (empty: always), and the bodies that may decide it."""

    id: str
    kind: Consequence
    words: str
    grades: tuple[str, ...]
    decided_by: tuple[Body, ...]
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class Note:
    """What else a reader should know."""

    words: str
    mark: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme. `years`: the first and last year it was made for, None where it does not say.

    `objection_days`: working days after the checked score was told in which the assessed may object; None where it sets none.
    """

    id: str
    title: str
    document: str
    about: str
    assessed: tuple[Level, ...]
    years: tuple[int, int] | None
    mark: str
    not_applicable: NotApplicable
    not_applicable_mark: str
    grades: tuple[Grade, ...]
    grades_mark: str
    least_ranked: int
    ranked_mark: str
    parts: Mapping[str, str]
    items: tuple[Item, ...]
    deductions: tuple[Deduction, ...]
    vetoes: tuple[Veto, ...]
    consequences: tuple[Follows, ...]
    notes: tuple[Note, ...]
    objection_days: int | None = None
    objection_mark: str = "K-low"

    @property
    def used(self) -> tuple[Item, ...]:
        """The items in use."""
        return tuple(one for one in self.items if one.in_use)

    @property
    def ids(self) -> list[str]:
        """The ids of everything a fact is asked for."""
        found = [one.id for one in self.items]
        return [*found, *(one.id for one in self.deductions), *(one.id for one in self.vetoes)]

    def grade(self, score: Decimal) -> Grade:
        """The grade of a score; every edge is inside the better grade."""
        return next(one for one in self.grades if score >= one.at_least)
