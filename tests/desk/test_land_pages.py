"""The pages of land that kit cannot make: what an act comes to is shown before it is done; layers, patrols, ground."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from land_world import county, square

pytestmark = pytest.mark.django_db
TODAY = "2026-11-20"
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", TODAY)


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return county(world)


def client_of(world: Any, name: str) -> Client:
    """A logged-in browser."""
    client = Client()
    client.force_login(world.people[name])
    return client


def line(*points: tuple[float, float]) -> str:
    """A cutting line as text, from places of the grid."""
    corners = [square(east, north).bounds[:2] for east, north in points]
    return "\n".join(f"{x}, {y}" for x, y in corners)


def test_every_page_opens_for_the_officer(world: Any, land: Any) -> None:
    client = client_of(world, "officer")
    a, sand = land.parcels["a"].parcel.uid, land.unused["sand"].land.uid
    addresses = [
        reverse("kit:collection", args=["parcels"]),
        reverse("kit:collection", args=["unused_land"]),
        reverse("kit:collection", args=["patrols"]),
        reverse("kit:collection", args=["water"]),
        reverse("kit:record", args=["parcels", str(a)]),
        reverse("kit:record", args=["unused_land", str(sand)]),
        reverse("land:split", args=[a]),
        f"{reverse('land:merge')}?parcel={a}",
        f"{reverse('land:boundary')}?parcel={a}",
        reverse("land:code", args=[a]),
        reverse("land:end_parcel", args=[a]),
        reverse("land:end_unused", args=[sand]),
        reverse("land:layers"),
        reverse("land:layer_new"),
        reverse("land:layer", args=["planning"]),
        reverse("land:layer_describe", args=["planning"]),
        reverse("land:ground"),
        f"{reverse('land:ground')}?parcel={a}",
        reverse("land:patrol"),
        reverse("land:patrol_of", args=[sand]),
    ]
    for address in addresses:
        assert client.get(address).status_code == 200, address
