"""Ground that once was industrial and was never surveyed; where nothing is on record of its past, nothing is said for it."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.kinds import PastKind
from soilrules.gate.results import CheckResult, Outcome

CHECK = "industrial_never_surveyed"
SCOPE = frozenset({"residential", "community", "public", "commercial"})
KINDS = (PastKind.KEY_INDUSTRY, PastKind.INDUSTRY)


def check(case: Case) -> CheckResult:
    """Conditions for uses people live or stay in, and at recall and transfer for the industries that make ground suspected."""
    scope = case.within(SCOPE)
    moves = case.act.key_unit and not case.act.changes_use
    elsewhere = case.act.enters is Outcome.NOT_APPLICABLE or case.act.registry or case.act.to_farmland
    if elsewhere or (scope is False and not moves):
        return not_applicable(CHECK)
    if case.changes is False and case.sensitive:
        return not_applicable(CHECK, "unchanged")
    past = case.past(KINDS if scope is not False else KINDS[:1])
    bare = case.among(past, case.unsurveyed)
    whole = case.facts.ground.area_m2
    unknown = case.apart(case.among(case.without_history(), case.unsurveyed), past)
    unsaid = None
    if case.decisive(unknown):
        unsaid = answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown", **area(unknown, whole)), pieces=unknown)
    if case.decisive(bare):
        found = answer(case, CHECK, Outcome.CONDITIONS, say(CHECK, "bare", **area(bare, whole)), pieces=bare)
        return unless_unknown(found, unsaid)
    if unsaid:
        return unsaid
    return answer(case, CHECK, Outcome.YES, say(CHECK, "clear"), *sliver(case, CHECK, bare), pieces=bare)
