"""The impact assessment of a project on polluted ground that is not remediated is not approved."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case
from soilrules.gate.results import CheckResult, Outcome

CHECK = "eia_on_unremediated"


def check(case: Case) -> CheckResult:
    """No where polluted ground is not cleared; the assessment of the remediation itself is not meant."""
    if not case.act.eia:
        return not_applicable(CHECK)
    if case.facts.related:
        return not_applicable(CHECK, "related")
    plots, pieces = case.polluted
    if case.decisive(pieces):
        told = say(CHECK, "polluted", plots=names(plots), **area(pieces, case.facts.ground.area_m2))
        return answer(case, CHECK, Outcome.NO, told, pieces=pieces)
    _, unclear = case.unclear
    if case.decisive(unclear):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown"), pieces=unclear)
    return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, pieces), pieces=pieces)
