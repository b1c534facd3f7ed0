"""Which test is of which purchase of a lot: whoever buys grain tests what it buys, and no other buyer's test answers for it.

A buyer is known by its code, else by its name in what was written of the receiver. A test that names no buyer is of the place
it was taken at; without a place it answers only where the lot went to one receiver no register holds, and none else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.farmland.grainrules import Decides, Rules, rule


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer or mill in the register; `key` is what tests and purchases are matched by."""

    key: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """Grain of a lot that somebody took in."""

    lot: int
    on: date
    to: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class LotTest:
    """A test of grain whose result is known: of which lot, by which buyer of the register (None: not said), taken where."""

    lot: int | None
    on: date
    buyer: int | None = None
    place: str = ""


class Timing(StrEnum):
    """When a purchase was tested: in time, only after the grain was bought, not at all."""

    BEFORE = "before"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Answered:
    """How a purchase was tested, and the day of the sample that says so: the first that answers for it; None without one."""

    how: Timing
    on: date | None = None


def taker(one: Purchase, buyers: Sequence[Buyer]) -> int | None:
    """The buyer of the register that took grain: by its code, else by the longest name that stands in the receiver's.

    >>> taker(Purchase(1, date(2026, 9, 28), "青禾面粉厂 1 号仓"), [Buyer(7, "面粉厂"), Buyer(8, "青禾面粉厂")])
    8
    """
    if one.code and (coded := [each for each in buyers if each.code == one.code]):
        return coded[0].key
    named = [each for each in buyers if each.name and each.name in one.to and not (one.code and each.code)]
    return max(named, key=lambda each: len(each.name)).key if named else None


def is_of(test: LotTest, one: Purchase, of_lot: Sequence[Purchase], buyers: Sequence[Buyer]) -> bool:
    """Whether a test is of the grain of one purchase, of all purchases of its lot.

    >>> day = date(2026, 9, 28)
    >>> a, b = Purchase(1, day, "甲粮店"), Purchase(1, day, "乙粮店")
    >>> is_of(LotTest(1, day), a, [a], []), is_of(LotTest(1, day), a, [a, b], [])
    (True, False)
    """
    if test.lot != one.lot:
        return False
    took = taker(one, buyers)
    if test.buyer is not None:
        return test.buyer == took
    if test.place:
        return bool(one.to) and (test.place in one.to or one.to in test.place)
    return took is None and len({(taker(each, buyers), each.code or each.to) for each in of_lot}) == 1


def answers(
    purchases: Sequence[Purchase],
    tests: Sequence[LotTest],
    buyers: Sequence[Buyer],
    on: date,
    rules: Rules | None = None,
) -> list[Answered]:
    """Of each purchase the test that answers for it: sampled by the day it was bought, or late; late is never in time."""
    own = rule(Decides.OWN_TEST, on, rules) is not None
    of_lot, tested = defaultdict(list), defaultdict(list)
    for one in purchases:
        of_lot[one.lot].append(one)
    for test in tests:
        tested[test.lot].append(test)
    found = []
    for one in purchases:
        days = [each.on for each in tested[one.lot] if not own or is_of(each, one, of_lot[one.lot], buyers)]
        first = min(days, default=None)
        how = Timing.NONE if first is None else Timing.BEFORE if first <= one.on else Timing.LATE
        found.append(Answered(how, first))
    return found
