"""What codes of a plan are called on pages: one name for one thing."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.plans.models import Milestone, PlanConflict, TaskUnit
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.plantext.draft import ConflictKind, Role, TaskOrigin, UnitSource

Words = dict[str, str | Promise]

ROLES: Words = {
    Role.LEAD: gettext_lazy("牵头"),
    Role.RESPONSIBLE: gettext_lazy("责任"),
    Role.SUPPORT: gettext_lazy("配合"),
}
SOURCES: Words = {
    UnitSource.BRACKET: gettext_lazy("正文括号写明"),
    UnitSource.COLUMN: gettext_lazy("任务表责任单位栏"),
    UnitSource.CONVENTION: gettext_lazy("列第一位者为牵头单位的约定"),
    UnitSource.UNIVERSAL: gettext_lazy("通用条款"),
    UnitSource.SECTION: gettext_lazy("标题写明的单位"),
    "added": gettext_lazy("审核时填写"),
}
CONFLICTS: Words = {
    ConflictKind.DEADLINES_DIFFER: gettext_lazy("正文与附件时限不同"),
    ConflictKind.ROLES_REVERSED: gettext_lazy("牵头与配合互换"),
    ConflictKind.UNITS_DIFFER: gettext_lazy("责任单位不同"),
    ConflictKind.ONLY_IN_BODY: gettext_lazy("仅见于正文"),
    ConflictKind.ONLY_IN_TABLE: gettext_lazy("仅见于附表"),
    ConflictKind.TARGETS_DIFFER: gettext_lazy("目标值不同"),
    ConflictKind.DUE_BEFORE_ISSUE: gettext_lazy("下发前已到期"),
    ConflictKind.ANNEX_MISSING: gettext_lazy("附件未附"),
}
CONFLICT_MEANS: Words = {
    ConflictKind.DEADLINES_DIFFER: gettext_lazy("同一件事两处写的完成时限不一样。裁定前按较早的日期提醒。"),
    ConflictKind.ROLES_REVERSED: gettext_lazy("同一件事两处写的牵头与配合单位对调。裁定前两处单位都会收到任务。"),
    ConflictKind.UNITS_DIFFER: gettext_lazy("同一件事两处写的责任单位不一样。裁定前两处单位都会收到任务。"),
    ConflictKind.ONLY_IN_BODY: gettext_lazy("正文有这项任务，附表没有。"),
    ConflictKind.ONLY_IN_TABLE: gettext_lazy("附表有这项任务，正文没有。"),
    ConflictKind.TARGETS_DIFFER: gettext_lazy("同一指标两处写的目标不一样。"),
    ConflictKind.DUE_BEFORE_ISSUE: gettext_lazy("时限早于发文日期：只作记录，不作逾期。"),
    ConflictKind.ANNEX_MISSING: gettext_lazy("文中提到附件，但文件里没有。请向发文单位索取后作为新版本导入。"),
}
CHOICES: Words = {
    "keep": gettext_lazy("保留这项任务"),
    "drop": gettext_lazy("不采纳这项任务"),
    "noted": gettext_lazy("已知悉，按原文办理"),
}
ORIGINS: Words = {
    TaskOrigin.BODY: gettext_lazy("正文"),
    TaskOrigin.TABLE: gettext_lazy("附表"),
    "added": gettext_lazy("补充"),
}
COMPARATORS: dict[str, str] = {">=": "≥", "<=": "≤", "=": "＝", "~": "≈", "text": ""}
COUNT_UNITS: Words = {
    "days": gettext_lazy("日"),
    "weeks": gettext_lazy("周"),
    "months": gettext_lazy("个月"),
    "years": gettext_lazy("年"),
    "working_days": gettext_lazy("个工作日"),
}
DOUBT = 0.8
"""A field less sure than this stands out."""

Term = Milestone | Deadline


def role_word(role: str) -> str:
    """牵头, 责任 or 配合."""
    return str(ROLES.get(role, role))


def term_reading(term: Term) -> str:
    """What the words of a term are taken to mean: the day, the window, or that they fix none."""
    if term.kind == DeadlineKind.YEARLY:
        return _yearly(term)
    if term.kind == DeadlineKind.WINDOW and term.first and term.last:
        return f"{term.first} 至 {term.last}"
    if term.last:
        return str(term.last)
    return {
        DeadlineKind.STANDING: _("长期"),
        DeadlineKind.BEFORE_EVENT: _("事前，日子未定"),
        DeadlineKind.AFTER_EVENT: _after_event(term),
        DeadlineKind.AS_DIRECTED: _("日子未定"),
        DeadlineKind.UNDETERMINED: _("日子未定"),
    }.get(DeadlineKind(term.kind), _("日子未定"))


def _yearly(term: Term) -> str:
    if term.month and term.day:
        return _("每年 %(month)d 月 %(day)d 日前") % {"month": term.month, "day": term.day}
    return _("每年 %(month)d 月底前") % {"month": term.month} if term.month else _("每年")


def _after_event(term: Term) -> str:
    if not term.count:
        return _("事后，日子未定")
    unit = str(COUNT_UNITS.get(term.count_unit, term.count_unit))
    return _("事后 %(count)d %(unit)s内") % {"count": term.count, "unit": unit}


def asks_review(term: Milestone) -> bool:
    """Whether the words fix no day, so that a person is asked when to look at the term again."""
    loose = {DeadlineKind.UNDETERMINED, DeadlineKind.AS_DIRECTED, DeadlineKind.BEFORE_EVENT, DeadlineKind.AFTER_EVENT}
    return term.kind in loose and term.completion and not term.overruled_by_id


def match_sentence(unit: TaskUnit) -> str:
    """Which department the printed name is taken for, or why that is open."""
    match unit.match:
        case TaskUnit.Match.CERTAIN:
            return _("对应：%(name)s") % {"name": unit.department}
        case TaskUnit.Match.CONFIRMED:
            return _("经人工确认，对应：%(name)s") % {"name": unit.department}
        case TaskUnit.Match.GROUP:
            return _("分办至各单位：%(why)s") % {"why": unit.match_note or _("见单位对应")}
        case TaskUnit.Match.DOUBTFUL if unit.department:
            return _("可能是 %(name)s，请确认。%(note)s") % {"name": unit.department, "note": unit.match_note}
        case TaskUnit.Match.DOUBTFUL:
            return _("请确认是哪些单位。%(note)s") % {"note": unit.match_note}
    return _("没有对应到本地单位。%(note)s") % {"note": unit.match_note}


def choice_word(conflict: PlanConflict, choice: str, origins: list[str]) -> str:
    """What choosing means: keep, drop, noted, or which place wins."""
    if choice in CHOICES:
        return str(CHOICES[choice])
    index = int(choice)
    if len(set(origins)) == len(origins) and index < len(origins):
        return _("以%(place)s为准") % {"place": ORIGINS.get(origins[index], origins[index])}
    return _("以第 %(n)d 处为准") % {"n": index + 1}


def iso_or_none(text: str) -> date | None:
    """The day a date field holds, None where it is empty or no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
