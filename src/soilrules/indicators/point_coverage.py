"""Coverage of the monitoring network (监测点位覆盖率).

rate = divisions one level below with at least one standing point / divisions one level below.
A place without divisions below has no rate: that is None, not 100 %. The rate says nothing of how many points suffice.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def point_coverage_rate(*, covered_divisions: int, divisions_below: int) -> Decimal | None:
    """Share of the divisions below in which a monitoring point stands, as a fraction of 1.

    Raises ValueError where more divisions are covered than there are.

    >>> point_coverage_rate(covered_divisions=6, divisions_below=8)
    Decimal('0.75')
    >>> point_coverage_rate(covered_divisions=0, divisions_below=0) is None
    True
    """
    return share(covered_divisions, divisions_below, part_is="covered", whole_is="divisions below")
