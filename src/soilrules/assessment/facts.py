"""What is known for one item of a scheme: a value, the bounds it lies between, or nothing; and the rows behind it.

A share is in percent of `whole`; without `whole` the value is a number of faults, or, `wanted`, of what there should be. `low` and `high` are the bounds; None is
not known on that side. What rows nobody can judge add to the upper bound alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: whether it speaks for the assessed, and how much it weighs in the share."""

    key: str
    good: bool
    amount: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Fact:
    """See the module."""

    low: Fraction | None = None
    high: Fraction | None = None
    applicable: bool = True
    rows: tuple[Row, ...] = ()
    whole: Fraction | None = None
    wanted: bool = False

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"from {self.low} to {self.high} is no range: expected the lower bound first.")

    @property
    def known(self) -> bool:
        """Whether there is one value."""
        return self.low is not None and self.low == self.high

    @property
    def bad(self) -> tuple[Row, ...]:
        """The rows that are not done."""
        return tuple(one for one in self.rows if not one.good)


UNKNOWN = Fact()
NOT_APPLICABLE = Fact(applicable=False)


def exactly(value: Decimal | int) -> Fact:
    """A value that is known.

    >>> exactly(95).known
    True
    """
    return Fact(Fraction(value), Fraction(value))


def share(part: Decimal | int, whole: Decimal | int, unsure: Decimal | int = 0, rows: tuple[Row, ...] = ()) -> Fact:
    """So much of a whole in percent, with what nobody can judge. Nothing at all is not applicable.

    >>> [str(one) for one in (share(3, 5, 1).low, share(3, 5, 1).high)]
    ['60', '80']
    """
    if not whole:
        return replace(NOT_APPLICABLE, rows=rows)
    low = min(HUNDRED, HUNDRED * Fraction(part) / Fraction(whole))
    high = min(HUNDRED, HUNDRED * (Fraction(part) + Fraction(unsure)) / Fraction(whole))
    return Fact(low, max(low, high), True, rows, Fraction(whole))


def faults(rows: tuple[Row, ...]) -> Fact:
    """As many faults as there are bad rows."""
    number = Fraction(sum(not one.good for one in rows))
    return Fact(number, number, True, rows)


def amount(rows: tuple[Row, ...]) -> Fact:
    """As much of what is wanted as there are good rows.

    >>> amount((Row("a", True), Row("b", False))).low
    Fraction(1, 1)
    """
    number = Fraction(sum(one.good for one in rows))
    return Fact(number, number, True, rows, wanted=True)


def cleared(fact: Fact, keys: Collection[str]) -> Fact:
    """The fact as it would be if these rows that are not done were done; rows that are done, and others, change nothing.

    What is not known stays so: without a value there is nothing to add to.

    >>> rows = (Row("a", True), Row("b", False))
    >>> cleared(share(1, 2, rows=rows), {"b"}).low
    Fraction(100, 1)
    """
    return _moved(fact, [one for one in fact.rows if not one.good and one.key in keys], 1)


def struck(fact: Fact, keys: Collection[str]) -> Fact:
    """The fact as it is if these rows that are said to be done are found not to be."""
    return _moved(fact, [one for one in fact.rows if one.good and one.key in keys], -1)


def _moved(fact: Fact, rows: Collection[Row], sign: int) -> Fact:
    if fact.low is None or fact.high is None or not rows:
        return fact
    keys = {one.key for one in rows}
    held = tuple(replace(one, good=sign > 0) if one.key in keys else one for one in fact.rows)
    if fact.whole is None:
        return amount(held) if fact.wanted else faults(held)
    step = sign * HUNDRED * sum((Fraction(one.amount) for one in rows), Fraction(0)) / fact.whole
    low = min(HUNDRED, max(Fraction(0), fact.low + step))
    top = fact.high if sign > 0 else fact.high + step
    return replace(fact, low=low, high=max(low, min(HUNDRED, top)), rows=held)
