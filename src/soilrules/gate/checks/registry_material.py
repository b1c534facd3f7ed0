"""The survey report of a key unit's ground is material of the registry; since the Code the registry asks for a missing one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from soilrules.gate.answers import answer, names, not_applicable, say, sliver, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.facts import Piece, Report
from soilrules.gate.kinds import SURVEYS
from soilrules.gate.results import CheckResult, Outcome
from soilrules.gate.rules import cited_on

CHECK = "registry_material"
ASKS = "gate.code.key_unit"


def check(case: Case) -> CheckResult:
    """Conditions where no report of the key unit's ground was handed in; cannot say where nobody knows."""
    if not case.act.registry:
        return not_applicable(CHECK)
    sites, pieces = case.key_units()
    if not case.decisive(pieces):
        return answer(case, CHECK, Outcome.YES, say(CHECK, "none"), *sliver(case, CHECK, pieces), pieces=pieces)
    given = {one.id: one for one in case.facts.reports if one.kind in SURVEYS and one.accepted(case.on)}
    handed = [_handed(piece, given, case.came(piece)) for piece in pieces]
    missing = tuple(p for p, states in zip(pieces, handed, strict=True) if not states & {True, None})
    unknown = tuple(p for p, states in zip(pieces, handed, strict=True) if True not in states and None in states)
    asks = any(one.id == ASKS for one in cited_on(CHECK, case.on))
    unsaid = None
    if case.decisive(unknown):
        unsaid = answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown", units=names(sites)), pieces=unknown)
    if case.decisive(missing):
        told = say(CHECK, "ask" if asks else "missing", units=names(sites))
        return unless_unknown(answer(case, CHECK, Outcome.CONDITIONS, told, pieces=missing), unsaid)
    return unsaid or answer(case, CHECK, Outcome.YES, say(CHECK, "handed_in", units=names(sites)))


def _handed(piece: Piece, given: Mapping[str, Report], came: date) -> set[bool | None]:
    """Whether the surveys of a piece since a unit came were handed in, each."""
    lying = [given[one] for one in piece.over if one in given]
    return {one.at_registry for one in lying if one.accepted_on and one.accepted_on >= came}
