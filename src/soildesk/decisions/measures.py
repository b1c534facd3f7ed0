"""Measures of the gate: ground asked about before offices act, planned supply surveyed, opinions answered in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries import measured
from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

QUERY, ACT = "decisions.gatequery", "decisions.groundact"
NO_ACT = gettext_noop("当年没有登记收回、供地、转让、许可等办理事项：没有登记不等于没有办理，不能判断。")
NO_SUPPLY = gettext_noop("当年没有核查过供应计划的地块，不能判断。")
NO_OPINION = gettext_noop("当年没有登记征求书面意见，不能判断。")
SURVEYS = (
    "use_change_needs_survey", "survey_coverage", "key_unit_transfer", "suspected_not_surveyed", "polluted_not_assessed",
)  # fmt: skip
"""The checks of the gate that ask for surveys and assessments."""
Decision = GateQuery.Decision


@measure(
    "decisions.asked_before_acts",
    title=_("用地办理前已核查"),
    reads=(ACT, QUERY),
    words=("及时查询污染地块信息系统", "纳入用地程序", "进入用地程序", "准入管理", "供地管理"),
    subjects=BOTH,
)
def asked_before_acts(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Before each act of an office on ground in the year the gate was asked about all of that ground, and did not block it."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [_before(act, query) for act, query in measured.acts_with_answers(asked)]
    if not rows:
        return asked.cannot_say(NO_ACT)
    return asked.share(
        rows, share, gettext_noop("当年办理的 %(all)d 宗用地事项中，%(good)d 宗办理前已核查且未被禁止（%(percent)s%%）。")
    )  # fmt: skip


def _before(act: Any, query: GateQuery | None) -> Counted:
    name = f"{act.on} {act.act} {act}"
    if query is None:
        return Counted(ACT, str(act.uid), name, False, _t("办理前没有覆盖该范围的准入核查"))
    note = f"{query.number}（{query.on}）：{query.get_decision_display()}"
    return Counted(ACT, str(act.uid), name, GOOD[query.decision], note)


GOOD: Mapping[str, bool | None] = {
    Decision.PASS: True, Decision.CONDITIONS: True, Decision.BLOCKED: False, Decision.CANNOT_SAY: None,
}  # fmt: skip


@measure(
    "decisions.supply_surveyed",
    title=_("供应计划地块调查评估完成"),
    reads=(QUERY,),
    words=("年度建设用地供应计划", "建设用地供应计划", "年度供应计划", "供应计划的地块", "年度供地计划"),
    subjects=BOTH,
)
def supply_surveyed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of the ground of supply plans asked about in the year, no check of the gate still wants a survey or an assessment."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [_surveyed(one) for one in measured.planned_supply(asked)]
    if not rows:
        return asked.cannot_say(NO_SUPPLY)
    return asked.share(
        rows, share, gettext_noop("供应计划 %(all)d 宗地块中，%(good)d 宗已完成应做的调查评估（%(percent)s%%）。")
    )


def _surveyed(query: GateQuery) -> Counted:
    """By the outcomes of the checks that were printed: no decides, then cannot say."""
    wanted = [one for one in query.checks if one["id"] in SURVEYS]
    lacking = [one for one in wanted if one["outcome"] in ("no", "conditions")]
    open_ = [one for one in wanted if one["outcome"] == "cannot_say"]
    counts = False if lacking else None if open_ or not wanted else True
    note = "；".join(one["title"]["zh"] for one in lacking or open_)
    name = f"{query.number} {query.project or query.parcel_code}".strip()
    return Counted(QUERY, str(query.uid), name, counts, note)


@measure(
    "decisions.opinions_in_time",
    title=_("书面意见按时答复"),
    reads=("decisions.opinionrequest",),
    words=("反馈意见", "征求生态环境部门的意见", "书面回复", "征求意见函"),
    subjects=BOTH,
)
def opinions_in_time(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every opinion asked for in the year was answered by its day, those given back for more papers left out; one not yet due is open."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [_opinion(one, asked.limit) for one in measured.opinions(asked)]
    if not rows:
        return asked.cannot_say(NO_OPINION)
    return asked.share(
        rows, share, gettext_noop("当年征求的 %(all)d 件书面意见中，%(good)d 件按时答复（%(percent)s%%）。")
    )


def _opinion(one: Any, limit: date) -> Counted:
    name = f"{one.asked_on} {one.incoming or one.query.number}"
    due = _t("时限 %(due)s") % {"due": one.due} if one.due else _t("没有时限")
    if one.answered_on is not None and one.answered_on <= limit:
        counts = None if one.due is None else one.answered_on <= one.due
        note = _t("%(day)s 答复，%(due)s") % {"day": one.answered_on, "due": due}
    else:
        counts = False if one.due is not None and one.due < limit else None
        note = _t("未答复，%(due)s") % {"due": due}
    return Counted("decisions.opinionrequest", str(one.uid), name, counts, note)
