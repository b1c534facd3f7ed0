"""Problems as they are seen: the list, one of them, those that wait, those of a firm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.firms import names_of
from soildesk.monitoring.queries.network import short_name, town
from soildesk.oversight.models import Problem

LIVE = Q(state__in=Problem.LIVE)


def late_on(on: date) -> Q:
    """Problems past their term and not over."""
    return LIVE & Q(due__lt=on)


def problems(actor: Actor | None, on: date) -> QuerySet[Problem]:
    """Problems found up to a day."""
    rows = Problem.objects.visible_to(actor).filter(found_on__lte=on)
    return rows.annotate(town=town(), unit_name=short_name("unit"))


def problem_of(actor: Actor, uid: UUID) -> Problem | None:
    """One problem, if the actor sees it."""
    rows = Problem.objects.visible_to(actor).select_related("unit", "enterprise", "due_set_by", "answered_by")
    return rows.filter(uid=uid).first()


def days_late(state: str, due: date | None, on: date) -> int:
    """How many days a problem that is not over is past its term; 0 where it is not."""
    return max(0, (on - due).days) if due and state in Problem.LIVE else 0


def add_firms(rows: list[dict[str, Any]], actor: Actor | None, on: date) -> None:
    """Firms by name, and how late each problem is."""
    names = names_of({row["enterprise_id"] for row in rows if row["enterprise_id"]}, on)
    for row in rows:
        row["_firm"] = names.get(row["enterprise_id"], "")
        row["_late"] = days_late(row["state"], row["due"], on)


def of_firm(actor: Actor, enterprise_id: int) -> Sequence[Problem]:
    """The problems of a firm the actor sees, those that are not over first."""
    rows = Problem.objects.visible_to(actor).filter(enterprise_id=enterprise_id).select_related("unit")
    return sorted(rows, key=lambda one: (one.state not in Problem.LIVE, -one.found_on.toordinal()))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One problem that waits, for a short list."""

    uid: UUID
    title: str
    due: date | None
    unit: str


def waiting(actor: Actor, most: int, units: Collection[int] | None = None) -> tuple[int, list[Waiting]]:
    """How many problems are not over, those of some departments where named, and the first: nearest day first."""
    rows = Problem.objects.visible_to(actor).filter(LIVE)
    if units is not None:
        rows = rows.filter(Q(unit__in=units) | Q(unit=None, owner_department__in=units))
    count = rows.count()
    first = rows.annotate(unit_name=short_name("unit")).order_by(F("due").asc(nulls_last=True), "pk")[:most]
    found = first.values_list("uid", "fact", "due", "unit_name")
    return count, [Waiting(uid, fact, due, unit or "") for uid, fact, due, unit in found]


def by_origin(origins: Collection[str]) -> dict[str, Problem]:
    """Problems by the record they came from."""
    return {one.origin: one for one in Problem.objects.filter(origin__in=list(origins))}
