"""What a hostile reader, paper or program sends about ground: refused in words, never a fault, never told too much."""

from __future__ import annotations

from typing import Any

import land_world
import pytest
from django.test import Client
from django.urls import reverse

from soildesk.core import clock, tokens

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's day is the world's."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def land(world: Any) -> Any:
    """The county."""
    return land_world.county(world)


def client_of(world: Any, name: str) -> Client:
    """A logged-in browser."""
    client = Client()
    client.force_login(world.people[name])
    return client


def bearer(world: Any, name: str, scope: str = "read") -> dict[str, str]:
    """The headers of somebody's program."""
    made = tokens.create(world.people[name], tokens.NewToken(scope=scope), by=world.actor(name), at=clock.now())
    return {"Authorization": f"Bearer {made[1]}"}


DEEP = 500
"""Deep enough to be no ground, not so deep that the process dies where nobody looks."""
WKT_DEEP = "GEOMETRYCOLLECTION(" * DEEP + "POINT(114 34)" + ")" * DEEP
JSON_DEEP = (
    '{"type":"GeometryCollection","geometries":[' * DEEP + '{"type":"Point","coordinates":[114,34]}' + "]}" * DEEP
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WKT_DEEP, "套得太深"),
        (JSON_DEEP, "套得太深"),
        ('{"type":"Polygon","coordinates":' + "[" * 9000 + "]" * 9000 + "}", "套得太深"),
        ("CIRCULARSTRING(114 34,115 35,116 34)", "读不出图形"),
        ("LINESTRING(nan 34.7005,115 34.7005)", "不是数"),
        ("POLYGON((114 34,inf 35,115 34,114 34))", "不是数"),
    ],
)
def test_ground_nobody_could_have_drawn_is_refused(world: Any, land: Any, text: str, told: str) -> None:
    """GEOS descends into brackets with the process's own stack, and breaks off at what is no number."""
    client = client_of(world, "officer")
    split = reverse("land:split", args=[land.parcels["a"].parcel.uid])
    asked = {"ground": text, "crs": "", "way": "line", "step": "plan"}
    for address in (reverse("land:ground"), split):
        answer = client.post(address, asked)
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_what_is_drawn_is_not_read_deeper_than_shapes_go(world: Any) -> None:
    """The map's own measuring reads what a browser sends."""
    answer = client_of(world, "reader").post(reverse("maps:measure"), JSON_DEEP, content_type="application/json")
    assert "套得太深" in answer.json()["refused"]
    big = '{"type":"LineString","coordinates":[' + "[114,34]," * 300_000 + "[1,1]]}"
    answer = client_of(world, "reader").post(reverse("maps:measure"), big, content_type="application/json")
    assert "1 MB" in answer.json()["refused"]
