"""A report frees the ground as it was and for what it judged: use, filling or dumping since, a newer standard or a
stricter planned use ask for it to be looked at again. A fixed validity holds only where a local rule states one."""

from __future__ import annotations

from datetime import date

from soilrules.gate.answers import answer, area, not_applicable, say, unless_unknown
from soilrules.gate.case import Case
from soilrules.gate.facts import Change, Piece, Report
from soilrules.gate.results import CheckResult, Outcome
from soilrules.messages import Message

CHECK = "survey_stale"
FRESH, OLD, UNKNOWN = "fresh", "old", "unknown"
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def check(case: Case) -> CheckResult:
    """Conditions where every report that frees a piece has a reason against it; cannot say where one is not known."""
    if not case.decisive(case.covered):
        return not_applicable(CHECK)
    if case.changes is False and case.sensitive:
        return not_applicable(CHECK, "unchanged")
    states = {report.id: _state(case, report) for reports in case.exits.values() for report in reports}
    old = tuple(one for one in case.covered if _of(case, one, states) == OLD)
    unknown = tuple(one for one in case.covered if _of(case, one, states) == UNKNOWN)
    whole = case.facts.ground.area_m2
    unsaid = None
    if case.decisive(unknown):
        reasons = _reasons(case, unknown, states, UNKNOWN)
        told = say(CHECK, "unknown", **area(unknown, whole))
        change = say(CHECK, "change_open")
        unsaid = answer(case, CHECK, Outcome.CANNOT_SAY, told, *reasons, pieces=unknown, change=change)
    if case.decisive(old):
        reasons = _reasons(case, old, states, OLD)
        found = answer(case, CHECK, Outcome.CONDITIONS, say(CHECK, "old", **area(old, whole)), *reasons, pieces=old)
        return unless_unknown(found, unsaid)
    return unsaid or answer(case, CHECK, Outcome.YES, say(CHECK, "fresh"))


def _of(case: Case, piece: Piece, states: dict[str, tuple[str, tuple[Message, ...]]]) -> str:
    """The best state of the reports that free a piece."""
    found = {states[one.id][0] for one in case.exits[piece.id]}
    return next(one for one in (FRESH, UNKNOWN, OLD) if one in found)


def _reasons(
    case: Case, pieces: tuple[Piece, ...], states: dict[str, tuple[str, tuple[Message, ...]]], state: str
) -> list[Message]:
    ids = sorted({one.id for piece in pieces for one in case.exits[piece.id]})
    return [reason for one in ids if states[one][0] == state for reason in states[one][1]]


def _state(case: Case, report: Report) -> tuple[str, tuple[Message, ...]]:
    """Whether a report still fits, with the reasons."""
    against = tuple(_against(case, report))
    if against:
        return OLD, against
    unknown = tuple(_unknown(case, report))
    return (UNKNOWN, unknown) if unknown else (FRESH, ())


def _against(case: Case, report: Report) -> list[Message]:
    named = {"report": report.number or report.id}
    found = [
        say(CHECK, f"since_{one.kind}", day=one.on.isoformat(), **named)
        for one in report.uses_since or ()
        if one.on <= case.on and not _may_be_older(one, report)
    ]
    if report.standard_current is False:
        found.append(say(CHECK, "standard", **named))
    if report.land_class == "class_2" and case.use.land_class != "class_2":
        found.append(say(CHECK, "stricter", **named))
    valid = case.facts.profile.survey_valid if case.facts.profile else None
    if valid and report.accepted_on and case.on > _months_later(report.accepted_on, valid.months):
        found.append(say(CHECK, "expired", months=str(valid.months), cited=valid.basis.cited, **named))
    return found


def _unknown(case: Case, report: Report) -> list[Message]:
    named = {"report": report.number or report.id}
    asked = {
        "uses_unknown": report.uses_since is None,
        "standard_unknown": report.standard_current is None,
        "class_unknown": report.land_class is None and case.use.land_class != "class_2",
    }
    seen = [one for one in report.uses_since or () if one.on <= case.on and _may_be_older(one, report)]
    told = [say(CHECK, f"maybe_{one.kind}", day=one.on.isoformat(), after=str(one.after), **named) for one in seen]
    return told + [say(CHECK, sentence, **named) for sentence, missing in asked.items() if missing]


def _may_be_older(change: Change, report: Report) -> bool:
    """Whether what was seen after a report may have been there before it: the last look without it is older."""
    return change.after is not None and report.accepted_on is not None and change.after < report.accepted_on


def _months_later(day: date, months: int) -> date:
    """The last day of a validity of months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _DAYS_IN_MONTH[month] if month != 1 or year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return date(year, month + 1, min(day.day, last))
