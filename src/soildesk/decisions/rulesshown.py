"""Local rules in words, row by row: what an issuer reads before adopting them, and everybody after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from soildesk.decisions import rulewords
from soildesk.decisions.words import FORCES
from soildesk.enterprises.sentences import how_sure, language
from soilrules.bases import Basis
from soilrules.gate.acts import acts
from soilrules.gate.profiles import LocalRow, Moment, Profile
from soilrules.gate.results import Force
from soilrules.gate.rules import check_rules
from soilrules.gate.uses import groups


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule: what it is about, at which acts, where it bites, how binding it is, its words, and how sure they are."""

    title: str
    acts: str
    where: str
    force: str
    words: str
    cited: str
    sure: str


def rows_of(profile: Profile) -> Sequence[Shown]:
    """Every rule of a profile, its limits last."""
    return [*(_row(one) for one in profile.rows), *(_moment(one) for one in profile.moments), *_limits(profile)]


def _row(one: LocalRow) -> Shown:
    uses = [names[language() == "en"] for key, names in groups().items() if key in one.groups]
    where = [str(rulewords.GROUND[one.ground])]
    if one.kinds:
        where.append(_joined(rulewords.KINDS, one.kinds))
    where.append(_("规划用途：%(uses)s") % {"uses": "；".join(uses)} if uses else _("各类用途"))
    return _shown(check_rules()[one.check].zh, _acts(one.acts), "；".join(where), one.force, one.basis)


def _moment(one: Moment) -> Shown:
    told = [
        str(rulewords.PLAN_STATES[one.plan_state]) if one.plan_state else "",
        str(rulewords.TRANSFERS[one.transfer]) if one.transfer else "",
        _("%(day)s 前收回") % {"day": one.recalled_before} if one.recalled_before else "",
        _("%(day)s 起收回") % {"day": one.recalled_from} if one.recalled_from else "",
    ]
    where = "；".join(filter(None, told))
    return _shown(check_rules()["local_moments"].zh, _acts(one.acts), where, one.force, one.basis)


def _limits(profile: Profile) -> Iterator[Shown]:
    """The limits, and the acts before which the national system is queried."""
    if profile.limit:
        rule = profile.limit_rule
        where = _("没有写明可以计算的天数")
        if rule:
            told = {"n": rule.whole("most"), "unit": rulewords.UNITS[rule.unit]}
            where = _("自收到书面通知之日起 %(n)d %(unit)s") % told
        yield _shown(_("省规定的调查期限"), _("书面通知、用途变更前的调查"), where, Force.LOCAL_DUTY, profile.limit)
    if profile.survey_valid:
        where = _("通过评审后 %(n)d 个月") % {"n": profile.survey_valid.months}
        yield _shown(_("固定有效期"), _("各事项"), where, Force.LOCAL_DUTY, profile.survey_valid.basis)
    if profile.review_level:
        level, basis = profile.review_level
        where = _("%(level)s（法律没有定到哪一级的初步调查、详细调查报告；风险评估、效果评估仍由省级评审）") % {
            "level": rulewords.LEVELS[level]
        }
        yield _shown(_("评审层级"), _("报告评审"), where, Force.LOCAL_DUTY, basis)
    if profile.query_acts:
        force = str(FORCES[Force.LOCAL_DUTY])
        yield Shown(_("应查询国家系统"), _acts(profile.query_acts), "", force, "", f"《{profile.title}》", "")


def _shown(title: str, acts: str, where: str, force: Force, basis: Basis) -> Shown:
    return Shown(title, acts, where, str(FORCES[force]), basis.words, basis.cited, how_sure(basis.mark))


def _acts(names: frozenset[str]) -> str:
    return "、".join(one for one in acts() if one in names) or _("各事项")


def _joined(words: Mapping[Any, Any], keys: frozenset[Any]) -> str:
    return "、".join(str(words[one]) for one in words if one in keys)
