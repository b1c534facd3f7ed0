"""The lists of proposals, classifications and threads of adjustment keep the promises of every register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from register_promises import RegisterPromises

from desk import farmclass_world as rounds
from desk import farmland_world
from soildesk.core.versions import Recording
from soildesk.farmland.models import Trigger, UnitProposal
from soildesk.farmland.services import triggers, units
from soildesk.kit.register import collections

OVER = {"cadmium": 0.9}


class _Untold(RegisterPromises):
    """Rows that are told once have no history of versions."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))


class TestProposals(_Untold):
    """The class proposed for each unit."""

    collection = "class_proposals"

    def fill(self, world: Any) -> list[str]:
        farm = farmland_world.county(world)
        made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
        held = UnitProposal.objects.filter(classification=made).order_by("unit__number")
        return [str(uid) for uid in held.values_list("uid", flat=True)[:2]]

    def more(self, world: Any, count: int) -> None:
        rounds.computed(world, [rounds.judging_world.campaign(world, rounds.ON, media=["soil"])])


class TestTriggers(_Untold):
    """Threads of dynamic adjustment."""

    collection = "class_triggers"

    def fill(self, world: Any) -> list[str]:
        self.change(world, farmland_world.county(world), ("priority_1", "priority_2"))
        return [str(uid) for uid in Trigger.objects.order_by("pk").values_list("uid", flat=True)]

    def change(self, world: Any, farm: Any, names: Sequence[str]) -> None:
        """Other uses of some units, and the threads they make."""
        by = world.actor("agriculture_head")
        self.units = {name: one.pk for name, one in farm.units.items()}
        for name in names:
            recording = Recording(by, world.at, "改种")
            units.change(farm.version(name), {"use": "orchard"}, since=date(2026, 10, 1), recording=recording)
        triggers.look(by=by, at=world.at)

    def more(self, world: Any, count: int) -> None:
        farm = farmland_world.Farm(world)
        farm.units = {name: farmland_world.Unit.objects.get(pk=pk) for name, pk in self.units.items()}
        self.change(world, farm, [f"{row}_{at}" for row in ("safe", "strict") for at in range(1, 7)][:count])


def test_the_public_sees_nothing_that_is_proposed(db: None) -> None:
    for name in ("classifications", "class_proposals", "class_triggers", "class_checks"):
        assert collections()[name].public is None
        assert collections()[name].permission in ("farmland.read_proposals", "farmland.read")
