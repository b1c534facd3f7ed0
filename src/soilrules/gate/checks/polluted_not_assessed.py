"""Ground above the limits is assessed first; assessed ground enters the procedure only for what it is fit for."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.kinds import ReportKind
from soilrules.gate.results import CheckResult, Force, Outcome

CHECK = "polluted_not_assessed"


def check(case: Case) -> CheckResult:
    """No where ground above the limits was never assessed, conditions where it was and is not cleared yet.

    Ground that owes its survey is answered for by that: whether it is above the limits nobody can know before.
    """
    if case.act.enters is Outcome.NOT_APPLICABLE:
        return not_applicable(CHECK)
    plots, pieces = case.polluted
    whole = case.facts.ground.area_m2
    assessments = {
        one.id
        for one in case.facts.reports
        if one.kind in (ReportKind.RISK_ASSESSMENT, ReportKind.EFFECT_EVALUATION) and one.accepted(case.on)
    }
    _, listed = case.listed("roster")
    assessed = {one.id for one in (*case.under(assessments), *listed)}
    bare = tuple(one for one in pieces if one.id not in assessed)
    owed = {one.id for one in case.suspected[1]}
    _, unclear = case.unclear
    open_pieces = case.apart(tuple(one for one in unclear if one.id not in owed), pieces)
    unsaid = None
    if case.decisive(open_pieces):
        unsaid = answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown"), pieces=open_pieces)
    if case.decisive(bare):
        told = say(CHECK, "not_assessed", plots=names(case.lying(plots, bare)), **area(bare, whole))
        force = Force.STATUTORY if case.act.enters is Outcome.NO else Force.PRINCIPLE
        return unless_unknown(answer(case, CHECK, case.act.enters, told, pieces=bare, force=force), unsaid)
    if case.decisive(pieces):
        told = say(CHECK, "not_cleared", plots=names(plots), **area(pieces, whole))
        found = answer(case, CHECK, Outcome.CONDITIONS, told, pieces=pieces, force=Force.PRINCIPLE)
        return unless_unknown(found, unsaid)
    if unsaid:
        return unsaid
    if case.decisive(unclear):
        return not_applicable(CHECK, "not_surveyed")
    return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, pieces), pieces=pieces)
