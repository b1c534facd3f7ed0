"""Settling what a plan says in two ways: the issuing office chooses, with its ground."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Person
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import listed
from soildesk.plans.models import Indicator, Plan, PlanConflict, PlanTask
from soildesk.plans.refusals import GroundMissing, NotInReview, WrongValue
from soildesk.plans.services import decisions
from soildesk.plans.services.history import note
from soildesk.plans.services.holding import hold
from soildesk.plans.services.publishing import fan_out_again
from soilrules.plantext.draft import ConflictKind

TWO_SIDED = frozenset(
    {
        ConflictKind.DEADLINES_DIFFER,
        ConflictKind.ROLES_REVERSED,
        ConflictKind.UNITS_DIFFER,
        ConflictKind.TARGETS_DIFFER,
    }
)
OPEN_STAGES = frozenset({Plan.Stage.REVIEW, Plan.Stage.PUBLISHED})
ONE_SIDED = frozenset({ConflictKind.ONLY_IN_BODY, ConflictKind.ONLY_IN_TABLE})


def choices(conflict: PlanConflict) -> tuple[str, ...]:
    """What can be chosen: a side by its number or both; keep or drop a row that stands once; take note of the rest."""
    if conflict.kind in TWO_SIDED:
        return (*(str(i) for i in range(len(conflict.sides))), decisions.BOTH)
    return ("keep", "drop") if conflict.kind in ONE_SIDED else ("noted",)


def settle(conflict: PlanConflict, choice: str, ground: str, *, by: Actor, at: datetime) -> PlanConflict:
    """Let one side win. What loses stays readable, marked as overruled by this decision; it reminds nobody any more.

    A conflict may stay open when the plan goes out (the earlier date reminds) and be settled later: then
    assignments and duties follow at once.
    """
    require(by, "plans.settle", conflict.plan)
    if choice not in choices(conflict):
        raise WrongValue(
            _("“%(choice)s”不是可选的处理方式，应为：%(choices)s。")
            % {"choice": choice, "choices": listed(choices(conflict))}
        )
    if not ground.strip():
        raise GroundMissing(_("裁定不一致"))
    with transaction.atomic():
        if hold(conflict.plan).stage not in OPEN_STAGES:
            raise NotInReview(conflict.plan)
        conflict.refresh_from_db(fields=["choice", "ground", "settled_at"])
        others = decisions.beside(conflict)
        _undo(conflict)
        decisions.redo(others)
        _decide(conflict, choice, ground, by.person, at)
        if conflict.plan.stage == Plan.Stage.PUBLISHED:
            touched = [task for row in (conflict, *others) for task in row.tasks.all()]
            fan_out_again(conflict.plan, list(decisions.living(touched)), by=by, day=by.today)
        for task in conflict.tasks.all():
            note(task, "settled", by=by, at=at, data={"kind": conflict.kind, "choice": choice, "ground": ground})
        audit.record(
            "plans.conflict.settled",
            subject=conflict.plan,
            by=by,
            at=at,
            data={"conflict": conflict.position, "kind": conflict.kind, "choice": choice},
        )
    return conflict


def settle_alike(plan: Plan, kind: str, choice: str, ground: str, *, by: Actor, at: datetime) -> int:
    """Decide every open conflict of one kind alike, on one ground; returns how many.

    Only kinds in which nothing is chosen between two sides: rows that stand once, dates before the
    issue, annexes not attached.
    """
    require(by, "plans.settle", plan)
    if kind in TWO_SIDED:
        raise WrongValue(_("这类不一致要逐条裁定，不能一并处理。请逐条选择以哪一处为准。"))
    with transaction.atomic():
        rows = list(plan.conflicts.filter(kind=kind, settled_at__isnull=True).select_related("plan"))
        for row in rows:
            settle(row, choice, ground, by=by, at=at)
    return len(rows)


def carry(conflict: PlanConflict, choice: str, earlier: PlanConflict) -> None:
    """Let a decision about the same two places hold in a new edition: it stays that of the person who made it, and its day."""
    if earlier.settled_at is None:
        raise ValueError(f"conflict {earlier.pk} was never settled: there is no decision to carry over.")
    _decide(conflict, choice, earlier.ground, earlier.settled_by, earlier.settled_at)


def _decide(conflict: PlanConflict, choice: str, ground: str, who: Person | None, at: datetime) -> None:
    _apply(conflict, choice, who, at, ground)
    conflict.choice, conflict.ground = choice, ground.strip()[:400]
    conflict.settled_by, conflict.settled_at = who, at
    conflict.save()


def _undo(conflict: PlanConflict) -> None:
    """A second decision replaces the first: a target counts again, a task that was dropped is open again."""
    decisions.undo(conflict)
    Indicator.objects.filter(overruled_by=conflict).update(overruled_by=None)
    if conflict.choice == "drop":
        live = conflict.plan.stage == Plan.Stage.PUBLISHED
        dropped = conflict.tasks.filter(
            status=PlanTask.Status.REJECTED, accepted_at=conflict.settled_at, decided_why=conflict.ground[:200]
        )
        dropped.update(status=PlanTask.Status.ACCEPTED if live else PlanTask.Status.PROPOSED, decided_why="")


def _losers(conflict: PlanConflict, choice: str) -> list[str]:
    winner = int(choice)
    return [side["subject"] for i, side in enumerate(conflict.sides) if i != winner and side["subject"]]


def _apply(conflict: PlanConflict, choice: str, who: Person | None, at: datetime, ground: str) -> None:
    if choice == decisions.BOTH:
        return
    if conflict.kind in decisions.RULED:
        decisions.rule(conflict, choice)
    elif conflict.kind == ConflictKind.TARGETS_DIFFER:
        Indicator.objects.filter(pk__in=_losers(conflict, choice)).update(overruled_by=conflict)
    elif choice == "drop":
        conflict.tasks.filter(status__in=[PlanTask.Status.PROPOSED, PlanTask.Status.ACCEPTED]).update(
            status=PlanTask.Status.REJECTED, decided_why=ground.strip()[:200], accepted_by=who, accepted_at=at
        )
