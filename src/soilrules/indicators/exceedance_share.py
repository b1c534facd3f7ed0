"""Share of points over a limit (点位超标率), where some points could not be judged.

known by the points judged: over / all at least, (over + unknown) / all at most.
Unknown points are a share of their own; leaving them out of the whole would make the rate look surer than it is.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def exceedance_bounds(*, over: int, within: int, unknown: int) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest share of points over a limit, as fractions of 1; None where there is no point.

    Raises ValueError for a negative count.

    >>> exceedance_bounds(over=1, within=6, unknown=1)
    (Decimal('0.125'), Decimal('0.25'))
    >>> exceedance_bounds(over=0, within=0, unknown=0) is None
    True
    """
    if min(over, within, unknown) < 0:
        raise ValueError(
            f"{over} over, {within} within, {unknown} unknown are no counts: expected none below 0. "
            "Check that all three are of the same plan and day."
        )
    points = over + within + unknown
    least = share(over, points, part_is="over", whole_is="points")
    most = share(over + unknown, points, part_is="over or unknown", whole_is="points")
    return None if least is None or most is None else (least, most)
