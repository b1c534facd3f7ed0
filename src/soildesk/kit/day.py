"""The day a page speaks of: today, or the day asked for with `?on=2026-06-30`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import clock

PARAMETER = "on"
KNOWN = "known_on"
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def parse_day(text: str) -> date | None:
    """The ISO date `text` stands for, or None if it is none or lies outside 1990 to 2100."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def page_day(request: HttpRequest) -> date:
    """The day `request` speaks of; an unreadable `?on=` means today (the frame shows which day it is)."""
    return parse_day(request.GET.get(PARAMETER, "")) or clock.today()


def page_known_on(request: HttpRequest) -> datetime | None:
    """The end of the day as known on which `request` asks (`?known_on=2026-06-30`); None: as known now."""
    day = parse_day(request.GET.get(KNOWN, ""))
    if day is None or day >= clock.today():
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def wrong_day(request: HttpRequest) -> str:
    """Why no list can be told of the day asked for; empty where one can."""
    for name in (PARAMETER, KNOWN):
        text = request.GET.get(name, "").strip()
        if text and parse_day(text) is None:
            return _("“%(text)s”不是日期：请写成 2026-11-22 的样式。") % {"text": text[:40]}
        if text and (parse_day(text) or clock.today()) > clock.today():
            return _("%(day)s 还没有到：名单、名录只能查到今天 %(today)s。") % {"day": text, "today": clock.today()}
    return ""
