"""Divisions: taken in from CSV with a verdict per row before anything is written, and their successions.

Columns: code (代码), name (名称), level (级别: province, city, county, town, village or 省级 …), parent (上级代码),
since (起), until (止), source (来源). Codes are GB/T 2260's, 9 digits for towns and 12 for villages; trailing
zeros of shorter levels fall away (110000 is province 11). Without a parent the code says it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.errors import Refusal
from soildesk.core.models import Division, DivisionSuccession
from soildesk.core.permissions import Actor, require

COLUMNS = {
    "代码": "code",
    "名称": "name",
    "级别": "level",
    "上级": "parent",
    "上级代码": "parent",
    "起": "since",
    "止": "until",
    "来源": "source",
}
LENGTH = {"country": 0, "province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
LABELS = {str(level.label): str(level) for level in Division.Level}
CHUNK = 2000
LARGEST = 100 * 1024 * 1024
NEW, SAME, RENAMED, CLOSED, WRONG = "new", "same", "renamed", "closed", "wrong"


class DivisionsRefused(Refusal):
    """The file cannot be taken in; nothing was written."""

    code = "core.divisions.refused"


class RowFault(Exception):
    """What is wrong with one row."""


@dataclass(frozen=True)
class Row:
    """One line of the file, read."""

    line: int
    code: str
    name: str
    level: str
    parent: str
    since: date | None
    until: date | None
    source: str


@dataclass(frozen=True)
class RowVerdict:
    """What becomes of a line: new, same, renamed, closed or wrong, with the sentence the user reads."""

    line: int
    code: str
    name: str
    fate: str
    sentence: str
    row: Row | None = None


@dataclass(frozen=True)
class Preview:
    """All lines with their fates; `apply` takes it when nothing is wrong."""

    verdicts: tuple[RowVerdict, ...] = field(default=())

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines of each fate."""
        found = dict.fromkeys((NEW, SAME, RENAMED, CLOSED, WRONG), 0)
        for verdict in self.verdicts:
            found[verdict.fate] += 1
        return found

    @property
    def ok(self) -> bool:
        """Whether the file may be taken in."""
        return bool(self.verdicts) and not self.counts[WRONG]

    @property
    def wrong(self) -> list[RowVerdict]:
        """The lines that stop it."""
        return [verdict for verdict in self.verdicts if verdict.fate == WRONG]


def preview(data: bytes) -> Preview:
    """What would become of each line of the CSV; nothing is written."""
    present = {row.code: row for row in Division.objects.filter(until=None)}
    known = {code: str(row.level) for code, row in present.items()}
    seen: dict[str, int] = {}
    verdicts = []
    for line, cells in _lines(data):
        try:
            row = _read(line, cells)
            if row.code in seen:
                raise RowFault(_("代码 %(code)s 与第 %(line)d 行重复。") % {"code": row.code, "line": seen[row.code]})
            verdict = _fate(row, present.get(row.code), known)
        except RowFault as fault:
            verdict = RowVerdict(line, cells.get("code", ""), cells.get("name", ""), WRONG, str(fault))
        else:
            seen[row.code] = line
            known[row.code] = row.level
        verdicts.append(verdict)
    return Preview(tuple(verdicts))


def _lines(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(decode(data)))
    names = [COLUMNS.get(name.strip(), name.strip()) for name in reader.fieldnames or []]
    missing = {"code", "name", "level"} - set(names)
    if missing:
        raise DivisionsRefused(
            _("表头缺少 %(missing)s：第一行须为 code,name,level,parent,since,until（或 代码,名称,级别,上级,起,止）。")
            % {"missing": "、".join(sorted(missing))},
            code="core.divisions.header",
        )
    reader.fieldnames = names
    for cells in reader:
        if any((value or "").strip() for key, value in cells.items() if key):
            yield reader.line_num, {key: (value or "").strip() for key, value in cells.items() if key}


def decode(data: bytes) -> str:
    """The text of a CSV in UTF-8 or GB18030."""
    if not data.strip():
        raise DivisionsRefused(_("文件是空的：请选择含行政区划的 CSV 文件。"), code="core.divisions.empty")
    if len(data) > LARGEST:
        raise DivisionsRefused(_("文件超过 100 MB：请按省拆分后导入。"), code="core.divisions.too_large")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DivisionsRefused(
        _("文件既不是 UTF-8 也不是 GB18030 编码的文本：请另存为 CSV（UTF-8）后再导入。"), code="core.divisions.encoding"
    )


def _read(line: int, cells: dict[str, str]) -> Row:
    level = LABELS.get(cells["level"], cells["level"])
    if level not in LENGTH:
        raise RowFault(
            _("级别“%(level)s”无法识别：应为 %(levels)s。") % {"level": cells["level"], "levels": "、".join(LABELS)}
        )
    code = _code(cells["code"], level)
    if not cells["name"]:
        raise RowFault(_("名称为空。"))
    parent = cells.get("parent", "")
    since, until = _day(cells.get("since", "")), _day(cells.get("until", ""))
    if since and until and until <= since:
        raise RowFault(_("止日 %(until)s 不晚于起日 %(since)s。") % {"until": until, "since": since})
    return Row(line, code, cells["name"], level, parent, since, until, cells.get("source", "")[:200])


def _code(text: str, level: str) -> str:
    if not re.fullmatch(r"\d{2,12}", text):
        raise RowFault(_("代码“%(code)s”应为 2 至 12 位数字。") % {"code": text})
    length = LENGTH[level]
    if len(text) < length or text[length:].strip("0"):
        raise RowFault(
            _("代码 %(code)s 与级别不符：%(level)s代码应为 %(length)d 位。")
            % {"code": text, "level": Division.Level(level).label, "length": length}
        )
    return text[:length]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RowFault(_("日期“%(day)s”无法识别：应为 2026-01-31 这样的写法。") % {"day": text}) from None


def _fate(row: Row, present: Division | None, known: dict[str, str]) -> RowVerdict:
    def told(fate: str, sentence: str) -> RowVerdict:
        return RowVerdict(row.line, row.code, row.name, fate, sentence, row)

    if present is None:
        parent = _parent_code(row, known)
        return told(NEW, _("新增，上级 %(parent)s") % {"parent": parent or _("无")})
    if row.until:
        return told(CLOSED, _("自 %(until)s 起停用") % {"until": row.until})
    if row.name == present.name and row.level == present.level:
        return told(SAME, _("已有，不变"))
    if row.since is None or (present.since and row.since <= present.since):
        raise RowFault(
            _("代码 %(code)s 现为“%(old)s”：改名须填写晚于其起日的起日。") % {"code": row.code, "old": present.name}
        )
    return told(
        RENAMED, _("“%(old)s”自 %(since)s 起改为“%(new)s”") % {"old": present.name, "since": row.since, "new": row.name}
    )


def _parent_code(row: Row, known: dict[str, str]) -> str:
    """The parent's code: the given one, or the longest known prefix (some counties stand right below a province)."""
    lengths = [length for length in LENGTH.values() if 0 < length < len(row.code)]
    if row.parent:
        given = [row.parent[:length] for length in reversed(lengths) if not row.parent[length:].strip("0")]
        found = next((code for code in given if code in known), "")
        if not found:
            raise RowFault(_("上级 %(parent)s 既不在库中，也不在本行之前。") % {"parent": row.parent})
        return found
    found = next((row.code[:length] for length in reversed(lengths) if row.code[:length] in known), "")
    if not found and row.level not in {"province", "country"}:
        raise RowFault(_("找不到代码 %(code)s 的上级：请先导入上级，或填写上级代码。") % {"code": row.code})
    return found


def apply(found: Preview, *, by: Actor, at: datetime) -> dict[str, int]:
    """Take in a preview: all of it or nothing. Returns how many of each fate."""
    require(by, "core.manage_divisions")
    if not found.verdicts:
        raise DivisionsRefused(_("文件里没有任何一行区划。"), code="core.divisions.no_rows")
    if found.wrong:
        first = found.wrong[0]
        raise DivisionsRefused(
            _("有 %(count)d 行不能导入，未写入任何一行。第 %(line)d 行：%(why)s")
            % {"count": len(found.wrong), "line": first.line, "why": first.sentence},
            code="core.divisions.rows",
        )
    with transaction.atomic():
        present = {row.code: row for row in Division.objects.filter(until=None)}
        for verdict in found.verdicts:
            if verdict.row and verdict.fate != SAME:
                _write(verdict.row, verdict.fate, present, by)
        audit.record(
            "core.divisions.imported",
            subject="core.division",
            by=by,
            at=at,
            data=audit.bulk(vars(verdict.row) for verdict in found.verdicts if verdict.row) | found.counts,
        )
    return found.counts


def _write(row: Row, fate: str, present: dict[str, Division], by: Actor) -> None:
    old = present.get(row.code)
    if fate == CLOSED and old:
        require(by, "core.manage_divisions", old)
        Division.objects.filter(pk=old.pk).update(until=row.until)
        return
    parent = old.parent if old else present.get(_parent_code(row, {code: "" for code in present}))
    if not by.system and parent:
        require(by, "core.manage_divisions", parent)
    if old and fate == RENAMED:
        Division.objects.filter(pk=old.pk).update(until=row.since)
    new = Division.objects.create(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=parent,
        since=row.since,
        until=row.until,
        source=row.source,
        path=(parent.path if parent else "") + row.code + "/",
    )
    if old and fate == RENAMED:
        Division.objects.filter(parent=old, until=None).update(parent=new)
        DivisionSuccession.objects.create(old=old, new=new, on=row.since, ground=row.source)
    present[row.code] = new


def record_succession(
    old: Division, new: Division, *, on: date, ground: str, by: Actor, at: datetime
) -> DivisionSuccession:
    """Write down that `old` went over into `new` on a day; an open `old` is closed on it."""
    require(by, "core.manage_divisions", old)
    require(by, "core.manage_divisions", new)
    if old.pk == new.pk:
        raise DivisionsRefused(_("“%(name)s”不能由自己承继。") % {"name": old.name}, code="core.divisions.same")
    with transaction.atomic():
        Division.objects.filter(pk=old.pk, until=None).update(until=on)
        row = DivisionSuccession.objects.create(old=old, new=new, on=on, ground=ground)
        audit.record(
            "core.division.succeeded",
            subject=new,
            by=by,
            at=at,
            data={"old": old.code, "new": new.code, "on": on.isoformat()},
        )
    return row


def successor_of(division: Division, on: date) -> Division:
    """The division standing on `on` in place of one, following successions; itself where none has come."""
    here, seen = division, {division.pk}
    while step := here.successors.filter(on__lte=on).select_related("new").order_by("on", "id").last():
        if step.new_id in seen:
            return here
        here = step.new
        seen.add(here.pk)
    return here
