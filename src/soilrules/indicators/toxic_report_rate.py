"""Yearly reports of toxic matter (有毒有害物质排放年报率).

rate = units whose report of the year came / units that owed one.
A report returned and not handed in again has not come. Nobody owing one is no rate, not 100 %.
"""

from __future__ import annotations

from soilrules.indicators.known_share import KnownShare


def toxic_report_rate(*, reported: int, owing: int, unknown: int = 0) -> KnownShare:
    """Share of the units that owed a report which handed it in; `owing` have not.

    >>> toxic_report_rate(reported=2, owing=0).least
    Decimal('1')
    >>> toxic_report_rate(reported=0, owing=0).applicable
    False
    """
    return KnownShare(yes=reported, no=owing, unknown=unknown)
