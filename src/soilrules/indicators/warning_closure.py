"""Closure of warnings (预警销号率, 预警按时销号率).

closure = warnings closed or merged / warnings that fell due, or ended before they did.
in time = warnings closed or merged by their own day / the same warnings.
No such warning has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def warning_closure_rate(*, ended_warnings: int, due_warnings: int) -> Decimal | None:
    """Share of the warnings that fell due which are closed or merged, as a fraction of 1.

    >>> warning_closure_rate(ended_warnings=3, due_warnings=4)
    Decimal('0.75')
    >>> warning_closure_rate(ended_warnings=0, due_warnings=0) is None
    True
    """
    return share(ended_warnings, due_warnings, part_is="ended", whole_is="warnings due")


def timely_closure_rate(*, ended_in_time: int, due_warnings: int) -> Decimal | None:
    """Share of the warnings that fell due which were closed or merged by their day, as a fraction of 1.

    >>> timely_closure_rate(ended_in_time=1, due_warnings=2)
    Decimal('0.5')
    >>> timely_closure_rate(ended_in_time=0, due_warnings=0) is None
    True
    """
    return share(ended_in_time, due_warnings, part_is="ended in time", whole_is="warnings due")
