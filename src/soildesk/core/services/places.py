"""Departments and dated attributes of divisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, units
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, DivisionAttribute
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require


class PlaceRefused(Refusal):
    """The department or attribute cannot be changed so."""

    code = "core.place.refused"


@dataclass(frozen=True)
class NewDepartment:
    """What a department needs; `function` is one of `soildesk.core.units.line_titles()`."""

    name: str
    division: Division
    kind: Department.Kind = Department.Kind.DEPARTMENT
    short_name: str = ""
    function: str = ""
    since: date | None = None


def create_department(new: NewDepartment, *, by: Actor, at: datetime) -> Department:
    """Register a department under its full name; one open department per name and division."""
    require(by, "core.manage_departments", new.division)
    name = units.clean(new.name)
    if not name:
        raise PlaceRefused(_("部门全称不能为空。"), code="core.department.name_empty")
    if Department.objects.filter(division=new.division, name=name, until=None).exists():
        raise PlaceRefused(
            _("%(division)s已登记“%(name)s”。") % {"division": new.division.name, "name": name},
            code="core.department.exists",
        )
    with transaction.atomic():
        row = Department.objects.create(
            name=name,
            short_name=new.short_name.strip(),
            kind=new.kind,
            function=new.function,
            division=new.division,
            since=new.since,
        )
        audit.record("core.department.created", subject=row, by=by, at=at, data={"name": name})
    return row


def amend_department(
    row: Department, *, short_name: str, kind: Department.Kind, function: str, by: Actor, at: datetime
) -> Department:
    """Put right what was registered of a department beside its name. A changed name is a succession, not an amendment."""
    require(by, "core.manage_departments", row)
    said = {"short_name": short_name.strip(), "kind": str(kind), "function": function}
    changed = sorted(name for name, value in said.items() if getattr(row, name) != value)
    if changed:
        with transaction.atomic():
            for name, value in said.items():
                setattr(row, name, value)
            row.save(update_fields=changed)
            audit.record("core.department.amended", subject=row, by=by, at=at, data={"facts": changed})
    return row


def close_department(row: Department, *, on: date, by: Actor, at: datetime) -> None:
    """End a department on a day (改名, 合并, 撤销); its records stay its own."""
    require(by, "core.manage_departments", row)
    if row.until:
        raise PlaceRefused(
            _("“%(name)s”已于 %(until)s 停用。") % {"name": row.name, "until": row.until}, code="core.department.closed"
        )
    if row.since and on <= row.since:
        raise PlaceRefused(
            _("停用日 %(on)s 不晚于设立日 %(since)s。") % {"on": on, "since": row.since}, code="core.department.period"
        )
    with transaction.atomic():
        row.until = on
        row.save(update_fields=["until"])
        audit.record("core.department.closed", subject=row, by=by, at=at, data={"on": on.isoformat()})


def set_attribute(
    division: Division, name: str, *, since: date | None, ground: str, by: Actor, at: datetime
) -> DivisionAttribute:
    """Give a division a dated attribute, e.g. 涉农."""
    require(by, "core.manage_departments", division)
    if DivisionAttribute.objects.filter(division=division, name=name, until=None).exists():
        raise PlaceRefused(
            _("%(division)s已登记为“%(name)s”。") % {"division": division.name, "name": name},
            code="core.division.attribute_exists",
        )
    with transaction.atomic():
        row = DivisionAttribute.objects.create(division=division, name=name, since=since, ground=ground.strip())
        audit.record("core.division.attribute_set", subject=division, by=by, at=at, data={"name": name})
    return row


def end_attribute(row: DivisionAttribute, *, on: date, by: Actor, at: datetime) -> None:
    """End an attribute on a day; one that would end before it began never was and goes."""
    require(by, "core.manage_departments", row.division)
    with transaction.atomic():
        audit.record(
            "core.division.attribute_ended",
            subject=row.division,
            by=by,
            at=at,
            data={"name": row.name, "on": on.isoformat()},
        )
        if row.since and row.since >= on:
            row.delete()
        else:
            row.until = on
            row.save(update_fields=["until"])


def attributes_on(division: Division, day: date) -> list[str]:
    """Names of the attributes a division has on a day."""
    return sorted(DivisionAttribute.objects.filter(valid_on(day), division=division).values_list("name", flat=True))
