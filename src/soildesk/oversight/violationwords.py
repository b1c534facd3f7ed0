"""The catalogue of violations in the language of the reader: what may be chosen, and what each law says of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import language
from soilrules.enterprises.violations import Fine, Grade, Penalty, Whom, violations

WHOM: Mapping[Whom, Any] = {Whom.UNIT: _l("单位"), Whom.PERSON: _l("个人")}
GRADE: Mapping[Grade, Any] = {
    Grade.ORDINARY: _l("一般情形"),
    Grade.SERIOUS: _l("情节严重"),
    Grade.REFUSAL: _l("拒不改正"),
}


def violation_name(key: str) -> str:
    """What a kind of violation is called; the bare key of one that is no longer held."""
    found = violations().get(key)
    if found is None:
        return key
    return found.en if language() == "en" else found.zh


def violation_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """All kinds of violations."""
    return [(key, violation_name(key)) for key in violations()]


def fine_words(fine: Fine) -> str:
    """One range, or another consequence, with whom and in which case it meets."""
    head = _("%(whom)s，%(grade)s：") % {"whom": WHOM[fine.whom], "grade": GRADE[fine.grade]}
    if fine.low is None:
        return head + fine.more
    amount = _("%(low)s 万元以上 %(high)s 万元以下") % {"low": f"{fine.low:f}", "high": f"{fine.high:f}"}
    return "；".join(filter(None, (head + amount, fine.more)))


def penalty_lines(penalty: Penalty) -> dict[str, Any]:
    """What one law says, as a page shows it."""
    law = penalty.law.en if language() == "en" else penalty.law.zh
    return {
        "key": penalty.law.key,
        "law": law,
        "citation": penalty.citation,
        "fines": [fine_words(one) for one in penalty.fines],
    }
