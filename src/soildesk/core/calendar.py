"""The working-day calendar in force here: State Council notices kept as rows."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Max

from soildesk.core import audit
from soildesk.core.models import CalendarDay
from soildesk.core.permissions import Actor, require
from soilrules.deadlines import WorkingCalendar, published_calendar

_cache: dict[tuple[int, int | None], WorkingCalendar] = {}


def working_calendar() -> WorkingCalendar:
    """The calendar from `CalendarDay` rows; years after the last one with rows are provisional.

    A desk whose table is still empty uses the notices shipped with soilrules.
    """
    key = _version()
    if key not in _cache:
        _cache.clear()
        _cache[key] = _read() if key[0] else published_calendar()
    return _cache[key]


def _version() -> tuple[int, int | None]:
    seen = CalendarDay.objects.aggregate(n=Count("id"), last=Max("id"))
    return seen["n"], seen["last"]


def _read() -> WorkingCalendar:
    rows = list(CalendarDay.objects.values_list("day", "is_working"))
    return WorkingCalendar(
        holidays=frozenset(day for day, working in rows if not working),
        workdays=frozenset(day for day, working in rows if working),
        last_published_year=max(day.year for day, _ in rows),
    )


def load_published(*, by: Actor, at: datetime) -> int:
    """Bring the rows up to the notices shipped with soilrules; returns how many days were added."""
    require(by, "core.manage_calendar")
    shipped = published_calendar()
    known = set(CalendarDay.objects.values_list("day", flat=True))
    rows = [_row(day, False) for day in shipped.holidays - known] + [
        _row(day, True) for day in shipped.workdays - known
    ]
    if not rows:
        return 0
    with transaction.atomic():
        CalendarDay.objects.bulk_create(sorted(rows, key=lambda row: row.day))
        days = [row.day.isoformat() for row in rows]
        audit.record("core.calendar.loaded", subject="core.calendar", by=by, at=at, data=audit.bulk(days))
    return len(rows)


def _row(day: date, working: bool) -> CalendarDay:
    return CalendarDay(day=day, is_working=working, source=f"国务院办公厅关于{day.year}年部分节假日安排的通知")
