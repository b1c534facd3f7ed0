"""Supervision for tests: a campaign office, rules from a day, matters of any term.

made = Supervised(world)
duty = made.matter("地面防渗层破损", due=date(2026, 11, 13))
made.run(date(2026, 11, 20))
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from desk.oversight_world import Desk
from soildesk.core.models import Department, Duty, Person, RoleGrant
from soildesk.core.permissions import Actor, system_actor
from soildesk.supervision.models import Office, Slip
from soildesk.supervision.services import issuing, ruling
from soildesk.supervision.services.matters import Act
from soildesk.supervision.services.ruling import Version
from soilrules.supervision.authorities import Body

BEGAN = date(2026, 11, 2)


def morning(day: date) -> datetime:
    """Ten o'clock of a day."""
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


class Supervised:
    """青禾区 with its campaign office, whose issuer is "chief"; rules since 2 November."""

    def __init__(self, world: Any, *, began: date = BEGAN, **version: Any) -> None:
        self.world = world
        self.office = Department.objects.create(
            name="青禾区土壤污染防治指挥部办公室", short_name="区指挥部办公室", division=world.district
        )
        person = Person.objects.create(username="chief", name="chief", department=self.office)
        RoleGrant.objects.create(person=person, role=RoleGrant.Role.ISSUER, division=world.district)
        world.people["chief"] = person
        self.name(self.office, Body.CAMPAIGN_OFFICE, began)
        self.name(world.departments["ecology"], Body.BUREAU, began)
        self.name(world.departments["government"], Body.GOVERNMENT, began)
        self.rules(Version(began, **version))

    def name(self, department: Department, body: Body, day: date) -> Office:
        """Say what a department is."""
        return ruling.name_office(
            self.world.district, department, body, "青政办〔2026〕1号", by=self.by(day), at=morning(day)
        )

    def rules(self, version: Version) -> None:
        """A version of the rules, set on its first day."""
        ruling.set_rules(self.world.district, version, by=self.by(version.since), at=morning(version.since))

    def by(self, day: date) -> Actor:
        """The desk itself on a day."""
        return system_actor("test", day)

    def matter(self, fact: str, *, due: date, found: date = BEGAN, unit: str = "agriculture", **said: Any) -> Duty:
        """A problem with a term, owed by a department; its duty."""
        problem = Desk(self.world).problem(fact, unit=unit, due=due, found_on=found, **said)
        return Duty.objects.for_subject(problem).get()

    def run(self, day: date) -> int:
        """Make out what is due by the end of a day."""
        return issuing.run(self.world.district, by=self.by(day), at=morning(day))

    def act(self, who: str, note: str = "原因已经写明。", day: date | None = None, *papers: Any) -> Act:
        """Somebody's act."""
        day = day or self.world.day
        return Act(Actor.of(self.world.people[who], day), morning(day), note, papers)

    def slips(self, duty: Duty) -> list[Slip]:
        """The slips of a matter, without reminders."""
        return list(Slip.objects.filter(duty=duty).exclude(colour="none").order_by("on", "id"))
