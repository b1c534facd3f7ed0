"""How states, colours and bodies of supervision are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.languages import called, language, listed
from soildesk.kit.parts import Chip
from soildesk.supervision.models import Extension, Letter, Meeting, Slip, Suspension, Talk, TalkPromise
from soildesk.supervision.queries.places import place_of, rules_of, version_on
from soilrules.deadlines import State
from soilrules.messages import sentence
from soilrules.supervision.authorities import authorities
from soilrules.supervision.slips import Rules, SlipRule, To, customary

COLOURS = {
    Slip.Colour.NONE.value: ("calm", "bell", Slip.Colour.NONE.label),
    Slip.Colour.BLUE.value: ("busy", "flag", Slip.Colour.BLUE.label),
    Slip.Colour.YELLOW.value: ("warn", "flag", Slip.Colour.YELLOW.label),
    Slip.Colour.RED.value: ("bad", "exclamation-triangle-fill", Slip.Colour.RED.label),
}
SLIP_STATES = {
    Slip.State.WAITING.value: ("warn", "hourglass-split", Slip.State.WAITING.label),
    Slip.State.ANSWERED.value: ("good", "check2-circle", Slip.State.ANSWERED.label),
    Slip.State.DONE.value: ("good", "check-circle-fill", Slip.State.DONE.label),
    Slip.State.FOLLOWED.value: ("bad", "arrow-up", Slip.State.FOLLOWED.label),
    Slip.State.OVER.value: ("calm", "slash-circle", Slip.State.OVER.label),
    Slip.State.TOLD.value: ("calm", "bell", Slip.State.TOLD.label),
}
DUTY_STATES = {
    State.DONE: ("good", "check-circle-fill", _l("按期办结")),
    State.DONE_LATE: ("warn", "check2-circle", _l("逾期办结")),
    State.DUE_LATER: ("calm", "circle", _l("未到期")),
    State.DUE_SOON: ("warn", "hourglass-split", _l("14日内到期")),
    State.DUE_TODAY: ("warn", "hourglass-split", _l("今天到期")),
    State.OVERDUE: ("bad", "exclamation-triangle-fill", _l("逾期")),
    State.DUE_BEFORE_ISSUE: ("calm", "slash-circle", _l("下发前已到期")),
    State.STANDING: ("calm", "circle", _l("长期")),
    State.UNDETERMINED: ("unknown", "question-octagon", _l("未定")),
}
EXTENSION_STATES = {
    Extension.State.ASKED.value: ("warn", "hourglass-split", Extension.State.ASKED.label),
    Extension.State.GRANTED.value: ("good", "check2-circle", Extension.State.GRANTED.label),
    Extension.State.REFUSED.value: ("bad", "x-circle-fill", Extension.State.REFUSED.label),
}
SUSPENSION_STATES = {
    Suspension.State.ASKED.value: ("warn", "hourglass-split", Suspension.State.ASKED.label),
    Suspension.State.GRANTED.value: ("busy", "dash-circle", Suspension.State.GRANTED.label),
    Suspension.State.REFUSED.value: ("bad", "x-circle-fill", Suspension.State.REFUSED.label),
    Suspension.State.ENDED.value: ("calm", "check-circle-fill", Suspension.State.ENDED.label),
}
TO = {
    To.UNIT.value: _l("责任单位"),
    To.LEADER.value: _l("责任单位主要负责人"),
    To.CAMPAIGN_OFFICE.value: _l("指挥部办公室"),
    To.GOVERNMENT.value: _l("本级人民政府"),
}
LETTER_STATES = {
    Letter.State.DRAFT.value: ("calm", "pencil", Letter.State.DRAFT.label),
    Letter.State.SIGNED.value: ("warn", "send", Letter.State.SIGNED.label),
    Letter.State.SENT.value: ("busy", "hourglass-split", Letter.State.SENT.label),
    Letter.State.ANSWERED.value: ("good", "check2-circle", Letter.State.ANSWERED.label),
    Letter.State.CLOSED.value: ("good", "check-circle-fill", Letter.State.CLOSED.label),
    Letter.State.VOID.value: ("calm", "slash-circle", Letter.State.VOID.label),
}
TALK_STATES = {
    Talk.State.PLANNED.value: ("warn", "calendar-event", Talk.State.PLANNED.label),
    Talk.State.HELD.value: ("busy", "hourglass-split", Talk.State.HELD.label),
    Talk.State.CLOSED.value: ("good", "check-circle-fill", Talk.State.CLOSED.label),
}
PROMISE_STATES = {
    TalkPromise.State.OPEN.value: ("busy", "hourglass-split", TalkPromise.State.OPEN.label),
    TalkPromise.State.REPORTED.value: ("warn", "check2-circle", TalkPromise.State.REPORTED.label),
    TalkPromise.State.VERIFIED.value: ("good", "check-circle-fill", TalkPromise.State.VERIFIED.label),
}
MEETING_STATES = {
    Meeting.State.PREPARING.value: ("calm", "pencil", Meeting.State.PREPARING.label),
    Meeting.State.CALLED.value: ("warn", "calendar-event", Meeting.State.CALLED.label),
    Meeting.State.HELD.value: ("good", "check-circle-fill", Meeting.State.HELD.label),
}
Parts = tuple[str, str, object]


def chip(states: Mapping[object, Parts] | Mapping[str, Parts], value: object, why: str = "") -> Chip:
    """The chip of a state."""
    tone, icon, word = states[value]  # type: ignore[index]
    return Chip(tone, str(word), icon, why)  # type: ignore[arg-type]


def why_words(why: str, said: Mapping[str, Any]) -> str:
    """Why a slip was sent, in the language of the page; one whose message was not kept, as it stands on the paper."""
    return sentence("supervision", "why", said["id"], said["params"], language=language()) if said else why


def why_of(slip: Slip) -> str:
    """Why this slip was sent."""
    return why_words(slip.why, slip.said)


def to_words(to: list[str]) -> str:
    """Whom a slip goes to."""
    return listed(str(TO.get(one, one)) for one in to)


def rules_at(path: str, slip: Slip) -> Rules:
    """The rules of the place of a slip on its day: what its colours were called then."""
    place = place_of(path)
    version = version_on(place, slip.on) if place else None
    return (rules_of(version) if version else None) or customary()


def slip_name(slip: Slip) -> str:
    """What the paper is called: 红色督办单, or as the office calls it."""
    names = {colour.value: name for colour, name in rules_at(slip.division_path, slip).colours.items()}
    return names[slip.colour]


def rule_words(rule: SlipRule) -> str:
    """What a rule says, with its numbers."""
    told = {"days": rule.days, "within": rule.within_days}
    return {
        "remind": _("时限前 %(days)d 天提醒"),
        "near": _("距时限 %(days)d 个工作日以内仍未办结"),
        "slow": _("%(days)d 个工作日没有填报进展（时限前 %(within)d 天内）"),
        "unheeded": _("首次督办单发出 %(days)d 个工作日没有说明原因，也没有进展"),
        "overdue": _("时限已过，次日发出"),
        "after_red": _("红色督办单发出后满 %(days)d 个工作日仍未办结"),
    }[rule.kind.value] % told


def act_name(act: str) -> str:
    """What an act of supervision is called."""
    return next((called(row) for row in authorities().values() if row.act.value == act), "")
