"""Geometries that are in the wrong place: exchanged, mirrored, in another zone, abroad, outside the division."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from soilrules.geodesy.guesses import LATITUDES, LONGITUDES
from soilrules.geodesy.limits import Limits
from soilrules.geodesy.measure import GEOD, area_m2
from soilrules.geodesy.systems import Crs
from soilrules.geodesy.taxonomy import Fault, fault

Geometries = NDArray[Any]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
ZONE_STEPS = [step for size in range(1, 21) for step in (3 * size, -3 * size)]  # degrees, the nearest zone first


@dataclass(frozen=True, slots=True)
class Division:
    """Where geometries belong, where they came from, and who can name the place they landed in."""

    area: Any
    source: Crs | None
    place_of: Callable[[float, float], str | None] | None

    @property
    def may_be_wrong_zone(self) -> bool:
        """Only what was projected has a zone."""
        return self.source is None or self.source.zone is not None


def _between(values: Floats, limits: tuple[float, float]) -> Bools:
    """Rows whose least and greatest value lie within the limits."""
    result: Bools = (values.min(axis=1) >= limits[0]) & (values.max(axis=1) <= limits[1])
    return result


def misplaced(geoms: Geometries, sound: Bools, division: Division | None) -> Iterator[Fault]:
    """Sound geometries that lie where they cannot belong; one fault each, and they are sound no more."""
    rows = np.flatnonzero(sound)
    bounds = shapely.bounds(geoms[rows])
    x, y = bounds[:, [0, 2]], bounds[:, [1, 3]]
    in_china = _between(x, LONGITUDES) & _between(y, LATITUDES)
    flipped = _between(y, LONGITUDES) & _between(x, LATITUDES)
    mirrored = ~in_china & _between(np.abs(x), LONGITUDES) & _between(np.abs(y), LATITUDES)
    lost = ~in_china
    if division is not None:
        shapely.prepare(division.area)
        lost |= ~shapely.intersects(division.area, geoms[rows])
    middles = np.column_stack([x.mean(axis=1), y.mean(axis=1)])
    for row in np.flatnonzero(lost).tolist():
        index, middle = int(rows[row]), (float(middles[row, 0]), float(middles[row, 1]))
        sound[index] = False
        if flipped[row] or mirrored[row]:
            yield fault(index, "flipped" if flipped[row] else "wrong_hemisphere", _xy(middle), middle)
        else:
            yield _elsewhere(index, middle, bool(in_china[row]), division)


def _xy(place: tuple[float, float]) -> dict[str, str]:
    return {"x": f"{place[0]:.6f}", "y": f"{place[1]:.6f}"}


def _elsewhere(index: int, middle: tuple[float, float], in_china: bool, division: Division | None) -> Fault:
    """What is outside of the division or of China: in another zone, in another place, or nowhere."""
    if division is not None and division.may_be_wrong_zone and (step := _zone_step(middle, division.area)):
        zone = division.source.zone if division.source else None
        if zone is None:
            return fault(index, "wrong_zone", {"degrees": f"{step}"}, middle, sentence="wrong_zone_unnamed")
        params = {"degrees": f"{step}", "used": f"{zone.meridian:g}", "fits": f"{zone.meridian + step:g}"}
        return fault(index, "wrong_zone", params, middle)
    if not in_china or division is None:
        return fault(index, "outside_china", _xy(middle), middle)
    away = _km_away(middle, division.area)
    params = {"km": f"{away:.0f}" if away >= 10 else f"{away:.2g}"}
    if place := division.place_of and division.place_of(*middle):
        return fault(index, "outside_division", {**params, "place": place}, middle, sentence="outside_division_named")
    return fault(index, "outside_division", params, middle)


def _zone_step(middle: tuple[float, float], area: Any) -> int | None:
    """By how many degrees of longitude a place must move to come into the area; None where no zone does it."""
    inside = shapely.contains_xy(area, middle[0] + np.array(ZONE_STEPS), middle[1])
    return ZONE_STEPS[int(np.argmax(inside))] if inside.any() else None


def _km_away(place: tuple[float, float], area: Any) -> float:
    """About how far a place is from the area, to the nearest point by degrees."""
    ends = shapely.get_coordinates(shapely.shortest_line(shapely.Point(place), area))
    return float(GEOD.inv(*ends.ravel())[2]) / 1000


def crossing(geoms: Geometries, sound: Bools, division: Division, limits: Limits) -> Iterator[Fault]:
    """Geometries partly outside of the division, by their share of area; points and lines are in or out."""
    rows = np.flatnonzero(sound)
    rows = rows[shapely.get_dimensions(geoms[rows]) == 2]
    rows = rows[~shapely.covers(division.area, geoms[rows])]
    outside = shapely.difference(geoms[rows], division.area)
    shares = area_m2(outside) / area_m2(geoms[rows])
    for row in np.flatnonzero(shares > limits.outside_share).tolist():
        point = shapely.point_on_surface(outside[row])
        yield fault(int(rows[row]), "crosses_division", {"percent": f"{100 * shares[row]:.1f}"}, (point.x, point.y))
