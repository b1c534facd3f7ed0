"""Reporting periods: months, quarters, half-years and years by the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Length of a period of each rhythm, in months."""


@dataclass(frozen=True)
class Period:
    """One period, first and last day included, named as people write it: 2026-07, 2026Q3, 2026H2, 2026."""

    name: str
    first: date
    last: date


def period_of(day: date, rhythm: str) -> Period:
    """The period of `rhythm` that `day` lies in.

    >>> period_of(date(2026, 11, 21), "quarter").name
    '2026Q4'
    """
    length = MONTHS[rhythm]
    index = (day.month - 1) // length
    first = date(day.year, index * length + 1, 1)
    end_month = (index + 1) * length
    following = date(day.year + end_month // 12, end_month % 12 + 1, 1)
    names = {
        "month": f"{day.year}-{day.month:02d}",
        "quarter": f"{day.year}Q{index + 1}",
        "half": f"{day.year}H{index + 1}",
        "year": str(day.year),
    }
    return Period(names[rhythm], first, following - timedelta(days=1))


def periods_between(first: date, last: date, rhythm: str) -> list[Period]:
    """All periods of `rhythm` that touch the days from `first` to `last`."""
    found = []
    day = first
    while day <= last:
        period = period_of(day, rhythm)
        found.append(period)
        day = period.last + timedelta(days=1)
    return found
