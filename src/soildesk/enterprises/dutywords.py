"""Duty cards in words: what a line is called, how it stands, why, by what text, and where its proof is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.sentences import how_sure, language, said, title_of
from soildesk.kit.parts import Chip
from soildesk.monitoring.markwords import worded
from soilrules.bases import Basis, successors
from soilrules.enterprises.duties import ROOM, CardLine, CardState
from soilrules.enterprises.dutyrules import DutyRule, Force, OwedBy, duty_rules
from soilrules.messages import sentence

DUTIES = {
    "toxic_report": _l("有毒有害物质排放年报"),
    "self_monitoring_plan": _l("自行监测方案"),
    "self_monitoring": _l("自行监测"),
    "hazard_inspection": _l("隐患排查"),
    "anomaly": _l("异常数据调查"),
    "tank_information": _l("地下储罐信息"),
    "demolition": _l("拆除活动备案"),
    "baseline": _l("新改扩建现状调查"),
    "survey": _l("终止、转让前调查"),
    "permit_duties": _l("许可证载明义务"),
    "letter": _l("责任书"),
    "insurance": _l("环境污染责任保险"),
}
"""What each duty is called; a duty may have several rules (first time, again, after an anomaly)."""

STATES = {
    CardState.OVERDUE: ("bad", _l("逾期")),
    CardState.CANNOT_SAY: ("unknown", _l("无法判断")),
    CardState.DUE: ("busy", _l("应办")),
    CardState.DONE: ("good", _l("已完成")),
    CardState.NOT_DUE: ("calm", _l("未到期")),
}
"""Tone and word of each state, the worst first."""
WORST_FIRST = list(STATES)

OWED_BY = {
    OwedBy.UNIT: _l("企业"),
    OwedBy.ECOLOGY: _l("生态环境部门"),
    OwedBy.GOVERNMENT: _l("人民政府"),
    OwedBy.PERMIT_AUTHORITY: _l("许可证核发部门"),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation and what replaced it since."""

    text: str
    words: str
    mark: str
    followed_by: str

    @property
    def now(self) -> str:
        """The citation with what stands in its place today."""
        return self.text + (_("（现为%(text)s）") % {"text": self.followed_by} if self.followed_by else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a duty card as the page tells it."""

    card: CardLine
    title: str
    chip: Chip
    reason: str
    why: str
    period: str
    since: date | None
    due: date | None
    earliest: date | None
    done_on: date | None
    evidence: str
    evidence_url: str
    basis: tuple[Cited, ...]
    mark: str
    standard: str
    owed_by: str
    recipients: str
    set_aside: tuple[str, ...]

    @property
    def duty(self) -> str:
        """The key of its duty."""
        return self.card.rule.duty

    @property
    def round(self) -> str:
        """The period in words: where it is known by the day it begins, that is said."""
        try:
            return _("自%(day)s") % {"day": date.fromisoformat(self.period)} if len(self.period) == 10 else self.period
        except ValueError:
            return self.period


def duty_keys() -> list[str]:
    """The duties of the rules, in their order."""
    return list(dict.fromkeys(rule.duty for rule in duty_rules()))


def duty_name(key: str) -> str:
    """What a duty is called."""
    return str(DUTIES.get(key, key))


def state_word(state: CardState) -> str:
    """What a state is called."""
    return str(STATES[state][1])


def line_of(line: CardLine, firm: UUID) -> Line:
    """One line in the language of the page."""
    owed = line.owed
    rule = line.rule
    return Line(
        card=line,
        title=title_of(rule),
        chip=chip_of(line),
        reason=worded(said(line.reason)),
        why=said(owed.reason) if owed else "",
        period=owed.period if owed else "",
        since=owed.since if owed else None,
        due=owed.due if owed else None,
        earliest=owed.earliest if owed else None,
        done_on=owed.done_on if owed else None,
        evidence=owed.evidence if owed else "",
        evidence_url=evidence_url(owed.evidence, firm) if owed else "",
        basis=tuple(_cited(one) for one in owed.basis) if owed else (),
        mark=how_sure(rule.mark),
        standard=rule.standard,
        owed_by=str(OWED_BY[rule.owed_by]),
        recipients="、".join(sentence(ROOM, "duty_recipients", one, language=language()) for one in rule.recipients),
        set_aside=tuple(_aside(one) for one in owed.also) if owed else (),
    )


def chip_of(line: CardLine, url: str = "") -> Chip:
    """How a line stands; what is only encouraged is no duty, what waits for an event has no day."""
    tone, word = STATES[line.state]
    if line.state is CardState.NOT_DUE and line.rule.force is Force.HINT:
        word = _l("鼓励")
    elif line.owed is None:
        word = _l("未发生")
    elif line.state is CardState.NOT_DUE and line.owed.ended_on is not None:
        word = _l("不再适用")
    return Chip(tone, str(word), why=worded(said(line.reason)), url=url)  # type: ignore[arg-type]


PAGES = {
    "enterprises.filing": "enterprises:filing",
    "enterprises.investigation": "investigations",
    "enterprises.inspection": "inspections",
    "monitoring.alert": "alerts",
}
"""Where the proofs of a fact can be read: an address of this room, or a register."""


def evidence_url(evidence: str, firm: UUID) -> str:
    """Where the proof can be read; empty where there is none, or no page of it."""
    kind, _colon, uid = evidence.partition(":")
    if kind == "enterprises.happening":
        return f"{reverse('enterprises:duty_card', args=[firm])}#h-{uid}"
    page = PAGES.get(kind, "")
    if ":" in page:
        return reverse(page, args=[uid])
    return reverse("kit:record", args=[page, uid]) if page else ""


def _cited(basis: Basis) -> Cited:
    after = successors(basis)
    return Cited(basis.cited, basis.words, how_sure(basis.mark), "；".join(one.cited for one in after))


def _aside(rule: DutyRule) -> str:
    return _("%(standard)s（%(mark)s）") % {"standard": rule.standard, "mark": how_sure(rule.mark)}
