"""The rules about grain of a lot as data: each with mark, days and a switch; one switched off decides nothing. Data: grain.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from soilrules.monitoring.dated import DatedRule, origin, read


class Decides(StrEnum):
    """What a rule is for."""

    MOST_YIELD = "most_yield"
    USUAL_YIELD = "usual_yield"
    LOSS_ASKED = "loss_asked"
    OWN_TEST = "own_test"


@dataclass(frozen=True, slots=True)
class GrainRule(DatedRule):
    """One rule about grain."""

    decides: Decides


Rules = Sequence[GrainRule]


@cache
def grain_rules() -> Rules:
    """The rules of data/farmland/grain.yaml. Raises BadRuleData."""
    records = read("grain", room="farmland")
    return tuple(GrainRule(**origin(one, "decides"), decides=one.choice("decides", Decides)) for one in records)


def rule(what: Decides, on: date, rules: Rules | None = None) -> GrainRule | None:
    """The rule that decides something on a day; None where it is switched off or there was none.

    >>> rule(Decides.MOST_YIELD, date(2026, 9, 25)).numbers["tonnes"]
    Decimal('30')
    """
    held = grain_rules() if rules is None else rules
    return next((one for one in held if one.decides is what and one.in_use and one.in_force(on)), None)


def params(one: GrainRule | None) -> dict[str, str]:
    """The mark and the numbers of a rule as params of a sentence; a share as percent."""
    if one is None:
        return {}
    return {"mark": one.mark} | {
        name: f"{(value * 100 if name == 'share' else Decimal(value)).normalize():f}"
        for name, value in one.numbers.items()
    }
