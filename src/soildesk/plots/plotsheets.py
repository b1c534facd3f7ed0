"""Tables of plots as the national system and bureaus send them: which columns they have, which plot each row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.sentences import language
from soildesk.kit.gis.understanding import plain
from soildesk.kit.imports import ImportRefused, MappingLine
from soildesk.plots.models import PlotVersion
from soilrules.plantext.formats import UnreadableFile

HEADER_WITHIN = 10
"""Rows in which the heading of a table is looked for."""
TITLES: Mapping[str, Any] = {
    "number": _l("地块编号"),
    "code": _l("全国系统地块编码"),
    "name": _l("地块名称"),
    "stage": _l("阶段"),
    "lists": _l("名单、名录"),
    "location": _l("坐落"),
    "use_planned": _l("规划用途代码"),
    "works": _l("评估要求的措施"),
    "listed_on": _l("列入日期"),
    "act": _l("列入或移出"),
    "reason": _l("原因"),
    "ground": _l("范围"),
    "report": _l("报告"),
    "review": _l("评审结果"),
    "filed_on": _l("备案日期"),
    "evaluator": _l("效果评估单位统一社会信用代码"),
    "contractors": _l("管控、修复单位统一社会信用代码"),
    "firm": _l("企业名称"),
    "credit_code": _l("统一社会信用代码"),
    "industry": _l("行业代码"),
    "address": _l("地址"),
    "products": _l("产品"),
    "closed_on": _l("关闭或搬迁时间"),
    "began_on": _l("投产时间"),
    "recalled_on": _l("收回（收储）日期"),
    "document": _l("文号"),
    "use_before": _l("原用途"),
    "town": _l("乡镇（街道）"),
    "case": _l("受理编号"),
    "object": _l("反映对象"),
    "complaint": _l("反映内容"),
    "received_on": _l("受理日期"),
}
HEADINGS: Mapping[str, Sequence[str]] = {
    "number": ("地块编号", "本级编号", "登记编号", "number"),
    "code": ("全国系统地块编码", "地块编码", "地块代码", "系统编码", "全国系统编码", "code"),
    "name": ("地块名称", "名称", "污染地块名称", "name"),
    "stage": ("阶段", "地块阶段", "所处阶段", "环节", "当前阶段", "管理阶段", "stage"),
    "lists": ("名单、名录", "名单名录", "所在名录", "名录", "名单", "lists"),
    "location": ("坐落", "地块地址", "地址", "坐落位置", "地块位置", "location"),
    "use_planned": ("规划用途代码", "规划用途", "planned_use"),
    "works": ("评估要求的措施", "措施", "管控修复类型", "works"),
    "listed_on": ("列入日期", "列入名录日期", "列入名单日期", "名录日期", "名单、名录列入日期"),
    "act": ("列入或移出", "列入移出", "类型", "办理"),
    "reason": ("原因", "列入原因", "移出原因", "理由"),
    "ground": ("范围", "坐标", "WKT", "wkt", "拐点坐标"),
    "report": ("报告", "报告名称", "调查报告", "评估报告"),
    "review": ("评审结果", "评审结论", "评审意见"),
    "filed_on": ("备案日期", "报告备案日期"),
    "evaluator": ("效果评估单位统一社会信用代码", "效果评估单位信用代码"),
    "contractors": ("管控、修复单位统一社会信用代码", "修复单位信用代码", "施工单位信用代码"),
    "firm": (
        "企业名称", "单位名称", "企业", "关闭搬迁企业名称", "原使用权人", "原土地使用权人", "原权利人", "原企业", "原用地单位", "被举报单位",
    ),
    "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "industry": ("行业代码", "行业", "行业类别", "所属行业", "原行业"),
    "address": ("企业地址", "生产地址", "地址", "详细地址"),
    "products": ("产品", "主要产品", "产品名称"),
    "closed_on": (
        "关闭或搬迁时间", "搬迁或关闭时间", "关闭时间", "搬迁时间", "关停时间", "停产时间", "停产日期", "停产年份", "退出时间", "止",
    ),
    "began_on": ("投产时间", "投产日期", "投产年份", "建厂时间", "建厂年份", "开工时间", "起"),
    "recalled_on": (
        "收回（收储）日期", "收回日期", "收储日期", "收回时间", "收储时间", "收回收储日期", "收回（收储）时间", "批准收回日期", "批准日期",
    ),
    "document": ("文号", "收回文号", "批准文号", "收储文号", "收回决定文号", "合同编号"),
    "use_before": ("原用途", "原土地用途", "收回前用途", "现状用途"),
    "town": ("乡镇（街道）", "乡镇", "街道", "所在乡镇", "镇街"),
    "case": ("受理编号", "案件编号", "信件编号", "转办编号", "举报编号", "编号"),
    "object": ("反映对象", "被举报对象", "举报对象", "问题地点", "反映地点", "地点"),
    "complaint": ("反映内容", "举报内容", "投诉内容", "信访内容", "反映问题", "主要问题", "问题描述"),
    "received_on": ("受理日期", "受理时间", "举报日期", "举报时间", "投诉日期", "投诉时间", "收件日期", "交办日期"),
}  # fmt: skip
SERIAL_ZERO, SERIAL_DIGITS = date(1899, 12, 30), 5
"""The day a spreadsheet counts days from, and how many digits a day of our time has there."""
FIRST_YEAR = 1900
TOTALS = ("合计", "总计", "小计", "备注", "说明", "注：", "注:")


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a table, as it stands there."""

    position: int
    raw: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlotTable:
    """A table of plots."""

    columns: Sequence[MappingLine]
    rows: Sequence[Told]
    notes: Sequence[str]
    keys: frozenset[str]


def read(data: bytes, name: str, *, keys: Sequence[str], needs: Sequence[str]) -> PlotTable:
    """The sheet in which most headings of `keys` are known; refused where none has one of `needs`."""
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    best: tuple[int, Any] | None = None
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for cells, rest in _headers(rows):
            mapping = _mapped(cells, keys)
            if set(mapping.values()) & set(needs) and (best is None or len(mapping) > best[0]):
                best = (len(mapping), (cells, mapping, rest))
    if best is None:
        wanted = "、".join(str(TITLES[key]) for key in needs)
        raise ImportRefused(
            _("“%(name)s”里没有找到含有“%(wanted)s”列的表：请核对表头，或使用模板。")
            % {"name": name, "wanted": wanted},
            code="kit.import.nothing",
        )
    return _table(*best[1])


def _headers(rows: Sequence[tuple[int, Mapping[int, str]]]) -> Iterator[tuple[Mapping[int, str], Sequence[Any]]]:
    """What may be the heading, and the rows under it: one row, or two where merged cells stand over others."""
    for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        yield cells, rows[at + 1 :]
        if at + 1 < len(rows):
            below = {column: text for column, text in rows[at + 1][1].items() if text}
            yield {**cells, **below}, rows[at + 2 :]


def _mapped(cells: Mapping[int, str], keys: Sequence[str]) -> dict[int, str]:
    """Column → key, the first column of each heading."""
    known = {plain(heading): key for key in keys for heading in HEADINGS[key]}
    found: dict[int, str] = {}
    for column, text in sorted(cells.items()):
        key = known.get(plain(text), "")
        if key and key not in found.values():
            found[column] = key
    return found


def _table(header: Mapping[int, str], mapping: Mapping[int, str], rows: Sequence[Any]) -> PlotTable:
    told, left = [], 0
    for number, cells in rows:
        said = {key: cells[column] for column, key in mapping.items() if cells.get(column)}
        if not said:
            continue
        if str(next(iter(cells.values()), "")).startswith(TOTALS):
            left += 1
            continue
        told.append(Told(number, {title: cells[at] for at, title in header.items() if cells.get(at)}, said))
    lines = [MappingLine(title, str(TITLES[mapping[at]]) if at in mapping else "") for at, title in header.items()]
    notes = [_("略过合计、说明等 %(n)d 行。") % {"n": left}] if left else []
    return PlotTable(lines, told, notes, frozenset(mapping.values()))


@dataclass(frozen=True)
class KnownPlots:
    """The plots an actor sees by number, code and name."""

    by_number: Mapping[str, PlotVersion]
    by_code: Mapping[str, PlotVersion]
    by_name: Mapping[str, Sequence[PlotVersion]]

    @classmethod
    def of(cls, actor: Actor, on: date) -> KnownPlots:
        """All of a day."""
        rows = list(PlotVersion.objects.visible_to(actor).standing(on).select_related("plot").order_by("plot__number"))
        names: dict[str, list[PlotVersion]] = {}
        for row in rows:
            names.setdefault(plain(row.name), []).append(row)
        return cls({one.plot.number: one for one in rows}, {one.code: one for one in rows if one.code}, names)

    def match(self, said: Mapping[str, str]) -> PlotVersion | None:
        """The plot of a row: by our number, by the national code, or by a name that only one has and no code gainsays."""
        if said.get("number") in self.by_number:
            return self.by_number[said["number"]]
        if said.get("code") in self.by_code:
            return self.by_code[said["code"]]
        named = self.by_name.get(plain(said.get("name", "")), ())
        if len(named) == 1 and not (said.get("code") and named[0].code):
            return named[0]
        return None


def day_in(text: str, *, whole: bool = False) -> date | None:
    """A day as tables write it, also as the number a spreadsheet keeps it by; None where it is none.

    `whole`: a month or a year alone is no day. Without it, its first day stands for it.
    """
    written = re.split(r"[T\s]", re.sub(r"\s*([年月./-])\s*", r"\1", text.strip()), maxsplit=1)[0]
    parts = "".join(c if c.isdecimal() else " " for c in written).split()
    try:
        if len(parts) == 1 and len(parts[0]) == SERIAL_DIGITS:
            return SERIAL_ZERO + timedelta(days=int(parts[0]))
        if len(parts) == 1 and len(parts[0]) in (6, 8):
            parts = [one for one in (parts[0][:4], parts[0][4:6], parts[0][6:]) if one]
        if whole and len(parts) < 3:
            return None
        found = date(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1, int(parts[2]) if len(parts) > 2 else 1)
    except (ValueError, IndexError):
        return None
    return found if found.year >= FIRST_YEAR else None
