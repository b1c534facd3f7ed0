"""Hazard inspection of key units (隐患排查率).

rate = units whose inspection due by the day was done / units that owed one by the day.
A unit whose due day or report is not known is counted apart. Nobody owing one is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def hazard_inspection_rate(*, inspected: int, owing: int, unknown: int = 0) -> KnownShare:
    """Share of the units that owed an inspection which did it; `owing` have not.

    >>> hazard_inspection_rate(inspected=3, owing=1).least
    Decimal('0.75')
    >>> hazard_inspection_rate(inspected=0, owing=0).least is None
    True
    """
    return KnownShare(yes=inspected, no=owing, unknown=unknown)
