"""Problems as they stood on a day, as known then: their term, whether they were accepted, whether they were none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place
from soildesk.oversight.models import Problem, ProblemAct

Kind = ProblemAct.Kind


@dataclass(frozen=True, slots=True)
class Stood:
    """One problem as it stood."""

    problem: Problem
    due: date | None
    settled_on: date | None
    dismissed: bool
    moved: bool  # its term was changed

    @classmethod
    def of(cls, problem: Problem, acts: Iterable[ProblemAct]) -> Stood:
        """By the acts known, in their order."""
        due, settled, dismissed, moved = None, None, False, False
        for act in acts:
            due = act.due or due
            moved = moved or act.kind == Kind.EXTENDED
            if act.kind == Kind.SETTLED:
                settled = act.on
            elif act.kind == Kind.DISMISSED:
                dismissed = True
            elif act.kind == Kind.REOPENED:
                settled, dismissed = None, False
        return cls(problem, due, settled, dismissed, moved)


def problems(asked: Asked) -> list[Stood]:
    """The problems of the place found up to the day, without those that were none or had ended before the year asked for."""
    first = date(asked.year, 1, 1)
    return [
        one
        for one in known_problems(asked)
        if not one.dismissed and (one.settled_on is None or one.settled_on >= first)
    ]


@once_a_pass(of_place)
def known_problems(asked: Asked) -> list[Stood]:
    """Every problem of the place found up to the day, as known."""
    rows = Problem.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, found_on__lte=asked.limit, recorded_at__lt=asked.known
    )
    found = list(rows.order_by("number"))
    acts = defaultdict(list)
    told = ProblemAct.objects.filter(problem__in=rows, on__lte=asked.limit, at__lt=asked.known)
    for act in told.order_by("at", "id"):
        acts[act.problem_id].append(act)
    return [Stood.of(one, acts[one.pk]) for one in found]
