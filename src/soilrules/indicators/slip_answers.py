"""Slips answered in time (督办单按期答复率).

in time = slips answered, or whose matter was done, by the day their answer was due / slips whose answer was due.
No such slip has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def slip_answer_rate(*, answered_in_time: int, due_slips: int) -> Decimal | None:
    """Share of the slips whose answer was due which were answered by their day, as a fraction of 1.

    >>> slip_answer_rate(answered_in_time=3, due_slips=4)
    Decimal('0.75')
    >>> slip_answer_rate(answered_in_time=0, due_slips=0) is None
    True
    """
    return share(answered_in_time, due_slips, part_is="answered in time", whole_is="slips due")
