"""Share of the polluted plots not developed for now of which something owed in the year was done."""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def undeveloped_control_rate(*, kept: int, undeveloped: int) -> Decimal | None:
    """Share of the undeveloped plots that were kept as they should be, as a fraction of 1; None without such a plot.

    >>> undeveloped_control_rate(kept=1, undeveloped=2)
    Decimal('0.5')
    """
    return share(kept, undeveloped, part_is="kept", whole_is="undeveloped plots")
