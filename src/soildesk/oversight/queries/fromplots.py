"""Problems of plots: those that rounds under control opened, and those of development against the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from soildesk.core.permissions import Actor
from soildesk.monitoring.measuring import Asked
from soildesk.oversight.models import Penalty, Problem
from soildesk.oversight.queries import measured
from soildesk.oversight.queries.measured import Stood
from soildesk.plots.queries.violations import Kept, OnPlot
from soilrules.gate.watches import development_violations
from soilrules.indicators.key_construction_land_safe_use_rate import Violation
from soilrules.plots.control import VIOLATIONS

ORIGIN, WATCH = "plots.round", "watch"


def origin_of(round_uid: str, what: str) -> str:
    """What names a finding of a round for ever."""
    return f"{ORIGIN}:{round_uid}:{what}"


def of_rounds(actor: Actor, round_uids: Iterable[str]) -> list[Problem]:
    """Those the actor sees, the latest first."""
    origins = [origin_of(uid, what) for uid in round_uids for what in VIOLATIONS]
    rows = Problem.objects.visible_to(actor).filter(origin__in=origins)
    return list(rows.order_by("-found_on", "-id"))


def violations(asked: Asked, plots: Sequence[OnPlot]) -> dict[str, list[Kept]]:
    """Problems of development against the rules on plots, by number of the plot, as they stood and were known.

    A problem is of a plot by the record it came from, by the number it names, or by the place it was found at.
    """
    stood = [one for one in measured.known_problems(asked) if not one.dismissed]
    fined = _fined(asked, [one.problem.pk for one in stood])
    found: dict[str, list[Kept]] = defaultdict(list)
    for one in stood:
        for plot in plots:
            if _is_of(one.problem, plot):
                found[plot.number].append(_kept(one, one.problem.pk in fined))
    return found


def _is_of(problem: Problem, plot: OnPlot) -> bool:
    kind, _colon, rest = problem.origin.partition(":")
    if kind == ORIGIN:
        return rest.partition(":")[0] in plot.rounds
    if kind == WATCH:
        return rest.partition(":")[0] == plot.number
    if problem.violation not in development_violations():
        return False
    return plot.number in problem.object_name or (
        problem.geometry is not None and bool(plot.ground.intersects(problem.geometry))
    )


def _kept(one: Stood, fined: bool) -> Kept:
    """A problem as a violation; without a punishment on record nobody can say that there was none."""
    told = Violation(punished=True if fined else None, rectified=one.settled_on is not None)
    return Kept(one.problem.number, one.problem.found_on, told)


def _fined(asked: Asked, problems: Iterable[int]) -> set[int]:
    rows = Penalty.objects.filter(problem__in=list(problems), decided_on__lte=asked.limit, recorded_at__lt=asked.known)
    return set(rows.values_list("problem", flat=True))
