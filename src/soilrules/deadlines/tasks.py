"""What a task's duties say about the task."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from soilrules.deadlines.state import State


class TaskState(StrEnum):
    """The states a ledger shows. `unknown` is a state: a plan that is over and has no record says nothing."""

    NOT_STARTED = "not_started"  # 未开始
    UNDER_WAY = "under_way"  # 进行中
    DONE = "done"  # 已完成
    OVERDUE = "overdue"  # 逾期
    STANDING = "standing"  # 长期
    PENDING = "pending"  # 待定: the words fix no day and nobody has set a review date
    UNKNOWN = "unknown"  # 无记录: the plan is not in force and nothing was recorded


class DutyState(NamedTuple):
    """One duty of a task: how it stands, and whether its date is ours (内部时限) or the plan's."""

    state: State
    internal: bool = False


_DONE = frozenset((State.DONE, State.DONE_LATE))
_UNDATED = (State.STANDING, State.UNDETERMINED)


def task_state(duties: Iterable[DutyState], *, begun: bool, in_force: bool) -> TaskState:
    """Say how a task stands from the duties of its milestones.

    Only dates of the plan make a task late; a missed internal date is shown as ours and never as the
    plan's. Duties of a plan that is not in force are never late.

    >>> task_state([DutyState(State.OVERDUE)], begun=True, in_force=True)
    <TaskState.OVERDUE: 'overdue'>
    """
    duties = tuple(duties)
    dated = [d.state for d in duties if not d.internal and d.state not in _UNDATED]
    if dated and _DONE.issuperset(dated):
        return TaskState.DONE
    if not in_force:
        return TaskState.UNDER_WAY if begun else TaskState.UNKNOWN
    if State.OVERDUE in dated:
        return TaskState.OVERDUE
    if not dated:
        return _undated(duties)
    return TaskState.UNDER_WAY if begun or not _DONE.isdisjoint(dated) else TaskState.NOT_STARTED


def _undated(duties: tuple[DutyState, ...]) -> TaskState:
    """A task without a date of the plan's own is standing once somebody set its rhythm, else pending."""
    settled = any(duty.internal or duty.state is State.STANDING for duty in duties)
    return TaskState.STANDING if settled else TaskState.PENDING
