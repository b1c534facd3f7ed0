"""Where names stand on the map: one place inside what is seen of each row, the largest rows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from soildesk.maps.layers import Bounds, MapLayer

MOST = 300
Shapes = NDArray[Any]


def name_places(shapes: Shapes, box: Bounds) -> Shapes:
    """A point inside the largest part of each shape within `box`; None where nothing of it is there."""
    seen = shapely.clip_by_rect(shapely.make_valid(shapes), *box)
    parts, owner = shapely.get_parts(seen, return_index=True)
    size = np.where(shapely.get_dimensions(parts) == 2, shapely.area(parts), shapely.length(parts))
    places = np.full(len(shapes), None, dtype=object)
    order = np.lexsort((size, owner))  # the largest part of each owner comes last and stays
    places[owner[order]] = parts[order]
    held = ~shapely.is_missing(places)
    places[held] = shapely.point_on_surface(places[held])
    return places


def labels(layers: Sequence[MapLayer], box: Bounds) -> dict[str, Any]:
    """The names of what lies in a box, as GeoJSON points; layers above come first."""
    features = [feature for layer in layers for feature in _of(layer, box)]
    return {"type": "FeatureCollection", "features": features}


def _of(layer: MapLayer, box: Bounds) -> list[dict[str, Any]]:
    ground = layer.ground
    if ground.title not in layer.drawn_fields:
        return []
    rows = layer.rows().filter(**{f"{ground.field}__bbox": shapely.box(*box)})
    rows = rows.order_by(f"-{ground.area}", "pk") if ground.area else rows.order_by("pk")
    found = [(shape, title) for shape, title in rows.values_list(ground.field, ground.title)[:MOST] if title]
    if not found:
        return []
    places = name_places(np.array([shape for shape, _title in found], dtype=object), box)
    return [
        _feature(place, str(title), layer.name)
        for place, (_shape, title) in zip(places, found, strict=True)
        if place is not None and not place.is_empty
    ]


def _feature(place: Any, title: str, layer: str) -> dict[str, Any]:
    at = [round(place.x, 7), round(place.y, 7)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": at},
        "properties": {"title": title, "layer": layer},
    }
