"""Settlement of problems in time (按期销号率).

in time = problems accepted by their own day / problems that fell due, or were accepted before they did.
The day is the one in force when the problem was accepted: a term that was moved by who set it counts as moved.
No such problem has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def timely_settlement_rate(*, settled_in_time: int, due_problems: int) -> Decimal | None:
    """Share of the problems that fell due which were accepted by their day, as a fraction of 1.

    >>> timely_settlement_rate(settled_in_time=1, due_problems=2)
    Decimal('0.5')
    >>> timely_settlement_rate(settled_in_time=0, due_problems=0) is None
    True
    """
    return share(settled_in_time, due_problems, part_is="settled in time", whole_is="problems due")
