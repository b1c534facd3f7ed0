"""Typed deadlines, their grammar, the working-day calendar and the one function that says late."""

from soilrules.deadlines.calendar import WorkingCalendar, published_calendar
from soilrules.deadlines.choose import Choice, closing_term
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.parse import parse
from soilrules.deadlines.state import Due, Duty, State, due_day, state

__all__ = [
    "Choice",
    "Deadline",
    "DeadlineKind",
    "Due",
    "Duty",
    "State",
    "WorkingCalendar",
    "closing_term",
    "due_day",
    "parse",
    "published_calendar",
    "state",
]
