"""Days as laboratories print them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年_—–]\s*(\d{1,2})\s*[-/.月_—–]\s*(\d{1,2})\s*[日号]?"
    r"(?:[T\s,]*(?:上午|下午|凌晨|晚上)?\s*\d{1,2}\s*[:时点].*|\s*(?:上午|下午|凌晨|晚上|[.。]))?"
)
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4}|\d{6})?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:\s+\d{1,2}:.*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})[-\s/.](?P<month>[a-z]{3})[a-z]*\.?[-\s/.,]+(?P<year>\d{4})(?:\s+\d{1,2}:.*)?", re.I
)
_MONTH_DAY = re.compile(
    r"(?P<month>[a-z]{3})[a-z]*\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:\s+\d{1,2}:.*)?", re.I
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = (20_000, 80_000)  # 1954 to 2119
_BLANK = frozenset({"", "-", "--", "/", "—", "——", "n/a", "na", "无"})


@lru_cache(maxsize=20_000)
def read(text: str) -> tuple[date | None, str | None]:
    """The day, or the problem with it; a blank has neither. A five-figure number is Excel's count of days from 1900.

    >>> read("2026年9月1日"), read("46266"), read("01/02/2026")
    ((datetime.date(2026, 9, 1), None), (datetime.date(2026, 9, 1), None), (None, 'date_ambiguous'))
    """
    line = unicodedata.normalize("NFKC", text).strip().removeprefix("'")
    if line.lower() in _BLANK:
        return None, None
    if found := _YEAR_FIRST.fullmatch(line) or _EIGHT.fullmatch(line):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if (found := _SERIAL.fullmatch(line)) and _SERIALS[0] <= int(found[1]) < _SERIALS[1]:
        return _EXCEL_ZERO + timedelta(days=int(found[1])), None
    if (found := _DAY_MONTH.fullmatch(line) or _MONTH_DAY.fullmatch(line)) and found["month"].lower() in _MONTHS:
        return _day(int(found["year"]), _MONTHS.index(found["month"].lower()) + 1, int(found["day"]))
    if found := _YEAR_LAST.fullmatch(line):
        return _year_last(int(found[1]), int(found[2]), found[3])
    return None, "date_unread"


def _year_last(first: int, second: int, year: str) -> tuple[date | None, str | None]:
    """01/02/2026 may be January or February; only a number above 12 or twice the same tells."""
    if len(year) == 2 or (first <= 12 and second <= 12 and first != second):
        return None, "date_ambiguous"
    return _day(int(year), first, second) if second > 12 else _day(int(year), second, first)


def _day(year: int, month: int, day: int) -> tuple[date | None, str | None]:
    try:
        return date(year, month, day), None
    except ValueError:
        return None, "date_unread"
