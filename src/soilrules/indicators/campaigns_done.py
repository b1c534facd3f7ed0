"""Campaigns done and shared (监测任务完成率, 监测数据共享率).

completion = campaigns closed with every sample taken and answered by accepted results / campaigns that end in the year.
sharing    = campaigns whose data were shared by the local day / campaigns that ended in the year.
No campaign at all has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def campaign_completion_rate(*, completed_campaigns: int, campaigns: int) -> Decimal | None:
    """Share of the campaigns of a year that are complete, as a fraction of 1.

    >>> campaign_completion_rate(completed_campaigns=1, campaigns=2)
    Decimal('0.5')
    >>> campaign_completion_rate(completed_campaigns=0, campaigns=0) is None
    True
    """
    return share(completed_campaigns, campaigns, part_is="completed", whole_is="campaigns")


def data_sharing_rate(*, shared_in_time: int, campaigns: int) -> Decimal | None:
    """Share of the campaigns of a year whose data were shared in time, as a fraction of 1.

    >>> data_sharing_rate(shared_in_time=3, campaigns=4)
    Decimal('0.75')
    >>> data_sharing_rate(shared_in_time=0, campaigns=0) is None
    True
    """
    return share(shared_in_time, campaigns, part_is="shared in time", whole_is="campaigns")
