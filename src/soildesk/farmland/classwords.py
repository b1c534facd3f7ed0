"""Words and chips of classes that are proposed, and of the way of a classification; shared by pages, lists and papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.farmland.approvedwords import COLORS, class_look
from soildesk.farmland.models import Classification, FarmlandClass, Trigger
from soildesk.farmland.queries.proposals import MAJORITY, SEVERE
from soildesk.kit import cells
from soildesk.kit.cells import chip_html
from soildesk.kit.faces import LegendClass
from soildesk.kit.parts import Chip
from soildesk.standards.refusals import language
from soilrules.farmland.rulesets import Produce, Ruleset, rulesets

NO_CLASS = _l("无法定类")
State = Classification.State
STATE_LOOKS: Mapping[str, tuple[str, str]] = {
    State.DRAFT: ("calm", "pencil"),
    State.CHECKING: ("busy", "eye"),
    State.REVIEW: ("busy", "people"),
    State.SENT: ("busy", "send"),
    State.APPROVED: ("good", "check-circle-fill"),
    State.GIVEN_UP: ("calm", "slash-circle"),
}
STATES = {key: (tone, icon, State(key).label) for key, (tone, icon) in STATE_LOOKS.items()}
TRIGGER_STATES = {
    Trigger.State.OPEN: ("warn", "exclamation-triangle-fill", Trigger.State.OPEN.label),
    Trigger.State.TAKEN: ("busy", "arrow-clockwise", Trigger.State.TAKEN.label),
    Trigger.State.DISMISSED: ("calm", "slash-circle", Trigger.State.DISMISSED.label),
}
PROPOSED_LEGEND = [
    LegendClass(value, FarmlandClass(value).label if value else NO_CLASS, color, "#6a3d9a")
    for value, color in COLORS.items()
]
"""The official colours behind a violet edge, so that on the map nobody takes what is proposed for what is in force."""
EXCESS = {0: _l("无法评价"), 1: _l("未超标"), 2: _l("轻微超标"), 3: _l("严重超标")}
ROMAN = {0: "？", 1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ"}
TONES = {0: "unknown", 1: "good", 2: "warn", 3: "bad"}


SWITCH_WORDS = {MAJORITY: _l("不采用多数点位"), SEVERE: _l("土壤Ⅱ类且农产品严重超标的定为严格管控类")}


def limits_told(terms: Any) -> str:
    """Which limits some terms use: of which day, with those of the place or without."""
    day = terms.standards_on.isoformat() if terms.standards_on else _("各样品采样日施行的版本")
    limits = _("采用地方标准") if terms.local_limits else _("只用国家标准")
    return f"{day}，{limits}"


def switches_told(terms: Any) -> str:
    """What of the rules was switched."""
    return "；".join(str(SWITCH_WORDS[one]) for one in terms.switches) or _("没有切换")


def terms_told(terms: Any) -> str:
    """By what units are put into classes, in a line."""
    rules = rulesets()[terms.ruleset].name(language())
    return _("%(rules)s；规则开关：%(switches)s；限值：%(limits)s") % {
        "rules": rules,
        "switches": switches_told(terms),
        "limits": limits_told(terms),
    }


def class_word(value: str | None) -> str:
    """A class as it is called."""
    return str(FarmlandClass(value).label) if value else str(NO_CLASS)


def class_chip(value: str | None, why: str = "") -> Chip:
    """A class as a chip."""
    tone, icon = class_look(value or "")
    return Chip(tone, class_word(value), icon=icon, why=why)  # type: ignore[arg-type]


def class_cell(value: Any, row: Mapping[str, Any]) -> str:
    """A class in a list."""
    tone, icon = class_look(value or "")
    return chip_html(tone, icon, class_word(value))


def before_cell(value: Any, row: Mapping[str, Any]) -> str:
    """The class in force, which there may be none of."""
    return class_cell(value, row) if value else cells.NOTHING


def produce_word(produce: Produce, rules: Ruleset) -> str:
    """How the samples of produce are, as a row of the table asks."""
    return {
        Produce.ANY: _("其余情形"),
        Produce.NONE_ABOVE: _("均未超标"),
        Produce.MOSTLY_WITHIN: _("未超标比例不低于 %(share)s，且没有严重超标") % {"share": f"{rules.mostly:.0%}"},
        Produce.SOME_SEVERE: _("有严重超标"),
    }[produce]
