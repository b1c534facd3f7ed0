"""What lies at a place or in a box, as cards and lists: every one from the scoped rows of a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from django.db.models import QuerySet, Sum
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import NotAllowed
from soildesk.kit import faces_urls
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act
from soildesk.kit.register import Row
from soildesk.maps.layers import MapLayer, Swatch

AT_ONE_PLACE, IN_ONE_BOX, LONGEST_FACTS, MOST_ACTS, COUNTED_TO = 12, 50, 12, 2, 10_000
M2_PER_MU = 2000 / 3


@dataclass(frozen=True)
class Card:
    """One row of a layer, as a person reads it on the map."""

    layer: MapLayer
    row: Row

    @property
    def key(self) -> str:
        """The row's key at every edge."""
        return str(self.row[self.layer.register.key])

    @property
    def title(self) -> str:
        """The name it has on the map, else what its first column says."""
        ground, columns = self.layer.ground, self.layer.register.columns
        named = self.row.get(ground.title) if ground.title in self.layer.drawn_fields else ""
        return str(named or (columns[0].of(self.row) if columns else "") or self.layer.title)

    @property
    def shape(self) -> BaseGeometry | None:
        """Where it lies."""
        shape: BaseGeometry | None = self.row.get(self.layer.ground.field)
        return shape

    @property
    def bounds(self) -> str:
        """West, south, east, north, as the script reads them."""
        return ",".join(f"{side:.7f}" for side in self.shape.bounds) if self.shape else ""

    @property
    def url(self) -> str:
        """The page of the record; empty where it has none."""
        return str(self.row.get("_url", "") or "")

    @cached_property
    def swatch(self) -> Swatch | None:
        """The class it is coloured by."""
        if not self.layer.is_classed:
            return None
        value = self.row.get(self.layer.ground.class_field)
        return next((one for one in self.layer.legend if one.given.value == value), None)

    @property
    def facts(self) -> list[tuple[str, SafeString]]:
        """What its columns say, those that say something; every cell escapes."""
        register = self.layer.register
        shown = [column for column in register.columns if column.shown and column.of(self.row) not in (None, "")]
        return [
            (str(column.title), mark_safe(column.format(column.of(self.row), self.row)))  # noqa: S308
            for column in shown[:LONGEST_FACTS]
        ]

    @cached_property
    def record(self) -> RecordPage:
        """What the room adds: chips, acts, files."""
        register, seen = self.layer.register, self.layer.seen
        if register.record is None or seen.actor is None:
            return RecordPage()
        try:
            return register.record(seen.actor, self.row, seen.on)
        except NotAllowed:
            return RecordPage()

    @property
    def acts(self) -> list[Act]:
        """The first acts that are a page to go to; the others are on the record."""
        open_to = [act for act in self.record.acts if act.url and not (act.post or act.danger or act.stopped_by)]
        return open_to[:MOST_ACTS]


@dataclass(frozen=True)
class Held:
    """What of one layer lies in a box: its first rows, how many there are, and the area of them all."""

    layer: MapLayer
    cards: Sequence[Card]
    count: int
    area_m2: float | None

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED_TO

    @property
    def mu(self) -> float | None:
        """The area in mu."""
        return None if self.area_m2 is None else self.area_m2 / M2_PER_MU

    @property
    def hectares(self) -> float | None:
        """The area in hectares."""
        return None if self.area_m2 is None else self.area_m2 / 10_000


def cards_of(layer: MapLayer, rows: QuerySet, limit: int) -> list[Card]:
    """The first rows as cards."""
    return _finished(layer, list(rows.values(*sorted({*layer.seen.needs(), *layer.drawn_fields, "pk"}))[:limit]))


def card_of(layer: MapLayer, key: str) -> Card | None:
    """The row with this key, whatever the filters of the map; None where the actor sees none."""
    row = layer.seen.row(key, layer.drawn_fields)
    return _finished(layer, [row])[0] if row else None


def _finished(layer: MapLayer, rows: list[Row]) -> list[Card]:
    """Rows with what the register's own list adds to them."""
    register, actor = layer.register, layer.seen.actor
    if register.enrich and actor:
        register.enrich(rows, actor, layer.seen.on)
    for row in rows:
        row["_url"] = register.address(row) if register.address else ""
    return [Card(layer, row) for row in rows]


def at(layers: Sequence[MapLayer], lon: float, lat: float, metres: float) -> list[Card]:
    """Everything under a place, the smallest first; lines and points are met within some metres."""
    spot = shapely.Point(lon, lat)
    found: list[Card] = []
    for layer in layers:
        name = layer.ground.field
        if layer.ground.shape == "polygon":
            rows = layer.rows().filter(**{f"{name}__intersects": spot})
        else:
            rows = layer.rows().filter(**{f"{name}__distance": (spot, metres)})
        found += cards_of(layer, _smallest_first(layer, rows), AT_ONE_PLACE)
    return sorted(found, key=_size)[:AT_ONE_PLACE]


def _size(card: Card) -> float:
    return card.shape.area if card.shape else 0.0


def _smallest_first(layer: MapLayer, rows: QuerySet) -> QuerySet:
    return rows.order_by(layer.ground.area, "pk") if layer.ground.area else rows.order_by("pk")


def inside(layer: MapLayer, shape: BaseGeometry) -> Held:
    """What of a layer meets a shape."""
    rows = layer.rows().filter(**{f"{layer.ground.field}__intersects": shape})
    count = rows.order_by().values("pk")[: COUNTED_TO + 1].count()
    area = None
    if layer.ground.area and count <= COUNTED_TO:
        area = rows.order_by().aggregate(sum=Sum(layer.ground.area))["sum"]
    largest = rows.order_by(f"-{layer.ground.area}", "pk") if layer.ground.area else rows.order_by("pk")
    return Held(layer, cards_of(layer, largest, IN_ONE_BOX), count, area)


def list_url(layer: MapLayer, box: str) -> str:
    """The register's list of the same selection, narrowed to a box."""
    params = layer.params.copy()
    params["bbox"] = box
    return f"{faces_urls.of(layer.seen.declared, 'list')}?{params.urlencode()}"
