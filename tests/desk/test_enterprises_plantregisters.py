"""What every register promises, held for facilities, inspections, hazards and drawings of plants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

import pytest

from desk.monitoring_world import spot
from desk.plant_world import Plant, png
from desk.register_promises import RegisterPromises
from soildesk.enterprises.services import inspections, plans
from soildesk.enterprises.services.inspections import Said
from soildesk.enterprises.services.plans import Drawing
from soildesk.enterprises.services.plantside import Photo

pytestmark = pytest.mark.store


class PlantPromises(RegisterPromises):
    """Rows of one plant."""

    def plant(self, world: Any) -> Plant:
        """The plant, made once."""
        if not hasattr(world, "plant"):
            world.plant = Plant(world)
        found: Plant = world.plant
        return found


class NoVersions(PlantPromises):
    """Rows that are no versions of things have no history of versions."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))


class TestFacilities(PlantPromises):
    collection = "facilities"
    changes: ClassVar[dict[str, str]] = {"substances": "铬酸"}

    def fill(self, world: Any) -> Sequence[str]:
        plant = self.plant(world)
        made = [plant.facility(f"{n}#镀槽", "open_plant", geometry=spot(0.5, 0.5 + n)) for n in (0, 1)]
        return [str(one.facility.uid) for one in made]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            self.plant(world).facility(f"{n}#危废间", "hazardous_waste_store")


class TestInspections(NoVersions):
    collection = "inspections"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(self.plant(world).inspection().uid)]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            Plant(world, f"第{n}电镀厂", f"firm{n}", 800 + n).inspection()


class TestHazards(NoVersions):
    collection = "hazards"

    def fill(self, world: Any) -> Sequence[str]:
        plant = self.plant(world)
        world.walk = plant.inspection()
        return [str(plant.hazard(world.walk).uid)]

    def more(self, world: Any, count: int) -> None:
        plant = self.plant(world)
        places = [plant.facility(f"{n}#池", "pool") for n in range(count)]
        for plant.pool in places:
            item = plant.items(world.walk, plant.pool)[0]
            inspections.answer(world.walk, plant.pool, [Said(item, "hazard", "裂缝")], plant.done())


class TestPlans(NoVersions):
    collection = "plant_plans"

    def fill(self, world: Any) -> Sequence[str]:
        return [str(self._plan(world, "东厂区总平面图").uid)]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            self._plan(world, f"平面图{n}")

    def _plan(self, world: Any, title: str) -> Any:
        plant = self.plant(world)
        drawing = Drawing(title, date(2026, 11, 1), Photo("图.png", png()))
        return plans.add(plant.firm, drawing, plant.done())
