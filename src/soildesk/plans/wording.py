"""The words in which plans, tasks and units are spoken of: one name for one thing on every page and in every export."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.cells import number
from soildesk.kit.parts import Chip, Tone
from soildesk.plans.models import Assignment, Indicator, Plan
from soildesk.plans.periods import period_of
from soildesk.plans.words import COMPARATORS, CONFLICTS, ORIGINS, ROLES, SOURCES, choice_word
from soilrules.deadlines import State
from soilrules.deadlines.tasks import TaskState

if TYPE_CHECKING:
    from soildesk.plans.queries.states import StandingReport, TaskStanding

__all__ = ["COMPARATORS", "CONFLICTS", "ORIGINS", "ROLES", "SOURCES", "choice_word"]

Look = tuple[Tone, str, str]
"""Tone, icon and word of a chip."""

TASK_STATES: dict[TaskState, Look] = {
    TaskState.NOT_STARTED: ("calm", "circle", _l("未开始")),
    TaskState.UNDER_WAY: ("busy", "hourglass-split", _l("进行中")),
    TaskState.DONE: ("good", "check-circle-fill", _l("已完成")),
    TaskState.OVERDUE: ("bad", "x-circle-fill", _l("逾期")),
    TaskState.STANDING: ("busy", "infinity", _l("长期")),
    TaskState.PENDING: ("warn", "question-circle", _l("待定")),
    TaskState.UNKNOWN: ("unknown", "question-octagon", _l("无记录")),
}
BEFORE_ISSUE: Look = ("calm", "clock-history", _l("下发前已到期"))
PHASES: dict[str, Look] = {
    Plan.Phase.REVIEW: ("warn", "pencil", Plan.Phase.REVIEW.label),
    Plan.Phase.NOT_BEGUN: ("calm", "circle", Plan.Phase.NOT_BEGUN.label),
    Plan.Phase.IN_FORCE: ("good", "check-circle-fill", Plan.Phase.IN_FORCE.label),
    Plan.Phase.TO_CLOSE: ("warn", "exclamation-triangle-fill", Plan.Phase.TO_CLOSE.label),
    Plan.Phase.SUPERSEDED: ("calm", "infinity", Plan.Phase.SUPERSEDED.label),
    Plan.Phase.ABOLISHED: ("calm", "slash-circle", Plan.Phase.ABOLISHED.label),
    Plan.Phase.HISTORY: ("calm", "clock-history", Plan.Phase.HISTORY.label),
}
ASSIGNMENT_STATES: dict[str, Look] = {
    Assignment.State.SENT: ("warn", "inbox", Assignment.State.SENT.label),
    Assignment.State.RECEIVED: ("calm", "circle", Assignment.State.RECEIVED.label),
    Assignment.State.UNDER_WAY: ("busy", "hourglass-split", Assignment.State.UNDER_WAY.label),
    Assignment.State.REPORTED: ("good", "check2-circle", Assignment.State.REPORTED.label),
    Assignment.State.VERIFIED: ("good", "check-circle-fill", Assignment.State.VERIFIED.label),
    Assignment.State.RETURNED: ("bad", "arrow-counterclockwise", Assignment.State.RETURNED.label),
    Assignment.State.MISDIRECTED: ("warn", "signpost-split", Assignment.State.MISDIRECTED.label),
    Assignment.State.WITHDRAWN: ("calm", "x-lg", Assignment.State.WITHDRAWN.label),
}
DUTY_STATES: dict[State, Look] = {
    State.DONE: ("good", "check-circle-fill", _l("已完成")),
    State.DONE_LATE: ("good", "check2-circle", _l("逾期完成")),
    State.DUE_LATER: ("calm", "circle", _l("未到期")),
    State.DUE_SOON: ("warn", "exclamation-triangle-fill", _l("临期")),
    State.DUE_TODAY: ("warn", "exclamation-triangle-fill", _l("今日到期")),
    State.OVERDUE: ("bad", "x-circle-fill", _l("逾期")),
    State.STANDING: ("busy", "infinity", _l("长期")),
    State.UNDETERMINED: ("warn", "question-circle", _l("待定")),
    State.DUE_BEFORE_ISSUE: BEFORE_ISSUE,
}
EVENTS = {
    "accepted": _l("采纳为任务"),
    "taken_up": _l("由条款列为任务"),
    "carried": _l("沿用上一版的决定"),
    "succeeds": _l("与上一版对照"),
    "term_moved": _l("新方案改定时限"),
    "term_kept": _l("原时限不变"),
    "corrected": _l("更正"),
    "split": _l("拆分"),
    "merged": _l("合并"),
    "rejected": _l("不采纳"),
    "reopened": _l("退回审核"),
    "review_date": _l("设定复核日期"),
    "settled": _l("裁定不一致"),
    "published": _l("随方案发布"),
    "received": _l("签收"),
    "reported": _l("填报进展"),
    "verified": _l("核实"),
    "returned": _l("退回重报"),
    "misdirected": _l("申请改派"),
    "reassigned": _l("改派"),
    "evidence": _l("上传材料"),
    "linked": _l("登记承接"),
    "unlinked": _l("取消承接"),
    "bound": _l("选定核算办法"),
    "unbound": _l("取消核算办法"),
    "unmeasured": _l("写明不核算"),
    "document_asked": _l("列明所要的材料"),
    "document_dropped": _l("取消所要的材料"),
    "document_filed": _l("报送材料"),
    "document_checked": _l("核对材料"),
    "closed": _l("方案总结"),
    "superseded": _l("被新方案替代"),
}
QUARTERS = ("一", "二", "三", "四")


ABOUT = "左右"
OR = re.compile("^(?:或者?|或是)")
SOFT = ("力争", ABOUT, "原则上")
"""Words that change what a target asks, as printed."""


def target_words(row: Indicator) -> str:
    """A target as people read it: ≥ 93%, 力争 ≥ 95%, 85%左右, 不适用; of a two-branch rule both branches."""
    if row.not_applicable:
        return _("不适用（表列“/”）")
    if row.target_number is None:
        words = row.target_text or row.wording
    else:
        soft = "".join(word for word in SOFT if word in row.wording)
        sign = COMPARATORS.get(row.comparator, row.comparator)
        asked = f"{number(row.target_number, {})}{row.unit}"
        about = ABOUT in soft and row.comparator == "~"
        words = (f"{soft.replace(ABOUT, '')} {asked}{ABOUT}" if about else f"{soft} {sign} {asked}").strip()
    other = OR.sub("", row.alternative)
    return _("%(words)s；或%(other)s") % {"words": words, "other": other} if other else words


def phase_chip(plan: Plan, day: date) -> Chip:
    """The chip of a plan's phase on `day`."""
    tone, icon, word = PHASES[plan.phase(day)]
    return Chip(tone, str(word), icon)


def period_word(name: str, day: date | None = None) -> str:
    """A reporting period as people say it; the one `day` lies in is 本月, 本季, 本半年 or 本年."""
    for rhythm, word in (("month", _("本月")), ("quarter", _("本季")), ("half", _("本半年")), ("year", _("本年"))):
        if day and period_of(day, rhythm).name == name:
            return word
    year, _sign, rest = name.partition("Q")
    if rest:
        return _("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": QUARTERS[int(rest) - 1]}
    year, _sign, rest = name.partition("H")
    if rest:
        return _("%(year)s年上半年") % {"year": year} if rest == "1" else _("%(year)s年下半年") % {"year": year}
    year, _sign, rest = name.partition("-")
    return _("%(year)s年%(month)s月") % {"year": year, "month": int(rest)} if rest else _("%(year)s年") % {"year": year}


def standing_words(report: StandingReport, day: date) -> str:
    """本季已报 2/5."""
    return _("%(period)s已报 %(done)d/%(owed)d") % {
        "period": period_word(report.period, day),
        "done": report.reported,
        "owed": report.owed,
    }


def before_issue_only(standing: TaskStanding) -> bool:
    """Whether what is open of a task had passed before the plan was issued, and nothing else is due."""
    open_dates = standing.next_due is not None and not standing.next_internal
    return standing.before_issue and not open_dates and standing.state in {TaskState.NOT_STARTED, TaskState.UNDER_WAY}


def state_look(standing: TaskStanding, day: date) -> Look:
    """Tone, icon and word of a task's state; what was due before issue is said so and is never red."""
    if before_issue_only(standing):
        return BEFORE_ISSUE
    tone, icon, word = TASK_STATES[standing.state]
    if standing.state is TaskState.STANDING and standing.standing:
        report = standing.standing
        tone = "good" if report.reported == report.owed else tone
        return tone, icon, f"{word} · {standing_words(report, day)}"
    return tone, icon, str(word)


def state_why(standing: TaskStanding) -> str:
    """The sentence behind a task's state."""
    return str(
        {
            TaskState.NOT_STARTED: _("时限未到，各单位还没有填报。"),
            TaskState.UNDER_WAY: _("已有单位填报进展，还有节点没有完成。"),
            TaskState.DONE: _("全部责任单位的全部节点都已报完成。"),
            TaskState.OVERDUE: _("方案规定的时限已过，还有单位没有报完成。"),
            TaskState.STANDING: _("文件没有规定具体日期，按本单位设定的填报周期检查（内部时限）。"),
            TaskState.PENDING: _("文件没有规定具体日期，也还没有设定复核日期或填报周期。"),
            TaskState.UNKNOWN: _("方案不在执行期内，也没有进展记录，不能判断。"),
        }[standing.state]
    ) + (_("有节点在方案下发前已到期，不计逾期。") if standing.before_issue else "")


def days_words(days: int | None) -> str:
    """还有 3 天, 今天到期, 已过 5 天; nothing where the plan is not in force."""
    if days is None:
        return ""
    if days == 0:
        return _("今天到期")
    return _("还有 %(n)d 天") % {"n": days} if days > 0 else _("已过 %(n)d 天") % {"n": -days}
