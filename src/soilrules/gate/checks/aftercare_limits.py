"""Ground in aftercare (后期管理) after it left the roster: the limits of use its report sets hold until their day.

Aftercare that ended, whose term is over, or whose report sets no limits asks nothing. Limits nobody told are not known.
"""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, unless_unknown
from soilrules.gate.case import Case, Pieces
from soilrules.gate.facts import Care, Plot
from soilrules.gate.results import CheckResult, Outcome
from soilrules.gate.rules import cited_on
from soilrules.messages import Message
from soilrules.plots.aftercare import says_none
from soilrules.plots.state import Aftercare

CHECK = "aftercare_limits"
UNSAID = {
    Aftercare.OWED: "not_begun",
    Aftercare.UNKNOWN: "need_unknown",
    Aftercare.RUNNING: "limits_unknown",
}


def check(case: Case) -> CheckResult:
    """Conditions where limits hold on more than a sliver, cannot say where they are not known."""
    cared, ground = case.plots(lambda plot: plot.care is not None and plot.care.state in UNSAID)
    if not case.decisive(ground):
        return not_applicable(CHECK)
    if not cited_on(CHECK, case.on):
        return not_applicable(CHECK, "no_rule_yet")
    unsaid = _unsaid(case, [one for one in cared if one.care and _unknown(one.care)])
    limited = [one for one in cared if one.care and _binds(case, one.care)]
    pieces = case.under({one.id for one in limited})
    if case.decisive(pieces):
        told = [_limits(one) for one in case.lying(limited, pieces)]
        whole = say(CHECK, "limited", **area(pieces, case.facts.ground.area_m2))
        return unless_unknown(answer(case, CHECK, Outcome.CONDITIONS, whole, *told, pieces=pieces), unsaid)
    return unsaid or not_applicable(CHECK, "no_limits")


def _unknown(care: Care) -> bool:
    return care.state is not Aftercare.RUNNING or care.limits is None


def _binds(case: Case, care: Care) -> bool:
    """Whether limits are told and hold on the day; the last day of the term is one of it."""
    if _unknown(care) or says_none(care.limits or ""):
        return False
    return care.until is None or case.on <= care.until


def _limits(plot: Plot) -> Message:
    care = plot.care
    assert care is not None, "only plots in aftercare are told"
    told = {"plot": plot.name, "limits": care.limits or ""}
    return (
        say(CHECK, "limits_until", day=care.until.isoformat(), **told)
        if care.until
        else say(CHECK, "limits_open", **told)
    )


def _unsaid(case: Case, plots: list[Plot]) -> CheckResult | None:
    """What is said of ground whose limits nobody told."""
    pieces: Pieces = case.under({one.id for one in plots})
    if not case.decisive(pieces):
        return None
    reasons = [say(CHECK, UNSAID[one.care.state], plot=one.name) for one in case.lying(plots, pieces) if one.care]
    told = say(CHECK, "unknown", **area(pieces, case.facts.ground.area_m2))
    return answer(case, CHECK, Outcome.CANNOT_SAY, told, *reasons, pieces=pieces, change=say(CHECK, "change_open"))
