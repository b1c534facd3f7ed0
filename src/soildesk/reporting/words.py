"""The words and chips in which reports are spoken of."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit.measures import OUTCOME_PARTS, Outcome
from soildesk.kit.parts import Chip
from soildesk.plans.wording import DUTY_STATES
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.services.copies import BROUGHT, State
from soilrules.deadlines import State as DutyState

NOT_BEGUN = "not_begun"
STATES = {
    NOT_BEGUN: ("calm", "circle", _l("未生成")),
    State.DRAFT.value: ("busy", "pencil", State.DRAFT.label),
    State.SIGNED.value: ("warn", "check2-circle", State.SIGNED.label),
    State.SENT.value: ("good", "send", State.SENT.label),
    State.RECEIVED.value: ("good", "check-circle-fill", State.RECEIVED.label),
}


RELEASED = {State.SENT.value: _l("已发布"), State.RECEIVED.value: _l("已发布，有凭证")}


def state_chip(state: str, *, released: bool = False) -> Chip:
    """How far a report is; of one for the public in its own words."""
    tone, icon, word = STATES[state or NOT_BEGUN]
    word = RELEASED.get(state, word) if released else word
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def duty_chip(state: str) -> Chip:
    """How the duty of the calendar stands."""
    if not state:
        return Chip("unknown", _("没有义务记录"), "question-octagon")
    tone, icon, word = DUTY_STATES[DutyState(state)]
    return Chip(tone, str(word), icon)


def outcome_chip(outcome: str, why: str = "") -> Chip | None:
    """What the measure behind a figure answered; a count has no answer."""
    if not outcome:
        return None
    tone, icon, word = OUTCOME_PARTS[Outcome(outcome)]
    return Chip(tone, str(word), icon, why)  # type: ignore[arg-type]


def kind_word(kind: str) -> str:
    """The name of a kind; a filled form has none."""
    if kind == BROUGHT:
        return _("自行编制的文件")
    return str(kinds()[kind].title) if kind in kinds() else _("来表即填")
