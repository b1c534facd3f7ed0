"""Farmland: a survey before unused or reclaimed land is cultivated; no polluting project in areas of basic or priority farmland."""

from __future__ import annotations

from dataclasses import replace

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.kinds import ReportKind, ZoneKind
from soilrules.gate.results import CheckResult, Force, Outcome
from soilrules.gate.rules import cited_on
from soilrules.gate.uses import no_plants


def unused_to_farmland(case: Case) -> CheckResult:
    """No where ground to be cultivated has no accepted survey; what the survey found decides its class."""
    check = "unused_to_farmland"
    cultivated = case.use.within({"cultivated"}, {"agricultural", "undetermined"})
    if not case.act.to_farmland or cultivated is False:
        return not_applicable(check)
    if cultivated is None:
        return answer(case, check, Outcome.CANNOT_SAY, say(check, "use_unclear"))
    found = {
        one.id: one.exceeds
        for one in case.facts.reports
        if one.kind is ReportKind.FARMLAND_SURVEY and one.accepted(case.on)
    }
    states = {piece.id: {found[one] for one in piece.over if one in found} for piece in case.pieces}
    bare = tuple(one for one in case.pieces if not states[one.id])
    whole = case.facts.ground.area_m2
    if case.decisive(bare):
        return answer(case, check, Outcome.NO, say(check, "bare", **area(bare, whole)), pieces=bare)
    unknown = tuple(one for one in case.pieces if None in states[one.id])
    unsaid = None
    if case.decisive(unknown):
        unsaid = answer(case, check, Outcome.CANNOT_SAY, say(check, "unknown", **area(unknown, whole)), pieces=unknown)
    above = tuple(one for one in case.pieces if True in states[one.id])
    if case.decisive(above):
        told = say(check, "above", **area(above, whole))
        asks = answer(case, check, Outcome.CONDITIONS, told, pieces=above, force=Force.PRINCIPLE)
        return unless_unknown(asks, unsaid)
    return unsaid or answer(case, check, Outcome.YES, say(check, "surveyed"), *sliver(case, check, bare), pieces=bare)


def farmland_class(case: Case) -> CheckResult:
    """No where a project that may pollute the soil is sited in an area of permanent basic farmland."""
    check = "farmland_class"
    if not _sites(case):
        return not_applicable(check)
    pieces = case.zones((ZoneKind.BASIC_FARMLAND,))
    if not case.decisive(pieces):
        return answer(case, check, Outcome.YES, say(check, "clear"), *sliver(case, check, pieces), pieces=pieces)
    told = area(pieces, case.facts.ground.area_m2)
    match case.facts.pollutes:
        case True:
            return answer(case, check, Outcome.NO, say(check, "pollutes", **told), pieces=pieces)
        case None:
            return answer(case, check, Outcome.CANNOT_SAY, say(check, "unknown", **told), pieces=pieces)
    return answer(case, check, Outcome.YES, say(check, "harmless", **told), pieces=pieces)


def priority_farmland(case: Case) -> CheckResult:
    """No where a project that may pollute the soil is assessed on approved priority farmland, conditions where it is sited there.

    What size an area must have to be concentrated no text says: every approved unit counts, down to a sliver.
    """
    check = "priority_farmland"
    if not _sites(case) or not cited_on(check, case.on):
        return not_applicable(check)
    pieces = case.zones((ZoneKind.PRIORITY_FARMLAND,))
    whole, pollutes = case.facts.ground.area_m2, case.facts.pollutes
    works = pollutes is not False and not (pollutes is None and no_plants().holds(case.use))
    if not case.decisive(pieces):
        bare = () if not works else case.class_unknown if pollutes else case.farmed_unclassed
        if case.decisive(bare):
            told = say(check, "class_unknown", **area(bare, whole))
            return answer(case, check, Outcome.CANNOT_SAY, told, pieces=bare)
        return answer(case, check, Outcome.YES, say(check, "clear"), *sliver(case, check, pieces), pieces=pieces)
    here = frozenset().union(*(one.over for one in pieces))
    units = (one for one in case.facts.zones if one.kind is ZoneKind.PRIORITY_FARMLAND and one.id in here)
    told_of = {**area(pieces, whole), "units": names(units)}
    if pollutes is None and not works:
        yes = answer(case, check, Outcome.YES, say(check, "no_works", **told_of), pieces=pieces)
        return replace(yes, mark=no_plants().mark)
    match pollutes:
        case True if case.act.eia:
            return answer(case, check, Outcome.NO, say(check, "pollutes", **told_of), pieces=pieces)
        case True:
            asks = say(check, "sited", **told_of)
            return answer(case, check, Outcome.CONDITIONS, asks, pieces=pieces, force=Force.PRINCIPLE)
        case None:
            return answer(case, check, Outcome.CANNOT_SAY, say(check, "unknown", **told_of), pieces=pieces)
    return answer(case, check, Outcome.YES, say(check, "harmless", **told_of), pieces=pieces)


def _sites(case: Case) -> bool:
    """Whether a new project is sited by the act."""
    sited = case.act.eia or case.act.change is Outcome.NO
    return sited and not case.act.registry and not case.act.uses
