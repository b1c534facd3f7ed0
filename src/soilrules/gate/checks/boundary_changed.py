"""Ground split, merged or re-bounded since its survey: the report is updated and reviewed again. Lineage tells what is
known of the ground, not what is valid."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say, unless_unknown
from soilrules.gate.case import Case, Pieces
from soilrules.gate.facts import Change, Piece, Report
from soilrules.gate.results import CheckResult, Outcome
from soilrules.gate.rules import cited_on

CHECK = "boundary_changed"


def check(case: Case) -> CheckResult:
    """Conditions where every report that frees a piece was made before its boundary changed."""
    if not case.decisive(case.covered):
        return not_applicable(CHECK)
    if case.changes is False and case.sensitive:
        return not_applicable(CHECK, "unchanged")
    changed = tuple(one for one in case.covered if all(_changed(case, report) for report in case.exits[one.id]))
    whole = case.facts.ground.area_m2
    if case.decisive(changed):
        events = sorted(
            {(one.on, one.kind) for piece in changed for r in case.exits[piece.id] for one in _events(case, r)}
        )
        told = [say(CHECK, f"event_{kind}", day=day.isoformat()) for day, kind in events]
        if not cited_on(CHECK, case.on):
            return answer(case, CHECK, Outcome.NOT_APPLICABLE, say(CHECK, "no_rule_yet"), *told, pieces=changed)
        sentence = say(CHECK, "changed", **area(changed, whole))
        found = answer(case, CHECK, Outcome.CONDITIONS, sentence, *told, pieces=changed)
        return unless_unknown(found, _unsaid(case, case.apart(_unknown(case), changed)))
    return _unsaid(case, _unknown(case)) or answer(case, CHECK, Outcome.YES, say(CHECK, "same"))


def _unknown(case: Case) -> Pieces:
    """Pieces none of whose reports is known to be made on the boundary of the day."""
    return tuple(one for one in case.covered if not _unchanged(case, one))


def _unsaid(case: Case, unknown: Pieces) -> CheckResult | None:
    """What is said of pieces of whose boundary nobody knows."""
    if not (case.decisive(unknown) and cited_on(CHECK, case.on)):
        return None
    told = say(CHECK, "unknown", **area(unknown, case.facts.ground.area_m2))
    return answer(case, CHECK, Outcome.CANNOT_SAY, told, pieces=unknown, change=say(CHECK, "change_open"))


def _events(case: Case, report: Report) -> list[Change]:
    return [one for one in report.lineage_since or () if one.on <= case.on]


def _changed(case: Case, report: Report) -> bool:
    return bool(_events(case, report))


def _unchanged(case: Case, piece: Piece) -> bool:
    return any(one.lineage_since is not None and not _changed(case, one) for one in case.exits[piece.id])
