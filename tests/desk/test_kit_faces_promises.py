"""The promises every register makes, asked of parcels, of unused land, and of a register of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import faces_world
import land_world
import pytest
from register_promises import RegisterPromises

pytestmark = pytest.mark.django_db


class TestParcels(RegisterPromises):
    """宗地、图斑、地块."""

    collection = "parcels"
    personal = "王某"
    changes: ClassVar[dict[str, str]] = {"name": "农药厂遗址"}

    def fill(self, world: Any) -> Sequence[str]:
        made = land_world.county(world)
        return [str(made.parcels[name].parcel.uid) for name in "cab"]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            land_world.parcel(world, land_world.square(n, 20), name=f"新地块{n}", code=f"N-{n}", holder="合作社")


class TestUnusedLand(RegisterPromises):
    """未利用地."""

    collection = "unused_land"
    changes: ClassVar[dict[str, str]] = {"name": "东河新滩地"}

    def fill(self, world: Any) -> Sequence[str]:
        made = land_world.county(world)
        return [str(each.land.uid) for each in made.unused.values()]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            land_world.waste(world, land_world.square(n, 30), f"新沙地{n}")


class TestPlots(TestParcels):
    """A register that only kit knows: all faces come from its declaration."""

    collection = "plots"

    @pytest.fixture(autouse=True)
    def _plots(self) -> Iterator[None]:
        with faces_world.declared():
            yield
