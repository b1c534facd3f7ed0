"""Faults of shape: rings, spikes, slivers, sizes, doubles and overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from soilrules.geodesy.limits import Limits
from soilrules.geodesy.measure import area_m2, edge_metres, part_areas
from soilrules.geodesy.outlines import Bools, Floats, Geometries, Indices, Outline
from soilrules.geodesy.taxonomy import Fault, fault
from soilrules.geodesy.vertices import repeated, spikes

# What GEOS says of an invalid polygon, and the code it has here; all else is a boundary that crosses itself.
REASONS = {
    "Too few points": "invalid_ring",
    "Ring is not closed": "invalid_ring",
    "Hole lies outside shell": "hole_outside",
    "Holes are nested": "hole_outside",
    "Nested shells": "overlapping_parts",
}
PLACE = re.compile(r"\[(\S+) (\S+)\]")
MOST_M2_PER_SQUARE_DEGREE = 112_000.0**2


def _at(place: Any) -> dict[str, str]:
    return {"x": f"{place[0]:.6f}", "y": f"{place[1]:.6f}"}


def crossed(geoms: Geometries, sound: Bools) -> Iterator[Fault]:
    """Polygons that are not valid; sound no more, since their area is anybody's guess."""
    rows = np.flatnonzero(sound)
    for index in rows[~shapely.is_valid(geoms[rows])].tolist():
        sound[index] = False
        reason = str(shapely.is_valid_reason(geoms[index]))
        found = PLACE.search(reason)
        place = (float(found[1]), float(found[2])) if found else None
        code = next((code for words, code in REASONS.items() if reason.startswith(words)), "self_crossing")
        if code == "self_crossing" and shapely.is_valid(shapely.get_parts(geoms[index])).all():
            code = "overlapping_parts"
        yield fault(index, code, _at(place or (0.0, 0.0)), place)


def sized(drawn: Outline, rows: Indices, limits: Limits) -> Iterator[Fault]:
    """Polygons too small, too large or too thin to be meant."""
    areas = part_areas(drawn)
    sums = drawn.per_geometry(areas)
    for row in np.flatnonzero(sums < limits.tiny_m2).tolist():
        yield fault(int(rows[row]), "tiny_area", {"area": f"{sums[row]:.3f}", "limit": f"{limits.tiny_m2:g}"})
    for row in np.flatnonzero(sums > limits.huge_m2).tolist():
        params = {"area": f"{sums[row] / 1e6:.1f}", "limit": f"{limits.huge_m2 / 1e6:g}"}
        yield fault(int(rows[row]), "huge_area", params)
    widths, thin = _thin(drawn, areas, limits)
    # One word for a geometry, however many of its parts are thin: np.unique keeps the first.
    owners, first = np.unique(drawn.part_owner[thin], return_index=True)
    for row, part in zip(owners.tolist(), thin[first].tolist(), strict=True):
        point = shapely.point_on_surface(drawn.parts[part])
        params = {"width": f"{widths[part]:.3f}", "area": f"{areas[part]:.2f}"}
        yield fault(int(rows[row]), "sliver", params, (point.x, point.y))


def _thin(drawn: Outline, areas: Floats, limits: Limits) -> tuple[Floats, Indices]:
    """Mean width of each part, and which are slivers: both narrow and long for their area."""
    metres = drawn.per_part(drawn.per_line(edge_metres(drawn.start, drawn.end)))
    perimeters = np.maximum(metres, 1e-9)
    widths = 2 * areas / perimeters
    compactness = 4 * np.pi * areas / perimeters**2
    return widths, np.flatnonzero((widths < limits.sliver_width_m) & (compactness < limits.sliver_compactness))


def spiked(drawn: Outline, rows: Indices, limits: Limits) -> Iterator[Fault]:
    """Vertices where the boundary runs out and straight back."""
    found = spikes(drawn, limits.spike_degrees, limits.spike_least_m)
    for owner, place, angle in zip(found.owner.tolist(), found.places.tolist(), found.sizes.tolist(), strict=True):
        yield fault(int(rows[owner]), "spike", {**_at(place), "degrees": f"{angle:.2f}"}, (place[0], place[1]))


def long_winded(drawn: Outline, rows: Indices, limits: Limits) -> Iterator[Fault]:
    """Lines and polygons with repeated vertices, or with too many."""
    counts = np.bincount(drawn.owner(drawn.vertex_line), minlength=drawn.count)
    for row in np.flatnonzero(counts > limits.vertices).tolist():
        params = {"count": str(counts[row]), "limit": str(limits.vertices)}
        yield fault(int(rows[row]), "too_many_vertices", params)
    found = repeated(drawn, limits.same_vertex_deg)
    owners, first, times = np.unique(found.owner, return_index=True, return_counts=True)
    for owner, place, count in zip(owners.tolist(), found.places[first].tolist(), times.tolist(), strict=True):
        yield fault(int(rows[owner]), "duplicate_vertices", {**_at(place), "count": str(count)}, (place[0], place[1]))


def doubled(geoms: Geometries, sound: Bools) -> Iterator[Fault]:
    """Geometries equal to an earlier one; only those with equal bounds are looked at closely."""
    rows = np.flatnonzero(sound)
    keys = np.column_stack([np.round(shapely.bounds(geoms[rows]), 9), shapely.get_num_coordinates(geoms[rows])])
    order = np.lexsort(keys.T)
    same = (keys[order][1:] == keys[order][:-1]).all(axis=1)
    suspects = np.sort(order[np.r_[same, False] | np.r_[False, same]]) if len(rows) else order
    seen: dict[bytes, int] = {}
    for index in rows[suspects].tolist():
        vertices = np.round(shapely.get_coordinates(shapely.normalize(geoms[index])), 9).tobytes()
        if vertices in seen:
            yield fault(index, "duplicate_geometry", {"first": str(seen[vertices] + 1)})
        else:
            seen[vertices] = index


def overlapping(geoms: Geometries, sound: Bools, neighbours: Geometries | None, limits: Limits) -> Iterator[Fault]:
    """Polygons that share ground with a neighbour; touching along a boundary is no overlap."""
    if neighbours is None:
        return
    others = np.array(neighbours, dtype=object)
    others[~shapely.is_valid(others)] = None
    rows = np.flatnonzero(sound)
    mine, theirs = shapely.STRtree(others).query(geoms[rows])
    mine = rows[mine]
    if neighbours is geoms:  # each pair is told once, at the later geometry
        once = (mine > theirs) & sound[theirs]
        mine, theirs = mine[once], theirs[once]
    common = _common_m2(shapely.bounds(geoms[mine]), shapely.bounds(others[theirs])) > limits.overlap_m2
    mine, theirs = mine[common], theirs[common]
    shared = shapely.intersection(geoms[mine], others[theirs])
    areas = area_m2(shared)
    for pair in np.flatnonzero(areas > limits.overlap_m2).tolist():
        point = shapely.point_on_surface(shared[pair])
        params = {"neighbour": str(theirs[pair] + 1), "area": f"{areas[pair]:.2f}", **_at((point.x, point.y))}
        yield fault(int(mine[pair]), "overlaps_neighbour", params, (point.x, point.y))


def _common_m2(a: Floats, b: Floats) -> Floats:
    """At least the area two bounds have in common: most neighbours only touch and need no closer look."""
    sides = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    return np.asarray(np.prod(np.maximum(sides, 0.0), axis=1) * MOST_M2_PER_SQUARE_DEGREE)
