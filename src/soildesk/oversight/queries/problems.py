"""Problems as they are seen: the list, one of them, those that wait, those of a firm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.firms import names_of
from soildesk.monitoring.queries.network import short_name, town
from soildesk.oversight.models import Problem

LIVE = Q(state__in=Problem.LIVE)
SOON = timedelta(days=14)


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
class Owed:
    """One problem that is late, falls due soon, or waits to be accepted."""

    uid: UUID
    title: str
    due: date | None
    unit_id: int | None
    unit: str
    answered: bool

    def late_on(self, on: date) -> bool:
        """Whether it is past its term."""
        return self.due is not None and self.due < on


def owed(actor: Actor, on: date) -> list[Owed]:
    """Problems late or due within 14 days, those that wait to be accepted, and those nobody was given: nearest day first.

    What is not handed over yet is owed by the office that keeps it.
    """
    rows = Problem.objects.visible_to(actor).filter(LIVE, found_on__lte=on)
    rows = rows.filter(Q(due__lte=on + SOON) | Q(state=Problem.State.ANSWERED) | Q(unit=None))
    rows = rows.annotate(unit_name=short_name("unit"), whose=Coalesce("unit", "owner_department"))
    found = rows.order_by(F("due").asc(nulls_last=True), "pk")
    named = found.values_list("uid", "fact", "due", "whose", "unit_name", "state")
    return [
        Owed(uid, fact, due, whose, unit or "", state == Problem.State.ANSWERED)
        for uid, fact, due, whose, unit, state in named
    ]


def by_origin(origins: Collection[str]) -> dict[str, Problem]:
    """Problems by the record they came from."""
    return {one.origin: one for one in Problem.objects.filter(origin__in=list(origins))}
