"""Completion rate of a plan's tasks (任务完成率).

rate = tasks done / tasks that can be done, of one plan on one day. Standing tasks (长期) never end, so they stand in
neither figure. A plan of standing tasks alone has no rate: that is None, not 100 %.
"""

from __future__ import annotations

from decimal import Decimal

from soilrules.indicators.shares import share


def task_completion_rate(*, done_tasks: int, ending_tasks: int) -> Decimal | None:
    """Share of the tasks with an end that are done, as a fraction of 1.

    Raises ValueError where more tasks are done than there are.

    >>> task_completion_rate(done_tasks=19, ending_tasks=20)
    Decimal('0.95')
    >>> task_completion_rate(done_tasks=0, ending_tasks=0) is None
    True
    """
    return share(done_tasks, ending_tasks, part_is="done", whole_is="tasks with an end")
