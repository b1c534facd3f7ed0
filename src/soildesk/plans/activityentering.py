"""How activities of publicity and training are entered: the entries of the form, of the Excel template, and the act behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.kit.faces import Change, Entry, Writing
from soildesk.land.services.writing import Place, place_at
from soildesk.land.versionentry import TOWN
from soildesk.plans.models import Activity, PlanTask
from soildesk.plans.queries.activities import task_choices, tasks_asking
from soildesk.plans.refusals import ActivityRefused
from soildesk.plans.services import activities


def facts_of(actor: Actor, change: Change) -> tuple[dict[str, Any], Place]:
    """What was entered, as the act takes it: town and task become records."""
    facts = {key: value for key, value in change.values.items() if value not in (None, "")}
    place = place_at(str(facts.pop("town", "")), actor)
    if "task" in facts:
        facts["task"] = _task(actor, str(facts["task"]))
    return facts, place


def _task(actor: Actor, uid: str) -> PlanTask:
    found = next((one for one in tasks_asking(actor, actor.today) if str(one.uid) == uid), None)
    if found is None:
        raise ActivityRefused(_("没有这项任务：请在列表中选择执行期内的任务，或者留空。"), code="plans.activity.task")
    return found


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Enter an activity; its key."""
    facts, place = facts_of(actor, change)
    return str(activities.plan(facts, place, by=actor, at=at).uid)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        facts, place = facts_of(actor, change)
        activities.check(facts, place, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


ACTIVITIES = Writing(
    entries=[
        Entry("topic", _l("主题"), required=True, longest=200, names=["培训主题", "宣传主题", "活动名称", "培训内容"],
              example=_l("土壤污染防治法规培训")),
        Entry("kind", _l("类型"), "choice", required=True, choices=Activity.Kind.choices, names=["活动类型"]),
        Entry("audience", _l("对象"), "choice", required=True, choices=Activity.Audience.choices, names=["培训对象", "宣传对象"]),
        Entry("planned_on", _l("计划日期"), "date", required=True, names=["日期", "培训日期", "活动日期"],
              note=_l("已经开展的填开展日期，登记后再填写开展情况。")),
        Entry("venue", _l("地点"), longest=160),
        Entry("task", _l("对应任务"), "choice", choices=task_choices, field="task__uid",
              note=_l("执行期内要求宣传、培训的方案任务；不对应方案的留空。")),
        TOWN,
    ],
    permission=activities.KEEP, add=add, guard=guard, match=("number",), dated=False, template=_l("宣传培训"),
)  # fmt: skip
