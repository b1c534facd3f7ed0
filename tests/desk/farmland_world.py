"""A small farming county for tests of farmland: units of each class, an approved decision, offices and people; by services.

    farm = farmland_world.county(world)
    farm.units["safe_1"], farm.decision, farm.version("strict_1"), world.actor("grain")

Six units have each class, two have none: `priority_1` … `priority_6`, `safe_1` …, `strict_1` …, `bare_1` (without class),
`garden_1` (an orchard without class). Each is a square of the grid of `land_world` (about 200 m, 60 mu), in rows by class:
priority north 0, safe_use north 1, strict north 2, the others north 3; the first three of a row lie in 柏庄镇, the others in
军庄镇. They stand since 2020-01-01 and have their class since 2021-06-30.

People beside those of `world`: agriculture_head (OFFICER of the farming office), grain, market, finance, forestry, water
(DEPARTMENT of their offices), town (柏庄镇), town_2 (军庄镇).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shapely.geometry.base import BaseGeometry

from desk.land_world import place, square
from soildesk.core.models import Department, Person, RoleGrant
from soildesk.farmland.models import ClassDecision, Unit, UnitVersion
from soildesk.farmland.services import approvals, units
from soildesk.farmland.services.approved import Approved
from soildesk.land.services.writing import Place

SINCE = date(2020, 1, 1)
APPROVED_ON = date(2021, 6, 30)
AT = datetime(2021, 7, 5, 2, 0, tzinfo=UTC)
PROVINCE = "示例省人民政府"
TOWNS = ("柏庄镇", "柏庄镇", "柏庄镇", "军庄镇", "军庄镇", "军庄镇")
CLASSES = {"priority": "priority", "safe": "safe_use", "strict": "strict"}
POLLUTION = {"priority": "none", "safe": "light", "strict": "heavy"}
CONTROLLING = {"priority": (), "safe": ("cadmium",), "strict": ("cadmium", "arsenic")}
OFFICES = {"grain": ("青禾区粮食和物资储备局", "区粮食和储备局"), "forestry": ("青禾区林业局", "区林业局")}


@dataclass
class Farm:
    """What stands: units by name, the decision that gave them their class."""

    world: Any
    units: dict[str, Unit] = field(default_factory=dict)
    decision: ClassDecision = field(default_factory=ClassDecision)

    def version(self, name: str, on: date | None = None) -> UnitVersion:
        """What is said of a unit on a day (the world's day)."""
        return UnitVersion.objects.standing(on or self.world.day).get(unit=self.units[name])


def unit(
    world: Any, name: str, shape: BaseGeometry, *, town: str = "柏庄镇", since: date = SINCE, at: datetime = AT, **facts: Any
) -> UnitVersion:  # fmt: skip
    """A unit of paddy entered by the farming office, kept by its town; `facts` say otherwise."""
    said = {
        "name": name, "geometry": shape, "ground": "cropland", "use": "paddy", "keeper": world.towns[town], "soil_type": "水稻土",
        "crop": "水稻", "basic_farmland": True, "industry_near": False, **facts,
    }  # fmt: skip
    return units.enter(said, place(world, town, "agriculture"), since=since, by=world.actor("officer"), at=at)


def approved(
    world: Any,
    classes: Mapping[Unit, str],
    *,
    since: date = APPROVED_ON,
    number: str = "示政函〔2021〕66号",
    at: datetime = AT,
    **facts: Any,
) -> ClassDecision:
    """A decision of the province that gives units their class."""
    said = {
        "number": number, "title": "关于同意农用地土壤环境质量类别划分成果的批复", "authority": PROVINCE,
        "decided_on": since, "since": since, **facts,
    }  # fmt: skip
    rows = [Approved(one, each, CONTROLLING[_row(each)]) for one, each in classes.items()]
    where = Place(world.district, world.departments["agriculture"])
    return approvals.register(said, rows, where, by=world.actor("officer"), at=at)


def _row(farmland_class: str) -> str:
    return next(row for row, each in CLASSES.items() if each == farmland_class)


def county(world: Any) -> Farm:
    """The whole of it."""
    offices(world)
    made = Farm(world)
    for north, row in enumerate(CLASSES):
        for east, town in enumerate(TOWNS):
            name = f"{row}_{east + 1}"
            facts = {
                "code": f"QH-{name}",
                "pollution": POLLUTION[row],
                "pollution_source": "农用地土壤污染状况详查（2019）",
            }
            version = unit(world, f"{town}{name}", square(east, north), town=town, **facts)
            made.units[name] = version.unit
    bare = {"basic_farmland": None, "industry_near": None}
    made.units["bare_1"] = unit(world, "柏庄镇无类别地块", square(0, 3), code="QH-bare_1", **bare).unit
    made.units["garden_1"] = unit(
        world, "军庄镇果园", square(3, 3), town="军庄镇", code="QH-garden_1", ground="garden", use="orchard", crop="苹果", **bare
    ).unit  # fmt: skip
    classes = {made.units[f"{row}_{east + 1}"]: CLASSES[row] for row in CLASSES for east in range(len(TOWNS))}
    made.decision = approved(world, classes)
    return made


def offices(world: Any) -> None:
    """The offices farmland needs beside those of the world, and people of each."""
    for function, (name, short) in OFFICES.items():
        world.departments[function] = Department.objects.create(
            name=name, short_name=short, function=function, division=world.district
        )
    for function in ("grain", "market", "finance", "forestry", "water"):
        world.people[function] = _person(function, RoleGrant.Role.DEPARTMENT, world.departments[function])
    world.people["agriculture_head"] = _person(
        "agriculture_head", RoleGrant.Role.OFFICER, world.departments["agriculture"]
    )
    world.people["town_2"] = _person("town_2", RoleGrant.Role.TOWN, world.towns["军庄镇"])


def _person(username: str, role: RoleGrant.Role, department: Department) -> Person:
    person = Person.objects.create(username=username, name=username, department=department)
    of_unit = role in {RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN}
    RoleGrant.objects.create(
        person=person, role=role, division=department.division, department=department if of_unit else None
    )
    return person


def mu(value: float | Decimal) -> Decimal:
    """So many 亩 of some m²."""
    return Decimal(str(value)) * 15 / 10000
