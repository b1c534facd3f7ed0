"""The ledger (台账): accepted tasks of plans that went out, with their units and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.plans.models import Assignment, Plan, PlanTask, TaskUnit
from soildesk.plans.queries.states import SUBJECT, standings
from soilrules.plantext.draft import Role

SECTIONS_KEPT_SECONDS = 600
"""A ledger that went out does not change its sections."""
IN_FORCE, EVERY = "in_force", "all"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as the ledger's filter knows it."""

    pk: int
    uid: UUID
    title: str
    in_force: bool


def plans_out(actor: Actor, on: date) -> list[PlanRow]:
    """Plans the actor may read that went out, those in force on `on` first."""
    rows = Plan.objects.visible_to(actor).exclude(stage=Plan.Stage.REVIEW)
    fields = rows.values_list("pk", "uid", "title", "stage", "period_start", "period_end")
    found = [
        PlanRow(pk, uid, title, stage == Plan.Stage.PUBLISHED and (not first or first <= on) and (not last or last >= on))
        for pk, uid, title, stage, first, last in fields
    ]
    return sorted(found, key=lambda row: not row.in_force)


def plan_condition(plans: Sequence[PlanRow], wanted: str) -> Q:
    """Tasks of the plans meant by `wanted`: in_force, all or a plan's uid. One plan is compared, not searched in a
    list, so that the index gives the rows in their order."""
    if wanted == EVERY:
        return Q()
    keys = [row.pk for row in plans if (row.in_force if wanted == IN_FORCE else str(row.uid) == wanted)]
    return Q(plan_id=keys[0]) if len(keys) == 1 else Q(plan_id__in=keys)


def tasks_of(plan_ids: Iterable[int], on: date) -> QuerySet[PlanTask]:
    """Accepted tasks of these plans; `next_due` and `unit_name` stand ready for order and filters and cost nothing else."""
    rows = PlanTask.objects.filter(status=PlanTask.Status.ACCEPTED, plan_id__in=list(plan_ids))
    return rows.alias(next_due=next_due(on), unit_name=_first_unit())


def ledger_tasks(actor: Actor, on: date) -> QuerySet[PlanTask]:
    """Every task the actor may see in a ledger."""
    return tasks_of([row.pk for row in plans_out(actor, on)], on)


def next_due(on: date, subject: str = "pk", unit: str = "") -> Coalesce:
    """The next open date of a task on a day (of one unit, where `unit` names its field): the plan's own before ours;
    dates that passed before issue do not count."""
    waiting = Duty.objects.filter(
        Q(done_on__isnull=True) | Q(done_on__gt=on), Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")),
        subject_type=SUBJECT, subject_id=OuterRef(subject), due__isnull=False,
    ).order_by("due")
    if unit:
        waiting = waiting.filter(unit_id=OuterRef(unit))
    own = Subquery(waiting.filter(internal=False).values("due")[:1], output_field=DateField())
    ours = Subquery(waiting.filter(internal=True).values("due")[:1], output_field=DateField())
    return Coalesce(own, ours)


def _first_unit() -> Coalesce:
    units = TaskUnit.objects.filter(task=OuterRef("pk"), overruled_by=None).order_by("position")
    return Coalesce(Subquery(units.filter(role=Role.LEAD).values("name")[:1]), Subquery(units.values("name")[:1]))


def within(days: int, on: date) -> Q:
    """Tasks whose next open date lies within `days` calendar days from `on`."""
    return Q(next_due__gte=on, next_due__lte=on + timedelta(days=days))


def on_unit(uid: str) -> Q:
    """Tasks that a department works on."""
    rows = Assignment.objects.filter(task=OuterRef("pk"), department__uid=uid).exclude(state=Assignment.State.WITHDRAWN)
    return Q(Exists(rows))


def units_on(plan_ids: Sequence[int]) -> list[tuple[str, str]]:
    """The departments that work on tasks of these plans: (uid, name)."""
    key = f"plans.units.{'-'.join(map(str, plan_ids))}"
    kept = cache.get(key)
    if kept is None:
        working = Assignment.objects.filter(task__plan_id__in=plan_ids).exclude(state=Assignment.State.WITHDRAWN)
        rows = Department.objects.filter(pk__in=working.values("department_id").distinct())
        kept = [(str(row.uid), str(row)) for row in rows]
        cache.set(key, kept, 60)
    return list(kept)


def sections_of(plan_ids: Sequence[int]) -> list[tuple[str, str]]:
    """The sections of these plans' ledgers in order of print: (key, heading)."""
    key = f"plans.sections.{'-'.join(map(str, plan_ids))}"
    kept = cache.get(key)
    if kept is None:
        rows = PlanTask.objects.filter(plan_id__in=plan_ids, status=PlanTask.Status.ACCEPTED).exclude(section_key="")
        named = dict.fromkeys(rows.order_by("plan_id", "position").values_list("section_key", flat=True)[:20_000])
        kept = [(name, last_heading(name)) for name in named]
        cache.set(key, kept, SECTIONS_KEPT_SECONDS)
    return list(kept)


def last_heading(section_key: str) -> str:
    """The innermost heading of a section."""
    return section_key.rpartition(" / ")[2]


def units_by_role(task_ids: Sequence[int]) -> Mapping[int, dict[str, list[str]]]:
    """The units of these tasks as printed, by role; those a decision overruled left out. One query."""
    found: dict[int, dict[str, list[str]]] = {pk: {} for pk in task_ids}
    rows = TaskUnit.objects.filter(task_id__in=task_ids, overruled_by=None).order_by("task_id", "position")
    for task_id, role, name in rows.values_list("task_id", "role", "name"):
        found[task_id].setdefault(role, []).append(name)
    return found


def enrich(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """Add units and standing to the rows of a page, in a constant number of queries."""
    keys = [row["pk"] for row in rows]
    units, stands = units_by_role(keys), standings(keys, on)
    for row in rows:
        row["_units"], row["_standing"], row["_on"] = units[row["pk"]], stands[row["pk"]], on
