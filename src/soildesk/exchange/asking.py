"""What a request asks for: its parameters read strictly, its collection as the asker sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.exchange.problems import Problem, wrong_parameter
from soildesk.kit import seen as kit_seen
from soildesk.kit.day import parse_day
from soildesk.kit.seen import Seen

ON, KNOWN_ON = "on", "known_on"


def only(params: QueryDict, allowed: Iterable[str]) -> None:
    """Refuse a parameter nobody reads: a mistyped filter would otherwise answer with everything."""
    known = sorted(set(allowed))
    for name in params:
        if name not in known:
            told = _("参数 %(name)s 不存在。这个地址可用的参数：%(known)s。") % {
                "name": name[:80],
                "known": "、".join(known) or _("无"),
            }
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_parameter", told, parameter=name[:80])


def day_of(params: QueryDict) -> date:
    """The day whose state is asked for (`on`); today without it."""
    text = params.get(ON, "")
    if not text:
        return clock.today()
    day = parse_day(text)
    if day is None:
        raise wrong_parameter(ON, text, _("应为 1990 年至 2100 年间的日期，例如 2026-06-30。"))
    return day


def moment_of(params: QueryDict) -> datetime | None:
    """The moment as known at which is asked (`known_on`): a day means its end."""
    text = params.get(KNOWN_ON, "")
    if not text:
        return None
    moment = read_moment(text)
    if moment is not None:
        return moment
    day = parse_day(text)
    if day is None:
        expected = _("应为日期或带时区的时刻，例如 2026-06-30 或 2026-06-30T08:00:00+08:00。")
        raise wrong_parameter(KNOWN_ON, text, expected)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def read_moment(text: str) -> datetime | None:
    """An RFC 3339 moment; one without a zone is none, nor one that other zones' calendars do not have."""
    try:
        moment = parse_datetime(text.strip().upper().replace(" ", "+"))
    except ValueError:
        return None
    known = moment is not None and timezone.is_aware(moment) and date.min.year < moment.year < date.max.year
    return moment if known else None


def whole_number(params: QueryDict, name: str, usual: int, most: int) -> int:
    """A number from 1; what is more than `most` counts as `most`."""
    text = params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal()) or len(text) > 18 or int(text) < 1:
        raise wrong_parameter(name, text, _("应为 1 至 %(most)d 的整数。") % {"most": most})
    return min(int(text), most)


def collection_of(request: HttpRequest, name: str, on: date, known_on: datetime | None = None) -> Seen:
    """The collection as the asker sees it; what may not be seen is not there."""
    found = kit_seen.seen(name, actor_of(request), on, known_on)
    if found is None:
        told = _("没有名为“%(name)s”的数据集，或它不对您开放。请查看数据集列表；内部数据须带访问令牌。")
        raise Problem(HTTPStatus.NOT_FOUND, "collection", told % {"name": name[:80]})
    if known_on is not None and (found.actor is None or not found.declared.knows_past):
        raise wrong_parameter(KNOWN_ON, known_on.isoformat(), _("这个数据集不能按“当时所知”查询。"))
    return replace(found, declared=found.declared.for_programs())


def actor_of(request: HttpRequest) -> Any:
    """Who asks; None is the public."""
    return getattr(request, "actor", None)


def member(seen: Seen, key: str) -> Problem:
    """There is no such row for this asker."""
    told = _("“%(title)s”里没有编号为“%(key)s”的记录，或它不在您的范围内。")
    return Problem(HTTPStatus.NOT_FOUND, "member", told % {"title": seen.declared.title, "key": key[:80]})
