"""Ground on the roster of control and remediation may not be used as housing or for public administration and services."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case
from soilrules.gate.results import CheckResult, Outcome

CHECK = "on_roster_sensitive_use"


def check(case: Case) -> CheckResult:
    """No where the ground is on the roster on the day and the planned use is sensitive by the law of the day."""
    if case.sensitive is False:
        return not_applicable(CHECK)
    plots, pieces = case.listed("roster")
    if not case.decisive(pieces):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, pieces), pieces=pieces)
    told = {"plots": names(plots), **area(pieces, case.facts.ground.area_m2)}
    if case.sensitive is None:
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "use_unclear", **told), pieces=pieces)
    return answer(case, CHECK, Outcome.NO, say(CHECK, "listed", **told), pieces=pieces)
