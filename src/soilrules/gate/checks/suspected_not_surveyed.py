"""Suspected ground, and ground asked to be surveyed, does not enter the land-use procedure before the survey is accepted."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.kinds import StepKind
from soilrules.gate.results import CheckResult, Force, Outcome

CHECK = "suspected_not_surveyed"


def check(case: Case) -> CheckResult:
    """No at acts that take the ground into use, conditions at acts before."""
    if case.act.enters is Outcome.NOT_APPLICABLE:
        return not_applicable(CHECK)
    plots, pieces = case.suspected
    if case.decisive(pieces):
        told = say(CHECK, "bare", plots=names(plots), **area(pieces, case.facts.ground.area_m2))
        force = Force.STATUTORY if case.act.enters is Outcome.NO else Force.PRINCIPLE
        found = answer(case, CHECK, case.act.enters, told, pieces=pieces, force=force)
        return unless_unknown(found, _unknown(case))
    clear = say(CHECK, "clear")
    return _unknown(case) or answer(case, CHECK, Outcome.YES, clear, *sliver(case, CHECK, pieces), pieces=pieces)


def _unknown(case: Case) -> CheckResult | None:
    """What is said of plots asked to be surveyed of which nobody knows whether they were."""
    unknown, open_pieces = case.plots(
        lambda plot: any(one.kind is StepKind.SURVEY and one.since <= case.on and not one.known for one in plot.steps)
    )
    open_pieces = case.among(open_pieces, case.unsurveyed)
    if not case.decisive(open_pieces):
        return None
    return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown", plots=names(unknown)), pieces=open_pieces)
