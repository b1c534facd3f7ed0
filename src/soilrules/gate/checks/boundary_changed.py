"""Ground split, merged or re-bounded since its survey: the report is updated and reviewed again. Lineage tells what is
known of the ground, not what is valid."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, not_applicable, say
from soilrules.gate.case import Case
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
        return answer(
            case, CHECK, Outcome.CONDITIONS, say(CHECK, "changed", **area(changed, whole)), *told, pieces=changed
        )
    unknown = tuple(one for one in case.covered if not _unchanged(case, one))
    if case.decisive(unknown) and cited_on(CHECK, case.on):
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown", **area(unknown, whole)), pieces=unknown)
    return answer(case, CHECK, Outcome.YES, say(CHECK, "same"))


def _events(case: Case, report: Report) -> list[Change]:
    return [one for one in report.lineage_since or () if one.on <= case.on]


def _changed(case: Case, report: Report) -> bool:
    return bool(_events(case, report))


def _unchanged(case: Case, piece: Piece) -> bool:
    return any(one.lineage_since is not None and not _changed(case, one) for one in case.exits[piece.id])
