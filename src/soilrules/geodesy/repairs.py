"""Repair of one geometry, on request: what was done is told, what it was before is kept, what would change it is refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from soilrules.geodesy.limits import Limits
from soilrules.geodesy.measure import area_m2
from soilrules.geodesy.outlines import outline
from soilrules.geodesy.vertices import spikes
from soilrules.messages import Message

MOST_SHARE = 0.001
TURNED = ("flipped", "wrong_hemisphere")
REBUILT = ("self_crossing", "overlapping_parts", "hole_outside")
REPAIRABLE = (*TURNED, "duplicate_vertices", "spike", *REBUILT)


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair; where it is `refused`, `after` is `before` and nothing was done."""

    before: Any
    after: Any
    done: tuple[Message, ...]
    area_before_m2: float
    area_after_m2: float
    refused: Message | None = None


def repair(
    geom: Any, codes: Collection[str], *, limits: Limits | None = None, most_share: float = MOST_SHARE
) -> Repair:
    """`geom` without the faults of `codes`, as far as its area stays what it was but for `most_share`.

    Exchanged or mirrored coordinates are turned first; the area is compared with that of the turned geometry.
    """
    limits = limits or Limits()
    if others := sorted(set(codes) - set(REPAIRABLE)):
        return _refused(geom, _message("not_repairable", code=", ".join(others)))
    turned, done = _turned(geom, codes)
    after, more = _mended(turned, codes, limits)
    before_m2, after_m2 = _area(turned), _area(after)
    if after.is_empty:
        return _refused(geom, _message("nothing_left"))
    if abs(after_m2 - before_m2) > most_share * before_m2:
        share = 100 * abs(after_m2 - before_m2) / before_m2 if before_m2 else 100.0
        params = {"before": f"{before_m2:.2f}", "after": f"{after_m2:.2f}", "percent": f"{share:.2f}"}
        return _refused(geom, _message("area_changes", **params, limit=f"{100 * most_share:g}"))
    return Repair(geom, after, (*done, *more), before_m2, after_m2)


def _message(message_id: str, **params: str) -> Message:
    return Message("geodesy", "repairs", message_id, params)


def _refused(geom: Any, why: Message) -> Repair:
    area = _area(geom)
    return Repair(geom, geom, (), area, area, why)


def _area(geom: Any) -> float:
    return float(area_m2(np.array([geom], dtype=object))[0])


def _turned(geom: Any, codes: Collection[str]) -> tuple[Any, list[Message]]:
    """Coordinates put where they belong."""
    if "flipped" in codes:
        geom = shapely.transform(geom, lambda xy: xy[:, ::-1])
    if "wrong_hemisphere" in codes:
        geom = shapely.transform(geom, np.abs)
    return geom, [_message(code) for code in TURNED if code in codes]


def _mended(geom: Any, codes: Collection[str], limits: Limits) -> tuple[Any, list[Message]]:
    """Vertices taken out, and a valid polygon made of what is left."""
    done: list[Message] = []
    if "duplicate_vertices" in codes:
        fewer = shapely.remove_repeated_points(geom, limits.same_vertex_deg)
        count = shapely.get_num_coordinates(geom) - shapely.get_num_coordinates(fewer)
        geom, done = fewer, [_message("duplicate_vertices", count=str(count))]
    if "spike" in codes:
        geom, count = _without_spikes(geom, limits)
        done.append(_message("spike", count=str(count)))
    if set(REBUILT) & set(codes):
        geom = shapely.make_valid(geom, method="structure", keep_collapsed=False)
        done.append(_message("made_valid"))
    return geom, done


def _without_spikes(geom: Any, limits: Limits) -> tuple[Any, int]:
    """Spikes cut off, until none is left: below a tip there may be another."""
    count = 0
    while True:
        places = spikes(outline(np.array([geom], dtype=object)), limits.spike_degrees, limits.spike_least_m).places
        if not len(places):
            return geom, count
        count += len(places)
        geom = _without(geom, places)


def _without(geom: Any, places: NDArray[np.float64]) -> Any:
    """The polygons without the vertices at `places`; a ring of too few vertices goes with them."""
    kept = []
    for part in shapely.get_parts(geom):
        shell, *holes = (_ring(ring, places) for ring in (part.exterior, *part.interiors))
        if shell is not None:
            kept.append(shapely.Polygon(shell, [hole for hole in holes if hole is not None]))
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _ring(ring: Any, places: NDArray[np.float64]) -> NDArray[np.float64] | None:
    vertices = shapely.get_coordinates(ring)[:-1]
    kept = vertices[~(vertices[:, None, :] == places[None, :, :]).all(axis=2).any(axis=1)]
    return kept if len(kept) >= 3 else None
