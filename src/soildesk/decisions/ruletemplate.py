"""The workbook in which an office enters the local rules of its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from soildesk.decisions import rulewords
from soildesk.decisions.ruletable import (
    HEAD,
    HEAD_SHEET,
    LIMIT,
    LIMITS,
    LIMITS_SHEET,
    ROW,
    ROWS_SHEET,
    act_names,
    checks,
    group_names,
    words_of,
)

TOLD = {
    "title": "印本上的全称，如“某某区土壤污染防治2026年行动计划”",
    "number": "发文字号",
    "division": "行政区划代码：省 2 位、市 4 位、县 6 位，文件适用于哪里就写哪里",
    "since": "开始适用的那一天，如 2026-01-01",
    "until": "不再适用的第一天；仍在适用的不填",
    "source": "在哪里找到的印本，如“区政府网站2026-01-08公布”",
    "checked_on": "最近一次与印本逐句核对的日期",
}
ROW_TOLD = {
    "check": "从列表中选择；“属地办理时点”另填规划进度、土地权属",
    "acts": "几项用“、”隔开；各事项都适用的不填",
    "groups": "规划用途的类别，几类用“、”隔开；各类都适用的不填",
    "ground": "从列表中选择：地块处于什么情形时适用",
    "kinds": "只在地块情形为“曾有所列行业且未调查”时填，几类用“、”隔开",
    "plan_state": "只用于属地办理时点",
    "transfer": "只用于属地办理时点",
    "recalled_before": "只用于属地办理时点，日期",
    "recalled_from": "只用于属地办理时点，日期",
    "force": "应当（含禁止、不得）；原则上（含不宜）；鼓励（含力争）",
    "article": "条、款或小标题",
    "words": "照抄原文的一句",
}
LIMIT_TOLD = {
    "what": "从列表中选择",
    "most": "期限和有效期写整数；评审层级写县级、市级或省级；期限没有写明数字的不填",
    "unit": "日、个月或个工作日；期限自收到书面通知之日起算",
    "acts": "只用于“应查询国家系统”",
    "article": "条、款或小标题",
    "words": "照抄原文的一句",
}
ROWS_OFFERED = 300
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 — two templates are the same bytes


def workbook() -> bytes:
    """The template as an Excel file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": MADE})
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
        styles = {
            "head": book.add_format({**base, "bold": True, "bg_color": "#e6efee", "border": 1}),
            "cell": book.add_format({**base, "border": 1, "num_format": "@"}),
            "hint": book.add_format({**base, "font_color": "#555555"}),
        }
        _head(book.add_worksheet(HEAD_SHEET), styles)
        choices = {
            "check": checks(), "ground": words_of(rulewords.GROUND), "force": words_of(rulewords.FORCES),
            "plan_state": words_of(rulewords.PLAN_STATES), "transfer": words_of(rulewords.TRANSFERS),
        }  # fmt: skip
        _rows(book.add_worksheet(ROWS_SHEET), ROW, ROW_TOLD, choices, styles)
        limits = {"what": LIMITS, "unit": words_of(rulewords.UNITS)}
        _rows(book.add_worksheet(LIMITS_SHEET), LIMIT, LIMIT_TOLD, limits, styles)
        _names(book.add_worksheet("名称"), styles)
    return out.getvalue()


def _head(page: Any, styles: Mapping[str, Any]) -> None:
    for column, width in enumerate((18, 46, 62)):
        page.set_column(column, column, width)
    for at, (key, word) in enumerate(HEAD.items()):
        page.write_string(at, 0, word, styles["head"])
        page.write_blank(at, 1, None, styles["cell"])
        page.write_string(at, 2, TOLD[key], styles["hint"])


def _rows(
    page: Any, names: Mapping[str, str], told: Mapping[str, str], choices: Mapping[str, Mapping[str, str]], styles: Mapping[str, Any]
) -> None:  # fmt: skip
    for at, (key, word) in enumerate(names.items()):
        page.set_column(at, at, 46 if key == "words" else 18)
        page.write_string(0, at, word, styles["head"])
        page.write_comment(0, at, told[key], {"x_scale": 2})
        if key in choices:
            source = list(choices[key].values())
            page.data_validation(1, at, ROWS_OFFERED, at, {"validate": "list", "source": _listed(source)})
    page.freeze_panes(1, 0)


def _listed(names: Sequence[str]) -> list[str] | str:
    """Names as a drop-down; Excel holds 255 characters in a cell's own list, more stand on the sheet of names."""
    if sum(len(one) + 1 for one in names) <= 255:
        return list(names)
    raise ValueError(f"a drop-down of {names}: expected at most 255 characters.")


def _names(page: Any, styles: Mapping[str, Any]) -> None:
    """The names a cell may hold several of, to copy from; and how to fill the sheets."""
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 110)
    lines = {
        ROW["acts"]: "、".join(act_names()),
        ROW["groups"]: "；".join(group_names().values()),
        ROW["kinds"]: "、".join(words_of(rulewords.KINDS).values()),
        **{f"{ROWS_SHEET}：{ROW[key]}": told for key, told in ROW_TOLD.items()},
        **{f"{LIMITS_SHEET}：{LIMIT[key]}": told for key, told in LIMIT_TOLD.items()},
    }
    for at, (word, told) in enumerate(lines.items()):
        page.write_string(at, 0, word, styles["head"])
        page.write_string(at, 1, told, styles["hint"])
