"""What a decision between two places of a plan does to the rows of its tasks; done again when tasks are split or merged.

The losing task keeps its own rows, overruled, and takes copies of the winner's. A task that was merged away or split
is stood for by the tasks that came of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from soildesk.plans.models import Milestone, Plan, PlanConflict, PlanTask, TaskUnit
from soildesk.plans.services.holding import meaning, next_position
from soilrules.plantext.draft import ConflictKind

BOTH = "both"
"""The two places do not speak of the same thing: each stands as it is printed."""
Rows = type[Milestone] | type[TaskUnit]
RULED: dict[str, Rows] = {
    ConflictKind.DEADLINES_DIFFER: Milestone,
    ConflictKind.ROLES_REVERSED: TaskUnit,
    ConflictKind.UNITS_DIFFER: TaskUnit,
}
"""The kinds of conflict that are decided between rows of tasks, and which rows."""


def decide_again(plan: Plan) -> None:
    """Let every decision of a plan hold for the tasks that stand now."""
    redo(plan.conflicts.filter(kind__in=RULED, settled_at__isnull=False))


def redo(conflicts: Iterable[PlanConflict]) -> None:
    """Take these decisions back and make them again in the order in which they were made."""
    rows = sorted(conflicts, key=lambda row: (row.settled_at is None, row.settled_at, row.pk))
    for row in rows:
        undo(row)
    for row in rows:
        if row.choice != BOTH:
            rule(row, row.choice)


def beside(conflict: PlanConflict) -> list[PlanConflict]:
    """Other decisions on rows of the same kind and the same tasks."""
    model = RULED.get(conflict.kind)
    kinds = [kind for kind, rows in RULED.items() if rows is model]
    keys = list(living(conflict.tasks.all()))
    others = conflict.plan.conflicts.filter(kind__in=kinds, settled_at__isnull=False).exclude(pk=conflict.pk)
    return [row for row in others if model and not living(row.tasks.all()).keys().isdisjoint(keys)]


def living(tasks: Iterable[PlanTask]) -> dict[int, tuple[PlanTask, bool]]:
    """The tasks that stand for these today, by key, and whether each is only a part of one that was split."""
    found: dict[int, tuple[PlanTask, bool]] = {}
    waiting = [(task, False) for task in tasks]
    while waiting:
        task, part = waiting.pop()
        if task.status == PlanTask.Status.MERGED and task.merged_into:
            waiting.append((task.merged_into, part))
        elif task.status == PlanTask.Status.SPLIT:
            waiting += [(each, True) for each in task.parts.all()]
        else:
            found[task.pk] = (task, part and found.get(task.pk, (task, True))[1])
    return found


def undo(conflict: PlanConflict) -> None:
    """Take a decision between rows back."""
    for model in (Milestone, TaskUnit):
        model.objects.filter(overruled_by=conflict).update(overruled_by=None)
        model.objects.filter(decided_by=conflict).delete()


def rule(conflict: PlanConflict, choice: str) -> None:
    """Let the chosen side win on every task that stands for a losing one."""
    model = RULED[conflict.kind]
    sides = [side["subject"] for side in conflict.sides]
    winner = PlanTask.objects.filter(uid=sides[int(choice)]).first() if sides[int(choice)] else None
    losers = list(PlanTask.objects.filter(uid__in=[uid for i, uid in enumerate(sides) if i != int(choice) and uid]))
    lost = list(model.objects.filter(task__in=losers))
    standing = living(losers)
    won = list(model.objects.filter(task=winner, overruled_by=None)) if winner else []
    if winner and winner.pk in standing:  # the losing task was merged into it and left its rows there
        left = {(meaning(row), str(row.spans)) for row in lost}
        won = [row for row in won if (meaning(row), str(row.spans)) not in left]
    for task, part in standing.values():
        _overrule(conflict, task, part=part, lost=lost, won=won)


def _overrule(
    conflict: PlanConflict,
    task: PlanTask,
    *,
    part: bool,
    lost: Iterable[Milestone | TaskUnit],
    won: list[Milestone | TaskUnit],
) -> None:
    """Overrule what the losing side says on one task and add what the winner says; a part that says neither is left."""
    model = RULED[conflict.kind]
    wins, loses = {meaning(row) for row in won}, {meaning(row) for row in lost}
    live = list(model.objects.filter(task=task, overruled_by=None))
    beaten = [row.pk for row in live if meaning(row) in loses - wins]
    model.objects.filter(pk__in=beaten).update(overruled_by=conflict)
    if part and not beaten:
        return
    present = {meaning(row) for row in live if row.pk not in beaten}
    place = next_position(list(model.objects.filter(task=task)))
    for row in won:
        if row.task_id != task.pk and meaning(row) not in present:
            row.pk, row.task, row.position, row.decided_by = None, task, place, conflict
            row._state.adding = True
            row.save()
            place += 1
