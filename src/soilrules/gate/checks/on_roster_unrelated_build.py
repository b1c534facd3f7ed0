"""Nothing unrelated to control and remediation is built before the target is reached; since the Code also not where a
required step was not done as prescribed, and works begun stop."""

from __future__ import annotations

from soilrules.gate.answers import answer, area, names, not_applicable, say, sliver
from soilrules.gate.case import Case, Pieces
from soilrules.gate.facts import Plot
from soilrules.gate.kinds import StepKind, Transfer
from soilrules.gate.results import CheckResult, Outcome
from soilrules.gate.rules import cited_on
from soilrules.messages import Message

CHECK = "on_roster_unrelated_build"
WIDER = "gate.code.build"
WORKS = (StepKind.CONTROL, StepKind.REMEDIATION)


def check(case: Case) -> CheckResult:
    """What building on the ground meets: the target, and by the wider law of the day every required step."""
    if case.act.build is Outcome.NOT_APPLICABLE:
        return not_applicable(CHECK)
    if case.facts.related:
        return not_applicable(CHECK, "related")
    wider = any(one.id == WIDER for one in cited_on(CHECK, case.on))
    short, short_pieces = case.plots(lambda one: _short(case, one))
    steps, step_pieces = _owing(case) if wider else ((), ())
    against = case.beside(short_pieces, step_pieces)
    if case.decisive(against):
        told = {"plots": names((*short, *steps)), **area(against, case.facts.ground.area_m2)}
        sentence = "target_open" if case.decisive(short_pieces) else "step_open"
        stop = (say(CHECK, "stop"),) if wider and case.facts.works_begun else ()
        return answer(case, CHECK, case.act.build, say(CHECK, sentence, **told), *stop, pieces=against)
    owed, owed_unknown = _key_units(case) if wider else ((), ())
    if case.decisive(owed):
        return _of_key_units(case, case.act.build, "key_unit_open", owed)
    unknown, unknown_pieces = _unknown(case, wider=wider)
    if case.decisive(unknown_pieces):
        told = {"plots": names(unknown)}
        return answer(case, CHECK, Outcome.CANNOT_SAY, say(CHECK, "unknown", **told), pieces=unknown_pieces)
    if case.decisive(owed_unknown):
        return _of_key_units(case, Outcome.CANNOT_SAY, "key_unit_unknown", owed_unknown)
    clear = say(CHECK, "clear" if wider else "clear_law")
    return answer(
        case, CHECK, Outcome.YES, clear, *_unlisted(case, wider=wider), *sliver(case, CHECK, against), pieces=against
    )


def _owing(case: Case) -> tuple[tuple[Plot, ...], Pieces]:
    """Plots that have not done a step required of them; the law asks the survey of suspected ground without a notice."""
    plots, pieces = case.undone(tuple(StepKind))
    suspected, more = case.suspected
    return tuple(dict.fromkeys((*plots, *suspected))), case.beside(pieces, more)


def _key_units(case: Case) -> tuple[Pieces, Pieces]:
    """Ground of key units whose use changed or whose right has moved without the survey that asks for, and where a unit is
    gone and nobody tells whether the right has moved."""
    bare = case.unsurveyed_key_units
    recalled = case.facts.recalled_on is not None and case.facts.recalled_on <= case.on
    if recalled or case.facts.transfer is Transfer.DONE:
        return bare, ()
    owed = case.changed(bare)
    if case.facts.transfer is not None:
        return owed, ()
    gone = {one.id for one in case.key_units()[0] if one.gone(case.on)}
    return owed, tuple(one for one in bare if one.over & gone and one not in owed)


def _of_key_units(case: Case, outcome: Outcome, sentence: str, pieces: Pieces) -> CheckResult:
    """The answer for ground of key units, with the text that asks for its survey beside that of the ban."""
    lying = frozenset().union(*(one.over for one in pieces))
    units = names(one for one in case.key_units()[0] if one.id in lying)
    told = say(CHECK, sentence, units=units, **area(pieces, case.facts.ground.area_m2))
    stop = (say(CHECK, "stop"),) if outcome is not Outcome.CANNOT_SAY and case.facts.works_begun else ()
    bases = (*cited_on(CHECK, case.on), *cited_on("key_unit_transfer", case.on))
    return answer(case, CHECK, outcome, told, *stop, pieces=pieces, bases=bases)


def _short(case: Case, plot: Plot) -> bool:
    """Whether its target is not reached: an evaluation said so, or works an assessment asked for are not done."""
    owed = any(one.kind in WORKS and one.since <= case.on and one.known and not one.done(case.on) for one in plot.steps)
    missed = plot.target_reached is False or (plot.target_reached is None and owed)
    return missed and not _freed(case, plot)


def _has_target(case: Case, plot: Plot, *, wider: bool) -> bool:
    """Whether a plot may have a target to reach: it is on the roster, or was assessed to need works; by the wider law ground
    above the limits too, as it owes the assessment that sets one."""
    if plot.listed("roster", case.on) or (wider and plot.exceeds is True):
        return True
    assessed = {
        one.id for one in case.facts.reports if one.plot == plot.id and one.needs_control and one.accepted(case.on)
    }
    return bool(assessed) or any(one.kind in WORKS and one.since <= case.on for one in plot.steps)


def _unlisted(case: Case, *, wider: bool) -> tuple[Message, ...]:
    """What is told of ground above the limits that the narrower law does not reach: it is on no roster and has no target."""
    plots, pieces = case.plots(
        lambda one: one.exceeds is True and not _has_target(case, one, wider=wider) and not _freed(case, one)
    )
    return (say(CHECK, "not_listed", plots=names(plots)),) if not wider and case.decisive(pieces) else ()


def _unknown(case: Case, *, wider: bool) -> tuple[tuple[Plot, ...], Pieces]:
    """Plots on the roster whose target nobody told, and by the wider law plots with a step nobody knows of."""
    plots, pieces = case.plots(
        lambda one: one.target_reached is None and _has_target(case, one, wider=wider) and not _freed(case, one)
    )
    more, more_pieces = case.steps_unknown() if wider else ((), ())
    return (*plots, *more), case.beside(pieces, more_pieces)


def _freed(case: Case, plot: Plot) -> bool:
    """Whether exits cover all of a plot that lies on the ground."""
    return all(case.exits[one.id] for one in case.under({plot.id})) and not plot.listed("roster", case.on)
