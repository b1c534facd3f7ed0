"""The only clock of the desk.

Rules and services are given their day; fronts ask here. `SOILDESK_TODAY=2026-11-21` fixes the day for
demonstrations and tests (the time of day goes on).
"""

from __future__ import annotations

import os
from datetime import date, datetime

from django.utils import timezone

VARIABLE = "SOILDESK_TODAY"


def today() -> date:
    """The current day in the desk's time zone, or the day fixed by SOILDESK_TODAY."""
    return _fixed_day() or timezone.localdate()


def now() -> datetime:
    """The current time (aware), on the fixed day where one is set."""
    moment = timezone.localtime()
    day = _fixed_day()
    return moment.replace(year=day.year, month=day.month, day=day.day) if day else moment


def local_day(at: datetime) -> date:
    """The day of a moment in the desk's time zone: 23:30 UTC is the next morning in Beijing."""
    return timezone.localtime(at).date()


def _fixed_day() -> date | None:
    value = os.environ.get(VARIABLE, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{VARIABLE}={value!r} is not a day: expected YYYY-MM-DD. Correct or unset it.") from error
