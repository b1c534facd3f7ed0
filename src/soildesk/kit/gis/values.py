"""A cell of a file as the value of an entry; what does not fit is refused with what is expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.kit.faces import Entry

LARGEST_POWER = 18
"""Numbers from 10 to this power, or closer to zero than 10 to its negative, are no figure of a register."""
EARLIEST = date(1900, 1, 1)
"""No register of ours knows an earlier day; a year 0001 or 1026 is a slip of the hand."""
YES, NO = {"是", "1", "true", "yes", "y", "有", "√"}, {"否", "0", "false", "no", "n", "无", ""}


class BadValue(Exception):
    """The value does not fit; the sentence says what does."""


def clean(entry: Entry, raw: Any, choices: Sequence[tuple[str, Any]] = ()) -> Any:
    """The value of `entry` in a cell; None for an empty one. Raises BadValue."""
    text = as_text(raw)
    if not text:
        return None
    value = _KINDS[entry.kind](entry, raw, text) if entry.kind in _KINDS else text
    if choices:
        value = _chosen(text, choices)
    if isinstance(value, str) and len(value) > entry.longest:
        raise BadValue(
            _("有 %(length)s 个字，最多 %(longest)s 个。请缩短。") % {"length": len(value), "longest": entry.longest}
        )
    if entry.check is not None:
        try:
            return entry.check(value)
        except Refusal as refusal:
            raise BadValue(str(refusal)) from refusal
    return value


def as_text(raw: Any) -> str:
    """A cell as a person reads it: no .0 behind whole numbers, no not-a-number."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, bool):
        return "1" if raw else "0"
    return str(raw).strip()


_PLAIN = (bool, int, str)


def stored(value: Any) -> Any:
    """A value as JSON keeps it; `clean` makes it again."""
    return value if value is None or isinstance(value, _PLAIN) else str(value)


def _decimal(entry: Entry, raw: Any, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadValue(_("应为数字，如 1234.5。请改正。"))
    if not -LARGEST_POWER <= number.adjusted() < LARGEST_POWER:  # 1e99999 is seven signs here, and much more as an int
        raise BadValue(
            _("超出可以登记的范围：应在 10 的 %(most)d 次方以内。请核对指数和单位。") % {"most": LARGEST_POWER}
        )
    return number


def _integer(entry: Entry, raw: Any, text: str) -> int:
    number = _decimal(entry, raw, text)
    if number != number.to_integral_value():
        raise BadValue(_("应为整数。请改正。"))
    return int(number)


def _date(entry: Entry, raw: Any, text: str) -> date:
    day = _any_date(raw, text)
    if day < EARLIEST:
        raise BadValue(_("早于 %(first)s：请核对年份。") % {"first": EARLIEST})
    return day


def _any_date(raw: Any, text: str) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    short = text[:10].replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    try:
        if short.isdecimal() and len(short) == 8:
            return date(int(short[:4]), int(short[4:6]), int(short[6:]))
        year, month, day = (int(part) for part in short.split("-"))
        return date(year, month, day)
    except ValueError:
        raise BadValue(_("应为日期，写成 2026-11-22 的样式。请改正。")) from None


def _yes_no(entry: Entry, raw: Any, text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise BadValue(_("应为“是”或“否”。请改正。"))


def _chosen(text: str, choices: Sequence[tuple[str, Any]]) -> Any:
    for value, label in choices:
        if text in (str(value), str(label)):
            return value
    named = [(value, label) for value, label in choices if text in getattr(label, "names", ())]
    if len(named) == 1:
        return named[0][0]
    if named:
        meant = "、".join(str(label) for _value, label in named)
        raise BadValue(_("可以指%(meant)s：请写成其中一个。") % {"meant": meant})
    shown = "、".join(str(label) for _value, label in choices[:12]) + ("……" if len(choices) > 12 else "")
    raise BadValue(_("应为：%(choices)s。请改正，或在对照中写明它对应哪一个。") % {"choices": shown})


_KINDS = {"decimal": _decimal, "integer": _integer, "date": _date, "yes_no": _yes_no}
