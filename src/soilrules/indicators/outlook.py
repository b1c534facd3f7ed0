"""Whether an indicator that is not reached will be by its day if it goes on as it did.

A straight line through what was known on the first and the last of some days; no more is claimed. Basis: none, our own
reckoning (mark K): no document says how a course is judged, so the page says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules.indicators.targets import reaches


class Outlook(StrEnum):
    """What becomes of a target that is not reached yet."""

    ON_COURSE = "on_course"
    BEHIND = "behind"
    CANNOT_SAY = "cannot_say"


Point = tuple[date, Decimal]


def straight_on(points: Sequence[Point], until: date) -> Decimal | None:
    """Where a straight line through the first and the last point stands on a later day; None of fewer than two days.

    >>> straight_on([(date(2026, 9, 30), Decimal("80")), (date(2026, 10, 30), Decimal("86"))], date(2026, 11, 29))
    Decimal('92')
    """
    known = sorted(points)
    if len(known) < 2 or known[0][0] == known[-1][0]:
        return None
    (first, start), (last, end) = known[0], known[-1]
    return end + (end - start) * (until - last).days / (last - first).days


def outlook(points: Sequence[Point], comparator: str, target: Decimal | None, until: date) -> Outlook:
    """Whether a target is reached on its day at the pace of these points. A day that has passed leaves no time.

    >>> outlook([(date(2026, 9, 30), Decimal("80")), (date(2026, 10, 30), Decimal("86"))], ">=", Decimal("92"), date(2026, 11, 29))
    <Outlook.ON_COURSE: 'on_course'>
    """
    value = straight_on(points, max(until, max((day for day, _value in points), default=until)))
    reached = None if value is None else reaches(value, comparator, target)
    if reached is None:
        return Outlook.CANNOT_SAY
    return Outlook.ON_COURSE if reached else Outlook.BEHIND
