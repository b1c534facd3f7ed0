"""Coverage of a superior's plan below (下级方案印发率).

rate = divisions one level below with a published plan of the year / divisions one level below.
A place without divisions below has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def plan_coverage_rate(*, published_divisions: int, divisions_below: int) -> Decimal | None:
    """Share of the divisions below that have published their plan, as a fraction of 1.

    Raises ValueError where more divisions published than there are.

    >>> plan_coverage_rate(published_divisions=3, divisions_below=4)
    Decimal('0.75')
    >>> plan_coverage_rate(published_divisions=0, divisions_below=0) is None
    True
    """
    return share(published_divisions, divisions_below, part_is="published", whole_is="divisions below")
