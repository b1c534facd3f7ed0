"""Plans and visits as they are seen: by the office alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from soildesk.core import files
from soildesk.core.permissions import Actor, registered
from soildesk.enterprises.queries.firms import names_of
from soildesk.monitoring.queries.network import town
from soildesk.oversight.models import Drawing, InspectionPlan, Problem, Visit

READ = "oversight.read_plans"
State = InspectionPlan.State


def _where_read(actor: Actor | None) -> Q:
    """The places where the actor holds the right to read plans: somebody may be an officer here and a reader there."""
    if actor is None or actor.system:
        return Q() if actor is not None else Q(pk__in=())
    roles, wanted = registered()[READ].roles, Q(pk__in=())
    for grant in actor.grants:
        if grant.role in roles:
            wanted |= Q(division_path__startswith=grant.division.path)
    return wanted


def plans(actor: Actor | None, on: date) -> QuerySet[InspectionPlan]:
    """Plans, with how many were drawn and how many of those were visited."""
    made = Visit.objects.filter(
        plan=OuterRef("pk"), enterprise=OuterRef("drawings__enterprise"), superseded_at=None, on__lte=on
    ).exclude(found=Visit.Found.NOT_MET)
    return (
        InspectionPlan.objects.visible_to(actor)
        .filter(_where_read(actor))
        .annotate(
            units=Count("drawings", distinct=True),
            visited=Count("drawings", filter=Q(Exists(made), drawings__drawn=True), distinct=True),
            town=town(),
        )
    )


def visits(actor: Actor | None, on: date) -> QuerySet[Visit]:
    """Visits that count, made up to a day."""
    rows = Visit.objects.visible_to(actor).filter(_where_read(actor), superseded_at=None, on__lte=on)
    return rows.annotate(town=town())


def add_names(rows: list[dict[str, Any]], actor: Actor | None, on: date) -> None:
    """The firms of a page by name."""
    names = names_of({row["enterprise_id"] for row in rows}, on)
    for row in rows:
        row["_firm"] = names.get(row["enterprise_id"], "")


def plan_of(actor: Actor, uid: UUID) -> InspectionPlan | None:
    """One plan, if the actor may read plans there."""
    return InspectionPlan.objects.visible_to(actor).filter(_where_read(actor), uid=uid).first()


def visit_of(actor: Actor, uid: UUID) -> Visit | None:
    """One visit, if the actor may read visits there."""
    rows = Visit.objects.visible_to(actor).filter(_where_read(actor), uid=uid)
    return rows.select_related("enterprise", "plan").first()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One firm of the lot, with the visit it had."""

    drawing: Drawing
    name: str
    visit: Visit | None


def lot_of(plan: InspectionPlan, on: date) -> list[Drawn]:
    """The whole order, with names and visits."""
    rows = list(plan.drawings.select_related("enterprise"))
    names = names_of([one.enterprise_id for one in rows], on)
    made = {one.enterprise_id: one for one in plan.visits.filter(superseded_at=None).order_by("on", "pk")}
    return [Drawn(one, names.get(one.enterprise_id, ""), made.get(one.enterprise_id)) for one in rows]


def to_visit(actor: Actor) -> list[tuple[InspectionPlan, Drawn]]:
    """Firms drawn by plans at work and not yet visited."""
    rows = InspectionPlan.objects.visible_to(actor).filter(_where_read(actor), state=State.IN_FORCE)
    return [
        (plan, one)
        for plan in rows.order_by("ends_on", "pk")
        for one in lot_of(plan, actor.today)
        if one.drawing.drawn and (one.visit is None or one.visit.found == Visit.Found.NOT_MET)
    ]


def of_firm(actor: Actor, enterprise_id: int) -> Sequence[Visit]:
    """The visits of a firm, those the actor may read."""
    rows = Visit.objects.visible_to(actor).filter(_where_read(actor), enterprise_id=enterprise_id, superseded_at=None)
    return list(rows.order_by("-on"))


def problems_of(visit: Visit) -> QuerySet[Problem]:
    """What was found on a visit."""
    return Problem.objects.filter(origin__startswith=f"oversight.visit:{visit.number}:").order_by("origin")


def told(visit: Visit) -> list[Visit]:
    """All that was written of a visit, the oldest first."""
    return list(Visit.objects.filter(number=visit.number).select_related("recorded_by").order_by("recorded_at"))


def files_of(visit: Visit) -> list[Any]:
    """The photographs of a visit, also those of rows that were corrected."""
    found = files.uses_of_many(told(visit))
    return [use for uses in found.values() for use in uses]
