"""Areas and lengths on the ellipsoid of CGCS2000, from stored geometries; buffers in the zone a geometry lies in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from soilrules.geodesy.outlines import Outline, outline
from soilrules.geodesy.systems import Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored, to_stored
from soilrules.messages import Message

Floats = NDArray[np.float64]
Geometries = NDArray[Any]
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)  # CGCS2000
ECCENTRICITY = math.sqrt(GEOD.es)
M2_PER_MU = 2000 / 3
LONG_EDGE_M = 2000.0  # above it an edge of the sphere below is no longer the geodesic of the ellipsoid to 1e-6
A_FINDING = 0.01


def _authalic(latitude: Floats) -> Floats:
    """Latitude in degrees to that of the sphere of equal area, in radians."""
    sine = np.sin(np.radians(latitude))
    return np.asarray(np.arcsin(_strip(sine) / _strip(np.float64(1.0))), dtype=np.float64)


def _strip(sine: Any) -> Any:
    """Area between the equator and a latitude, for a strip of one radian on a semi-major axis of one."""
    product = ECCENTRICITY * sine
    return (1 - GEOD.es) / 2 * (sine / (1 - product**2) + np.arctanh(product) / ECCENTRICITY)


RADIUS_2 = float(GEOD.a**2 * _strip(1.0))  # of the sphere of equal area, squared


def edge_metres(start: Floats, end: Floats) -> Floats:
    """Length of short edges in metres, by the two radii of curvature at their middle; right to 1e-6 up to 10 km."""
    sine_2 = np.sin(np.radians((start[:, 1] + end[:, 1]) / 2)) ** 2
    bulge = 1 - GEOD.es * sine_2
    prime = GEOD.a / np.sqrt(bulge)
    east = np.radians(end[:, 0] - start[:, 0]) * prime * np.sqrt(1 - sine_2)
    north = np.radians(end[:, 1] - start[:, 1]) * prime * (1 - GEOD.es) / bulge
    return np.asarray(np.hypot(east, north), dtype=np.float64)


def area_m2(geoms: Geometries) -> Floats:
    """Ellipsoidal area in square metres, edges as geodesics; 0 for points and lines, nan for no geometry.

    Rings of short edges go over the sphere of equal area, where the area below an edge has a closed form; polygons
    with an edge above 2 km go through the geodesic itself.
    """
    geoms = np.asarray(geoms, dtype=object)
    drawn = outline(geoms)
    return _unless_missing(drawn.per_geometry(part_areas(drawn)), geoms)


def part_areas(drawn: Outline) -> Floats:
    """Area of each part of the outline in square metres."""
    rings = np.abs(drawn.per_line(np.where(drawn.is_ring[drawn.edge_line], _excess(drawn), 0.0))) * RADIUS_2
    areas = drawn.per_part(np.where(drawn.is_shell, rings, -rings))
    far = np.unique(drawn.line_part[drawn.edge_line[_is_long(drawn)]])
    for part in far[shapely.get_dimensions(drawn.parts[far]) == 2].tolist():
        areas[part] = _by_geodesics(drawn.parts[part])
    return areas


def straight_m2(geoms: Geometries) -> Floats:
    """Ellipsoidal area in square metres, edges straight in longitude and latitude as predicates and cuts have them.

    Cutting changes nothing here: pieces sum to the whole. An edge of 2 km at 30° north encloses some 60 m² less or
    more than its geodesic, one of 100 m a hundredth of a square metre; opposite edges cancel.
    """
    drawn = outline(np.asarray(geoms, dtype=object))
    sine = _strip(np.sin(np.radians(drawn.vertices[:, 1])))
    middle = _strip(np.sin(np.radians((drawn.start[:, 1] + drawn.end[:, 1]) / 2)))
    mean = (sine[drawn.first] + 4 * middle + sine[drawn.first + 1]) / 6  # Simpson: 1e-11 for an edge of a degree
    turn = np.radians(np.diff(drawn.vertices[:, 0]))[drawn.first]
    rings = np.abs(drawn.per_line(np.where(drawn.is_ring[drawn.edge_line], turn * mean, 0.0))) * GEOD.a**2
    return drawn.per_geometry(drawn.per_part(np.where(drawn.is_shell, rings, -rings)))


def _unless_missing(values: Floats, geoms: Geometries) -> Floats:
    values[shapely.is_missing(geoms)] = np.nan
    return values


def _by_geodesics(polygon: Any) -> float:
    """The area of a polygon by geodesics: its shell less its holes, whichever way they turn."""
    shell, *holes = (abs(GEOD.polygon_area_perimeter(*ring.xy)[0]) for ring in (polygon.exterior, *polygon.interiors))
    return float(shell - sum(holes))


def _is_long(drawn: Outline) -> NDArray[np.bool_]:
    """Edges that may be above the limit: a degree is never more than 112 km."""
    steps = np.abs(drawn.end - drawn.start)
    long: NDArray[np.bool_] = steps[:, 0] + steps[:, 1] > LONG_EDGE_M / 112_000
    return long


def _excess(drawn: Outline) -> Floats:
    """Spherical excess between each edge and the equator."""
    half = _authalic(drawn.vertices[:, 1]) / 2
    low, high = half[drawn.first], half[drawn.first + 1]
    turn = np.radians(np.diff(drawn.vertices[:, 0]))[drawn.first]
    return np.asarray(2 * np.arctan(np.tan(turn / 2) * np.sin(low + high) / np.cos(high - low)))


def length_m(geoms: Geometries) -> Floats:
    """Ellipsoidal length in metres: of lines, and of all rings of polygons; nan for no geometry."""
    geoms = np.asarray(geoms, dtype=object)
    drawn = outline(geoms)
    lengths = np.asarray(GEOD.inv(*drawn.start.T, *drawn.end.T)[2], dtype=np.float64)
    return _unless_missing(drawn.per_geometry(drawn.per_part(drawn.per_line(lengths))), geoms)


def zone_of(geoms: Geometries) -> NDArray[np.intp]:
    """The number of the 3° zone each geometry's middle lies in, between 25 and 45."""
    west, _, east, _ = shapely.bounds(np.asarray(geoms, dtype=object)).T
    middle = np.nan_to_num((west + east) / 2, nan=105.0)
    return np.asarray(np.clip(np.floor(middle / 3 + 0.5), 25, 45), dtype=np.intp)


def distance_m(a: Geometries, b: Geometries) -> Floats:
    """Ellipsoidal distance in metres between the nearest points of each pair, found in the zone of `a`."""
    a, b = (np.asarray(one, dtype=object) for one in (a, b))
    metres = np.full(len(a), np.nan)
    zones = zone_of(a)
    for number in np.unique(zones):
        here = np.flatnonzero((zones == number) & ~shapely.is_missing(a) & ~shapely.is_missing(b))
        crs = gauss_kruger(Datum.CGCS2000, 3, int(number), prefixed=False)
        between = shapely.shortest_line(from_stored(a[here], crs).geoms, from_stored(b[here], crs).geoms)
        known = ~shapely.is_missing(between)  # an empty geometry is near nothing
        ends = shapely.get_coordinates(to_stored(between[known], crs).geoms).reshape(-1, 4).T
        metres[here[known]] = GEOD.inv(*ends)[2]
    return metres


def buffer(geoms: Geometries, metres: float | Floats, *, quad_segs: int = 16) -> Geometries:
    """Each geometry widened by metres in the 3° zone its middle lies in; stored again.

    The zone stretches lengths by at most 0.04 % at its edge, far from its meridian and near the equator.
    """
    geoms = np.asarray(geoms, dtype=object)
    widths = np.broadcast_to(np.asarray(metres, dtype=np.float64), geoms.shape)
    wider = np.full(len(geoms), None, dtype=object)
    zones = zone_of(geoms)
    for number in np.unique(zones):
        here = zones == number
        crs = gauss_kruger(Datum.CGCS2000, 3, int(number), prefixed=False)
        flat = shapely.buffer(from_stored(geoms[here], crs).geoms, widths[here], quad_segs=quad_segs)
        wider[here] = to_stored(flat, crs).geoms
    return wider


def mu(m2: Any) -> Any:
    """Square metres in mu (亩), of which 15 are a hectare.

    >>> mu(10_000)
    15.0
    """
    return m2 / M2_PER_MU


def scaled_to_parent(pieces_m2: Sequence[float] | Floats, parent_m2: float) -> Floats:
    """The pieces in proportion, so that `math.fsum` of them is exactly the parent; the largest takes the rest.

    >>> scaled_to_parent([1.0, 2.0], 6.0).tolist()
    [2.0, 4.0]
    """
    pieces = np.asarray(pieces_m2, dtype=np.float64)
    total = math.fsum(pieces)
    if total <= 0:
        return pieces
    pieces = pieces * (parent_m2 / total)
    for at in np.argsort(-pieces):  # what the largest cannot hold to the last bit, a smaller one can
        if math.fsum(pieces) == parent_m2:
            break
        pieces[at] -= math.fsum([*pieces, -parent_m2])
    return pieces


def area_finding(computed_m2: float, of_record_m2: float) -> Message | None:
    """A finding where the area of record and the computed one differ by more than 1 % of the area of record."""
    if abs(computed_m2 - of_record_m2) <= A_FINDING * abs(of_record_m2):
        return None
    share = abs(computed_m2 - of_record_m2) / abs(of_record_m2) if of_record_m2 else math.inf
    return Message(
        "geodesy", "findings", "area_differs",
        {"computed": f"{computed_m2:.2f}", "record": f"{of_record_m2:.2f}", "percent": f"{100 * share:.1f}"},
    )  # fmt: skip
