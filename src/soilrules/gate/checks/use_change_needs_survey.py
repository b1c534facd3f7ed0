"""Before ground becomes housing or land of public services it is surveyed: all of it, by a report that frees it."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, sliver
from soilrules.gate.case import Case
from soilrules.gate.results import CheckResult, Outcome

CHECK = "use_change_needs_survey"


def check(case: Case) -> CheckResult:
    """No (or conditions, at acts that only prepare the change) where the use becomes sensitive on ground no exit covers."""
    if case.sensitive is False:
        return not_applicable(CHECK)
    bare, open_pieces = case.uncovered, case.open_pieces
    if not case.decisive((*bare, *open_pieces)):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "covered"), *sliver(case, CHECK, bare), pieces=bare)
    if case.changes is False and case.sensitive:
        return not_applicable(CHECK, "unchanged")
    told = area((*bare, *open_pieces), case.facts.ground.area_m2)
    if case.sensitive is None:
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "use_unclear", **told), pieces=bare)
    if case.changes is None:
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "change_unknown", **told), pieces=bare)
    if not case.decisive(bare):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "report_unclear", **told), pieces=open_pieces)
    bare_area = area(bare, case.facts.ground.area_m2)
    sentence = "part" if case.covered else "whole"
    return answer(case, CHECK, case.act.change, say(CHECK, sentence, **bare_area), pieces=bare)
