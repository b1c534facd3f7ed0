"""Working days of mainland China: weekends, State Council holidays and make-up workdays as dated data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off and make-up workdays; beyond `last_published_year` only weekends are known."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    last_published_year: int

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day` (a weekend day may be a make-up workday)."""
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)

    def add_working_days(self, day: date, n: int) -> tuple[date, bool]:
        """The `n`-th working day after `day` (which is not counted), and whether it is provisional.

        >>> WorkingCalendar(frozenset(), frozenset(), 2030).add_working_days(date(2026, 11, 20), 1)
        (datetime.date(2026, 11, 23), False)
        """
        if n < 0:
            raise ValueError(f"{n} working days cannot be added to {day}: expected 0 or more.")
        while n:
            day += DAY
            n -= self.is_working_day(day)
        return day, day.year > self.last_published_year


def calendar_of(years: Iterable[Mapping[str, object]]) -> WorkingCalendar:
    """Put the data of published years together; a year without its notice is refused."""
    holidays: set[date] = set()
    workdays: set[date] = set()
    last = 0
    for entry in years:
        unknown = set(entry) - {"year", "source", "holidays", "workdays"}
        year = entry.get("year")
        if unknown or not isinstance(year, int) or not entry.get("source"):
            raise ValueError(
                f"holiday data of year {year!r}: expected year, source, holidays, workdays; "
                f"unknown keys {sorted(unknown)}."
            )
        holidays |= set(_days(entry["holidays"], year))
        workdays |= set(_days(entry["workdays"], year))
        last = max(last, year)
    return WorkingCalendar(frozenset(holidays), frozenset(workdays), last)


def _days(value: object, year: int) -> list[date]:
    if not isinstance(value, list) or not all(isinstance(day, date) and day.year == year for day in value):
        raise ValueError(f"holiday data of {year}: every day must be a date of that year, got {value!r}.")
    return value


@cache
def published_calendar() -> WorkingCalendar:
    """The calendar of all State Council notices shipped in soilrules/data/calendar."""
    folder = files("soilrules") / "data" / "calendar"
    texts = (entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return calendar_of(yaml.safe_load(text) for text in texts)
