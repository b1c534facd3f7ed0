"""The county the tests of land stand on is made by services, and shows what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from land_world import SINCE, county

from soildesk.core import audit
from soildesk.kit import keyset
from soildesk.land.queries import standing
from soildesk.land.register import PARCELS

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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite says how it reads a table of few rows")
@pytest.mark.parametrize("falling", [False, True])
def test_every_column_parcels_are_sorted_by_has_an_index(world: Any, falling: bool) -> None:
    """No list of parcels is sorted anew for a page: it is read in the order of an index, from the page's first row on."""
    county(world)
    rows = standing.parcels(world.actor("officer"), date(2026, 11, 20))
    sortable = {column.key: column.sort for column in PARCELS.columns if column.sort}
    assert {"number", "name", "code", "use_now", "use_planned", "area_m2"} == set(sortable)
    for path in sortable.values():
        keys = keyset.keys_of([path], falling)
        page = rows.order_by(*map(str, keys)).values(*{key.name for key in keys})
        place = keyset.place_of(page[1], keys, 2)
        read = keyset.beyond(page, place, keys)[:101].explain()
        assert "FOR ORDER BY" not in read, f"{path}: {read}"
        assert "<?" in read or ">?" in read, f"{path} is read from its first row: {read}"
        assert list(keyset.beyond(page, place, keys)) == list(page)[2:]
