"""Polluted plots beside ground that people will live in: told early, as a hint; a local rule may hold back its use."""

from __future__ import annotations

from soilrules.gate.answers import answer, names, not_applicable, say
from soilrules.gate.case import Case
from soilrules.gate.results import CheckResult, Outcome

CHECK = "sensitive_neighbours"


def check(case: Case) -> CheckResult:
    """A hint, never decisive."""
    if case.sensitive is False:
        return not_applicable(CHECK)
    open_plots = [one for one in case.facts.neighbours if one.unfinished]
    unknown = [one for one in case.facts.neighbours if one.unfinished is None]
    told = [say(CHECK, "unfinished", plots=names(open_plots))] if open_plots else []
    told += [say(CHECK, "unknown", plots=names(unknown))] if unknown else []
    return answer(case, CHECK, Outcome.YES, *(told or [say(CHECK, "clear")]))
