"""Divisions, departments and people of the example, from CSV files."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password

from soildesk.core.models import (
    Department,
    DepartmentAlias,
    DepartmentSuccession,
    Division,
    DivisionAttribute,
    DivisionSuccession,
    Person,
    RoleGrant,
)
from soildesk.core.permissions import Actor
from soildesk.core.services.people import NewGrant, NewPerson, create_person, grant

OF_DEPARTMENT = {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_divisions(path: Path) -> None:
    """Divisions with their attributes; a parent stands before its children."""
    known = {division.code: division for division in Division.objects.filter(until__isnull=True)}
    for row in rows(path):
        if row["code"] in known:
            continue
        parent = known.get(row["parent"])
        division = Division.objects.create(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent=parent,
            path=f"{parent.path if parent else ''}{row['code']}/",
            since=_day(row["since"]),
            until=_day(row["until"]),
            source=row["source"],
        )
        known[row["code"]] = division
        for name in filter(None, row["attributes"].split("；")):
            DivisionAttribute.objects.create(division=division, name=name, since=division.since, ground=row["source"])


def load_division_successions(path: Path) -> None:
    """Codes that went over into others."""
    for row in rows(path):
        old = Division.objects.filter(code=row["old"]).first()
        new = Division.objects.filter(code=row["new"]).first()
        if old and new:
            DivisionSuccession.objects.create(old=old, new=new, on=date.fromisoformat(row["on"]), ground=row["ground"])


def load_departments(path: Path) -> None:
    """Departments with the other names documents print for them."""
    for row in rows(path):
        department = Department.objects.create(
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            function=row["function"],
            division=Division.objects.get(code=row["division"], until__isnull=True),
            since=_day(row["since"]),
            until=_day(row["until"]),
        )
        for alias in filter(None, row["aliases"].split("；")):
            DepartmentAlias.objects.create(department=department, name=alias)


def load_successions(path: Path) -> None:
    """Which department took over from which, and when."""
    for row in rows(path):
        division = Division.objects.filter(code=row["division"], until__isnull=True).first()
        DepartmentSuccession.objects.create(
            old_name=row["old_name"],
            division=division,
            new_name=row["new_name"],
            on=date.fromisoformat(row["on"]),
            new=Department.objects.filter(name=row["new"], division=division).first(),
            kind=row["kind"],
            ground=row["ground"],
        )


def load_people(path: Path, password: str, *, by: Actor, at: datetime) -> None:
    """People with one role each row; officers hold theirs for the whole division, units for their department.

    All have the same password, so it is hashed once: that is made to take long.
    """
    made: dict[str, Person] = {}
    for row in rows(path):
        division = Division.objects.get(code=row["division"], until__isnull=True)
        department = Department.objects.get(name=row["department"]) if row["department"] else None
        role = RoleGrant.Role(row["role"])
        person = made.get(row["username"]) or create_person(
            NewPerson(row["username"], row["name"], department), password=None, by=by, at=at, must_change=False
        )
        made[row["username"]] = person
        own = department if role in OF_DEPARTMENT else None
        grant(person, NewGrant(role, division, own), by=by, at=at)
    Person.objects.filter(pk__in=[one.pk for one in made.values()]).update(password=make_password(password))
