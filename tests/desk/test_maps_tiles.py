"""Tiles of a register: the rows of its list and no others, whoever asks, for any day; their address and description."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import transaction
from django.test import override_settings

from desk import exchange_world, land_world
from desk.exchange_world import Service
from soildesk.maps import tiles
from soildesk.maps.tilegrid import covering

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("db")]
COUNTY = (114.29, 34.69, 114.36, 34.76)


@pytest.fixture(scope="module")
def service(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Service]:
    """The county, built once."""
    home = tmp_path_factory.mktemp("tiles")
    own = {"HOME": home, "MEDIA_ROOT": home / "attachments", "EXPORT_ROOT": home / "exports",
           "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}  # fmt: skip
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        yield exchange_world.served()
        transaction.set_rollback(True)


def fetched(service: Service, layer: str, z: int, who: str | None = "officer", **params: Any) -> list[bytes]:
    """Every tile over the county at a zoom."""
    found = []
    for x, y in covering(COUNTY, z):
        answer = service.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt", who, **params)
        assert answer.status_code == 200, answer.content.decode()
        found.append(answer.content)
    return found


def named(service: Service, layer: str, who: str | None = "officer", z: int = 14, **params: Any) -> set[str]:
    """The titles of all features in the tiles."""
    return {
        feature["properties"].get("title", "")
        for data in fetched(service, layer, z, who, **params)
        for feature in mapbox_vector_tile.decode(data).get(layer, {"features": []})["features"]
    }


def test_a_tile(service: Service) -> None:
    assert named(service, "parcels") == {"原农药厂", "粮库", "柏庄小学预留地", "北侧空地"}
