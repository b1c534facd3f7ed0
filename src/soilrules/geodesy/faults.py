"""What is wrong with geometries: each kind of fault found over a whole array at once.

Geometries are stored ones, longitude and latitude on CGCS2000. A geometry that is missing, not finite or in the
wrong place is told that and nothing more: its area and its neighbours would mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from soilrules.geodesy import places, shapes
from soilrules.geodesy.limits import Limits
from soilrules.geodesy.outlines import Bools, Geometries, outline
from soilrules.geodesy.repairs import Repair, repair
from soilrules.geodesy.systems import Crs
from soilrules.geodesy.taxonomy import Fault, Kind, Severity, Who, fault, taxonomy
from soilrules.geodesy.words import kind_word
from soilrules.messages import LANGUAGES

GeometryKind = Literal["point", "line", "polygon"]
EXPECTED = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
TYPES = {"point": (0, 4), "line": (1, 5), "polygon": (3, 6)}
PlaceOf = Callable[[float, float], str | None]


def check(
    geoms: Geometries,
    *,
    kind: GeometryKind,
    within: Any = None,
    neighbours: Geometries | None = None,
    limits: Limits | None = None,
    source: Crs | None = None,
    place_of: PlaceOf | None = None,
) -> list[Fault]:
    """Every fault of the stored geometries, by index and then in the order of the taxonomy.

    `within`: the division they belong in. `neighbours`: what they must not overlap; `geoms` itself checks them among
    each other. `source`: the system they came from, for a wrong zone to be named. `place_of`: names the place at a
    longitude and latitude.
    """
    given, geoms = geoms, np.asarray(geoms, dtype=object)
    neighbours = geoms if neighbours is given else neighbours
    limits = limits or Limits()
    sound = np.ones(len(geoms), dtype=bool)
    found = list(_absent(geoms, kind, sound))
    division = places.Division(within, source, place_of) if within is not None else None
    found += places.misplaced(geoms, sound, division)
    if kind == "polygon":
        found += shapes.crossed(geoms, sound)
        found += shapes.overlapping(geoms, sound, neighbours, limits)
    found += _drawn(geoms, sound, kind, limits)
    found += shapes.doubled(geoms, sound)
    if division is not None:
        found += places.crossing(geoms, sound, division, limits)
    rank = {code: number for number, code in enumerate(taxonomy())}
    return sorted(found, key=lambda one: (one.index, rank[one.code]))


def _drawn(geoms: Geometries, sound: Bools, kind: GeometryKind, limits: Limits) -> Iterator[Fault]:
    """Faults of the lines that sound geometries are drawn with."""
    rows = np.flatnonzero(sound)
    if kind == "point":
        return
    drawn = outline(geoms[rows])
    yield from shapes.long_winded(drawn, rows, limits)
    if kind == "polygon":
        yield from shapes.sized(drawn, rows, limits)
        yield from shapes.spiked(drawn, rows, limits)


def _absent(geoms: Geometries, kind: GeometryKind, sound: Bools) -> Iterator[Fault]:
    """Geometries that are not there, or not what the layer is made of."""
    types = shapely.get_type_id(geoms)
    finite = _finite(geoms)
    empty = shapely.is_empty(geoms)
    wrong = ~np.isin(types, TYPES[kind])
    for index in np.flatnonzero((types < 0) | empty | wrong | ~finite).tolist():
        sound[index] = False
        if types[index] < 0:
            yield fault(index, "no_geometry", {})
        elif wrong[index]:
            yield fault(index, "wrong_kind", _kinds(geoms[index].geom_type, EXPECTED[kind]))
        else:
            yield fault(index, "empty" if empty[index] else "not_finite", {})


def _kinds(found: str, expected: str) -> dict[str, str]:
    """What a geometry is and what it should be, in each language."""
    told = {"found": found, "expected": expected}
    return {f"{name}_{one}": kind_word(kind, one) for name, kind in told.items() for one in LANGUAGES}


def _finite(geoms: Geometries) -> Bools:
    coordinates, owner = shapely.get_coordinates(geoms, return_index=True)
    finite = np.ones(len(geoms), dtype=bool)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


@dataclass(frozen=True, slots=True)
class Readable:
    """What could be read of an array of WKB, and what could not."""

    geoms: Geometries
    faults: list[Fault]


def from_wkb(texts: Geometries) -> Readable:
    """Geometries of WKB; one that no geometry can be made of, as a ring that does not close, is a fault and None."""
    texts = np.asarray(texts, dtype=object)
    geoms = np.asarray(shapely.from_wkb(texts, on_invalid="ignore"), dtype=object)
    broken = [index for index in np.flatnonzero(shapely.is_missing(geoms)).tolist() if texts[index]]
    return Readable(geoms, [fault(index, "invalid_ring", {}) for index in broken])


def ring_faults(rings: list[NDArray[np.float64]]) -> list[Fault]:
    """Rings as a file has them, coordinates a row: those that do not close or have fewer than four points."""
    return [
        fault(index, "invalid_ring", {}, (float(ring[0][0]), float(ring[0][1])) if len(ring) else None)
        for index, ring in enumerate(rings)
        if len(ring) < 4 or not np.array_equal(ring[0], ring[-1])
    ]


__all__ = [
    "Fault",
    "GeometryKind",
    "Kind",
    "Limits",
    "Readable",
    "Repair",
    "Severity",
    "Who",
    "check",
    "from_wkb",
    "repair",
    "ring_faults",
    "taxonomy",
]
