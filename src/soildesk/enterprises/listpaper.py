"""A list of a day as a paper on A4: what it says is what a published row says, and by which notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.enterprises.firmwords import name_of
from soildesk.enterprises.queries.lists import OnList, fields_of, row_of
from soildesk.monitoring import papers
from soilrules.enterprises.lists import ListKind


def made(kind: ListKind, rows: Sequence[OnList], *, on: date, known_on: datetime | None, at: datetime) -> bytes:
    """The PDF."""
    fields = fields_of(kind)
    head = [_("序号"), *(word for _name, word in fields), _("列入日期"), _("文号")]
    table = [
        [str(number), *row_of(one, kind), one.stay.since.isoformat(), one.stay.notice.number]
        for number, one in enumerate(rows, 1)
    ]
    wide = ["auto", *("1fr" if name in ("name", "industry") else "auto" for name, _word in fields), "auto", "auto"]
    told = {
        "title": name_of(kind),
        "under": _under(len(rows), on, known_on),
        "warning": "" if rows else _("当日没有登记在名录内的单位；没有登记不等于没有确定。"),
        "head": head,
        "wide": wide,
        "rows": table,
        "signed": [],
        "foot": _("打印于 %(day)s；名录由有权机关确定，本表由登记的文件汇成") % {"day": clock.local_day(at)},
    }
    return papers.listing(told, at=at)


def _under(count: int, on: date, known_on: datetime | None) -> str:
    told = _("%(on)s 的名录，共 %(n)d 家") % {"on": on, "n": count}
    if known_on is None:
        return told
    known = timezone.localtime(known_on).strftime("%Y-%m-%d")
    return _("%(told)s（按 %(known)s 当时已登记的文件）") % {"told": told, "known": known}
