"""Reports and what is due, as registers and pages read them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from soildesk.core import owed
from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department, Division, Duty
from soildesk.core.owed import Waiting
from soildesk.core.permissions import READERS, Actor, held_for, may
from soildesk.reporting.models import BlankForm, ReportCopy, ReportDue
from soilrules import deadlines

DUE = ReportDue._meta.label_lower


def dues(actor: Actor | None, on: date) -> QuerySet[ReportDue]:
    """What the calendar holds, with how far its newest report is."""
    newest = ReportCopy.objects.filter(due=OuterRef("pk")).order_by("-made_at", "-id")
    rows = ReportDue.objects.visible_to(actor)
    return rows.annotate(
        unit_name=F("unit__name"),
        copy_state=Subquery(newest.values("state")[:1]),
        copy_uid=Subquery(newest.values("uid")[:1]),
        done_on=Subquery(Duty.objects.filter(subject_type=DUE, subject_id=OuterRef("pk")).values("done_on")[:1]),
    )


def late_on(on: date) -> Q:
    """Dues whose duty is late on a day, by the one table of duties."""
    return Q(pk__in=Duty.objects.filter(subject_type=DUE).late_on(on).values("subject_id"))


def add_states(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """How each due stands by `core.duties`, in one query."""
    held = {
        one.subject_id: one for one in Duty.objects.filter(subject_type=DUE, subject_id__in=[row["pk"] for row in rows])
    }
    calendar = working_calendar()
    for row in rows:
        duty = held.get(row["pk"])
        row["_duty"] = str(deadlines.state(duty, on, calendar)) if duty else ""


def to_send(actor: Actor, on: date, units: Collection[int]) -> list[Waiting]:
    """What these departments owe soon, or without a term."""
    found = owed.waiting(actor, on, [Duty.Kind.REPORT], {ReportDue: "report_dues"})
    return [one for one in found if one.unit_id in units]


def to_sign(actor: Actor) -> list[Waiting]:
    """Reports made and not yet signed that this person may sign, the nearest term first."""
    if not may(actor, "reporting.sign"):
        return []
    rows = ReportCopy.objects.visible_to(actor).filter(held_for(actor, "reporting.sign", ReportCopy), state="draft")
    found = [
        Waiting(
            "reporting.sign",
            "reports",
            one.uid,
            f"{one.number} {one.title}",
            one.owner_department_id,
            one.due.due if one.due else None,
        )
        for one in rows.select_related("due").order_by("made_at", "id")
    ]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max))


def copies(actor: Actor | None, on: date) -> QuerySet[ReportCopy]:
    """Reports the actor may see."""
    names = {"place_name": F("place__name"), "office": F("owner_department__name"), "form_name": F("blank_form__name")}
    return ReportCopy.objects.visible_to(actor).annotate(**names)


def blanks(actor: Actor | None, on: date) -> QuerySet[BlankForm]:
    """Blank forms in force."""
    return BlankForm.objects.visible_to(actor).filter(retired_at=None).annotate(office=F("owner_department__name"))


def copy_of(actor: Actor, uid: UUID) -> ReportCopy | None:
    """One report; None where the actor sees none."""
    rows = ReportCopy.objects.visible_to(actor).select_related(
        "place", "owner_department", "due", "template", "blank_form"
    )
    return rows.filter(uid=uid).first()


def due_of(actor: Actor, uid: UUID) -> ReportDue | None:
    """One due; None where the actor sees none."""
    return ReportDue.objects.visible_to(actor).select_related("unit", "owner_department").filter(uid=uid).first()


def blank_of(actor: Actor, uid: UUID) -> BlankForm | None:
    """One blank form; None where the actor sees none."""
    return BlankForm.objects.visible_to(actor).select_related("owner_department__division").filter(uid=uid).first()


def places(actor: Actor) -> list[Division]:
    """The places whose whole records the actor sees, those of the own department first."""
    whole = [grant.division for grant in actor.grants if grant.role in READERS and grant.department_id is None]
    own = actor.person.department.division_id if actor.person and actor.person.department else None
    return sorted({one.pk: one for one in whole}.values(), key=lambda one: (one.pk != own, one.path))


def place_of(actor: Actor, code: str = "") -> Division | None:
    """The place asked for by its code, or the first; a place below one that is seen is seen too."""
    found = places(actor)
    if not code:
        return next(iter(found), None)
    return next(
        (
            row
            for row in Division.objects.filter(code=code, until=None)
            if actor.system or any(row.path.startswith(one.path) for one in found)
        ),
        None,
    )


def office_of(actor: Actor) -> Department | None:
    """The department an actor's reports belong to."""
    return actor.person.department if actor.person else None


def departments_in(place: Division, on: date) -> list[tuple[int, str]]:
    """The departments of a place, for choices."""
    rows = Department.objects.filter(division=place).filter(Q(until=None) | Q(until__gt=on))
    return [(row.pk, str(row)) for row in rows.order_by("name")]


def department(pk: int) -> Department | None:
    """One department."""
    return Department.objects.select_related("division").filter(pk=pk).first()
