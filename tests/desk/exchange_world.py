"""The made-up county of land_world behind its services, built once for all tests of a file; nobody changes it.

The fixture `service` gives it; `service.get("collections/parcels/items", on="2026-06-01")` asks as the officer; `service.public(…)` without a token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from desk import land_world
from desk.conftest import World, made_world
from soildesk.core import clock, tokens

OGC = "/ogc/"


@dataclass
class Service:
    """What stands, and who asks it."""

    world: World
    land: land_world.Land
    secrets: dict[str, str]

    def get(self, path: str, who: str | None = "officer", **params: Any) -> Any:
        """The answer to somebody who holds a token; `f=json` unless another form is asked for."""
        headers = {"Authorization": f"Bearer {self.secrets[who]}"} if who else {}
        asked = {name.replace("_", "-") if name in {"bbox_crs", "filter_lang", "filter_crs"} else name: value
                 for name, value in params.items()}  # fmt: skip
        address = path if path.startswith(("/", "http")) else OGC + path
        return Client().get(address, asked or None, headers=headers)

    def public(self, path: str, **params: Any) -> Any:
        """The answer to anybody."""
        return self.get(path, None, **params)

    def features(self, collection: str, who: str | None = "officer", **params: Any) -> list[dict[str, Any]]:
        """All features of all pages."""
        answer = self.get(f"collections/{collection}/items", who, **params)
        assert answer.status_code == 200, answer.content.decode()
        found = answer.json()
        features = found["features"]
        while following := [each["href"] for each in found["links"] if each["rel"] == "next"]:
            found = self.get(following[0], who).json()
            features += found["features"]
        return features

    def names(self, collection: str, who: str | None = "officer", **params: Any) -> set[str]:
        """The names of the features asked for."""
        return {each["properties"]["name"] for each in self.features(collection, who, **params)}


def served() -> Service:
    """The county and its services."""
    world = made_world()
    land = land_world.county(world)
    return Service(world, land, {who: secret_of(world, who) for who in ("officer", "reader", "stranger")})


def secret_of(world: World, who: str, scope: str = "read") -> str:
    """A token of one of the people."""
    by = world.actor(who)
    return tokens.create(world.people[who], tokens.NewToken(scope=scope), by=by, at=clock.now())[1]
