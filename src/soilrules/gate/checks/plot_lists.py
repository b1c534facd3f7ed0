"""The negative list of development and the priority list: what they ask stands in the list and is kept or answered for."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, say, sliver
from soilrules.gate.case import Case
from soilrules.gate.results import CheckResult, Outcome


def negative_list(case: Case) -> CheckResult:
    """Conditions where the ground is on the negative list on the day."""
    return _listed(case, "negative_list", "negative")


def priority_list(case: Case) -> CheckResult:
    """Conditions where the ground is on the priority list on the day and no exit covers it."""
    return _listed(case, "priority_list", "priority")


def _listed(case: Case, check: str, list_key: str) -> CheckResult:
    plots, pieces = case.listed(list_key)
    if list_key == "priority":
        pieces = case.among(pieces, case.beside(case.uncovered, case.open_pieces))
    if not case.decisive(pieces):
        return answer(case, check, Outcome.YES, say(check, "clear"), *sliver(case, check, pieces), pieces=pieces)
    told = say(check, "listed", plots=names(case.lying(plots, pieces)), **area(pieces, case.facts.ground.area_m2))
    return answer(case, check, Outcome.CONDITIONS, told, pieces=pieces)
