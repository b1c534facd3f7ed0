"""The one function that says late.

`state(duty, day, calendar)` judges any object with the fields of `Due`. Dates a plan prints never
shift for holidays; the working calendar serves terms of "N个工作日" only. Days are inclusive: a duty
done on its due day is done in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from soilrules.deadlines.calendar import WorkingCalendar

SOON_DAYS = 14


class State(StrEnum):
    """How a duty stands on a day."""

    DONE = "done"
    DONE_LATE = "done_late"
    DUE_LATER = "due_later"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    STANDING = "standing"  # 长期, with no term of its own
    UNDETERMINED = "undetermined"  # the words fix no day; a person sets a review date
    DUE_BEFORE_ISSUE = "due_before_issue"  # 下发前已到期: the term had passed when the plan was issued


class Duty(Protocol):
    """What `state` needs to know of a duty."""

    @property
    def due(self) -> date | None: ...
    @property
    def done_on(self) -> date | None: ...
    @property
    def since(self) -> date | None: ...
    @property
    def issued_on(self) -> date | None: ...
    @property
    def standing(self) -> bool: ...
    @property
    def working_days(self) -> int | None: ...


@dataclass(frozen=True)
class Due:
    """One duty as far as time is concerned.

    `due` is the last day; without it `working_days` after `since` gives one (the day of the event is
    not counted). `issued_on` is the day the plan was issued.
    """

    due: date | None = None
    done_on: date | None = None
    since: date | None = None
    standing: bool = False
    issued_on: date | None = None
    working_days: int | None = None


def due_day(duty: Duty, calendar: WorkingCalendar) -> tuple[date | None, bool]:
    """The last day of a duty, and whether it is provisional (beyond the last published holidays)."""
    if duty.due is None and duty.since is not None and duty.working_days is not None:
        return calendar.add_working_days(duty.since, duty.working_days)
    return duty.due, False


def state(duty: Duty, day: date, calendar: WorkingCalendar, *, soon_days: int = SOON_DAYS) -> State:
    """Say how `duty` stands on `day`; a duty whose term passed before the plan was issued is never late."""
    due, _ = due_day(duty, calendar)
    before_issue = due is not None and duty.issued_on is not None and due < duty.issued_on
    if duty.done_on is not None and duty.done_on <= day:
        late = due is not None and duty.done_on > due and not before_issue
        return State.DONE_LATE if late else State.DONE
    if due is None:
        return State.STANDING if duty.standing else State.UNDETERMINED
    if before_issue:
        return State.DUE_BEFORE_ISSUE
    if day >= due:
        return State.DUE_TODAY if day == due else State.OVERDUE
    return State.DUE_SOON if due - day <= timedelta(days=soon_days) else State.DUE_LATER
