"""People, divisions and departments as the upper rooms and the fronts look them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from soildesk.core.models import Department, Division, Person
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of


def person_named(username: str) -> Person | None:
    """Somebody whose account is switched on."""
    return Person.objects.filter(username=username, is_active=True).select_related("department__division").first()


def division_of_code(code: str, on: date | None = None) -> Division | None:
    """The division under a code today's tables keep open, or on a day."""
    rows = Division.objects.filter(valid_on(on), code=code) if on else Division.objects.filter(until=None, code=code)
    return rows.select_related("parent").first()


def departments_in(division: Division, on: date) -> QuerySet[Department]:
    """Departments standing on a day in a division and below it."""
    rows = Department.objects.filter(valid_on(on), division__path__startswith=division.path)
    return rows.select_related("division")


def departments_named(name: str, on: date) -> QuerySet[Department]:
    """Departments standing on a day under a full name, short name or confirmed alias."""
    named = Q(name=name) | Q(short_name=name) | Q(aliases__name=name)
    return Department.objects.filter(named, valid_on(on)).select_related("division").distinct()


@dataclass(frozen=True)
class Office:
    """How much of an office is entered: towns and villages, units, people, those who have a role."""

    towns: int
    units: int
    people: int
    with_roles: int


def office(actor: Actor, people: QuerySet[Person], on: date) -> Office:
    """What stands on a day in the divisions of somebody, and of the people they answer for."""
    here = Division.objects.filter(divisions_of(actor), valid_on(on))
    small = (Division.Level.TOWN, Division.Level.VILLAGE)
    return Office(
        towns=here.filter(level__in=small).count(),
        units=Department.objects.filter(valid_on(on), division__in=here).count(),
        people=people.count(),
        with_roles=people.filter(grants__isnull=False).distinct().count(),
    )
