"""Rectification of problems (问题整改率).

rate = problems accepted as put right / problems that fell due, or were accepted before they did.
Problems found to be none do not count. No such problem has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def problem_rectification_rate(*, settled_problems: int, due_problems: int) -> Decimal | None:
    """Share of the problems that fell due which are accepted as put right, as a fraction of 1.

    >>> problem_rectification_rate(settled_problems=3, due_problems=4)
    Decimal('0.75')
    >>> problem_rectification_rate(settled_problems=0, due_problems=0) is None
    True
    """
    return share(settled_problems, due_problems, part_is="settled", whole_is="problems due")
