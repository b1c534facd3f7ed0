"""Ground of a key unit is surveyed before its use changes or its right is recalled or transferred, whatever it becomes."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case, Pieces
from soilrules.gate.facts import KeyUnitSite
from soilrules.gate.results import CheckResult, Force, Outcome

CHECK = "key_unit_transfer"


def check(case: Case) -> CheckResult:
    """No where ground of a key unit has no accepted survey; conditions where the unit left the list before the day."""
    if not case.act.key_unit:
        return not_applicable(CHECK)
    sites, pieces = case.key_units()
    bare = {one.id for one in case.unsurveyed}
    open_pieces = tuple(one for one in pieces if one.id in bare)
    if not case.decisive(pieces):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "none"), *sliver(case, CHECK, pieces), pieces=pieces)
    if not case.decisive(open_pieces):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "surveyed", units=names(sites)))
    listed = tuple(one for one in sites if one.until is None or case.on < one.until)
    if case.decisive(_under(open_pieces, listed)):
        told = say(CHECK, "not_surveyed", units=names(listed), **area(open_pieces, case.facts.ground.area_m2))
        return answer(case, CHECK, Outcome.NO, told, pieces=open_pieces)
    told = say(CHECK, "left_list", units=names(sites), **area(open_pieces, case.facts.ground.area_m2))
    return answer(case, CHECK, Outcome.CONDITIONS, told, pieces=open_pieces, force=Force.PRINCIPLE)


def _under(pieces: Pieces, sites: tuple[KeyUnitSite, ...]) -> Pieces:
    return tuple(one for one in pieces if one.over & {site.id for site in sites})
