"""A small county for the tests of land: towns, parcels side by side, layers, unused land; all made by services.

    ground = land_world.county(world)
    ground.parcels["a"], ground.layers["red_line"], ground.unused["sand"]

`square(east, north)` is the square of that place in a grid of 200 m around 柏庄镇.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.land.models import Layer, LayerEdition, ParcelVersion, UnusedLandVersion
from soildesk.land.services import layers, parcels, unused
from soildesk.land.services.writing import Place

SINCE = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
WEST, SOUTH = 114.30, 34.70
STEP_X, STEP_Y = 0.00218, 0.0018  # about 200 m each way at 34.7°


@dataclass
class Land:
    """What stands: parcels a, b, c in a row with d north of a; e of the other district; three layers; unused land."""

    parcels: dict[str, ParcelVersion] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    unused: dict[str, UnusedLandVersion] = field(default_factory=dict)


def square(east: float, north: float, width: float = 1, height: float = 1) -> BaseGeometry:
    """A rectangle of the grid, sides in steps of about 200 m."""
    west, south = WEST + east * STEP_X, SOUTH + north * STEP_Y
    return shapely.box(west, south, west + width * STEP_X, south + height * STEP_Y)


def place(world: Any, town: str = "柏庄镇", keeper: str = "ecology") -> Place:
    """A town of the district, kept by one of its departments."""
    return Place(world.towns[town].division, world.departments[keeper])


def parcel(world: Any, shape: BaseGeometry, *, since: date = SINCE, at: datetime = AT, **facts: Any) -> ParcelVersion:
    """One parcel of the district, registered by its officer."""
    said = {"geometry": shape, "kind": "plot", **facts}
    return parcels.register(said, place(world), since=since, by=world.actor("officer"), at=at)


def layer(
    world: Any,
    code: str,
    kind: str,
    zones: Sequence[Mapping[str, Any]],
    *,
    since: date = SINCE,
    at: datetime = AT,
    published: bool = False,
    class_attribute: str = "",
) -> Layer:
    """A layer of the district with one accepted edition."""
    by = world.actor("officer")
    facts = layers.LayerFacts(code, f"示例{Layer.Kind(kind).label}", kind, "云泽市人民政府", class_attribute)
    made = layers.make(facts, Place(world.district, world.departments["ecology"]), by=by, at=at)
    edition(world, made, zones, since=since, at=at, published=published)
    return made


def edition(
    world: Any,
    of: Layer,
    zones: Sequence[Mapping[str, Any]],
    *,
    since: date = SINCE,
    at: datetime = AT,
    published: bool = False,
) -> LayerEdition:
    """An accepted edition of a layer."""
    by = world.actor("officer")
    names = sorted({name for zone in zones for name in zone.get("attributes", {})})
    facts = layers.EditionFacts(since, "示例版本", "云政〔2026〕1号", [{"name": name} for name in names])
    made = layers.start_edition(of, facts, by=by, at=at)
    layers.add_zones(made, zones)
    made = layers.accept(made, by=by, at=at)
    return layers.publish(made, by=world.actor("issuer"), at=at) if published else made


def waste(world: Any, shape: BaseGeometry, name: str, *, since: date = SINCE, **facts: Any) -> UnusedLandVersion:
    """A piece of unused land, kept and patrolled by 柏庄镇."""
    said = {"name": name, "kind": "sand", "geometry": shape, "keeper": world.towns["柏庄镇"], **facts}
    return unused.register(said, place(world), since=since, by=world.actor("officer"), at=AT)


def county(world: Any) -> Land:
    """The whole of it."""
    made = Land()
    uses = {"use_system": "guide2023"}
    made.parcels = {
        "a": parcel(world, square(0, 0), name="原农药厂", code="DK-A", use_now="1001", use_planned="0701", holder="青禾农化有限公司", holder_kind="organisation", **uses),
        "b": parcel(world, square(1, 0), name="粮库", code="DK-B", use_now="1101", **uses),
        "c": parcel(world, square(2, 0), name="柏庄小学预留地", code="DK-C", use_now="0103", use_planned="080403", holder="王某", holder_kind="person", **uses),
        "d": parcel(world, square(0, 1), name="北侧空地", code="DK-D", **uses),
    }  # fmt: skip
    made.parcels["e"] = parcels.register(
        {"geometry": square(10, 10), "kind": "plot", "name": "赤岩一号"},
        Place(world.other, world.departments["other_ecology"]),
        since=SINCE,
        by=world.actor("stranger"),
        at=AT,
    )
    made.layers = {
        "red_line": layer(world, "red_line", "red_line", [{"code": "H1", "name": "东山红线", "geometry": square(0, 0, 0.5)}]),
        "water": layer(
            world, "water", "water_source", published=True, class_attribute="级别",
            zones=[
                {"code": "S1", "name": "一级保护区", "geometry": square(2, 0, 0.25), "attributes": {"级别": "一级"}},
                {"code": "S2", "name": "二级保护区", "geometry": square(2.25, 0), "attributes": {"级别": "二级"}},
            ],
        ),
        "planning": layer(
            world, "planning", "planning", class_attribute="YDDM",
            zones=[{"code": "G1", "name": "小学", "geometry": square(2, 0), "attributes": {"YDDM": "A33"}}],
        ),
    }  # fmt: skip
    made.unused = {
        "sand": waste(world, square(4, 0), "东河滩地", code="WL-1", is_reserve=True),
        "salt": waste(world, square(5, 0, 2), "北洼盐碱地", code="WL-2", kind="saline", patrol_every_months=12),
    }
    return made
