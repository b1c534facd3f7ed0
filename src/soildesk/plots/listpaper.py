"""A list of a day as a paper on A4: the plots, since when and by which number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.monitoring import papers
from soildesk.plots.queries.lists import OnList
from soildesk.plots.words import list_name


def made(
    key: str, rows: Sequence[OnList], *, area: tuple[str, bool], on: date, known_on: datetime | None, at: datetime
) -> bytes:
    """The PDF. `area`: the place it covers, and whether that is a whole county or more."""
    head = [
        _("序号"),
        _("地块名称"),
        _("全国系统地块编码"),
        _("所在地"),
        _("列入日期"),
        _("批次"),
        _("文号"),
        _("决定机关"),
    ]
    table = [
        [
            str(number),
            one.name,
            one.code,
            one.division,
            one.stay.since.isoformat(),
            one.lot or "—",
            one.document,
            one.stay.event.authority,
        ]
        for number, one in enumerate(rows, 1)
    ]
    told = {
        "title": " ".join(filter(None, (area[0], list_name(key)))),
        "under": _under(len(rows), on, known_on) + ("" if area[1] else part_words(area[0])),
        "warning": "" if rows else _("当日没有登记在名单（名录）内的地块；没有登记不等于没有确定。"),
        "head": head,
        "wide": ["auto", "1fr", "auto", "auto", "auto", "auto", "auto", "1fr"],
        "rows": table,
        "signed": [],
        "foot": _("打印于 %(day)s；名单、名录由有权机关决定，本表由登记的文件汇成") % {"day": clock.local_day(at)},
    }
    return papers.listing(told, at=at)


def part_words(place: str) -> str:
    """That somebody sees a part of a list only, and which."""
    return _("。只列%(place)s范围内的地块，不是整份名单（名录）") % {"place": place}


def _under(count: int, on: date, known_on: datetime | None) -> str:
    told = _("%(on)s 的名单（名录），共 %(n)d 个地块") % {"on": on, "n": count}
    if known_on is None:
        return told
    known = timezone.localtime(known_on).strftime("%Y-%m-%d")
    return _("%(told)s（按 %(known)s 当时已登记的文件）") % {"told": told, "known": known}
