"""The ledger (台账): accepted tasks of plans that went out, with their units and how they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.plans import wording
from soildesk.plans.models import Assignment, Plan, PlanTask, TaskUnit
from soildesk.plans.queries.states import SUBJECT, standings
from soilrules.plantext.draft import Role

SECTIONS_KEPT_SECONDS = 600
"""A ledger that went out does not change its sections."""
OURS, IN_FORCE, EVERY = "ours", "in_force", "all"
NEVER = date(9999, 12, 31)
"""Stands last where nothing is due, on every store."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as the ledger's filter knows it. `in_force`: its tasks are owed, also past its period until it is closed."""

    pk: int
    uid: UUID
    title: str
    in_force: bool
    ours: bool  # in force, of the actor's own divisions or the nearest above them


def plans_out(actor: Actor, on: date) -> list[PlanRow]:
    """Plans the actor may read that went out, those whose tasks are owed on `on` first."""
    rows = Plan.objects.visible_to(actor).exclude(stage=Plan.Stage.REVIEW)
    days = ("period_start", "period_end", "published_at", "closed_at")
    plans = list(rows.only("pk", "uid", "title", "stage", "division_path", *days))
    running = {plan.pk: plan.division_path for plan in plans if plan.owes_on(on)}
    ours = _ours(actor, running)
    found = [PlanRow(plan.pk, plan.uid, plan.title, plan.pk in running, plan.pk in ours) for plan in plans]
    return sorted(found, key=lambda row: (not row.ours, not row.in_force))


def _ours(actor: Actor, running: Mapping[int, str]) -> set[int]:
    """Of the plans in force, those of the actor's divisions; where a division has none, the nearest above it."""
    found: set[int] = set()
    for grant in actor.grants:
        place = grant.division.path
        inside = {pk for pk, path in running.items() if path.startswith(place)}
        nearest = max((path for path in running.values() if place.startswith(path)), key=len, default="")
        found |= inside or {pk for pk, path in running.items() if path == nearest}
    return found or set(running)


def plan_condition(plans: Sequence[PlanRow], wanted: str) -> Q:
    """Tasks of the plans meant by `wanted`: ours, in_force, all or a plan's uid. One plan is compared, not searched in a
    list, so that the index gives the rows in their order."""
    if wanted == EVERY:
        return Q()
    keys = [row.pk for row in plans if is_meant(row, wanted)]
    return Q(plan_id=keys[0]) if len(keys) == 1 else Q(plan_id__in=keys)


def is_meant(row: PlanRow, wanted: str) -> bool:
    """Whether a value of the plan filter means this plan."""
    return {OURS: row.ours, IN_FORCE: row.in_force, EVERY: True}.get(wanted, str(row.uid) == wanted)


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
        Q(done_on__isnull=True) | Q(done_on__gt=on),
        Q(issued_on__isnull=True) | Q(due__gte=F("issued_on")),
        subject_type=SUBJECT,
        subject_id=OuterRef(subject),
        due__isnull=False,
    ).order_by("due")
    if unit:
        waiting = waiting.filter(unit_id=OuterRef(unit))
    own = Subquery(waiting.filter(internal=False).values("due")[:1], output_field=DateField())
    ours = Subquery(waiting.filter(internal=True).values("due")[:1], output_field=DateField())
    return Coalesce(own, ours, Value(NEVER, output_field=DateField()))


def _first_unit() -> Coalesce:
    units = TaskUnit.objects.filter(task=OuterRef("pk"), overruled_by=None).order_by("position")
    return Coalesce(Subquery(units.filter(role=Role.LEAD).values("name")[:1]), Subquery(units.values("name")[:1]))


def within(days: int, on: date) -> Q:
    """Tasks whose next open date lies within `days` calendar days from `on`."""
    return Q(next_due__gte=on, next_due__lte=on + timedelta(days=days))


def on_unit(uid: str) -> Q:
    """Tasks that a department works on; a text that names none gives none."""
    try:
        department = UUID(uid)
    except ValueError:
        return Q(pk__in=[])
    rows = Assignment.objects.filter(task=OuterRef("pk"), department__uid=department)
    return Q(Exists(rows.exclude(state=Assignment.State.WITHDRAWN)))


def _key(what: str, plan_ids: Sequence[int]) -> str:
    """A cache key of fixed length, however many plans there are."""
    return f"plans.{what}.{hashlib.sha256(repr(tuple(plan_ids)).encode()).hexdigest()}"


def units_on(plan_ids: Sequence[int]) -> list[tuple[str, str]]:
    """The departments that work on tasks of these plans: (uid, name)."""
    key = _key("units", plan_ids)
    kept = cache.get(key)
    if kept is None:
        working = Assignment.objects.filter(task__plan_id__in=plan_ids).exclude(state=Assignment.State.WITHDRAWN)
        rows = Department.objects.filter(pk__in=working.values("department_id").distinct())
        kept = [(str(row.uid), str(row)) for row in rows]
        cache.set(key, kept, 60)
    return list(kept)


def sections_of(plan_ids: Sequence[int]) -> list[tuple[str, str]]:
    """The sections of these plans' ledgers in order of print: (key, heading)."""
    key = _key("sections", plan_ids)
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
    rows = TaskUnit.objects.filter(task_id__in=task_ids).order_by("task_id", "position")
    for task_id, role, name, overruled in rows.values_list("task_id", "role", "name", "overruled_by_id"):
        if overruled is None:  # not in SQL: without statistics SQLite would walk the index of the overruled
            found[task_id].setdefault(role, []).append(name)
    return found


def enrich(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """Add units and standing to the rows of a page, in a constant number of queries."""
    keys = [row["pk"] for row in rows]
    units, stands = units_by_role(keys), standings(keys, on)
    for row in rows:
        row["_units"], row["_standing"], row["_on"] = units[row["pk"]], stands[row["pk"]], on
    spell(rows, on)


def spell(rows: list[dict[str, Any]], on: date) -> None:
    """Put the words beside each row; a page has few different ones, so each is looked up once."""
    looks: dict[Any, Any] = {}
    left: dict[int | None, str] = {}
    for row in rows:
        stand = row["_standing"]
        key = (stand.state, stand.before_issue, stand.next_due is None, stand.next_internal, stand.standing)
        if key not in looks:
            tone, icon, word = wording.state_look(stand, on)
            looks[key] = (tone, icon, str(word))
        if stand.days_left not in left:
            left[stand.days_left] = wording.days_words(stand.days_left)
        row["_look"], row["_left"] = looks[key], left[stand.days_left]
