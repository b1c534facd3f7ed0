"""`soildesk duties status`: the duty cards of a year as of a day."""

from __future__ import annotations

import argparse
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.enterprises.dutywords import Line, how_sure, line_of, state_word
from soildesk.enterprises.queries.cards import Card, cards, counts
from soildesk.enterprises.queries.facts import View
from soilrules.enterprises.duties import CardState

WIDTHS = (26, 30, 14, 12, 10, 44)
FIRST, LAST = 2015, 2100


def status(options: argparse.Namespace) -> None:
    """Each line of each card that has begun; --unit is a part of a name or a credit code."""
    by = actor_of(options)
    require(by, "enterprises.read")
    on = day_of(options.on, "--on") or clock.today()
    year = options.year or on.year
    if not FIRST <= year <= LAST:
        raise Refused(f"--year 是 {year}：请填写 {FIRST} 至 {LAST} 之间的年份。", code="duties.year")
    found = [one for one in cards(View(by, on), year) if _wanted(one, options.unit)]
    if options.unit and not found:
        raise Refused(
            f"没有找到 {year} 年有义务、名称含“{options.unit}”或代码为“{options.unit}”的单位：请用 soildesk enterprises list 核对名称和代码。",
            code="duties.unit",
        )
    rows = [(one, line_of(line, one.firm.row["enterprise__uid"])) for one in found for line in one.lines if line.owed]
    if options.json:
        show_json([_told(one, line) for one, line in rows])
        return
    if rows:
        lines = [
            (one.name, line.title, line.period, str(line.due or "—"), line.chip.word, line.reason) for one, line in rows
        ]
        show(table([("单位", "义务", "期次", "时限", "状态", "说明"), *lines], WIDTHS))
    counted = counts(Card(one.firm, year, tuple(line for line in one.lines if line.owed)) for one in found)
    states = "，".join(f"{state_word(state)} {counted[state]}" for state in CardState if counted[state])
    told = f"（{states}）。" if states else "。"
    foreseen = "将来的一天：按目前登记的情况推算。" if on > clock.today() else ""
    show(f"{year}年，截至 {on}：{len(found)} 家单位，{len(rows)} 条义务{told}{foreseen}")


def _wanted(one: Card, text: str) -> bool:
    return not text or text in one.name or text.upper() == one.firm.row["credit_code"]


def _told(one: Card, line: Line) -> dict[str, Any]:
    return {
        "unit": one.name,
        "credit_code": one.firm.row["credit_code"],
        "duty": line.title,
        "duty_id": line.card.rule.id,
        "period": line.period,
        "due": line.due.isoformat() if line.due else None,
        "done_on": line.done_on.isoformat() if line.done_on else None,
        "state": str(line.card.state),
        "reason": line.reason,
        "basis": [cited.text for cited in line.basis],
        "mark": line.card.rule.mark,
        "sure": how_sure(line.card.rule.mark),
        "evidence": line.evidence,
    }
