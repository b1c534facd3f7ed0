"""Counts of the roster of risk control and remediation (风险管控和修复名录) over a period: how many stood, came and went.

Stays are half-open: a plot taken off on a day no longer stands on it that day. The parts always add up to the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """Stays on the roster before the period, begun and ended in it, and at its end."""

    before: int
    entered: int
    left: int
    at_end: int


def roster_counts(stays: Iterable[tuple[date, date | None]], since: date, until: date) -> RosterCounts:
    """Counts of a period, half-open as the stays are. Raises ValueError for a period or stay that ends before it begins.

    >>> roster_counts([(date(2024, 5, 1), None), (date(2025, 2, 1), date(2025, 9, 1))], date(2025, 1, 1), date(2026, 1, 1))
    RosterCounts(before=1, entered=1, left=1, at_end=1)
    """
    held = list(stays)
    for begun, ended in [(since, until), *held]:
        if ended is not None and ended < begun:
            raise ValueError(f"{begun} to {ended}: expected an end that is not before its beginning.")
    held = [(begun, ended) for begun, ended in held if ended is None or ended > begun]
    before = sum(begun < since and (ended is None or ended >= since) for begun, ended in held)
    entered = sum(since <= begun < until for begun, _ in held)
    left = sum(ended is not None and since <= ended < until for _, ended in held)
    return RosterCounts(before, entered, left, before + entered - left)
