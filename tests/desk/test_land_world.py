"""The county the tests of land stand on is made by services, and shows what it says."""

from __future__ import annotations

from typing import Any

import pytest
from land_world import SINCE, county

from soildesk.core import audit
from soildesk.land.queries import standing

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def test_everything_stands_and_the_chain_holds(world: Any) -> None:
    land = county(world)
    officer, stranger = world.actor("officer"), world.actor("stranger")
    assert standing.parcels(officer, SINCE).count() == 4
    assert [row.parcel.number for row in standing.parcels(stranger, SINCE)] == [land.parcels["e"].parcel.number]
    assert standing.unused_land(officer, SINCE).count() == 2
    assert {layer.code for layer in standing.layers(officer)} == {"red_line", "water", "planning"}
    assert standing.layers(stranger) == []
    assert audit.verify().ok


def test_the_numbers_are_the_places_own(world: Any) -> None:
    land = county(world)
    assert land.parcels["a"].parcel.number == "DK-990101-2026-00001"
    assert land.parcels["e"].parcel.number == "DK-990102-2026-00001"
    assert land.unused["salt"].land.number == "WL-990101-2026-00002"
