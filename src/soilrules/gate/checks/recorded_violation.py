"""Violations on record of plots on the ground are told; what they bar, the other checks say."""

from __future__ import annotations

from soilrules.gate.answers import answer, not_applicable, say
from soilrules.gate.case import Case
from soilrules.gate.facts import Plot, Violation
from soilrules.gate.results import CheckResult, Outcome
from soilrules.messages import Message

CHECK = "recorded_violation"


def check(case: Case) -> CheckResult:
    """A hint, never decisive."""
    plots, pieces = case.plots(lambda one: True)
    if not case.decisive(pieces):
        return not_applicable(CHECK)
    told = [
        _told(case, plot, one)
        for plot in plots
        for one in sorted(plot.violations, key=lambda each: each.on)
        if one.on <= case.on
    ]
    return answer(case, CHECK, Outcome.YES, *(told or [say(CHECK, "none")]))


def _told(case: Case, plot: Plot, one: Violation) -> Message:
    day = one.on.isoformat()
    if one.settled_on is not None and one.settled_on <= case.on:
        return say(CHECK, "settled", plot=plot.name, day=day, settled=one.settled_on.isoformat())
    return say(CHECK, "recorded", plot=plot.name, day=day)
