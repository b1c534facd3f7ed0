"""What decisions, outcomes and forces are called, and how they look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from soildesk.kit.parts import Chip, Tone
from soilrules.gate.answers import hints_nothing

DECISIONS = {
    "pass": _("未发现限制"),
    "conditions": _("附条件"),
    "blocked": _("禁止"),
    "cannot_say": _("无法判断"),
}
OUTCOMES = {
    "yes": _("未发现限制"),
    "no": _("禁止"),
    "conditions": _("附条件"),
    "cannot_say": _("无法判断"),
    "not_applicable": _("不适用"),
}
HINT, NO_HINT = _("提示"), _("没有提示")
FORCES = {
    "statutory": _("法定要求"),
    "local_duty": _("属地要求"),
    "principle": _("原则上、不宜"),
    "encouraged": _("鼓励、提示"),
}
TONES: dict[str, Tone] = {
    "pass": "good",
    "yes": "good",
    "conditions": "warn",
    "blocked": "bad",
    "no": "bad",
    "cannot_say": "unknown",
    "not_applicable": "calm",
}
DISCLAIMER = _("核查意见，不替代行政许可")


def decision_chip(decision: str) -> Chip:
    """A decision as a chip."""
    return Chip(TONES[decision], str(DECISIONS[decision]))


def outcome_word(outcome: str, force: str, check: str = "", because: str = "") -> str:
    """What a check answered; what only encourages is a hint and finds nothing clear, and may have nothing to hint at."""
    if (outcome, force) != ("yes", "encouraged"):
        return str(OUTCOMES[outcome])
    return str(NO_HINT if hints_nothing(check, because) else HINT)


def outcome_chip(outcome: str, force: str = "", check: str = "", because: str = "") -> Chip:
    """The outcome of one check as a chip."""
    word = outcome_word(outcome, force, check, because)
    return Chip("calm" if word in (str(HINT), str(NO_HINT)) else TONES[outcome], word)
