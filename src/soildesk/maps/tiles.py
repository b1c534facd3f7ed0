"""Vector tiles of a register as somebody sees it: the scoped rows in the box of a tile, written by `mvt`.

Near by, a tile holds every row that may be seen and is asked for. From far away it holds the largest of them, or
some where rows have no area; then it says so in a small layer of its own, `left_out`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
from django.core.cache import cache
from django.db import connections, models
from django.db.models import F, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict

from soildesk.core.geometry import RawWkb, extents
from soildesk.kit import rows
from soildesk.kit.filters import BOX, DateRangeFilter
from soildesk.kit.keyset import model_field
from soildesk.kit.rows import Selection
from soildesk.kit.seen import Seen
from soildesk.maps.layers import EXTENT_KEPT_SECONDS, MapLayer
from soildesk.maps.mvt import encode
from soildesk.maps.tilegrid import bounds_4490

NEAREST = 15
"""The deepest zoom clients ask for; what they show nearer they draw from its tiles."""
NAMES_FROM = 12
"""Below this zoom a tile holds shapes and their class alone."""
MOST = 10_000
"""Features of a tile."""
MANY = 100_000
"""Rows in the box of a tile from which on SQLite walks through all rows by their area until it has enough."""
LEFT_OUT = "left_out"
UNKNOWN = "unknown"
BUFFER = 64
SPREAD, SPREAD_OVER = 2_654_435_761, 2**32  # Knuth's multiplier: neighbouring keys fall far apart


@dataclass(frozen=True)
class Tiles:
    """The tiles of one register, narrowed by what the address asks of it."""

    seen: Seen
    params: QueryDict

    @cached_property
    def layer(self) -> MapLayer:
        """The register as a layer of the map."""
        return MapLayer(self.seen, self.params)

    def known(self) -> set[str]:
        """The parameters that narrow the rows: those of the register's list."""
        names = {BOX, *((rows.SEARCH,) if self.seen.register.search else ())}
        for each in self.seen.register.filters:
            ends = ("_from", "_to") if isinstance(each, DateRangeFilter) else ("",)
            names.update(each.key + end for end in ends)
        return names

    def rows(self) -> QuerySet:
        """The rows that may be seen and are asked for, in no order."""
        seen = self.seen
        return Selection(seen.declared, seen.actor, seen.on, self.params, seen.known_on).filtered().order_by()

    def bounds(self) -> extents.Bounds | None:
        """How far these rows reach; None where there are none. Kept for some minutes: of a million rows it takes seconds."""
        seen = self.seen
        who = (seen.actor.name, [grant.pk for grant in seen.actor.grants]) if seen.actor else None
        told = (self.layer.name, who, seen.on, seen.known_on, sorted(self.params.lists()))
        key = "maps.bounds." + hashlib.sha256(repr(told).encode()).hexdigest()
        kept = cache.get(key, UNKNOWN)
        if kept == UNKNOWN:
            kept = extents.extent(self.rows(), self.layer.ground.field)
            cache.set(key, kept, EXTENT_KEPT_SECONDS)
        return kept  # type: ignore[no-any-return]

    def properties(self, z: int) -> dict[str, Any]:
        """What each feature says at a zoom: names of properties, and where in the query they stand."""
        ground, told = self.layer.ground, self.layer.drawn_fields
        shown = {"class": F(ground.class_field)} if ground.class_field in told else {}
        if z < NAMES_FROM:
            return shown
        shown["key"] = Cast(self.seen.declared.key, models.TextField())
        if ground.title in told:
            shown["title"] = F(ground.title)
        if ground.area and ground.area not in self.seen.hidden_fields:
            shown["area_m2"] = F(ground.area)
        return shown

    def tile(self, z: int, x: int, y: int) -> bytes:
        """One tile; no bytes where nothing lies in it."""
        queryset = self.rows()
        found, more = self._read(queryset, z, bounds_4490(z, x, y, buffer=BUFFER))
        if not found:
            return b""
        ids, wkb, *values = zip(*found, strict=True)
        told = dict(zip(self.properties(z), values, strict=True))
        if "key" in told and self._keys_lack_hyphens(queryset):
            told["key"] = [_with_hyphens(key) for key in told["key"]]
        name = self.layer.name
        made = encode(name, wkb, np.array(ids, np.uint64), told, z=z, x=x, y=y, buffer=BUFFER)
        if not (more or made.dropped):
            return made.data
        return made.data + _left_out({"drawn": made.features, "too_small": made.dropped, "more": more}, z, x, y)

    def _keys_lack_hyphens(self, queryset: QuerySet) -> bool:
        """Whether the keys are UUIDs that the store keeps as digits alone."""
        field = model_field(queryset.model, self.seen.declared.key)
        return isinstance(field, models.UUIDField) and not connections[queryset.db].features.has_native_uuid_field

    def _read(self, queryset: QuerySet, z: int, box: extents.Bounds) -> tuple[list[tuple[Any, ...]], bool]:
        """Key, shape and properties of the rows of a tile in an order that depends on them alone; whether there are more."""
        if z >= NAMES_FROM:
            nearby = queryset.filter(**{f"{self.layer.ground.field}__nearby": shapely.box(*box)})
            found = self._values(nearby[: MOST + 1], z)
            if len(found) <= MOST:
                return sorted(found, key=itemgetter(0)), False
        found = self._values(self._largest(queryset, box)[: MOST + 1], z)
        return found[:MOST], len(found) > MOST

    def _largest(self, queryset: QuerySet, box: extents.Bounds) -> QuerySet:
        """The rows in a box, the largest first: gathered there, or met on a walk through all rows by their area."""
        field, area = self.layer.ground.field, self.layer.ground.area
        if area and extents.is_crowded(queryset.model, field, box, from_rows=MANY):
            # every area is at least 0: said, or SQLite walks another index and sorts all it meets
            found = queryset.filter(**{f"{field}__each_nearby": shapely.box(*box), f"{area}__gte": 0})
        else:
            found = queryset.filter(**{f"{field}__nearby": shapely.box(*box)})
        return found.order_by(*self._order())

    def _order(self) -> list[Any]:
        """The largest first; what has no area is spread as evenly as the rows themselves lie."""
        spread = (F("pk") * SPREAD) % SPREAD_OVER
        area = self.layer.ground.area
        return [*([f"-{area}"] if area else []), spread, "pk"]

    def _values(self, queryset: QuerySet, z: int) -> list[tuple[Any, ...]]:
        told = {f"tile_{name}": value for name, value in self.properties(z).items()}
        return list(
            queryset.annotate(tile_wkb=RawWkb(self.layer.ground.field), **told).values_list("pk", "tile_wkb", *told)
        )


def _with_hyphens(digits: str) -> str:
    """A UUID as it stands at every edge."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _left_out(told: Mapping[str, Any], z: int, x: int, y: int) -> bytes:
    """A layer of one point that says that not everything is drawn."""
    west, south, east, north = bounds_4490(z, x, y)
    middle = shapely.to_wkb(shapely.Point((west + east) / 2, (south + north) / 2))
    return encode(LEFT_OUT, [middle], None, {name: [value] for name, value in told.items()}, z=z, x=x, y=y).data
