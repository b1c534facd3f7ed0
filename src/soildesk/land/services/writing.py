"""What acts on land share: where a row belongs, and the number it is known by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from soildesk.core.models import Department, Division
from soildesk.core.models.places import valid_on
from soildesk.core.numbers import next_number
from soildesk.core.permissions import Actor, place_of
from soildesk.land.refusals import ParcelRefused

COUNTY_DEPTH = 3
"""Codes of a path down to the county: province, city, county."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row lies, and the department that keeps it."""

    division: Division
    department: Department

    @property
    def columns(self) -> dict[str, Any]:
        """The place as a row holds it."""
        return {"division_path": self.division.path, "owner_department_id": self.department.pk}


def county_of(path: str) -> str:
    """The county's part of a path; the whole path of what stands above counties."""
    return "".join(f"{code}/" for code in path.split("/")[:COUNTY_DEPTH] if code)


def place_at(path: str, by: Actor) -> Place:
    """The division at a path, kept by the actor's department; without a path, the actor's own division.

    A program without a person has no department: what it brings in is kept by the ecology department of the county.
    """
    department = by.person.department if by.person else _keeper_of(path)
    if department is None:
        raise ParcelRefused(
            _("不知道由哪个部门管理：请选择乡镇（街道），或请系统管理员为账户设置部门。"), code="land.parcel.place"
        )
    division = Division.objects.filter(valid_on(by.today), path=path).first() if path else department.division
    if division is None:
        raise ParcelRefused(
            _("没有路径为“%(path)s”的行政区划：请在列表中选择。") % {"path": path}, code="land.parcel.place"
        )
    return Place(division, department)


def _keeper_of(path: str) -> Department | None:
    rows = Department.objects.filter(division__path=county_of(path), until=None) if path else Department.objects.none()
    return rows.filter(function="ecology").first() or rows.first()


def number_for(department: Department, kind: str, year: int) -> str:
    """The next number of a kind in the department's place: `DK-990101-2026-00001`.

    One sequence serves all departments of a place, so that a number stands once.
    """
    keeper = Department.objects.filter(division=department.division_id).order_by("pk").first() or department
    serial = next_number(keeper, f"land.{kind}", year)
    return f"{kind}-{department.division.code}-{year}-{serial:05d}"


def refuse_future(day: date, by: Actor, refused: type[Any], code: str) -> None:
    """What has not happened yet is not written down as a fact."""
    if day > by.today:
        raise refused(
            _("日期 %(day)s 晚于今天 %(today)s：请填写今天或更早的日期。") % {"day": day, "today": by.today}, code=code
        )


def same_county(paths: list[str]) -> bool:
    """Whether all places lie in one county."""
    return len({county_of(path) for path in paths}) == 1


def place_name(row: Any) -> str:
    """The name of the division a row lies in."""
    found = Division.objects.filter(path=place_of(row)).order_by("-since").first()
    return found.name if found else ""
