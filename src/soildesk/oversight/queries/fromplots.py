"""Problems of plots: those that rounds under control opened, and those of development against the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.hindsight import Span, Written, written_about
from soildesk.monitoring.measuring import Asked
from soildesk.oversight.models import Penalty, Problem, ProblemAct
from soildesk.oversight.queries import measured
from soildesk.oversight.queries.measured import Stood
from soildesk.plots.queries.violations import Kept, OnPlot, called
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


@written_about("plots.plot")
def written(actor: Actor, uids: Collection[str], span: Span) -> Mapping[str, Sequence[Written]]:
    """What was written down between two moments about problems of development on plots, and their punishments."""
    plots = called(actor, uids)
    acts = ProblemAct.objects.filter(at__gte=span.after, at__lt=span.until).select_related("problem", "by")
    fines = Penalty.objects.filter(recorded_at__gte=span.after, recorded_at__lt=span.until)
    rows = [(one.problem, _act_written(one)) for one in acts.order_by("at", "id")]
    rows += [(one.problem, _fine_written(one)) for one in fines.select_related("problem", "recorded_by")]
    seen = set(
        Problem.objects.visible_to(actor).filter(pk__in=[one.pk for one, _told in rows]).values_list("pk", flat=True)
    )
    return {
        uid: [told for problem, told in rows if problem.pk in seen and _is_of(problem, plot)]
        for uid, plot in plots.items()
    }


def _act_written(act: ProblemAct) -> Written:
    what = _("问题 %(number)s：%(what)s") % {"number": act.problem.number, "what": act.get_kind_display()}
    return Written(act.at, act.by.name if act.by else "", what, act.note, _url(act.problem))


def _fine_written(fine: Penalty) -> Written:
    what = _("问题 %(number)s：登记处罚 %(fine)s") % {"number": fine.problem.number, "fine": fine.number}
    who = fine.recorded_by.name if fine.recorded_by else ""
    return Written(fine.recorded_at, who, what, fine.content, _url(fine.problem))


def _url(problem: Problem) -> str:
    return reverse("kit:record", args=["problems", str(problem.uid)])


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
