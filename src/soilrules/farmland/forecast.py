"""Where a safe-use rate is going: what it still needs to its target, what the tasks given bring, what the pace so far brings.

A forecast is no verdict: each figure says what it assumes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """`needed_m2` more square metres reach the target; `with_tasks` and `by_pace` are rates of the end of the year (None: cannot be said)."""

    needed_m2: Decimal
    with_tasks: Decimal | None
    by_pace: Decimal | None

    def reaches(self, target: Decimal) -> bool | None:
        """Whether the target is reached when the tasks given are done; None where none were given."""
        return None if self.with_tasks is None else self.with_tasks >= target


def forecast(
    counted_m2: Decimal,
    whole_m2: Decimal,
    target: Decimal,
    *,
    on: date,
    year: int,
    tasks_left_m2: Decimal | None = None,
) -> Forecast:
    """From a day of the year to its end. `target` is a fraction; `tasks_left_m2` None: no task was given.

    The pace is the area counted so far over the days of the year so far; it cannot be said on a day outside the year.

    >>> found = forecast(Decimal(60), Decimal(100), Decimal("0.95"), on=date(2025, 12, 31), year=2025, tasks_left_m2=Decimal(20))
    >>> found.needed_m2, found.with_tasks, found.by_pace
    (Decimal('35.00'), Decimal('0.8'), Decimal('0.6'))
    """
    if whole_m2 <= 0 or not 0 <= counted_m2 <= whole_m2:
        raise ValueError(f"{counted_m2} m² of {whole_m2} m² is impossible: expected a part of an area above 0.")
    needed = max(Decimal(0), target * whole_m2 - counted_m2)
    planned = None if tasks_left_m2 is None else min(whole_m2, counted_m2 + tasks_left_m2) / whole_m2
    return Forecast(needed, planned, _by_pace(counted_m2, whole_m2, on, year))


def _by_pace(counted_m2: Decimal, whole_m2: Decimal, on: date, year: int) -> Decimal | None:
    if on.year != year:
        return None
    first = date(year, 1, 1)
    days, all_days = (on - first).days + 1, (date(year + 1, 1, 1) - first).days
    return min(Decimal(1), counted_m2 * all_days / days / whole_m2)
