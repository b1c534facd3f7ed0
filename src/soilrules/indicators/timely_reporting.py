"""Timely reporting rate of units (按时报送率).

rate = units whose every report due in the period came by its day / units that owed a report in the period.
A period in which nobody owed a report has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def timely_reporting_rate(*, timely_units: int, owing_units: int) -> Decimal | None:
    """Share of the units owing reports that were on time with all of them, as a fraction of 1.

    Raises ValueError where more units were on time than owed anything.

    >>> timely_reporting_rate(timely_units=9, owing_units=12)
    Decimal('0.75')
    >>> timely_reporting_rate(timely_units=0, owing_units=0) is None
    True
    """
    return share(timely_units, owing_units, part_is="on time", whole_is="units owing a report")
