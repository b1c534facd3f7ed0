"""Self-monitoring of key units (自行监测率).

rate = units with plan and data of the year handed in / units that owed them.
Data without a plan, or a plan without data, is not done. Nobody owing it is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def self_monitoring_rate(*, monitored: int, owing: int, unknown: int = 0) -> KnownShare:
    """Share of the units that owed self-monitoring which did it; `owing` have not.

    >>> self_monitoring_rate(monitored=1, owing=1, unknown=2).least
    Decimal('0.25')
    >>> self_monitoring_rate(monitored=1, owing=1, unknown=2).most
    Decimal('0.75')
    """
    return KnownShare(yes=monitored, no=owing, unknown=unknown)
