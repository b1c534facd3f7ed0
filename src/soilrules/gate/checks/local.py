"""Checks made of the rows of a profile: uses, grounds, moments and hints a place adds to the law."""

from __future__ import annotations

from collections.abc import Callable

from soilrules.gate.answers import answer, area, not_applicable, say
from soilrules.gate.case import Case, Pieces
from soilrules.gate.checks.asked import profile_in_force
from soilrules.gate.kinds import PastKind, StepKind, ZoneKind
from soilrules.gate.profiles import GroundState, LocalRow, Moment, Profile
from soilrules.gate.results import CheckResult, Force, Outcome
from soilrules.gate.uses import no_plants
from soilrules.messages import Message

_GRAVITY = (Outcome.CANNOT_SAY, Outcome.CONDITIONS, Outcome.YES)
_FORCES = (Force.LOCAL_DUTY, Force.PRINCIPLE, Force.ENCOURAGED)
Found = tuple[Pieces, Pieces]
"""Pieces a row bites on, and pieces of which that is not known."""


def rows_of(check: str) -> Callable[[Case], CheckResult]:
    """The check made of a profile's rows of that name."""

    def made(case: Case) -> CheckResult:
        profile = profile_in_force(case)
        rows = [one for one in profile.rows if one.check == check and _meant(case, one)] if profile else []
        if profile is None or not rows:
            return not_applicable(check)
        return _worst(case, check, [_row(case, one) for one in rows], profile)

    return made


def local_moments(case: Case) -> CheckResult:
    """Whether the survey is due at this act: every row that may hold is asked, and they must agree."""
    check = "local_moments"
    profile = profile_in_force(case)
    facts = case.facts
    rows = [
        one for one in (profile.moments if profile else ())
        if one.may_hold(facts.plan_state, facts.transfer, facts.recalled_on)
    ]  # fmt: skip
    due = [one for one in rows if case.act.id in one.acts]
    if profile is None or not due:
        return not_applicable(check)
    owed, unknown = _owed(case)
    if not case.decisive((*owed, *unknown)):
        return answer(
            case, check, Outcome.YES, say(check, "clear"), bases=[one.basis for one in due], place=profile.division
        )
    told = [_cite(check, "due", one) for one in due]
    pieces = owed or unknown
    agreed = len(due) == len(rows) and case.decisive(owed)
    more = say(check, "open", **area(pieces, facts.ground.area_m2)) if agreed else say(check, "state_unknown")
    outcome = Outcome.CONDITIONS if agreed else Outcome.CANNOT_SAY
    force = next(one for one in _FORCES if one in {row.force for row in due})
    bases = [one.basis for one in due]
    return answer(case, check, outcome, *told, more, pieces=pieces, bases=bases, force=force, place=profile.division)


def local_reply(case: Case) -> CheckResult:
    """Whether ecology answered in writing where a local rule wants its reply before the act."""
    check = "local_reply"
    found = rows_of(check)(case)
    if found.outcome is not Outcome.CONDITIONS or not case.facts.reply:
        return found
    told = say(check, "replied", number=case.facts.reply)
    return answer(case, check, Outcome.YES, told, bases=found.bases, place=found.place)


def _meant(case: Case, row: LocalRow) -> bool:
    """Whether a row is for the act and the use; the assessment of a remediation itself is not meant."""
    if case.act.eia and case.facts.related:
        return False
    in_act = case.act.local and (not row.acts or case.act.id in row.acts)
    return in_act and (not row.groups or case.within(row.groups) is not False)


def _row(case: Case, row: LocalRow) -> tuple[Outcome, LocalRow, Pieces]:
    pieces, unknown = _ground(case, row)
    sure = not row.groups or case.within(row.groups) is True
    if row.ground is GroundState.NEIGHBOUR_UNFINISHED:
        bites, open_question = bool(pieces), bool(unknown)
    else:
        bites, open_question = case.decisive(pieces), case.decisive(unknown)
    if row.force is Force.ENCOURAGED:
        return (Outcome.YES, row, pieces) if bites and sure else (Outcome.NOT_APPLICABLE, row, ())
    if bites and sure and not open_question:
        return Outcome.CONDITIONS, row, pieces
    if bites or open_question:
        return Outcome.CANNOT_SAY, row, case.beside(pieces, unknown)
    return Outcome.NOT_APPLICABLE, row, ()


def _worst(case: Case, check: str, found: list[tuple[Outcome, LocalRow, Pieces]], profile: Profile) -> CheckResult:
    """One answer of all rows: the gravest, with every row that gave it."""
    outcome = next((one for one in _GRAVITY if any(one is each for each, _, _ in found)), None)
    if outcome is None:
        bases = [row.basis for _, row, _ in found]
        return answer(case, check, Outcome.YES, say(check, "clear"), bases=bases, place=profile.division)
    rows = [row for each, row, _ in found if each is outcome]
    pieces = case.beside(*(pieces for each, _, pieces in found if each is outcome))
    sentence = "unknown" if outcome is Outcome.CANNOT_SAY else "bites"
    if sentence == "unknown" and any(one.ground is GroundState.STRICT_FARMLAND for one in rows):
        sentence = "class_unknown"
    elif sentence == "unknown" and any(one.ground is GroundState.PRIORITY_FARMLAND for one in rows):
        sentence = "pollutes_unknown"
    return answer(
        case,
        check,
        outcome,
        *(_cite(check, sentence, one) for one in rows),
        pieces=pieces,
        bases=[one.basis for one in rows],
        force=next(one for one in _FORCES if one in {row.force for row in rows}),
        place=profile.division,
    )


def _cite(check: str, sentence: str, row: LocalRow | Moment) -> Message:
    return say(check, sentence, cited=row.basis.cited, words=row.basis.words)


def _ground(case: Case, row: LocalRow) -> Found:
    match row.ground:
        case GroundState.UNCOVERED:
            return case.uncovered, case.open_pieces
        case GroundState.CHANGE_UNCOVERED:
            return _change_uncovered(case)
        case GroundState.UNSURVEYED:
            past = case.past(row.kinds)
            return case.among(past, case.unsurveyed), case.apart(
                case.among(case.without_history(), case.unsurveyed), past
            )
        case GroundState.SURVEY_OWED:
            return _survey_owed(case)
        case GroundState.LISTED:
            listed = (case.listed(one)[1] for one in ("suspected", "polluted", "roster"))
            return case.beside(case.suspected[1], *listed), ()
        case GroundState.POLLUTED:
            return case.polluted[1], case.open_pieces
        case GroundState.HIGH_RISK_UNSURVEYED:
            return _high_risk(case)
        case GroundState.STRICT_FARMLAND:
            strict = case.zones((ZoneKind.STRICT_FARMLAND,))
            return case.among(strict, case.unsurveyed), case.among(case.class_unknown, case.unsurveyed)
        case GroundState.PRIORITY_FARMLAND:
            return _priority_farmland(case)
    return _neighbours(case)


def _priority_farmland(case: Case) -> Found:
    """Priority farmland a polluting project would stand on; open where nobody says whether it pollutes and its use rules that not out."""
    pieces = case.zones((ZoneKind.PRIORITY_FARMLAND,))
    if case.facts.pollutes is None:
        return (), () if no_plants().holds(case.use) else case.beside(pieces, case.farmed_unclassed)
    return (pieces, case.class_unknown) if case.facts.pollutes else ((), ())


def _change_uncovered(case: Case) -> Found:
    if case.changes is False:
        return (), ()
    return case.changed(case.uncovered), case.beside(case.may_change(case.uncovered), case.open_pieces)


def _survey_owed(case: Case) -> Found:
    """Pieces without the survey or the assessment the law wants, and pieces of which that is not known."""
    owed, unknown = _owed(case)
    bare = case.beside(case.among(owed, case.unsurveyed), case.undone((StepKind.ASSESSMENT,))[1])
    return bare, case.apart(case.among(unknown, case.unsurveyed), bare)


def _high_risk(case: Case) -> Found:
    _, high = case.plots(lambda one: one.high_risk is True)
    _, open_pieces = case.plots(lambda one: one.high_risk is None)
    industrial = case.past((PastKind.KEY_INDUSTRY, PastKind.INDUSTRY))
    told = {one.id for one in case.plots(lambda _: True)[1]}
    more = tuple(one for one in industrial if one.id not in told)
    return case.among(high, case.unsurveyed), case.among(case.beside(open_pieces, more), case.unsurveyed)


def _neighbours(case: Case) -> Found:
    """The whole ground stands for what lies beside it."""
    return (
        case.pieces if any(one.unfinished for one in case.facts.neighbours) else (),
        case.pieces if any(one.unfinished is None for one in case.facts.neighbours) else (),
    )


def _owed(case: Case) -> Found:
    """Pieces a survey or an assessment is owed for by law, and pieces of which that is not known."""
    kinds = (PastKind.KEY_INDUSTRY,)
    owed = case.beside(
        case.suspected[1],
        case.polluted[1],
        case.unsurveyed_key_units,
        case.among(case.past(kinds), case.unsurveyed),
    )
    if case.sensitive is False or case.changes is False:
        return owed, ()
    if case.sensitive:
        return case.beside(owed, case.changed(case.uncovered)), case.beside(
            case.may_change(case.uncovered), case.open_pieces
        )
    return owed, case.beside(case.uncovered, case.open_pieces)
