"""The words and chips in which assessments are spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment.models import Assessment, DrawnRow, Proposal
from soildesk.kit.languages import language
from soildesk.kit.parts import Chip
from soilrules.assessment.ranking import Rank
from soilrules.assessment.scheme import Consequence, Method, NotApplicable, Scheme
from soilrules.assessment.score import Said, Score
from soilrules.messages import Message

State = Assessment.State
STATES = {
    State.OPENED.value: ("busy", "pencil", State.OPENED.label),
    State.SELF_ASSESSED.value: ("warn", "search", State.SELF_ASSESSED.label),
    State.CHECKED.value: ("warn", "check2-circle", State.CHECKED.label),
    State.OBJECTED.value: ("bad", "exclamation-triangle-fill", State.OBJECTED.label),
    State.FINAL.value: ("good", "check-circle-fill", State.FINAL.label),
}
SAID = {
    Said.MET.value: ("good", "check-circle-fill", _l("达到")),
    Said.PARTLY.value: ("warn", "circle", _l("部分达到")),
    Said.NOT_MET.value: ("bad", "x-circle-fill", _l("未达到")),
    Said.UNKNOWN.value: ("unknown", "question-octagon", _l("不知道")),
    Said.NOT_APPLICABLE.value: ("calm", "dash-circle", _l("不适用")),
}
OUTCOMES = {
    "": ("unknown", "question-octagon", _l("待核查")),
    DrawnRow.Outcome.TRUE.value: ("good", "check-circle-fill", DrawnRow.Outcome.TRUE.label),
    DrawnRow.Outcome.FALSE.value: ("bad", "x-circle-fill", DrawnRow.Outcome.FALSE.label),
}
PROPOSALS = {
    Proposal.State.PROPOSED.value: ("warn", "question-circle", Proposal.State.PROPOSED.label),
    Proposal.State.ACCEPTED.value: ("good", "check-circle-fill", Proposal.State.ACCEPTED.label),
    Proposal.State.REFUSED.value: ("calm", "dash-circle", Proposal.State.REFUSED.label),
}
CONSEQUENCES = {
    Consequence.FUND.value: _l("资金分配参考"),
    Consequence.LIMIT.value: _l("建议限批"),
    Consequence.TALK.value: _l("建议约谈"),
    Consequence.RECTIFY.value: _l("建议限期整改"),
}
METHODS = {
    Method.REACH.value: _l("达到目标得满分，否则不得分"),
    Method.SHARE.value: _l("按完成目标的比例得分"),
    Method.PER.value: _l("每有一项不符合扣分"),
}
NOT_APPLICABLE = {
    NotApplicable.REDISTRIBUTE.value: _l("不适用的项，分值按比例摊到其他项"),
    NotApplicable.FULL.value: _l("不适用的项按满分计"),
}
NEXT = {
    State.OPENED.value: _l("被考核单位：逐项看核算数，补上没有台账的项和材料，然后签报自评。"),
    State.SELF_ASSESSED.value: _l("考核单位：抽样核查，核定没有台账的项，然后告知初核结果。"),
    State.CHECKED.value: _l("被考核单位有不同意见的提出异议；没有异议的，考核单位核定结果。"),
    State.OBJECTED.value: _l("考核单位：逐条答复异议，然后核定结果。"),
    State.FINAL.value: _l("结果已核定，不再改变。后续建议由有权机关决定。"),
}
"""Who has to do what now."""


def next_words(state: str, *, answered: bool, until: date | None = None) -> str:
    """Who has to do what now; with every objection answered only the result is left. `until`: the last day of objections."""
    told = _next(state, answered)
    if until is None or state not in {State.CHECKED, State.OBJECTED}:
        return told
    return told + _("异议期到 %(until)s 为止，期满后才能核定结果。") % {"until": until}


def _next(state: str, answered: bool) -> str:
    if state == State.OBJECTED and answered:
        return _("异议都已答复：考核单位核定结果；被考核单位还可以提出异议。")
    return str(NEXT[state])


def chip(table: Mapping[str, tuple[str, str, Any]], key: str, why: str = "") -> Chip:
    """A chip of one of the tables above."""
    tone, icon, word = table[key]
    return Chip(tone, str(word), icon, why)  # type: ignore[arg-type]


def span(low: Any, high: Any) -> str:
    """A number, or from which to which."""
    if low is None or high is None:
        return "—"
    return f"{low:f}" if low == high else f"{low:f}～{high:f}"


def score_words(found: Score) -> str:
    """The score as it is told."""
    return _("没有适用的项") if found.worst is None else span(found.worst, found.best)


def grade_words(found: Score) -> str:
    """The grade, or what it may be."""
    if found.grade:
        return found.grade.title
    if not found.grades:
        return _("不能定级")
    worst, best = found.grades
    return _("不能定级（%(worst)s至%(best)s）") % {"worst": worst.title, "best": best.title}


def grade_chip(found: Score) -> Chip:
    """The grade as a chip; one that cannot be said is grey."""
    if found.grade is None:
        return Chip("unknown", grade_words(found), "question-octagon", _("有的项不知道，最低和最高得分不在同一等次。"))
    first, last = found.grade.at_least >= 80, found.grade.at_least == 0
    return Chip("good" if first else "bad" if last else "warn", found.grade.title, "star")


def grade_name(scheme: Scheme, grade: str) -> str:
    """The name of a grade of a scheme."""
    return next((one.title for one in scheme.grades if one.id == grade), grade)


def cap_words(scheme: Scheme, cap: str) -> str:
    """What a veto makes of the grade."""
    told = {"grade": grade_name(scheme, cap)}
    return _("等次定为%(grade)s") % told if cap == scheme.grades[-1].id else _("等次不高于%(grade)s") % told


def rank_words(rank: Rank | None, together: int, least: int, among: bool = True) -> str:
    """The rank, or why there is none."""
    if not among:
        return _("告知初核结果后参加排名")
    if rank is None:
        return _("样本少，不排名（%(n)d 个，少于 %(least)d 个）") % {"n": together, "least": least}
    if rank.first == rank.last:
        return _("第 %(n)d 名，共 %(all)d 个") % {"n": rank.first, "all": together}
    return _("第 %(first)d 至 %(last)d 名，共 %(all)d 个（得分是范围）") % {
        "first": rank.first, "last": rank.last, "all": together,
    }  # fmt: skip


def sentence(message: Message) -> str:
    """A sentence of the rules in the language of the page."""
    return message.sentence(language())
