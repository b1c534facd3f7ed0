"""Typed deadlines, their grammar, the working-day calendar and the one function that says late."""

from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.state import Due, Duty, State, due_day, state

__all__ = ["Deadline", "DeadlineKind", "Due", "Duty", "State", "WorkingCalendar", "due_day", "published_calendar",
           "state"]
