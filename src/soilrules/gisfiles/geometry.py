"""Geometry as the project takes it: two dimensions, straight lines, closed rings, finite numbers.

Coordinates are left exactly as they came. A row whose geometry cannot be taken keeps its attributes and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from soilrules.gisfiles.findings import row_note
from soilrules.gisfiles.source import Piece

_NAMES = {
    0: "Point", 1: "LineString", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
    6: "MultiPolygon", 7: "GeometryCollection",
}  # fmt: skip
Linear = Callable[[], Sequence[bytes | None]]


def taken(attributes: Any, wkb: Any, linear: Linear | None = None) -> Piece:
    """The rows with their geometry checked. `linear` gives the same geometries with their curves drawn as lines."""
    original = given = wkb.to_numpy(zero_copy_only=False)
    piece = Piece(attributes, wkb)
    try:
        shapes = shapely.from_wkb(given, on_invalid="ignore")
    except NotImplementedError:  # GEOS knows curves, shapely does not
        given = _drawn(len(given), linear)
        shapes = shapely.from_wkb(given, on_invalid="ignore")
        piece.traits |= {"curve"}
    lost = [int(at) for at in np.flatnonzero(shapely.is_missing(shapes)) if original[at] is not None]
    for at in lost:
        shapes[at] = shapely.from_wkb(given[at], on_invalid="fix")
        code = "geometry_unreadable" if shapes[at] is None else "ring_closed"
        piece.notes[at] = [row_note(code)]
    return checked(piece, shapes, changed=bool(lost))


def _drawn(count: int, linear: Linear | None) -> Any:
    drawn = np.full(count, None, object)
    found = linear() if linear else ()
    if len(found) == count:
        drawn[:] = found
    return drawn


def checked(piece: Piece, shapes: Any, *, changed: bool) -> Piece:
    """The piece with these shapes as its geometry; empty ones and those without numbers are taken out and told."""
    missing = shapely.is_missing(shapes)
    for at in np.flatnonzero(missing):
        if at not in piece.notes:
            piece.notes[int(at)] = [row_note("geometry_missing")]
    changed |= _out(piece, shapes, shapely.is_empty(shapes) & ~missing, "geometry_empty")
    changed |= _out(piece, shapes, _not_finite(shapes), "coordinates_not_numbers")
    flat = not (shapely.has_z(shapes).any() or shapely.has_m(shapes).any())
    if not flat and _high(shapes):  # drawings and many exports give every point the height 0
        piece.traits |= {"z"}
    if shapely.has_m(shapes).any():
        piece.traits |= {"m"}
    if changed or not flat or piece.traits:
        piece.wkb = pa.array(shapely.to_wkb(shapes, output_dimension=2, byte_order=1), pa.binary())
    codes = set(np.unique(shapely.get_type_id(shapes)).tolist()) - {-1}
    piece.kinds = frozenset(_NAMES[code] for code in codes)
    return piece


def _out(piece: Piece, shapes: Any, where: Any, code: str) -> bool:
    places = np.flatnonzero(where)
    for at in places:
        shapes[at] = None
        piece.notes.setdefault(int(at), []).append(row_note(code))
    return len(places) > 0


def _high(shapes: Any) -> bool:
    heights = shapely.get_coordinates(shapes, include_z=True)[:, 2]
    return bool(np.any(np.isfinite(heights) & (heights != 0)))


def _not_finite(shapes: Any) -> Any:
    found = np.zeros(len(shapes), bool)
    numbers, owners = shapely.get_coordinates(shapes, return_index=True)
    found[owners[~np.isfinite(numbers).all(axis=1)]] = True
    return found
