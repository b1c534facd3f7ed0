"""The impact assessment of a project on polluted ground that is not remediated, or not for that use, is not approved."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case, Pieces
from soilrules.gate.kinds import ReportKind
from soilrules.gate.results import CheckResult, Outcome

CHECK = "eia_on_unremediated"
CLEARING = (ReportKind.RISK_ASSESSMENT, ReportKind.EFFECT_EVALUATION)
"""What clears ground that was above the limits, each for a class of use."""


def check(case: Case) -> CheckResult:
    """No where polluted ground is not cleared, or for another class of use than the one planned; the assessment of the
    remediation itself is not meant."""
    if not case.act.eia:
        return not_applicable(CHECK)
    if case.facts.related:
        return not_applicable(CHECK, "related")
    unfit, open_class = _by_class(case)
    pieces = case.beside(case.polluted[1], unfit)
    if case.decisive(pieces):
        plots = case.lying(case.facts.plots, pieces)
        told = say(CHECK, "polluted", plots=names(plots), **area(pieces, case.facts.ground.area_m2))
        return answer(case, CHECK, Outcome.NO, told, pieces=pieces)
    _, unclear = case.unclear
    if case.decisive(unclear):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown"), pieces=unclear)
    if case.decisive(open_class):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "class_unknown"), pieces=open_class)
    return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, pieces), pieces=pieces)


def _by_class(case: Case) -> tuple[Pieces, Pieces]:
    """Cleared pieces whose reports speak of ground for the second class alone under a use of the first, and pieces of which
    that is not known."""
    if case.use.land_class == "class_2":
        return (), ()
    classes = {
        piece.id: {one.land_class for one in case.exits[piece.id] if one.kind in CLEARING} for piece in case.covered
    }
    short = tuple(one for one in case.covered if classes[one.id] and "class_1" not in classes[one.id])
    if case.use.land_class is None:
        return (), short
    unfit = tuple(one for one in short if classes[one.id] == {"class_2"})
    return unfit, case.apart(short, unfit)
