"""Who leads which unit of a place."""

from __future__ import annotations

from django.db.models import QuerySet

from soildesk.core.models import Division, Person
from soildesk.core.permissions import OF_DEPARTMENT
from soildesk.supervision.models import UnitLeader


def leaders(place: Division) -> QuerySet[UnitLeader]:
    """The leaders of the units of a place."""
    rows = UnitLeader.objects.filter(department__division__path__startswith=place.path)
    return rows.select_related("department", "person").order_by("department__division__path", "department_id")


def candidates(place: Division) -> list[tuple[int, str]]:
    """People who work for a unit of a place."""
    rows = Person.objects.filter(is_active=True, department__division__path__startswith=place.path)
    rows = rows.filter(grants__role__in=OF_DEPARTMENT).distinct().select_related("department")
    return [
        (one.pk, f"{one.department} {one.name}")
        for one in rows.order_by("department__division__path", "department_id", "pk")
    ]


def person_of(place: Division, pk: int) -> Person | None:
    """One of them."""
    known = {key for key, _label in candidates(place)}
    return Person.objects.select_related("department").filter(pk=pk).first() if pk in known else None


def leader_of(place: Division, pk: int) -> UnitLeader | None:
    """One row."""
    return leaders(place).filter(pk=pk).first()
