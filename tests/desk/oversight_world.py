"""Problems, plans and visits for tests, made by services.

made = oversight_world.Desk(world)
problem = made.problem("地面防渗层破损", unit="agriculture", due=date(2026, 12, 20))
made.answered(problem)        # by "agriculture", with a file
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from desk.land_world import place
from soildesk.core.models import Person, RoleGrant
from soildesk.core.permissions import Actor
from soildesk.land.services.writing import Place
from soildesk.oversight.models import InspectionPlan, Problem, Visit
from soildesk.oversight.services import plans, problems, visits
from soildesk.oversight.services.plans import Wanted
from soildesk.oversight.services.problems import Done, Proof
from soildesk.oversight.services.visits import FoundProblem, Seen, Where

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Desk:
    """Makes problems of 青禾区 as its officer."""

    def __init__(self, world: Any) -> None:
        self.world = world

    @property
    def officer(self) -> Actor:
        """Whoever writes."""
        return self.world.actor("officer")

    def place(self) -> Place:
        """The district, kept by its ecology bureau."""
        return Place(self.world.district, self.world.departments["ecology"])

    def problem(self, fact: str, *, town: str = "", unit: str = "", **facts: Any) -> Problem:
        """A problem of a letter, found ten days ago."""
        said: dict[str, Any] = {"source": "letter", "fact": fact, "found_on": date(2026, 11, 10), **facts}
        if unit:
            said["unit"] = self.world.departments[unit]
        where = place(self.world, town) if town else self.place()
        return problems.record(said, where, by=self.officer, at=self.world.at)

    def done(self, who: str, note: str = "已核实。", at: datetime | None = None) -> Done:
        """Somebody's act."""
        return Done(self.world.actor(who), at or self.world.at, note)

    def answered(self, problem: Problem, who: str = "agriculture") -> Problem:
        """The problem put right, with a photograph."""
        return problems.answer(problem, self.done(who, "已修复防渗层。"), [Proof("整改后.png", PICTURE)])

    def second_officer(self) -> Person:
        """Another officer of the bureau, known as "second"."""
        person = Person.objects.create(username="second", name="second", department=self.world.departments["ecology"])
        RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=self.world.district)
        self.world.people["second"] = person
        return person

    def plan(self, count: int = 2, **said: Any) -> InspectionPlan:
        """A plan drawn by the issuer among all firms at work."""
        wanted = Wanted(
            **{
                "title": "2026年度双随机检查", "list_key": "", "count": count, "starts_on": date(2026, 11, 1),
                "ends_on": date(2026, 12, 31), "seed": "2026-11-20 3141", "seed_source": "区政府网站 2026-11-20 公告", **said,
            }
        )  # fmt: skip
        return plans.draw(wanted, self.place(), by=self.world.actor("issuer"), at=self.world.at)

    def visit(self, firm: Any, *facts: str, plan: InspectionPlan | None = None, **said: Any) -> Visit:
        """A visit to a firm that found `facts`."""
        found = "problems" if facts else "nothing"
        seen = Seen(**{"on": date(2026, 11, 19), "inspectors": "甲、乙", "found": found, **said})
        told = [FoundProblem(one) for one in facts]
        return visits.record(Where(firm, plan), seen, told, by=self.officer, at=self.world.at)
