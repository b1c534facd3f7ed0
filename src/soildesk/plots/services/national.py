"""What a record of the national system makes of a plot that nothing was written of here: events with its document.

The record is a fact of that system, registered as such. A release or a removal it tells needs what the rules ask of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.plots.lifefacts import event_of, told_facts
from soildesk.plots.models import PlotEvent
from soildesk.plots.plotsheets import day_in
from soildesk.plots.refusals import EventRefused
from soildesk.plots.services.events import Told, refusal_of
from soildesk.plots.words import list_name
from soilrules.enterprises import credit_code
from soilrules.plots.life import replay
from soilrules.plots.lists import ListKey, plot_lists
from soilrules.plots.state import EventKind, Stage

SYSTEM = "全国建设用地土壤环境管理信息系统"
LIST_LEVELS = {ListKey.SUSPECTED: "county", ListKey.POLLUTED: "city", ListKey.ROSTER: "province", ListKey.NEGATIVE: "county", ListKey.PRIORITY: "county"}  # fmt: skip
STAGE_WORDS: Mapping[str, tuple[str, ...]] = {
    Stage.S0: ("S0", "疑似", "疑似地块", "疑似污染地块", "应调查"),
    Stage.S1: ("S1", "初步调查", "初步调查阶段"),
    Stage.S2: ("S2", "详细调查", "详细调查阶段"),
    Stage.S3: ("S3", "风险评估", "风险评估阶段"),
    Stage.S4: ("S4", "风险管控", "风险管控阶段"),
    Stage.S5: ("S5", "治理与修复", "治理修复", "修复", "修复阶段"),
    Stage.S6: ("S6", "效果评估", "效果评估阶段", "管控修复效果评估"),
    Stage.RELEASED: ("released", "已解除", "无污染", "非污染地块", "无需管控", "可安全利用"),
    Stage.REMOVED: ("removed", "已移出", "移出名录", "已移出名录"),
}
LIST_WORDS: Mapping[str, tuple[str, ...]] = {
    ListKey.SUSPECTED: ("suspected", "疑似污染地块名单", "疑似名单", "疑似地块名单"),
    ListKey.ROSTER: (
        "roster",
        "风险管控和修复名录",
        "管控修复名录",
        "风险管控与修复名录",
        "省级名录",
        "建设用地土壤污染风险管控和修复名录",
    ),
    ListKey.POLLUTED: ("polluted", "污染地块名录"),
    ListKey.NEGATIVE: ("negative", "开发利用负面清单", "负面清单", "污染地块开发利用负面清单"),
    ListKey.PRIORITY: ("priority", "优先管控名录", "污染地块优先管控名录"),
}
WORKS_WORDS = {"风险管控": "control", "管控": "control", "修复": "remediation", "治理与修复": "remediation", "管控和修复": "control_and_remediation", "control": "control", "remediation": "remediation", "control_and_remediation": "control_and_remediation"}  # fmt: skip
LISTED_ON = "listed_on"
"""What an event taken from an export keeps of the day its list was entered there."""
USUAL_WORKS = {Stage.S4: "control", Stage.S5: "remediation"}


def stage_of(text: str) -> str | None:
    """The stage a word of the system means; None where it means none we know."""
    plain = re.sub(r"\s+", "", text)
    for stage, words in STAGE_WORDS.items():
        if plain in words or plain.upper().startswith(f"{stage}".upper()):
            return str(stage)
    return None


def lists_of(text: str) -> tuple[list[str], list[str]]:
    """The lists a text names, and the words in it that name none."""
    found, unknown = [], []
    for word in (part.strip() for part in re.split(r"[;；、，,\n]+", text)):
        key = next((key for key, words in LIST_WORDS.items() if word in words), None)
        if key:
            found.append(str(key))
        elif word:
            unknown.append(word)
    return found, unknown


def list_days(text: str, keys: Sequence[str], on: date) -> tuple[dict[str, date], list[str]]:
    """The day of each list in a cell (one for each list, in their order or by name), and why what else it says is not used."""
    days: dict[str, date] = {}
    wrong: list[str] = []
    parts = [part.strip() for part in re.split(r"[;；、，,\n]+", text) if part.strip()]
    for at, part in enumerate(parts):
        name = re.split(r"[\d：:（(]", part, maxsplit=1)[0].strip()
        named = lists_of(name)[0] if name else list(keys[at : at + 1]) if len(parts) == len(keys) else []
        day = day_in(part.removeprefix(name).strip("：:（()） "), whole=True)
        if day is None or not named or named[0] not in keys:
            wrong.append(
                _("列入日期“%(text)s”认不出是哪个名单、名录的哪一天，没有采用：请写成“污染地块名录 2024-03-01”。")
                % {"text": part}
            )
        elif not plot_lists()[ListKey(named[0])].since <= day <= on:
            wrong.append(
                _(
                    "列入日期“%(text)s”不可能，没有采用：%(list)s应在 %(first)s 至导出日期 %(on)s 之间，请在全国系统核对。"
                )
                % {"text": part, "list": list_name(named[0]), "first": plot_lists()[ListKey(named[0])].since, "on": on}
            )
        else:
            days[named[0]] = day
    return days, wrong


def document_of(on: date) -> str:
    """What stands as the number of an event that comes from an export."""
    return f"全国系统导出 {on.isoformat()}"


def told_of(said: Mapping[str, str], on: date, paper: str) -> list[Told]:
    """The events a row of an export is: how it stands there, then the lists it stands on."""
    stage, (keys, _unknown) = stage_of(said.get("stage", "")), lists_of(said.get("lists", ""))
    base = Told(
        "",
        on,
        authority=SYSTEM,
        level="county",
        document=document_of(on),
        data={"file": paper},
        note=_("按全国系统导出登记"),
    )
    days, _wrong = list_days(said.get(LISTED_ON, ""), keys, on)
    dated = {key: {**base.data, **({LISTED_ON: days[key]} if key in days else {})} for key in keys}
    found = []
    if stage == Stage.S0 and ListKey.SUSPECTED in keys:
        keys.remove(ListKey.SUSPECTED)
        found.append(replace(base, kind=str(EventKind.SUSPECTED_LISTED), data=dated[ListKey.SUSPECTED]))
    elif stage is not None:
        found.append(_standing(base, stage, said))
    for key in ListKey:
        if key in keys:
            found.append(replace(base, kind=plot_lists()[key].enters_by, level=LIST_LEVELS[key], data=dated[key]))
    return found


def _codes(text: str) -> tuple[str, ...]:
    """The credit codes a cell holds; what only looks like one tells nobody."""
    return tuple(one for one in re.findall(r"[0-9A-Z]{18}", text) if credit_code.check(one).valid)


def _standing(base: Told, stage: str, said: Mapping[str, str]) -> Told:
    """How a row says its plot stands there."""
    report, passed = said.get("report", ""), "通过" in said.get("review", "")
    if stage == Stage.REMOVED:
        facts = {**base.data, "report": report, "verdict": "reached" if passed else ""}
        facts |= {key: _codes(said.get(key, "")) for key in ("evaluator", "contractors")}
        return replace(base, kind=str(EventKind.CARRIED_REMOVED), level="province", data=facts)
    if stage == Stage.RELEASED and "评估" in said.get("stage", "") + report and "调查" not in report:
        facts = {**base.data, "report": report, "verdict": "no_control" if passed else ""}
        return replace(base, kind=str(EventKind.CARRIED_NO_CONTROL), level="province", data=facts)
    if stage == Stage.RELEASED:
        both = "passed" if passed else ""
        facts = {
            **base.data,
            "report": report,
            "ecology_opinion": both,
            "resources_opinion": both,
            "filed_on": day_in(said.get("filed_on", ""), whole=True),
        }
        facts |= {"exceeds": False} if "不超" in said.get("review", "") or passed else {}
        return replace(base, kind=str(EventKind.CARRIED_WITHIN), data=facts)
    works = WORKS_WORDS.get(said.get("works", "").strip(), "") or USUAL_WORKS.get(Stage(stage), "")
    return replace(base, kind=str(EventKind.CARRIED_OVER), data={**base.data, "stage": stage, "works": works})


def checked(told: Sequence[Told]) -> tuple[list[Told], list[tuple[Told, EventRefused]]]:
    """The events that can be, one after the other, and why the others cannot; nothing is read or written."""
    able: list[Told] = []
    others: list[tuple[Told, EventRefused]] = []
    for one in told:
        rows = [_row(each) for each in (*able, one)]
        refused = replay([event_of(row) for row in rows]).refused
        if refused:
            others.append((one, refusal_of(refused[0])))
        else:
            able.append(one)
    return able, others


def _row(told: Told) -> PlotEvent:
    facts: dict[str, Any] = {"number": told.document, "reason": told.note, **told.data}
    return PlotEvent(kind=told.kind, on=told.on, level=told.level, data=told_facts(facts))
