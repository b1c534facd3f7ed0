"""A scheme as an Excel workbook: any scheme is written out, and one an office wrote itself is read back, line by line.

Its words are Chinese in every language: a workbook goes from office to office.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.assessment.refusals import AssessmentRefused
from soildesk.kit.exports import Sheet, SheetColumn, write_xlsx
from soildesk.kit.letters import running
from soildesk.reporting.queries.reading import offered
from soilrules.assessment.fit import is_score
from soilrules.assessment.scheme import (
    FULL,
    Consequence,
    Deduction,
    Follows,
    Grade,
    Item,
    Level,
    Method,
    NotApplicable,
    Scheme,
    Veto,
)
from soilrules.statistics.rule_data import MARKS
from soilrules.supervision.authorities import body_names

LEVELS = {"省": Level.PROVINCE, "市": Level.CITY, "县（市、区）": Level.COUNTY, "镇（街道）": Level.TOWN}
METHODS = {"达到得满分": Method.REACH, "按比例得分": Method.SHARE, "每项扣分": Method.PER}
ABSENT = {"摊到其他项": NotApplicable.REDISTRIBUTE, "按满分计": NotApplicable.FULL}
SIGNS = {"≥": ">=", "≤": "<="}
FOLLOWING = {
    "资金分配参考": Consequence.FUND, "限批": Consequence.LIMIT, "约谈": Consequence.TALK, "限期整改": Consequence.RECTIFY,
}  # fmt: skip
YES = "是"
OWN_MARK = "S"
"""A line of an office's own scheme stands in that scheme: its document is the source."""
FEW = 20
"""Words a refusal still names one by one."""
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
SPLIT, FINER = re.compile(r"[;；\n]+"), re.compile(r"[、,，]+")
BETWEEN = "；"
OBJECTION = "异议期（工作日）"
WHOLE, ITEMS, OFF, VETOES, GRADES, FOLLOWS = "方案", "指标", "扣分", "一票否决", "等次", "后续建议"
HEADS: Mapping[str, Sequence[str]] = {
    WHOLE: ("项目", "内容"),
    ITEMS: ("编号", "部分", "指标", "分值", "打分办法", "数据来源", "除以", "比较", "目标", "扣几分", "逐条算不符合", "依据", "把握"),
    OFF: ("编号", "情形", "数据来源", "每件扣分", "最多扣分", "依据", "把握"),
    VETOES: ("编号", "情形", "数据来源", "等次最高为", "依据", "把握"),
    GRADES: ("编号", "等次", "最低得分"),
    FOLLOWS: ("编号", "类型", "内容", "等次", "有权机关", "依据", "把握"),
}  # fmt: skip
WIDE = {"内容": 50, "指标": 30, "情形": 30, "数据来源": 26, "依据": 34, "打分办法": 14, "除以": 20}


def written(scheme: Scheme) -> bytes:
    """The scheme as .xlsx, with a list of what figures there are."""
    titles = _titles()
    rows = {
        WHOLE: _whole(scheme),
        ITEMS: [_item(one, scheme, titles) for one in scheme.used],
        OFF: [
            [one.id, one.title, _figures(one.figures, titles), one.each, one.most, one.basis, one.mark]
            for one in scheme.deductions if one.in_use
        ],
        VETOES: [
            [one.id, one.title, _figures(one.figures, titles), _grade(scheme, one.cap), one.basis, one.mark]
            for one in scheme.vetoes if one.in_use
        ],
        GRADES: [[one.id, one.title, one.at_least] for one in scheme.grades],
        FOLLOWS: [_follows(one, scheme) for one in scheme.consequences],
    }  # fmt: skip
    sheets = [
        Sheet(name, [SheetColumn(head, WIDE.get(head, 10)) for head in HEADS[name]], rows[name]) for name in HEADS
    ]
    known = [[title] for title in titles.values()]
    out = BytesIO()
    write_xlsx([*sheets, Sheet("可用的数据来源", [SheetColumn("数据来源", 50)], known)], out)
    return out.getvalue()


def _titles() -> dict[str, str]:
    """What each figure is called; where two are called alike, their ids."""
    with translation.override("zh-hans"):
        told = {name: str(title) for name, title in offered().items()}
    often = Counter(told.values())
    return {name: title if often[title] == 1 else name for name, title in told.items()}


def _whole(scheme: Scheme) -> list[list[Any]]:
    return [
        ["编号", scheme.id],
        ["名称", scheme.title],
        ["文件", scheme.document],
        ["说明", scheme.about],
        ["考核对象", BETWEEN.join(word for word, level in LEVELS.items() if level in scheme.assessed)],
        ["不适用的项", _word(ABSENT, scheme.not_applicable)],
        ["几个起排名", scheme.least_ranked],
        [OBJECTION, "" if scheme.objection_days is None else scheme.objection_days],
    ]


def _item(one: Item, scheme: Scheme, titles: Mapping[str, str]) -> list[Any]:
    per = one.method is Method.PER
    return [
        one.id, scheme.parts[one.part], one.title, one.weight, _word(METHODS, one.method), _figures(one.figures, titles),
        _figures(one.of, titles), "" if per else _word(SIGNS, one.comparator), "" if per else one.target,
        one.each if per else "", YES if one.faults else "", one.basis, one.mark,
    ]  # fmt: skip


def _follows(one: Follows, scheme: Scheme) -> list[Any]:
    names = body_names()
    return [
        one.id, _word(FOLLOWING, one.kind), one.words, BETWEEN.join(_grade(scheme, each) for each in one.grades),
        BETWEEN.join(names[each] for each in one.decided_by), one.basis, one.mark,
    ]  # fmt: skip


def _word(table: Mapping[str, Any], value: Any) -> str:
    return next(word for word, held in table.items() if held == value)


def _figures(names: Sequence[str], titles: Mapping[str, str]) -> str:
    return BETWEEN.join(titles.get(name, name) for name in names)


def _grade(scheme: Scheme, name: str) -> str:
    return next((one.title for one in scheme.grades if one.id == name), name)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet by its headings; whatever cannot be read is refused with its place."""

    sheet: str
    number: int
    values: Mapping[str, str]

    def text(self, head: str, default: str | None = None) -> str:
        """Words; refused where they are missing and nothing stands for them."""
        told = self.values.get(head, "").strip()
        if not told and default is None:
            raise self.refused(_("“%(head)s”没有填写。") % {"head": head})
        return told or (default or "")

    def number_of(self, head: str, default: str | None = None) -> Decimal:
        """A number."""
        told = self.text(head, default)
        try:
            found = Decimal(told.removesuffix("%").removesuffix("分"))
        except InvalidOperation:
            found = Decimal("NaN")
        if not is_score(found):
            raise self.refused(_("“%(head)s”的“%(value)s”不是数字。") % {"head": head, "value": told[:40]})
        return found

    def whole(self, name: str, least: int = 1) -> int:
        """A whole number of the sheet of pairs, `name` being what it is of."""
        found = self.number_of("内容")
        if found != int(found) or found < least:
            told = {"head": name, "value": f"{found:f}", "least": least}
            raise self.refused(_("“%(head)s”的“%(value)s”不对：应为整数，%(least)d 以上。") % told)
        return int(found)

    def choice(self, head: str, table: Mapping[str, Any], default: str | None = None) -> Any:
        """One of some words."""
        told = self.text(head, default)
        if told not in table:
            raise self.unknown(head, told, table)
        return table[told]

    def several(self, head: str, table: Mapping[str, Any], default: str | None = "") -> tuple[Any, ...]:
        """Some of some words, told apart by ；, or by 、 where that stands in none of them."""
        parts = [one.strip() for one in SPLIT.split(self.text(head, default))]
        words = [
            one.strip() for part in parts for one in ([part] if part in table else FINER.split(part)) if one.strip()
        ]
        for one in words:
            if one not in table:
                raise self.unknown(head, one, table)
        return tuple(table[one] for one in words)

    def unknown(self, head: str, told: str, table: Mapping[str, Any]) -> AssessmentRefused:
        """A word that is none of those there are; many of them stand on a sheet of their own."""
        known = "、".join(filter(None, table)) if len(table) <= FEW else _("“可用的数据来源”工作表里的名称")
        return self.refused(
            _("“%(head)s”的“%(value)s”不认识，应为：%(known)s。") % {"head": head, "value": told[:40], "known": known}
        )

    def name(self, start: str, head: str = "编号") -> str:
        """An id: as it is given, else by the place of the line."""
        told = self.text(head, f"{start}{self.number}" if start else None)
        if not ID.fullmatch(told):
            raise self.refused(_("编号“%(value)s”只能用小写字母、数字和下划线，字母开头。") % {"value": told[:40]})
        return told

    @property
    def mark(self) -> str:
        """How sure the line is."""
        return str(self.choice("把握", {one: one for one in MARKS}, OWN_MARK))

    def refused(self, why: str) -> AssessmentRefused:
        """A refusal with the place."""
        told = _("“%(sheet)s”第 %(row)d 行：%(why)s") % {"sheet": self.sheet, "row": self.number, "why": why}
        return AssessmentRefused(told, code="assessment.scheme.workbook")


def read(data: bytes, name: str) -> Scheme:
    """The scheme of a workbook; what it says as a whole is looked at by `soilrules.assessment.fit`."""
    if not name.lower().endswith(".xlsx"):
        raise AssessmentRefused(
            _("“%(name)s”不是 .xlsx 文件：请先下载一个方案的 Excel，改好后上传。") % {"name": name},
            code="assessment.scheme.workbook",
        )
    found = {one["name"]: one for one in running.cells(data, name) if one["kind"] == "xlsx"}
    sheets = {title: list(_lines(found.get(title), title, name)) for title in HEADS}
    whole = {line.text("项目"): line for line in sheets[WHOLE]}
    grades = tuple(Grade(one.name("g"), one.text("等次"), one.number_of("最低得分")) for one in sheets[GRADES])
    if not grades:
        raise AssessmentRefused(
            _("工作表“%(sheet)s”没有一行：至少写一个最低得分为 0 的等次。") % {"sheet": GRADES},
            code="assessment.scheme.workbook",
        )
    named = {one.title: one.id for one in grades}
    parts = list(dict.fromkeys(one.text("部分") for one in sheets[ITEMS]))
    keys = {title: f"p{at}" for at, title in enumerate(parts, 1)}
    figures = {word: key for key, title in _titles().items() for word in (title, key)}
    ask = _asker(whole)
    return Scheme(
        id=ask("编号").name("", "内容"),
        title=ask("名称").text("内容")[:120],
        document=ask("文件").text("内容"),
        about=ask("说明").text("内容", "—"),
        assessed=ask("考核对象").several("内容", LEVELS, None),
        years=None,
        mark=OWN_MARK,
        not_applicable=ask("不适用的项").choice("内容", ABSENT),
        not_applicable_mark=OWN_MARK,
        grades=grades,
        grades_mark=OWN_MARK,
        least_ranked=ask("几个起排名").whole("几个起排名"),
        ranked_mark=OWN_MARK,
        parts={key: title for title, key in keys.items()},
        items=tuple(_read_item(one, keys, figures) for one in sheets[ITEMS]),
        deductions=tuple(
            Deduction(
                one.name("d"), one.text("情形"), one.several("数据来源", figures), one.number_of("每件扣分"),
                one.number_of("最多扣分"), one.text("依据", ""), one.mark,
            )
            for one in sheets[OFF]
        ),
        vetoes=tuple(
            Veto(one.name("v"), one.text("情形"), one.several("数据来源", figures), one.choice("等次最高为", named), one.text("依据", ""), one.mark)
            for one in sheets[VETOES]
        ),
        consequences=tuple(_read_follows(one, named) for one in sheets[FOLLOWS]),
        notes=(),
        objection_days=_days(whole.get(OBJECTION)),
        objection_mark=OWN_MARK,
    )  # fmt: skip


def _days(line: Line | None) -> int | None:
    """The term of objections; a workbook without the line, or with an empty one, sets none."""
    if line is None or not line.text("内容", ""):
        return None
    return line.whole(OBJECTION, least=0)


def _asker(whole: Mapping[str, Line]) -> Callable[[str], Line]:
    def ask(word: str) -> Line:
        if word not in whole:
            raise AssessmentRefused(
                _("“方案”里没有“%(word)s”这一项：请补上。") % {"word": word}, code="assessment.scheme.workbook"
            )
        return whole[word]

    return ask


def _lines(sheet: Mapping[str, Any] | None, title: str, name: str) -> Iterator[Line]:
    """The lines under the headings; empty ones are left out."""
    if sheet is None:
        raise AssessmentRefused(
            _("“%(name)s”里没有工作表“%(sheet)s”：请先下载一个方案的 Excel，在上面修改。")
            % {"name": name, "sheet": title},
            code="assessment.scheme.workbook",
        )
    rows: dict[int, dict[int, str]] = {}
    for cell in sheet["cells"]:
        rows.setdefault(cell["row"], {})[cell["column"]] = str(cell["text"]).strip()
    first = HEADS[title][0]
    top = next((row for row, cells in sorted(rows.items()) if first in cells.values()), None)
    heads = {head: column for column, head in rows[top].items()} if top is not None else {}
    if top is None or (missing := [head for head in HEADS[title] if head not in heads]):
        told = first if top is None else "、".join(missing)
        raise AssessmentRefused(
            _("工作表“%(sheet)s”没有“%(heads)s”这一列：请照下载的 Excel 填写，不要改表头。")
            % {"sheet": title, "heads": told},
            code="assessment.scheme.workbook",
        )
    for row, cells in sorted(rows.items()):
        if row > top and any(cells.values()):
            yield Line(title, row, {head: cells.get(heads[head], "") for head in HEADS[title]})


def _read_item(line: Line, parts: Mapping[str, str], figures: Mapping[str, str]) -> Item:
    method: Method = line.choice("打分办法", METHODS)
    per = method is Method.PER
    mark = line.mark
    return Item(
        id=line.name("i"),
        part=parts[line.text("部分")],
        title=line.text("指标"),
        weight=line.number_of("分值"),
        method=method,
        figures=line.several("数据来源", figures),
        of=line.several("除以", figures),
        faults=line.choice("逐条算不符合", {YES: True, "否": False, "": False}, ""),
        comparator=line.choice("比较", SIGNS, "≥"),
        target=FULL if per else line.number_of("目标"),
        each=line.number_of("扣几分") if per else Decimal(0),
        basis=line.text("依据", ""),
        mark=mark,
        weight_mark=mark,
    )


def _read_follows(line: Line, grades: Mapping[str, str]) -> Follows:
    bodies = {name: body for body, name in body_names().items()}
    return Follows(
        line.name("f"), line.choice("类型", FOLLOWING), line.text("内容"), line.several("等次", grades),
        line.several("有权机关", bodies, None), line.text("依据", ""), line.mark,
    )  # fmt: skip
