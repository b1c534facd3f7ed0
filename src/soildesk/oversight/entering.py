"""How problems are entered: the entries of their form, template and import of others' lists, and the act behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.enterprises.queries.firms import called
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.queries.choices import department, keepers
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN
from soildesk.oversight.models import Problem
from soildesk.oversight.refusals import ProblemRefused
from soildesk.oversight.services import problems
from soildesk.oversight.violationwords import violation_choices


def facts_of(actor: Actor, change: Change) -> tuple[dict[str, Any], Place]:
    """What was entered, as the act takes it: firm, department and town become records."""
    facts = dict(change.values)
    place = place_at(str(facts.pop("town", "") or ""), actor)
    if text := str(facts.pop("enterprise", "") or "").strip():
        facts["enterprise"] = _firm(actor, text)
    if facts.get("unit") not in (None, ""):
        facts["unit"] = department(int(facts["unit"]))
    facts["origin"] = problems.origin_of_row(facts)
    if change.batch is not None:
        facts["batch"] = change.batch
    return facts, place


def _firm(actor: Actor, text: str) -> Any:
    found = called(actor, text, actor.today)
    if len(found) != 1:
        raise ProblemRefused(
            _(
                "没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称；不是企业的，请填在“涉及对象”。"
            )
            % {"text": text},
            code="oversight.problem.no_firm",
        )
    return found[0].enterprise


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Record a problem; its key."""
    facts, place = facts_of(actor, change)
    return str(problems.record(facts, place, by=actor, at=at).uid)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        facts, place = facts_of(actor, change)
        problems.check_new(facts, place, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


PROBLEMS = Writing(
    entries=[
        Entry("source", _l("来源"), "choice", required=True, choices=Problem.Source.choices, names=["问题来源", "信息来源", "交办来源"]),
        Entry("document", _l("来源文号"), names=["交办文号", "文号", "督察文号", "信访编号", "受理编号", "审计报告文号", "来源文件"], longest=120,
              note=_l("督察、审计、信访、交办的文号或编号；不要填写举报人信息。")),
        Entry("found_on", _l("发现日期"), "date", names=["交办日期", "检查日期", "受理日期", "反馈日期", "日期"], note=_l("不填则为今天。")),
        Entry("fact", _l("问题事实"), "lines", required=True, longest=1000,
              names=["问题", "存在问题", "具体问题", "问题描述", "问题内容", "主要问题", "举报内容", "反映情况", "交办内容"],
              example=_l("危险废物暂存间地面防渗层破损")),
        Entry("enterprise", _l("企业"), field="enterprise__number", longest=160,
              names=["单位名称", "企业名称", "涉及企业", "被检查单位", "责任企业", "统一社会信用代码"], note=_l("已登记企业的编号、统一社会信用代码或全称。")),
        Entry("object_name", _l("涉及对象"), names=["点位名称", "地块名称", "地点", "问题点位"], longest=160, note=_l("不是企业的，写地块、设施或地点。")),
        Entry("violation", _l("违法情形"), "choice", choices=violation_choices, note=_l("只作记录；对应条款在问题页面由经办人选定。")),
        Entry("acted_on", _l("行为发生日期"), "date", names=["违法日期", "发生日期"]),
        Entry("unit", _l("督促整改单位"), "choice", choices=keepers, names=["牵头单位", "责任单位", "督促单位", "责任部门", "整改督促单位"]),
        Entry("requirement", _l("整改要求"), "lines", names=["整改目标", "整改措施", "处理要求", "整改意见"], longest=500),
        Entry("due", _l("整改时限"), "date", names=["完成时限", "整改期限", "办结时限", "截止日期", "时限"]),
        Entry("due_body", _l("时限由谁规定"), names=["时限规定单位", "交办单位"], longest=120, note=_l("上级规定的写其名称，调整时要有其文号；本单位规定的留空。")),
        TOWN,
        Entry("geometry", _l("位置"), "geometry"),
    ],
    permission=problems.RECORD,
    add=add,
    guard=guard,
    match=("number",),
    dated=False,
    template=_l("问题清单"),
)  # fmt: skip
