"""From any known system into the stored one, CGCS2000 longitude and latitude (EPSG:4490), and back.

Inside this room coordinates are always x, y: longitude before latitude, easting before northing, whatever EPSG or a
file says; `axis` tells how the file has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from soilrules.geodesy import webmaps
from soilrules.geodesy.shifts import NO_SHIFT, Shift, published_for
from soilrules.geodesy.systems import GEOGRAPHIC, STORED, Crs, Datum
from soilrules.messages import Message

Axis = Literal["xy", "yx"]
Coordinates = NDArray[np.float64]
Step = Callable[[Coordinates], Coordinates]
Geometries = NDArray[Any]
OLD_DATUMS = (Datum.XIAN80, Datum.BEIJING54)


@dataclass(frozen=True, slots=True)
class Converted:
    """Geometries in their new system, with what a person must know of the way there."""

    geoms: Geometries
    notes: tuple[Message, ...] = ()


def to_stored(geoms: Geometries, source: Crs, *, axis: Axis = "xy", shift: Shift | None = None) -> Converted:
    """`geoms` as longitude and latitude on CGCS2000.

    `axis`: "yx" where the file has latitude or northing first, as EPSG defines the zones of China. `shift`: the
    seven parameters an office was given for Beijing 1954 or Xian 1980; without them a published set is used where the
    data lie in its area, else none, and the notes say which.
    """
    geoms = np.asarray(geoms, dtype=object)
    notes = _height_notes(geoms)
    flat = _mapped(geoms, _swapped if axis == "yx" else None)
    degrees = _mapped(flat, _projection(source.definition, inverse=True) if source.projected else None)
    if source.datum in OLD_DATUMS:
        chosen = shift or published_for(source.datum, shapely.total_bounds(degrees))
        return Converted(_mapped(degrees, chosen.forward(source.datum)), (*notes, chosen.note(source.datum)))
    if source.datum in webmaps.TO_WGS84:
        return Converted(_mapped(degrees, webmaps.TO_WGS84[source.datum]), (*notes, webmaps.note(source.datum)))
    if source.datum is Datum.WGS84:
        notes = (*notes, Message("geodesy", "notes", "wgs84"))
    return Converted(degrees, notes)


def from_stored(geoms: Geometries, target: Crs, *, axis: Axis = "xy", shift: Shift | None = None) -> Converted:
    """Stored geometries in the system `target`, the way back of `to_stored`."""
    geoms = np.asarray(geoms, dtype=object)
    notes: tuple[Message, ...] = _height_notes(geoms)
    steps: list[Step | None] = []
    if target.datum in OLD_DATUMS:
        chosen = shift or published_for(target.datum, shapely.total_bounds(geoms))
        steps, notes = [chosen.backward(target.datum)], (*notes, chosen.note(target.datum))
    elif target.datum in webmaps.FROM_WGS84:
        steps, notes = [webmaps.FROM_WGS84[target.datum]], (*notes, webmaps.note(target.datum))
    elif target.datum is Datum.WGS84:
        notes = (*notes, Message("geodesy", "notes", "wgs84"))
    steps += [_projection(target.definition, inverse=False)] if target.projected else []
    steps += [_swapped] if axis == "yx" else []
    for step in steps or [None]:
        geoms = _mapped(geoms, step)
    return Converted(geoms, notes)


def _mapped(geoms: Geometries, step: Step | None) -> Geometries:
    """Every coordinate through `step`, without heights."""
    if step is None:
        return geoms if not shapely.has_z(geoms).any() else shapely.force_2d(geoms)
    result: Geometries = shapely.transform(geoms, step, include_z=False)
    return result


def _swapped(coordinates: Coordinates) -> Coordinates:
    return coordinates[:, ::-1]


def _height_notes(geoms: Geometries) -> tuple[Message, ...]:
    count = int(shapely.has_z(geoms).sum())
    return (Message("geodesy", "notes", "heights_dropped", {"count": str(count)}),) if count else ()


@cache
def _transformer(definition: str) -> pyproj.Transformer:
    """Between a projection and the degrees of its own datum: exact, no datum is changed here."""
    crs = pyproj.CRS.from_user_input(definition)
    return pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def _projection(definition: str, *, inverse: bool) -> Step:
    direction = "INVERSE" if inverse else "FORWARD"

    def step(coordinates: Coordinates) -> Coordinates:
        x, y = _transformer(definition).transform(coordinates[:, 0], coordinates[:, 1], direction=direction)
        return np.column_stack([x, y])

    return step


__all__ = ["GEOGRAPHIC", "NO_SHIFT", "STORED", "Converted", "Shift", "from_stored", "to_stored"]
