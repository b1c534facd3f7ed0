"""How the desk's one search finds plans, tasks and units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, divisions_of
from soildesk.kit import search
from soildesk.kit.filters import contains
from soildesk.kit.folding import spellings
from soildesk.plans.addresses import address, task_address
from soildesk.plans.models import Plan, PlanTask
from soildesk.plans.queries.ledger import plans_out

AROUND = 40
"""Characters shown on each side of what was found."""


def matching(rows: QuerySet, fields: Sequence[str], text: str) -> QuerySet:
    """Rows with every word of `text` in some of `fields`."""
    for word in text.split():
        rows = rows.filter(contains(fields, word))
    return rows


def around(text: str, wanted: str) -> str:
    """The words around the first place where `wanted` stands in `text`; its beginning where it stands elsewhere."""
    words = [spelling for word in wanted.split() for spelling in spellings(word)]
    at = min((place for place in map(text.find, words) if place >= 0), default=0)
    start, end = max(0, at - AROUND), at + 2 * AROUND
    return ("…" if start else "") + text[start:end].replace("\n", " ") + ("…" if end < len(text) else "")


def find_plans(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Plans by title, number and issuer, the newest first."""
    rows = matching(Plan.objects.visible_to(actor), ("title", "doc_number", "issuer"), text)
    found = rows.order_by("-year", "pk").values("uid", "title", "doc_number", "issuer", "stage")[:limit]
    return [search.Hit(row["title"], _plan_address(row, on), row["issuer"], row["doc_number"]) for row in found]


def _plan_address(row: dict[str, Any], on: date) -> str:
    name = "plans:review" if row["stage"] == Plan.Stage.REVIEW else "plans:overview"
    return address(name, row["uid"], on=on)


def find_tasks(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Accepted tasks of plans that went out, by their words; those of plans in force first."""
    plans = {row.pk: row for row in plans_out(actor, on)}
    running = [pk for pk, row in plans.items() if row.in_force]
    accepted = PlanTask.objects.filter(status=PlanTask.Status.ACCEPTED, plan_id__in=plans)
    rows = matching(accepted, ("title", "text", "number"), text)
    fields = ("uid", "plan_id", "number", "title", "text")
    now = rows.filter(plan_id__in=running).order_by("-plan_id", "position").values(*fields)[:limit]
    then = rows.exclude(plan_id__in=running).order_by("-plan_id", "position").values(*fields)[:limit]
    return [_task_hit(row, plans[row["plan_id"]].title, text, on) for row in [*now, *then][:limit]]


def _task_hit(row: dict[str, Any], plan: str, text: str, on: date) -> search.Hit:
    title = row["title"] or row["text"][:AROUND]
    return search.Hit(f"{row['number']} {title}".strip(), task_address(row["uid"], on), around(row["text"], text), plan)


def find_units(actor: Actor, text: str, on: date, limit: int) -> list[search.Hit]:
    """Units of the actor's places by name, short name and alias; they lead to what each has to do."""
    inside = Department.objects.filter(division__in=Division.objects.filter(divisions_of(actor)))
    rows = matching(inside, ("name", "short_name", "aliases__name"), text).distinct()
    found = rows.select_related("division")[:limit]
    return [
        search.Hit(row.name, address("plans:department", on=on, unit=str(row.uid)), "", row.division.name)
        for row in found
    ]


search.register("plans.plans", _("方案"), find_plans, "plans.read", order=10)
search.register("plans.tasks", _("任务"), find_tasks, "plans.read", order=20)
search.register("plans.units", _("单位"), find_units, "plans.read", order=30)
