"""Where an actor's place ends, read from a layer of divisions: imports ask whether their rows lie in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import shapely

from soildesk.core.permissions import Actor, place_of
from soildesk.kit.gis import places
from soildesk.kit.gis.places import Boundary
from soildesk.land.models import Layer
from soildesk.land.queries import standing


@places.provide
def boundary(actor: Actor, on: date) -> Boundary | None:
    """The ground of the actor's division: its own zone, or those of the divisions below it.

    Of a day before the layer begins it is that of the actor's own day: bounds of a later day are better than none.
    """
    return _boundary(actor, on) or _boundary(actor, actor.today)


def _boundary(actor: Actor, on: date) -> Boundary | None:
    code = place_of(actor.person).rstrip("/").rpartition("/")[2]
    if not code:
        return None
    for layer in standing.layers(actor):
        if layer.kind == Layer.Kind.DIVISION:
            rows = standing.zones(layer, actor, on)
            own = rows.filter(code=code) if rows.filter(code=code).exists() else rows.filter(code__startswith=code)
            shapes = [zone.geometry for zone in own.only("geometry")]
            if shapes:
                return Boundary(shapely.union_all(shapes), layer.code, _namer(layer, actor, on))
    return None


def _namer(layer: Layer, actor: Actor, on: date) -> Callable[[float, float], str | None]:
    def name(x: float, y: float) -> str | None:
        found = standing.zones(layer, actor, on).filter(geometry__intersects=shapely.Point(x, y)).first()
        return found.name if found else None

    return name
