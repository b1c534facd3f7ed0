"""From what was typed to what is kept, with a sentence for everything that cannot be; and back to words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from soildesk.enterprises.filingforms import MOST_ROWS, Entry, Form
from soildesk.enterprises.models import Filing

LONGEST = {"long": 2000}
LONGEST_TEXT = 300
YES, NO = "yes", "no"
DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII
)  # as people write it, and as a date cell of Excel is read
K = Filing.Kind


@dataclass(frozen=True, slots=True)
class Read:
    """What is kept of a form, and what is wrong with it: by the entry's name, `table.3.column` in a table."""

    data: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Everything wrong in one."""
        return "".join(self.problems.values())


def read(form: Form, typed: Mapping[str, Any], today: date) -> Read:
    """The form as typed (text, or values of an earlier reading). What cannot be read is kept as typed, and told."""
    found = Read()
    for entry in form.single:
        _take(found, entry, typed.get(entry.name), today)
    for table in form.tables:
        _take_rows(found, table, typed.get(table.name) or [], today)
    for name, told in _together(form, found.data):
        found.problems.setdefault(name, told)
    return found


def _take(found: Read, entry: Entry, value: Any, today: date) -> None:
    found.data[entry.name], told = one(entry, value, today)
    if told:
        found.problems[entry.name] = told


def _take_rows(found: Read, table: Entry, typed: Sequence[Mapping[str, Any]], today: date) -> None:
    rows = found.data[table.name] = []
    for number, row in enumerate([row for row in typed if any(_text(row.get(c.name)) for c in table.columns)], 1):
        if number > MOST_ROWS:
            found.problems[table.name] = _("“%(what)s”超过 %(most)d 行：请合并同类行，或以附件报送明细。") % {
                "what": table.title,
                "most": MOST_ROWS,
            }
            break
        kept = Read()
        for column in table.columns:
            _take(kept, column, row.get(column.name), today)
        for name, said in kept.problems.items():
            found.problems[f"{table.name}.{number}.{name}"] = _("第 %(n)d 行：%(said)s") % {"n": number, "said": said}
        rows.append(kept.data)
    if table.required and not rows:
        found.problems[table.name] = _("“%(what)s”没有填写：请至少填写一行。") % {"what": table.title}


def one(entry: Entry, value: Any, today: date) -> tuple[Any, str]:
    """One value as it is kept, and what is wrong with it."""
    text = _text(value)
    if not text:
        return None, _("“%(what)s”没有填写：请填写。") % {"what": entry.title} if entry.required else ""
    kept, told = READERS[entry.kind](entry, text)
    if not told and entry.past and kept > today.isoformat():
        told = _("“%(what)s”%(value)s 晚于今天 %(today)s：尚未发生的不能填报，请填写今天或更早的日期。") % {
            "what": entry.title, "value": kept, "today": today,
        }  # fmt: skip
    return kept, told


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"  # a cell of a sheet: a day without a time zone
    return "" if value is None else str(value).strip()


def _words(entry: Entry, text: str) -> tuple[Any, str]:
    most = LONGEST.get(entry.kind, LONGEST_TEXT)
    if len(text) > most:
        told = _("“%(what)s”有 %(n)d 字，最多 %(most)d 字：请缩短，详细内容写在附件里。")
        return text[:most], told % {"what": entry.title, "n": len(text), "most": most}
    return text, ""


def _day(entry: Entry, text: str) -> tuple[Any, str]:
    written = DAY.fullmatch(text)
    try:
        day = date(*map(int, written.groups())) if written else date.fromisoformat(text[:10])
        return day.isoformat(), ""
    except ValueError:
        told = _("“%(what)s”的“%(value)s”不是日期：请写成 2026-11-22。")
        return text[:40], told % {"what": entry.title, "value": text[:40]}


def _number(entry: Entry, text: str) -> tuple[Any, str]:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or abs(amount.adjusted()) > 15:
        told = _("“%(what)s”的“%(value)s”不是数：请填写 0 或更大的数，不带单位。")
        return text[:40], told % {"what": entry.title, "value": text[:40]}
    return format(amount, "f"), ""


def _count(entry: Entry, text: str) -> tuple[Any, str]:
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        told = _("“%(what)s”的“%(value)s”不是整数：请填写 0 或更大的整数。")
        return text[:40], told % {"what": entry.title, "value": text[:40]}
    return int(text), ""


def _yes_no(entry: Entry, text: str) -> tuple[Any, str]:
    answer = {YES: True, NO: False, _("是"): True, _("否"): False, "是": True, "否": False}.get(text)
    if answer is None:
        told = _("“%(what)s”的“%(value)s”看不懂：请选择“是”或“否”。")
        return None, told % {"what": entry.title, "value": text[:40]}
    if entry.must and not answer:
        return answer, _("“%(what)s”为“否”：这是方案必须有的内容，请补充方案后再报送。") % {"what": entry.title}
    return answer, ""


def _choice(entry: Entry, text: str) -> tuple[Any, str]:
    for key, label in entry.choices:
        if text in (key, str(label)):
            return key, ""
    told = _("“%(what)s”的“%(value)s”不在选项里：请选择%(choices)s之一。")
    labels = "、".join(str(label) for _key, label in entry.choices)
    return None, told % {"what": entry.title, "value": text[:40], "choices": labels}


READERS: Mapping[str, Callable[[Entry, str], tuple[Any, str]]] = {
    "text": _words, "long": _words, "day": _day, "number": _number, "count": _count, "yes_no": _yes_no,
    "choice": _choice,
}  # fmt: skip


def _together(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What two entries say against each other."""
    if form.kind == K.TOXIC_REPORT:
        yield from _discharge(data)
    if form.kind == K.HAZARD_REPORT and _both(data, "rectified", "found", int) and data["rectified"] > data["found"]:
        told = _("“已整改数”%(done)d 多于“发现隐患数”%(found)d：请核对。")
        yield "rectified", told % {"done": data["rectified"], "found": data["found"]}
    for first, last in (("started_on", "finished_on"), ("planned_start", "planned_end"), ("since", "until")):
        if _both(data, first, last, str) and data[last] < data[first]:
            told = _("结束日期 %(last)s 早于开始日期 %(first)s：请核对两个日期。")
            yield last, told % {"last": data[last], "first": data[first]}


def _discharge(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if data.get("none") is True and data.get("substances"):
        told = _("填写了“全年没有排放”，又填了 %(n)d 种物质：请改为“否”，或删去各行。")
        yield "none", told % {"n": len(data["substances"])}
    if data.get("none") is False and not data.get("substances"):
        yield "substances", _("没有填写排放的物质：请逐行填写；确实没有排放的，请选择“是”。")


def _both(data: Mapping[str, Any], one: str, other: str, kind: type) -> bool:
    return isinstance(data.get(one), kind) and isinstance(data.get(other), kind)


def shown(entry: Entry, value: Any) -> str:
    """A kept value in words; a dash where nothing was filled in."""
    if value is None or value == "":
        return "—"
    if entry.kind == "yes_no":
        return _("是") if value else _("否")
    if entry.kind == "choice":
        return next((str(label) for key, label in entry.choices if key == value), str(value))
    return f"{value} {entry.unit}".strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a filing in words."""

    title: str
    head: list[str]
    rows: list[list[tuple[str, str]]]  # heading and value


def facts(form: Form, data: Mapping[str, Any], *, public: bool = False) -> list[tuple[str, str]]:
    """The entries that are no table, in words; only the public ones on demand."""
    wanted = [entry for entry in form.single if entry.public or not public]
    return [(str(entry.title), shown(entry, data.get(entry.name))) for entry in wanted]


def tables(form: Form, data: Mapping[str, Any], *, public: bool = False) -> list[Table]:
    """The tables, in words; only the public ones and their public columns on demand."""
    found = []
    for table in form.tables:
        if public and not table.public:
            continue
        columns = [column for column in table.columns if column.public or not public]
        rows = [
            [(column.heading, shown(column, row.get(column.name))) for column in columns]
            for row in data.get(table.name) or []
        ]
        found.append(Table(str(table.title), [column.heading for column in columns], rows))
    return found
