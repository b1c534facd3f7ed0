"""How much of the ground the reports cover that free it; the gap is told in m²."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, share, sliver
from soilrules.gate.case import Case
from soilrules.gate.kinds import PastKind
from soilrules.gate.results import CheckResult, Force, Outcome

CHECK = "survey_coverage"


def check(case: Case) -> CheckResult:
    """Only where some of the ground is covered: whole, or with a gap that blocks where a survey is required by law."""
    if not case.decisive(case.covered):
        return not_applicable(CHECK)
    gap = (*case.uncovered, *case.open_pieces)
    if not case.decisive(gap):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "whole"), *sliver(case, CHECK, gap), pieces=gap)
    whole = case.facts.ground.area_m2
    done = share("done", sum(one.area_m2 for one in case.covered), whole)
    told = say(CHECK, "gap", area=area(gap, whole)["area"], **done)
    if case.sensitive and case.decisive(case.changed(case.uncovered)):
        return answer(case, CHECK, case.act.change, told, pieces=gap)
    if case.sensitive is not False and case.changes is not False:
        return answer(case, CHECK, Outcome.CANNOT_SAY, told, pieces=gap)
    if case.decisive(one for one in case.past((PastKind.KEY_INDUSTRY, PastKind.INDUSTRY)) if one in gap):
        return answer(case, CHECK, Outcome.CONDITIONS, told, pieces=gap, force=Force.PRINCIPLE)
    return answer(case, CHECK, Outcome.YES, told, pieces=gap, force=Force.ENCOURAGED)
