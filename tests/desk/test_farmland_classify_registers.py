"""The lists of proposals, classifications and threads of adjustment keep the promises of every register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from django.urls import reverse
from register_promises import RegisterPromises

from desk import farmclass_world as rounds
from desk import farmland_world
from soildesk.core.versions import Recording
from soildesk.farmland.models import Trigger, UnitProposal
from soildesk.farmland.services import triggers, units
from soildesk.kit.register import collections
from soildesk.maps.tilegrid import covering

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


@pytest.mark.store
def test_reviewers_alone_have_proposals_on_the_map(world: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", world.day.isoformat())
    farm = farmland_world.county(world)
    made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
    west, _south, east, _north = farm.version("safe_1").geometry.bounds
    middle = farm.version("safe_1").geometry.centroid
    spot = {"layers": "class_proposals", "lon": str(middle.x), "lat": str(middle.y), "metres": "1"}
    z, ((x, y),) = 14, covering(middle.bounds, 14)
    for who, sees in (("agriculture_head", True), ("officer", True), ("grain", False), ("town", False)):
        client = Client()
        client.force_login(world.people[who])
        setup = client.get(reverse("maps:setup"), {"layers": "class_proposals"}).json()
        layers = {one["id"]: one for one in setup["layers"]}
        assert ("class_proposals" in layers) is sees, who
        tile = client.get(f"/tiles/class_proposals/{z}/{x}/{y}.mvt")
        assert tile.status_code == (200 if sees else 404), who
        said = client.get(reverse("maps:at"), spot).content.decode()
        assert ("柏庄镇safe_1" in said) is sees, who
        if sees:
            assert setup["extent"][0] <= west and setup["extent"][2] >= east
            assert {one["value"] for one in layers["class_proposals"]["legend"]} == {
                "",
                "priority",
                "safe_use",
                "strict",
            }
            drawn = mapbox_vector_tile.decode(tile.content)["class_proposals"]["features"]
            assert "safe_use" in {one["properties"]["class"] for one in drawn}
    page = Client()
    page.force_login(world.people["grain"])
    refused = page.get(reverse("kit:collection", args=["class_proposals"]))
    assert (refused.status_code, made.title in refused.content.decode()) == (403, False)
