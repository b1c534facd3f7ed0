"""How acts on ground are entered: the entries of their form, template and import, and the act behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.decisions.actwords import choices
from soildesk.decisions.services import ground_acts
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.landuse import SYSTEMS
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN


def _facts(actor: Actor, change: Change) -> tuple[dict[str, Any], Place]:
    facts = dict(change.values)
    place = place_at(str(facts.pop("town", "") or ""), actor)
    if change.batch is not None:
        facts["batch"] = change.batch
    return facts, place


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Write one act down; its key."""
    facts, place = _facts(actor, change)
    return str(ground_acts.record(facts, place, by=actor, at=at).uid)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        facts, place = _facts(actor, change)
        ground_acts.check_new(facts, place, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


GROUND_ACTS = Writing(
    entries=[
        Entry("act", _l("事项"), "choice", required=True, choices=lambda actor, on: choices(), names=["办理事项", "环节"]),
        Entry("on", _l("日期"), "date", required=True, names=["办理日期", "签订日期", "核发日期", "影像日期"]),
        Entry("not_seen_on", _l("此前最近一次未见"), "date", names=["上期影像日期", "前期影像日期"],
              note=_l("只用于“发现……”：最近一次看过而没有这一情况的影像或巡查日期；没有就留空。")),
        Entry("project", _l("项目名称"), names=["项目", "工程名称", "地块名称"], longest=160),
        Entry("unit", _l("用地单位"), names=["建设单位", "受让人", "使用权人"], longest=160),
        Entry("use_system", _l("用地分类标准"), "choice", choices=SYSTEMS),
        Entry("use", _l("用途代码"), names=["用途", "规划用途", "土地用途"], longest=40, example="0701"),
        Entry("office", _l("办理机关"), names=["核发机关", "出让人"], longest=120),
        Entry("document", _l("文号"), names=["合同编号", "许可证号", "批准文号", "图斑编号", "证据编号"], longest=120,
              note=_l("“发现……”填图斑、巡查或者检查记录的编号。")),
        Entry("related", _l("属于风险管控或修复工程"), "yes_no", note=_l("不清楚就留空。")),
        TOWN,
        Entry("geometry", _l("范围"), "geometry", required=True),
    ],
    permission=ground_acts.RECORD,
    add=add,
    guard=guard,
    match=(),
    dated=False,
    template=_l("用地办理事项"),
)  # fmt: skip
