"""What every register promises, held for units of farmland, their households and the decisions on classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest

from desk import farmland_world
from desk.land_world import square
from desk.register_promises import RegisterPromises
from soildesk.farmland.services import households

pytestmark = pytest.mark.store
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class TestUnits(RegisterPromises):
    collection = "farmland_units"
    personal = "佟兰芝"
    changes: ClassVar[dict[str, str]] = {"crop": "玉米"}

    def fill(self, world: Any) -> Sequence[str]:
        held = [
            farmland_world.unit(
                world, "东圩南片", square(0, 0), code="A1", field_chief="佟兰芝", area_of_record_m2=39_000
            ),
            farmland_world.unit(world, "东圩北片", square(0, 1), ground="garden", use="", forest_chief="佟兰芝"),
        ]
        farmland_world.approved(world, {held[0].unit: "strict"})
        return [str(one.unit.uid) for one in held]

    def more(self, world: Any, count: int) -> None:
        made = [farmland_world.unit(world, f"第{at}片", square(2 + at % 8, 1 + at // 8)) for at in range(count)]
        farmland_world.approved(world, {one.unit: "safe_use" for one in made}, number="示政函〔2022〕2号")


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", *self.without)))

    without: ClassVar[tuple[str, ...]] = ()


class TestHouseholds(NoVersions):
    collection = "farmland_households"

    def fill(self, world: Any) -> Sequence[str]:
        unit = farmland_world.unit(world, "东圩南片", square(0, 0), code="A1").unit
        return [self.one(world, unit, head) for head in ("王某", "李某")]

    def test_hidden_columns_change_no_observable_answer(self, world: Any, keys: Sequence[str]) -> None:
        """Whoever may not see names sees no household at all."""
        client = self.browser(world, "reader")
        for url in self.addresses(keys):
            assert client.get(url).status_code in (403, 404), url

    def one(self, world: Any, unit: Any, head: str) -> str:
        said = {"head": head, "phone": "13900000001", "area_m2": 500, "since": date(2022, 1, 1)}
        return str(households.enter(unit, said, by=world.actor("officer"), at=NOW).uid)

    def more(self, world: Any, count: int) -> None:
        unit = farmland_world.unit(world, "西圩片", square(3, 3)).unit
        for at in range(count):
            self.one(world, unit, f"第{at}户")


class TestDecisions(NoVersions):
    collection = "class_decisions"
    without = ("/edit",)

    def fill(self, world: Any) -> Sequence[str]:
        unit = farmland_world.unit(world, "东圩南片", square(0, 0), code="A1").unit
        return [str(farmland_world.approved(world, {unit: "strict"}).uid)]

    def more(self, world: Any, count: int) -> None:
        for at in range(count):
            unit = farmland_world.unit(world, f"第{at}片", square(2 + at % 8, 1 + at // 8)).unit
            farmland_world.approved(world, {unit: "priority"}, number=f"示政函〔2022〕{at + 10}号")


def test_names_of_households_are_read_by_towns_and_the_lines_that_deal_with_them(world) -> None:
    from soildesk.core.models import Department, Person, RoleGrant
    from soildesk.core.permissions import Actor, may

    for function, name, reads in (
        ("market", "市场监管局", False),
        ("finance", "财政局", False),
        ("grain", "粮食局", True),
    ):
        office = Department.objects.create(name=name, function=function, division=world.district)
        person = Person.objects.create(username=function, name=function, department=office)
        RoleGrant.objects.create(person=person, role="department", division=world.district, department=office)
        assert may(Actor.of(person, world.day), "farmland.read_personal") is reads, name
    for who in ("agriculture", "town", "officer", "auditor"):
        assert may(world.actor(who), "farmland.read_personal"), who
