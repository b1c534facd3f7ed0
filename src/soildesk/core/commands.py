"""What whoever holds the machine does with the desk: set up, first administrator, restore. The command line calls these.

They act as a named system actor, since before them there is nobody who could act.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import backup, calendar, clock
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division, RoleGrant
from soildesk.core.permissions import system_actor
from soildesk.core.services import people, places


def setup() -> int:
    """Make the folders, bring the database up, load the working calendar; again and again without harm.

    Returns how many days were added to the calendar.
    """
    for folder in (settings.HOME, settings.MEDIA_ROOT, settings.EXPORT_ROOT):
        Path(folder).mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    return calendar.load_published(by=system_actor("setup"), at=clock.now())


def first_administrator(username: str, *, division_code: str, department: str = "", password: str = "") -> str:
    """Make an administrator of a division, with its department where it is not registered yet.

    Without a password a random one is made. Returns the password, which must be changed at first login.
    """
    by, at = system_actor("setup"), clock.now()
    place = Division.objects.filter(code=division_code, until=None).first()
    if place is None:
        raise Refusal(
            _("没有代码为“%(code)s”的行政区划。请先导入区划（soildesk divisions import），再建管理员。")
            % {"code": division_code},
            code="core.command.no_such_division",
        )
    password = password or people.first_password()
    with transaction.atomic():
        name = department or place.name
        row = Department.objects.filter(division=place, name=name, until=None).first()
        row = row or places.create_department(places.NewDepartment(name, place), by=by, at=at)
        person = people.create_person(people.NewPerson(username, username, row), password=password, by=by, at=at)
        people.grant(person, people.NewGrant(RoleGrant.Role.ADMIN, place), by=by, at=at)
    return password


def restore(from_path: Path, *, replace: bool = False) -> dict[str, Any]:
    """Restore a backup and bring its database up to this version; returns the backup's manifest."""
    manifest = backup.restore(from_path, replace=replace)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest
