"""A round of 调度 for tests: the small plan in force, five units at work on it.

made = Rounds(world)
one = made.open()
made.sign(one, "agriculture")
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from desk.ledger_world import published
from soildesk.core.models import Department, Person, RoleGrant
from soildesk.core.permissions import Actor
from soildesk.land.services.writing import Place
from soildesk.supervision.models import DispatchRound, DispatchSheet, Signing
from soildesk.supervision.services import rounds, sheets
from soildesk.supervision.services.rounds import Opening
from soildesk.supervision.services.sheetwords import Words
from soilrules.deadlines.periods import period_of

OPENED, ON, DUE = date(2026, 11, 16), date(2026, 11, 15), date(2026, 11, 18)
FREE = {"problems": "采样点位于在建工地，进场困难。", "following": "月底前完成采样。", "help": "无"}


def morning(day: date) -> datetime:
    """Ten o'clock of a day."""
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


class Rounds:
    """青禾区 with the small plan; every unit at work on it has somebody to sign, named like the department's function."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.plan = published(world)
        self.place = Place(world.district, world.departments["ecology"])
        names = {pk: name for name, one in world.departments.items() if (pk := one.pk)}
        units = Department.objects.filter(assignments__task__plan=self.plan).distinct()
        for unit in units:
            name = names.get(unit.pk, f"town{unit.pk}")
            if not Person.objects.filter(department=unit).exists():
                town = unit.kind == Department.Kind.TOWN
                role = RoleGrant.Role.TOWN if town else RoleGrant.Role.DEPARTMENT
                person = Person.objects.create(username=name, name=name, department=unit)
                RoleGrant.objects.create(person=person, role=role, division=unit.division, department=unit)
                world.people[name] = person

    def by(self, who: str, day: date) -> Actor:
        """Somebody on a day."""
        return Actor.of(self.world.people[who], day)

    def asked(self, day: date = ON, due: date = DUE, rhythm: str = "quarter", **said: Any) -> Opening:
        """What a round asks."""
        return Opening(period_of(day, rhythm), said.pop("plans", [str(self.plan.uid)]), day, due, **said)

    def open(self, opening: Opening | None = None, who: str = "officer", day: date = OPENED) -> DispatchRound:
        """Open a round."""
        return rounds.open_round(opening or self.asked(), self.place, by=self.by(who, day), at=morning(day))

    def sheet(self, one: DispatchRound, who: str) -> DispatchSheet:
        """The sheet of somebody's unit."""
        return one.sheets.select_related("unit", "round").get(unit=self.world.people[who].department)

    def words(self, sheet: DispatchSheet, **free: str) -> Words:
        """Everything that is to be said."""
        unbound = [task["uid"] for task in sheet.records["tasks"] if task["unbound"]]
        return Words({**FREE, **free}, {uid: {"word": "正在办理。", "figure": ""} for uid in unbound})

    def sign(self, one: DispatchRound, who: str, day: date = OPENED, **free: str) -> Signing:
        """Somebody signs the sheet of the own unit."""
        sheet = self.sheet(one, who)
        return sheets.sign(sheet, self.words(sheet, **free), by=self.by(who, day), at=morning(day))

    def signers(self, one: DispatchRound) -> list[str]:
        """Somebody of each unit of the round."""
        found = []
        for sheet in one.sheets.all():
            found.append(
                next(
                    name
                    for name, person in self.world.people.items()
                    if person.department_id == sheet.unit_id and name not in ("admin", "reader", "auditor")
                )
            )
        return found

    def close(self, one: DispatchRound, note: str = "", day: date = DUE) -> DispatchRound:
        """The end."""
        return rounds.close_round(one, note, by=self.by("officer", day), at=morning(day))
