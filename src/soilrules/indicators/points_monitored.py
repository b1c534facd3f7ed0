"""Points monitored (点位监测完成率).

rate = points that were monitored / standing points of the same kind or medium.
What counts as monitored is said by who asks: accepted results of the year, or a sample within the point's period.
No point at all has no rate: a register that is empty proves nothing.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def points_monitored_rate(*, monitored_points: int, standing_points: int) -> Decimal | None:
    """Share of the standing points that were monitored, as a fraction of 1.

    Raises ValueError where more points were monitored than stand.

    >>> points_monitored_rate(monitored_points=9, standing_points=12)
    Decimal('0.75')
    >>> points_monitored_rate(monitored_points=0, standing_points=0) is None
    True
    """
    return share(monitored_points, standing_points, part_is="monitored", whole_is="standing points")
