"""Which system numbers are in, from the numbers alone; a guess always says why, and a person confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from soilrules.geodesy.systems import ZONES, Crs, Datum, gauss_kruger, known
from soilrules.geodesy.transform import Axis, to_stored
from soilrules.messages import Message

Bounds = Sequence[float]
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)
NORTHINGS = (300_000.0, 6_000_000.0)
EASTINGS = (100_000.0, 900_000.0)  # what is left of an easting without the number of its zone
MERCATOR = ((8_100_000.0, 15_200_000.0), (330_000.0, 7_250_000.0))


@dataclass(frozen=True, slots=True)
class Guess:
    """One reading of the numbers. Without a `crs` a person must be asked, and `why` says what."""

    crs: Crs | None
    axis: Axis
    why: Message


def guess(bounds: Bounds, *, expected: Bounds | None = None) -> list[Guess]:
    """What `bounds` (min x, min y, max x, max y) can be, the likeliest first; empty where nothing fits.

    `expected`: bounds of the division in longitude and latitude; with them only what lands there is a guess, and the
    zone of eastings without prefix is found by trying.

    >>> [(one.crs.code, one.axis) for one in guess((38_401_000, 3_300_000, 38_402_000, 3_301_000))]
    [('EPSG:4526', 'xy')]
    """
    if not np.isfinite(bounds).all():
        return []
    found = [one for axis in ("xy", "yx") for one in _readings(_turned(bounds, axis), axis, expected)]
    if expected is None:
        return found
    return [one for one in found if one.crs is None or lands(bounds, one.crs, one.axis, expected)]


def _turned(bounds: Bounds, axis: str) -> Bounds:
    return bounds if axis == "xy" else (bounds[1], bounds[0], bounds[3], bounds[2])


def _within(low: float, high: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= low and high <= limits[1]


def _readings(bounds: Bounds, axis: Axis, expected: Bounds | None) -> list[Guess]:
    """The readings of bounds that are x, y already."""
    west, south, east, north = bounds
    if _within(west, east, LONGITUDES) and _within(south, north, LATITUDES):
        return [Guess(known()["EPSG:4490"], axis, _why("degrees" if axis == "xy" else "degrees_flipped"))]
    if not _within(south, north, NORTHINGS):
        return [_mercator(axis)] if _is_mercator(bounds) else []
    if _within(west, east, EASTINGS):
        return _without_prefix(bounds, axis, expected)
    found = _with_prefix(west, east, axis)
    return [*found, _mercator(axis)] if _is_mercator(bounds) else found


def _why(message_id: str, **params: object) -> Message:
    return Message("geodesy", "guesses", message_id, {key: str(value) for key, value in params.items()})


def _is_mercator(bounds: Bounds) -> bool:
    return _within(bounds[0], bounds[2], MERCATOR[0]) and _within(bounds[1], bounds[3], MERCATOR[1])


def _mercator(axis: Axis) -> Guess:
    return Guess(known()["EPSG:3857"], axis, _why("web_mercator"))


def _with_prefix(west: float, east: float, axis: Axis) -> list[Guess]:
    """The zone whose number leads the eastings; a layer over several zones must be split by a person."""
    first, last = int(west // 1_000_000), int(east // 1_000_000)
    width = next((width for width, numbers in ZONES.items() if first in numbers and last in numbers), None)
    if width is None or not _within(west % 1_000_000, west % 1_000_000, EASTINGS):
        return []
    if not _within(east % 1_000_000, east % 1_000_000, EASTINGS):
        return []
    if first != last:
        return [Guess(None, axis, _why("several_zones", first=first, last=last))]
    crs = gauss_kruger(Datum.CGCS2000, width, first, prefixed=True)
    assert crs.zone is not None
    params = {"zone": first, "width": width, "meridian": f"{crs.zone.meridian:g}"}
    return [Guess(crs, axis, _why("prefix" if axis == "xy" else "prefix_flipped", **params))]


def _without_prefix(bounds: Bounds, axis: Axis, expected: Bounds | None) -> list[Guess]:
    """Eastings around 500 km fit every zone: the division tells which, or a person must."""
    if expected is None:
        return [Guess(None, axis, _why("ask_zone" if axis == "xy" else "ask_zone_flipped"))]
    zones = (gauss_kruger(Datum.CGCS2000, 3, number, prefixed=False) for number in ZONES[3])
    middle = (expected[0] + expected[2]) / 2
    fitting = [crs for crs in zones if crs.zone and lands(bounds, crs, "xy", expected)]
    fitting.sort(key=lambda crs: abs(crs.zone.meridian - middle) if crs.zone else 0.0)
    return [
        Guess(
            crs, axis, _why("zone_found" if axis == "xy" else "zone_found_flipped", meridian=f"{crs.zone.meridian:g}")
        )
        for crs in fitting
        if crs.zone
    ]


def lands(bounds: Bounds, crs: Crs, axis: Axis, expected: Bounds) -> bool:
    """Whether the middle of `bounds` comes to lie within `expected`, longitude and latitude."""
    middle = shapely.points([[(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]])
    x, y = shapely.get_coordinates(to_stored(middle, crs, axis=axis).geoms)[0]
    return bool(expected[0] <= x <= expected[2] and expected[1] <= y <= expected[3])
