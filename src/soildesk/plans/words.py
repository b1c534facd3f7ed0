"""What codes of a plan are called: one name for one thing, on pages, in lists and in exports."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.plans.models import PlanConflict
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
    UnitSource.SENTENCE: gettext_lazy("条文写明"),
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
    "both": gettext_lazy("不是同一件事，各按原文"),
}
ORIGINS: Words = {
    TaskOrigin.BODY: gettext_lazy("正文"),
    TaskOrigin.TABLE: gettext_lazy("附表"),
    "added": gettext_lazy("补充"),
}
COMPARATORS: dict[str, str] = {">=": "≥", "<=": "≤", "=": "＝", "~": "≈", "text": ""}


def choice_word(conflict: PlanConflict, choice: str, origins: list[str]) -> str:
    """What choosing means: keep, drop, noted, or which place wins."""
    if choice in CHOICES:
        return str(CHOICES[choice])
    index = int(choice)
    if len(set(origins)) == len(origins) and index < len(origins):
        return _("以%(place)s为准") % {"place": ORIGINS.get(origins[index], origins[index])}
    return _("以第 %(n)d 处为准") % {"n": index + 1}
