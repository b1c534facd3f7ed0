"""Before ground becomes housing or land of public services it is surveyed: all of it, by a report that frees it."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case, Pieces
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
    whole = case.facts.ground.area_m2
    if case.sensitive is None:
        told = say(CHECK, "use_unclear", **area((*bare, *open_pieces), whole))
        return answer(case, CHECK, Outcome.CANNOT_SAY, told, pieces=bare)
    changed = case.changed(bare)
    if case.decisive(changed):
        told = say(CHECK, "part" if case.covered else "whole", **area(changed, whole))
        return unless_unknown(answer(case, CHECK, case.act.change, told, pieces=changed), _unknown(case, ()))
    return _unknown(case, changed) or not_applicable(CHECK, "unchanged")


def _unknown(case: Case, slivers: Pieces) -> CheckResult | None:
    """What is said of ground without an exit that may change, or whose report may free it; slivers that change count with it."""
    may_change = case.may_change(case.beside(case.uncovered, case.open_pieces))
    unsaid = case.beside(may_change, case.changed(case.open_pieces), slivers)
    if not case.decisive(unsaid):
        return None
    sentence = "report_unclear"
    if may_change:
        differs = "uses_differ" if case.facts.current_use is None else "said_differs"
        sentence = differs if case.contradicted(may_change) else "change_unknown"
    told = say(CHECK, sentence, **area(unsaid, case.facts.ground.area_m2))
    return answer(case, CHECK, Outcome.CANNOT_SAY, told, pieces=unsaid)
