"""The layers of the map: every register with a ground that the actor may see, with its legend and its filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from soildesk.core.geometry import extents
from soildesk.core.permissions import Actor
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import Filter
from soildesk.kit.register import Register
from soildesk.kit.rows import Selection
from soildesk.kit.seen import Seen, all_seen

HATCHES = ("none", "rising", "falling", "dots", "level", "cross", "upright")
"""How fills differ beside their colour, so that a legend is read without seeing colours."""
OUTLINE = "outline"
"""The hatch of what is drawn by its edge alone."""
EXTENT_KEPT_SECONDS = 300
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Swatch:
    """One line of a legend: the class and the hatch it is drawn with."""

    given: LegendClass
    hatch: str

    @property
    def line(self) -> str:
        """The colour of the outline: the fill's, darkened, where the layer names none."""
        return self.given.line or darker(self.given.color)

    @property
    def value(self) -> str:
        """The class as the tiles say it."""
        return str(self.given.value)

    def as_json(self) -> dict[str, Any]:
        """For the script."""
        return {
            "value": self.value,
            "title": str(self.given.title),
            "color": self.given.color,
            "line": self.line,
            "hatch": self.hatch,
        }


@dataclass(frozen=True)
class MapLayer:
    """One register on the map, narrowed by what the address asks of it. `number` is its place among the layers."""

    seen: Seen
    params: QueryDict = field(default_factory=QueryDict)
    number: int = 0

    @property
    def name(self) -> str:
        """The collection's name, at every edge the same."""
        return self.seen.declared.collection

    @property
    def register(self) -> Register:
        """The register as the actor sees it."""
        return self.seen.register

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.register.title)

    @property
    def ground(self) -> Ground:
        """Where its rows lie."""
        ground = self.seen.declared.ground
        assert ground is not None
        return ground

    @property
    def group(self) -> str:
        """The heading it stands under: registers kept here, or boundaries other bodies decide."""
        return _("边界与分区") if self.is_boundary else _("登记台账")

    @property
    def is_boundary(self) -> bool:
        """Whether another body decides where its rows lie."""
        return self.seen.declared.name.startswith("land.zones.")

    @cached_property
    def drawn_fields(self) -> frozenset[str]:
        """The fields the map reads beside the columns, without those that only hidden columns show."""
        seen, ground = self.seen, self.ground
        hidden = {name for column in seen.declared.columns if column.key in seen.closed for name in column.needs()}
        return frozenset({ground.field, ground.title, ground.class_field} - (hidden - set(seen.needs())) - {""})

    @property
    def is_classed(self) -> bool:
        """Whether the map colours by a class the actor may see."""
        return bool(self.ground.classes) and self.ground.class_field in self.drawn_fields

    @cached_property
    def legend(self) -> list[Swatch]:
        """One line a class; without classes one line for all."""
        if self.is_classed:
            return [Swatch(one, HATCHES[index % len(HATCHES)]) for index, one in enumerate(self.ground.classes)]
        hatch = OUTLINE if self.ground.outline else HATCHES[self.number % len(HATCHES)]
        return [Swatch(LegendClass("", self.title, self.ground.color), hatch)]

    @cached_property
    def selection(self) -> Selection:
        """The rows asked for, as the register's list would give them."""
        actor = self.seen.actor
        assert actor is not None
        return Selection(self.seen.declared, actor, self.seen.on, self.params)

    def rows(self) -> QuerySet:
        """The rows that may be seen and are asked for."""
        return self.selection.filtered()

    @property
    def filters(self) -> list[tuple[Filter, list[tuple[str, str]], list[str]]]:
        """Its filters with their options and what is chosen."""
        scope = self.selection.scope
        return [(each, each.options(scope), each.chosen(self.params)) for each in self.register.filters]

    @property
    def tiles(self) -> str:
        """The address of its tiles, without what narrows them."""
        return f"{get_script_prefix()}tiles/{self.name}/{{z}}/{{x}}/{{y}}.mvt"

    def as_json(self) -> dict[str, Any]:
        """What the script must know to draw it."""
        return {
            "id": self.name,
            "title": self.title,
            "group": self.group,
            "shape": self.ground.shape,
            "classed": self.is_classed,
            "legend": [swatch.as_json() for swatch in self.legend],
            "tiles": self.tiles,
            "params": self.params.urlencode(),
        }


def darker(color: str) -> str:
    """A colour for outlines on pale ground: half of the way to black.

    >>> darker("#ffee99")
    '#8c8254'
    """
    shares = (int(color[start : start + 2], 16) * 0.55 for start in (1, 3, 5))
    return "#" + "".join(f"{int(share):02x}" for share in shares)


def params_of(asked: QueryDict, name: str) -> QueryDict:
    """What of an address narrows one layer: `parcels.kind=lot` is `kind=lot` of parcels."""
    given = QueryDict(mutable=True)
    for key, values in asked.lists():
        layer, dot, parameter = key.partition(".")
        if dot and layer == name:
            given.setlist(parameter, values)
    return given


def layers_of(actor: Actor | None, on: date, asked: QueryDict) -> list[MapLayer]:
    """Every layer of the map for an actor, boundaries after the registers."""
    grounded = [seen for seen in all_seen(actor, on) if seen.declared.ground]
    grounded.sort(key=lambda seen: seen.declared.name.startswith("land.zones."))
    return [MapLayer(seen, params_of(asked, seen.declared.collection), index) for index, seen in enumerate(grounded)]


def shown_of(layers: Iterable[MapLayer], asked: QueryDict) -> list[MapLayer]:
    """The layers switched on by the address, uppermost first: `layers=parcels,red-line:60`.

    An address that names none shows all, boundaries over the registers.
    """
    if "layers" not in asked:
        return sorted(layers, key=lambda layer: not layer.is_boundary)
    by_name = {layer.name: layer for layer in layers}
    names = [part.split(":")[0] for part in asked.get("layers", "").split(",") if part]
    return [by_name[name] for name in dict.fromkeys(names) if name in by_name]


def extent_of(layers: Sequence[MapLayer]) -> Bounds | None:
    """Where the rows of some layers lie; None without rows."""
    found = [bounds for layer in layers if (bounds := _extent(layer))]
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def _extent(layer: MapLayer) -> Bounds | None:
    actor = layer.seen.actor
    grants = sorted(grant.pk for grant in actor.grants) if actor else []
    key = f"maps.extent.{layer.name}.{layer.seen.on}.{hash((tuple(grants), layer.params.urlencode()))}"
    kept: Bounds | str | None = cache.get(key, "")
    if kept == "":
        kept = extents.extent(layer.rows().order_by(), layer.ground.field)
        cache.set(key, kept, EXTENT_KEPT_SECONDS)
    return kept if isinstance(kept, tuple) else None
