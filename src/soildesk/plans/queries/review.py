"""How far a review is: the filters of its screen and how many tasks each finds, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from soildesk.plans.models import Plan, PlanConflict, PlanTask, TaskEvent, TaskUnit
from soildesk.plans.queries.reading import DOUBT

GONE = (PlanTask.Status.MERGED, PlanTask.Status.SPLIT)
CARRIED = "carried"
"""The kind of event that names the task of the edition before whose decision holds."""
SUCCEEDS = "succeeds"
"""The kind of event that names the task of the edition before which a task in other words goes on with, or none."""
OPEN_MATCH = (TaskUnit.Match.DOUBTFUL, TaskUnit.Match.NONE)


@dataclass(frozen=True)
class ReviewFilter:
    """One choice above the ledger: its name in the address, its title, and which tasks it finds."""

    name: str
    title: str | Promise
    condition: Q


def _conflict_open() -> Q:
    rows = PlanConflict.objects.filter(tasks=OuterRef("pk"), settled_at__isnull=True)
    return Q(Exists(rows)) & ~Q(status=PlanTask.Status.REJECTED)


def _unit_open() -> Q:
    rows = TaskUnit.objects.filter(task=OuterRef("pk"), match__in=OPEN_MATCH, overruled_by=None)
    return Q(Exists(rows)) & ~Q(status=PlanTask.Status.REJECTED)


def carried() -> Exists:
    """Whether what was decided about a task in the edition before holds for it."""
    return Exists(TaskEvent.objects.filter(task=OuterRef("pk"), kind=CARRIED))


def filters() -> list[ReviewFilter]:
    """All filters; merged and split tasks are in none."""
    proposed = Q(status=PlanTask.Status.PROPOSED)
    return [
        ReviewFilter("all", _("全部"), ~Q(pk=None)),
        ReviewFilter("open", _("待审核"), proposed),
        ReviewFilter("doubt", _("存疑"), proposed & Q(confidence__lt=DOUBT)),
        ReviewFilter("conflict", _("有冲突"), _conflict_open()),
        ReviewFilter("units", _("单位待确认"), _unit_open()),
        ReviewFilter("carried", _("沿用上一版"), Q(carried()) & ~proposed),
    ]


def standing_tasks(plan: Plan) -> Any:
    """Tasks of a plan that were neither merged away nor split."""
    return plan.tasks.exclude(status__in=GONE)


def counts(plan: Plan) -> dict[str, int]:
    """How many tasks each filter finds, and how many are accepted, rejected and sure enough to accept in one go."""
    status = PlanTask.Status
    wanted = {found.name: Count("pk", filter=found.condition) for found in filters()}
    return standing_tasks(plan).aggregate(
        **wanted,
        accepted=Count("pk", filter=Q(status=status.ACCEPTED)),
        rejected=Count("pk", filter=Q(status=status.REJECTED)),
        sure=Count("pk", filter=Q(status=status.PROPOSED, confidence__gte=DOUBT)),
    )
