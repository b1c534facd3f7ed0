"""What of a superior's plan was taken up: the gaps, the later deadlines and the lower targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from soildesk.core.permissions import Actor
from soildesk.plans.matching import Likeness
from soildesk.plans.models import Indicator, IndicatorLink, Plan, PlanTask

ALIKE = 0.28
"""Least share of common character pairs for a proposal; a person decides."""


@dataclass(frozen=True)
class Proposal:
    """A task of ours that might take up a superior's."""

    task: PlanTask
    score: float


@dataclass(frozen=True)
class TakenUp:
    """One task of the superior: which of ours take it up, or what might."""

    upper: PlanTask
    lower: tuple[PlanTask, ...]
    proposals: tuple[Proposal, ...]
    later: tuple[tuple[PlanTask, date, date], ...]  # ours, our day, theirs


@dataclass(frozen=True)
class TargetGap:
    """A superior's target and ours for the same name."""

    upper: Indicator
    lower: Indicator | None
    lower_than: bool
    link: IndicatorLink | None = None  # a person registered it, naming the 目标责任书 where there is one


def superiors(plan: Plan, actor: Actor) -> QuerySet[Plan]:
    """Plans this one may have to take up: of divisions above, or longer ones of the same place."""
    parts = plan.division_path.rstrip("/").split("/")
    above = ["/".join(parts[: i + 1]) + "/" for i in range(len(parts) - 1)]
    rows = Plan.objects.visible_to(actor).exclude(pk=plan.pk).counted()
    longer = (
        rows.filter(
            division_path=plan.division_path, period_start__lte=plan.period_start, period_end__gt=plan.period_end
        )
        if plan.period_start and plan.period_end
        else rows.none()
    )
    return (rows.filter(division_path__in=above) | longer).distinct()


def taking_up(plan: Plan, upper: Plan) -> list[TakenUp]:
    """Each accepted task of `upper` with what takes it up in `plan`."""
    ours = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED).prefetch_related("milestones", "takes_up"))
    by_upper: dict[int, list[PlanTask]] = {}
    for task in ours:
        for link in task.takes_up.all():
            by_upper.setdefault(link.upper_id, []).append(task)
    index = Likeness((position, f"{task.title}{task.text}") for position, task in enumerate(ours))
    theirs = upper.tasks.filter(status=PlanTask.Status.ACCEPTED).prefetch_related("milestones")
    return [_taken_up(task, by_upper.get(task.pk, []), ours, index) for task in theirs]


def _taken_up(upper: PlanTask, lower: list[PlanTask], ours: list[PlanTask], index: Likeness) -> TakenUp:
    proposals = (
        ()
        if lower
        else tuple(Proposal(ours[key], score) for score, key in index.best(f"{upper.title}{upper.text}", least=ALIKE))
    )
    theirs = last_day(upper)
    later = tuple((task, day, theirs) for task in lower if theirs and (day := last_day(task)) and day > theirs)
    return TakenUp(upper, tuple(lower), proposals, later)


def last_day(task: PlanTask) -> date | None:
    """The latest completion day a task prints."""
    days = [m.last for m in task.milestones.all() if m.completion and m.last and not m.overruled_by_id]
    return max(days, default=None)


def target_gaps(plan: Plan, upper: Plan) -> list[TargetGap]:
    """Each target of the superior beside ours: the one a person linked, else that of the same name."""
    ours = list(plan.indicators.filter(overruled_by=None, rejected_why=""))
    index = Likeness((position, indicator.name) for position, indicator in enumerate(ours))
    links = {
        link.upper_id: link
        for link in IndicatorLink.objects.filter(upper__plan=upper, lower__plan=plan).select_related("lower")
    }
    gaps = []
    for theirs in upper.indicators.filter(overruled_by=None, rejected_why=""):
        link = links.get(theirs.pk)
        found = index.best(theirs.name, least=0.6, most=1)
        mine = link.lower if link else ours[found[0][1]] if found else None
        gaps.append(TargetGap(theirs, mine, bool(mine and is_lower(mine, theirs)), link))
    return gaps


def is_lower(mine: Indicator, theirs: Indicator) -> bool:
    """Whether our target asks less than theirs (for `<=` targets: allows more)."""
    if mine.target_number is None or theirs.target_number is None:
        return False
    gap: Decimal = mine.target_number - theirs.target_number
    return gap > 0 if theirs.comparator == "<=" else gap < 0
