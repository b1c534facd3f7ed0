"""Ground above the limits is assessed first; assessed ground enters the procedure only for what it is fit for."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case
from soilrules.gate.facts import ReportKind
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
    if case.decisive(bare):
        told = say(CHECK, "not_assessed", plots=names(plots), **area(bare, whole))
        force = Force.STATUTORY if case.act.enters is Outcome.NO else Force.PRINCIPLE
        return answer(case, CHECK, case.act.enters, told, pieces=bare, force=force)
    if case.decisive(pieces):
        told = say(CHECK, "not_cleared", plots=names(plots), **area(pieces, whole))
        return answer(case, CHECK, Outcome.CONDITIONS, told, pieces=pieces, force=Force.PRINCIPLE)
    _, unclear = case.unclear
    owed = {one.id for one in case.suspected[1]}
    open_pieces = tuple(one for one in unclear if one.id not in owed)
    if case.decisive(unclear) and not case.decisive(open_pieces):
        return not_applicable(CHECK, "not_surveyed")
    if case.decisive(open_pieces):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown"), pieces=open_pieces)
    return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, pieces), pieces=pieces)
