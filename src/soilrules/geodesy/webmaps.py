"""GCJ-02 and BD-09, the shifted coordinates of web maps in China.

The state's algorithm is not published; this is the one known from its reconstruction, a polynomial with sines that
agrees with the web maps to about a metre. It shifts inside one rectangle around China and nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from soilrules.geodesy.systems import Datum
from soilrules.messages import Message

Coordinates = NDArray[np.float64]
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
SEMI_MAJOR = 6378245.0  # Krassowsky's ellipsoid, as the algorithm has it
ECCENTRICITY_2 = 0.00669342162296594323
TURN = np.pi * 3000 / 180
ROUNDS = 12  # each round gains more than two digits


def inside(coordinates: Coordinates) -> NDArray[np.bool_]:
    """Which coordinates the algorithm shifts."""
    longitude, latitude = coordinates.T
    result: NDArray[np.bool_] = (longitude >= WEST) & (longitude <= EAST) & (latitude >= SOUTH) & (latitude <= NORTH)
    return result


def _waves(value: Coordinates, *terms: tuple[float, float]) -> Coordinates:
    """Sum of sines: (amplitude, frequency in turns per half)."""
    return sum((amplitude * np.sin(value * frequency * np.pi) for amplitude, frequency in terms), np.zeros_like(value))


def _offset(coordinates: Coordinates) -> Coordinates:
    """What the algorithm adds to WGS 84, in degrees."""
    longitude, latitude = coordinates.T
    x, y = longitude - 105, latitude - 35
    shared = _waves(x, (20, 6), (20, 2)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + shared
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + shared
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30)) * 2 / 3
    radians = np.radians(latitude)
    bulge = 1 - ECCENTRICITY_2 * np.sin(radians) ** 2
    prime = SEMI_MAJOR / np.sqrt(bulge)
    meridional = SEMI_MAJOR * (1 - ECCENTRICITY_2) / (bulge * np.sqrt(bulge))
    return np.column_stack([np.degrees(east / (prime * np.cos(radians))), np.degrees(north / meridional)])


def _forward_gcj(coordinates: Coordinates) -> Coordinates:
    shifted = np.array(coordinates, dtype=np.float64)
    here = inside(shifted)
    shifted[here] += _offset(shifted[here])
    return shifted


def _bd_from_gcj(coordinates: Coordinates) -> Coordinates:
    x, y = coordinates.T
    length = np.hypot(x, y) + 0.00002 * np.sin(y * TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * TURN)
    return np.column_stack([length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006])


def _forward_bd(coordinates: Coordinates) -> Coordinates:
    shifted = np.array(coordinates, dtype=np.float64)
    here = inside(shifted)
    shifted[here] = _bd_from_gcj(_forward_gcj(shifted[here]))
    return shifted


def _inverse(forward: Callable[[Coordinates], Coordinates]) -> Callable[[Coordinates], Coordinates]:
    """The way back, found by going forward until it arrives."""

    def back(coordinates: Coordinates) -> Coordinates:
        given = np.array(coordinates, dtype=np.float64)
        found = given.copy()
        for _ in range(ROUNDS):
            found -= np.where(inside(given)[:, None], forward(found) - given, 0.0)
        return found

    return back


FROM_WGS84 = {Datum.GCJ02: _forward_gcj, Datum.BD09: _forward_bd}
TO_WGS84 = {datum: _inverse(forward) for datum, forward in FROM_WGS84.items()}


def note(datum: Datum) -> Message:
    """That the algorithm is nobody's official word."""
    return Message("geodesy", "notes", "web_map", {"datum": str(datum)})
