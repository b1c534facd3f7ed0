"""Local rules as an office fills them in: a workbook read row by row into what soilrules.gate reads from its own files.

Three sheets: what the document is, one rule a row, and its limits. The strict reader of the shipped rules has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from soildesk.decisions import rulewords
from soilrules.gate.acts import acts
from soilrules.gate.profiles import CHECKS, GroundState, read_profile
from soilrules.gate.rules import check_rules
from soilrules.gate.uses import groups
from soilrules.plantext.formats import Sheet
from soilrules.strict import BadRuleData, Record

HEAD_SHEET, ROWS_SHEET, LIMITS_SHEET = "文件", "规则", "期限"
HEAD = {
    "title": "文件名称",
    "number": "文号",
    "division": "适用地区代码",
    "since": "起",
    "until": "止",
    "source": "来源",
    "checked_on": "核对日期",
}
ROW = {
    "check": "规则",
    "acts": "办理事项",
    "groups": "用途类别",
    "ground": "地块情形",
    "kinds": "以前行业",
    "plan_state": "规划进度",
    "transfer": "土地权属",
    "recalled_before": "收回早于",
    "recalled_from": "收回不早于",
    "force": "效力",
    "article": "条款",
    "words": "原文",
}
LIMIT = {"what": "内容", "most": "数值", "unit": "单位", "acts": "办理事项", "article": "条款", "words": "原文"}
LIMITS = {
    "limit": "省规定的调查期限",
    "review_level": "评审层级",
    "survey_valid": "固定有效期",
    "query_acts": "应查询国家系统",
}
MOMENTS = "local_moments"
MOMENT_KEYS = ("plan_state", "transfer", "recalled_before", "recalled_from")
LONGEST = {"title": 200, "number": 120, "source": 200, "article": 120, "words": 500}
_SPLIT = re.compile(r"[、,，;；\n]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?")
_EXCEL_ZERO = date(1899, 12, 30)
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it stands, what is wrong with it, and what it becomes."""

    sheet: str
    number: int
    said: Said
    faults: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadRules:
    """A workbook read. `data`: the rules as the strict reader takes them, where nothing is wrong."""

    rows: Sequence[ReadRow]
    data: Mapping[str, Any] | None = None


def words_of(names: Mapping[Any, Any]) -> dict[str, str]:
    """The Chinese name of each choice of the workbook, by its key; the workbook is Chinese whatever the page is."""
    with override("zh-hans"):
        return {str(key): str(name) for key, name in names.items()}


def checks() -> dict[str, str]:
    """The checks a row may be of, by id."""
    return {one: check_rules()[one].zh for one in (*CHECKS, MOMENTS)}


def act_names() -> list[str]:
    """The acts a row may name."""
    return [one.id for one in acts().values() if one.local]


def group_names() -> dict[str, str]:
    """The groups of use, by key."""
    return {key: zh for key, (zh, _en) in groups().items()}


def read(sheets: Sequence[Sheet], places: Mapping[str, str]) -> ReadRules:
    """Read a workbook. `places`: codes of the divisions whose rules may be entered, with names."""
    held = {sheet.name: sheet for sheet in sheets}
    if missing := [one for one in (HEAD_SHEET, ROWS_SHEET) if one not in held]:
        told = _("文件里没有名为“%(names)s”的工作表：请下载模板填写，不要改工作表的名称。") % {
            "names": "”“".join(missing)
        }
        return ReadRules([ReadRow(HEAD_SHEET, 1, {}, [told])])
    head = _head(held[HEAD_SHEET], places)
    rows = [_rule(number, said) for number, said in _lines(held[ROWS_SHEET], ROW)]
    limits = list(_limits(held[LIMITS_SHEET])) if LIMITS_SHEET in held else []
    every = [head, *rows, *limits]
    if not rows and not limits:
        told = _(
            "“规则”和“期限”工作表都没有填写：请从第 2 行起填写；经核对没有属地规则的，不用导入，直接采用“本地没有属地规则”。"
        )
        every = [ReadRow(HEAD_SHEET, head.number, head.said, [*head.faults, told])]
    return ReadRules(every) if any(one.faults for one in every) else _whole(head, rows, limits)


def _whole(head: ReadRow, rows: Sequence[ReadRow], limits: Sequence[ReadRow]) -> ReadRules:
    """Everything together, once the strict reader has taken it."""
    data: dict[str, Any] = {**head.data, "until": head.data.get("until"), "reading": ""}
    data["rows"] = [dict(one.data) for one in rows if "when" not in one.data]
    data["moments"] = [dict(one.data) for one in rows if "when" in one.data]
    for one in limits:
        data |= one.data
    every = [head, *rows, *limits]
    try:
        read_profile(Record(data, head.said.get("title", "")))
    except BadRuleData as error:
        told = _("没有通过规则的严格检查：%(detail)s。请核对后重新选择文件。") % {"detail": error}
        return ReadRules([ReadRow(head.sheet, head.number, head.said, [told]), *every[1:]])
    return ReadRules(every, data)


def _cells(sheet: Sheet) -> Iterator[tuple[int, dict[int, str]]]:
    for row in sheet.rows:
        yield row.number, {cell.column: " ".join(cell.text.split()) for cell in row.cells}


def _lines(sheet: Sheet, names: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The filled rows beneath the heading, by key."""
    keys = {word: key for key, word in names.items()}
    columns: dict[int, str] = {}
    for number, cells in _cells(sheet):
        if not columns:
            columns = {at: keys[text] for at, text in cells.items() if text in keys}
            continue
        said = {key: cells.get(at, "") for at, key in columns.items()}
        if any(said.values()):
            yield number, said


def _head(sheet: Sheet, places: Mapping[str, str]) -> ReadRow:
    keys = {word: key for key, word in HEAD.items()}
    said: dict[str, str] = {}
    for _number, cells in _cells(sheet):
        if key := keys.get(cells.get(0, "")):
            said[key] = cells.get(1, "")
    faults: list[str] = []
    _must_have(said, HEAD, ("title", "number", "division", "since", "source", "checked_on"), faults)
    data: dict[str, Any] = {key: said.get(key, "") for key in ("title", "number", "source")}
    data["division"] = said.get("division", "").removesuffix(".0")
    if data["division"] and data["division"] not in places:
        faults.append(
            _("适用地区代码“%(code)s”不是您所在的地区、其上级或下辖地区。应为：%(known)s。")
            % {
                "code": data["division"],
                "known": "、".join(f"{code} {name}" for code, name in list(places.items())[:8]),
            }
        )
    for key in ("since", "until", "checked_on"):
        data[key] = _day(said.get(key, ""), HEAD[key], faults)
    if data["since"] and data["until"] and data["until"] <= data["since"]:
        faults.append(
            _("“止”%(until)s 不晚于“起”%(since)s：止是不再适用的第一天，仍在适用的不填。")
            % {"until": data["until"], "since": data["since"]}
        )
    return ReadRow(HEAD_SHEET, 1, said, faults, data)


def _rule(number: int, said: Said) -> ReadRow:
    faults: list[str] = []
    _must_have(said, ROW, ("check", "force", "article", "words"), faults)
    check = _one(said, "check", checks(), faults)
    data: dict[str, Any] = {
        "id": f"row_{number}",
        "acts": _several(said, "acts", {one: one for one in act_names()}, faults),
        "force": _one(said, "force", words_of(rulewords.FORCES), faults),
        "article": said.get("article", ""),
        "words": said.get("words", ""),
    }
    if check == MOMENTS:
        data["when"] = _when(said, faults)
        if not data["acts"]:
            faults.append(_("“办理事项”没有填：写明在哪些事项之前完成调查，几项用“、”隔开。"))
        _must_be_empty(said, ("groups", "ground", "kinds"), checks()[MOMENTS], faults)
        return ReadRow(ROWS_SHEET, number, said, faults, data)
    data |= {
        "check": check,
        "groups": _several(said, "groups", group_names(), faults),
        "ground": _one(said, "ground", words_of(rulewords.GROUND), faults),
        "kinds": _several(said, "kinds", words_of(rulewords.KINDS), faults),
    }
    if check:
        _must_have(said, ROW, ("ground",), faults)
        _must_be_empty(said, MOMENT_KEYS, checks()[check], faults)
    if (data["ground"] == GroundState.UNSURVEYED) != bool(data["kinds"]):
        faults.append(
            _("“以前行业”只和地块情形“%(ground)s”一起填写：请补上以前行业，或改地块情形。")
            % {"ground": words_of(rulewords.GROUND)[GroundState.UNSURVEYED]}
        )
    return ReadRow(ROWS_SHEET, number, said, faults, data)


def _when(said: Said, faults: list[str]) -> dict[str, Any]:
    """The state in which a moment holds."""
    found: dict[str, Any] = {
        "plan_state": _one(said, "plan_state", words_of(rulewords.PLAN_STATES), faults),
        "transfer": _one(said, "transfer", words_of(rulewords.TRANSFERS), faults),
        "recalled_before": _day(said.get("recalled_before", ""), ROW["recalled_before"], faults),
        "recalled_from": _day(said.get("recalled_from", ""), ROW["recalled_from"], faults),
    }
    return {key: value for key, value in found.items() if value}


def _limits(sheet: Sheet) -> Iterator[ReadRow]:
    seen: dict[str, int] = {}
    for number, said in _lines(sheet, LIMIT):
        faults: list[str] = []
        _must_have(said, LIMIT, ("what",), faults)
        what = _one(said, "what", LIMITS, faults, LIMIT)
        if what in seen:
            faults.append(_("与第 %(row)d 行是同一项内容：请只留一行。") % {"row": seen[what]})
        seen.setdefault(what, number)
        yield ReadRow(LIMITS_SHEET, number, said, faults, {what: _limit(what, said, faults)} if what else {})


def _limit(what: str, said: Said, faults: list[str]) -> Any:
    if what == "query_acts":
        _must_have(said, LIMIT, ("acts",), faults)
        return _several(said, "acts", {one: one for one in act_names()}, faults, LIMIT)
    _must_have(said, LIMIT, ("article", "words"), faults)
    cited = {"article": said.get("article", ""), "words": said.get("words", "")}
    if what == "review_level":
        _must_have(said, LIMIT, ("most",), faults)
        return cited | {"level": _one(said, "most", words_of(rulewords.LEVELS), faults, LIMIT)}
    if what == "survey_valid":
        _must_have(said, LIMIT, ("most", "unit"), faults)
        if said.get("unit") and said["unit"] != words_of(rulewords.UNITS)["months"]:
            faults.append(_("“单位”写的是“%(text)s”，固定有效期按“个月”填写。") % {"text": said["unit"]})
        return cited | {"months": _count(said, faults)}
    if not said.get("most") and not said.get("unit"):
        return cited  # the words alone: no day is made of them
    _must_have(said, LIMIT, ("most", "unit"), faults)
    return cited | {"most": _count(said, faults), "unit": _one(said, "unit", words_of(rulewords.UNITS), faults, LIMIT)}


def _must_have(said: Said, names: Mapping[str, str], keys: Sequence[str], faults: list[str]) -> None:
    for key in keys:
        if not said.get(key):
            faults.append(_("“%(name)s”没有填：请照文件填写。") % {"name": names[key]})
    for key, most in LONGEST.items():
        if key in keys and len(said.get(key, "")) > most:
            told = {"name": names[key], "n": len(said[key]), "most": most}
            faults.append(_("“%(name)s”有 %(n)d 个字，最多 %(most)d 个：请只写要紧的一句。") % told)


def _must_be_empty(said: Said, keys: Sequence[str], check: str, faults: list[str]) -> None:
    for key in keys:
        if said.get(key):
            told = {"name": ROW[key], "text": said[key], "check": check}
            faults.append(_("“%(name)s”写的是“%(text)s”，“%(check)s”不用填这一列：请清空，或改“规则”。") % told)


def _one(said: Said, key: str, known: Mapping[str, str], faults: list[str], names: Mapping[str, str] = ROW) -> str:
    """The key a word stands for; empty where nothing is said."""
    found = _several(said, key, known, faults, names, whole=True)
    return found[0] if found else ""


def _several(
    said: Said, key: str, known: Mapping[str, str], faults: list[str], names: Mapping[str, str] = ROW, *, whole: bool = False
) -> list[str]:  # fmt: skip
    """The keys of the words of a cell; `whole`: the cell is one word. A name with 、 in it is taken first."""
    text, found = said.get(key, ""), []
    by_name = {name: one for one, name in known.items()}
    if whole or text in by_name:
        parts = [text] if text else []
    else:
        for name in sorted((one for one in by_name if _SPLIT.search(one) and one in text), key=len, reverse=True):
            text = text.replace(name, "、")
            found.append(by_name[name])
        parts = [one for one in _SPLIT.split(text) if one.strip()]
    for part in (one.strip() for one in parts):
        if part not in by_name:
            told = {"name": names[key], "text": part, "known": "；".join(known.values())}
            faults.append(_("“%(name)s”写的是“%(text)s”，没有这个名称。应为：%(known)s。") % told)
        else:
            found.append(by_name[part])
    return list(dict.fromkeys(found))


def _count(said: Said, faults: list[str]) -> int:
    text = said.get("most", "").removesuffix(".0")
    if text.isdecimal() and 0 < int(text) < 10_000:
        return int(text)
    if text:
        faults.append(_("“数值”写的是“%(text)s”，应为大于 0 的整数。") % {"text": text})
    return 1


def _day(text: str, name: str, faults: list[str]) -> str | None:
    """A day as written, or as the number Excel keeps for one."""
    if not text:
        return None
    plain = text.removesuffix(".0")
    if plain.isdecimal() and 30_000 < int(plain) < 80_000:
        return (_EXCEL_ZERO + timedelta(days=int(plain))).isoformat()
    if match := _DAY.fullmatch(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            pass
    faults.append(_("“%(name)s”写的是“%(text)s”，不是日期。请写成 2026-09-01 的样式。") % {"name": name, "text": text})
    return None
