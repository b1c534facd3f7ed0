"""Safe use of polluted plots (污染地块安全利用率).

rate = area of polluted plots put to new use that meets the quality their planned use asks / area of all polluted plots put to
new use in the period (mark K-high). A polluted plot nobody uses anew is in neither. No such plot is no rate, not 100 %.
It is a share of areas; the count-based rate of some dashboards is another number and is not called by this name.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.area_share import AreaShare

MARK = "K-high"


def polluted_plot_safe_use_rate(
    *, meeting_m2: Decimal, failing_m2: Decimal, unknown_m2: Decimal = Decimal(0), without_area: int = 0
) -> AreaShare:
    """Share of the area put to new use that meets what its use asks.

    >>> polluted_plot_safe_use_rate(meeting_m2=Decimal(19000), failing_m2=Decimal(1000)).exact
    Decimal('0.95')
    >>> polluted_plot_safe_use_rate(meeting_m2=Decimal(0), failing_m2=Decimal(0)).applicable
    False
    """
    return AreaShare(meeting_m2, failing_m2, unknown_m2, without_area)
