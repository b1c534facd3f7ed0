"""Where the web-mercator tiles lie: their bounds in degrees, the tiles over an area, degrees as units of a tile.

Tile 0/0/0 is the square world; at each zoom every tile falls into four, x runs east and y south. The datum of the
tiles is WGS 84; CGCS2000 (EPSG:4490) is treated as equal to it: the two lie centimetres apart, a map unit of
zoom 18 is 4 centimetres.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

EXTENT = 4096  # units along the side of a tile
DEEPEST = 24  # zoom
NORTHMOST = 85.0511287798066  # degrees; beyond it the square world ends

Bounds = tuple[float, float, float, float]  # west, south, east, north


def bounds_4490(z: int, x: int, y: int, *, buffer: float = 0, extent: int = EXTENT) -> Bounds:
    """West, south, east and north of a tile in degrees, widened by `buffer` units of which its side has `extent`.

    >>> bounds_4490(1, 1, 0)
    (0.0, 0.0, 180.0, 85.0511287798066)
    """
    _require(z, x, y)
    margin = buffer / extent
    west, east = (360 * side / 2**z - 180 for side in (x - margin, x + 1 + margin))
    north, south = (_latitude(side / 2**z) for side in (y - margin, y + 1 + margin))
    return west, south, east, north


def covering(bounds: Bounds, z: int) -> Iterator[tuple[int, int]]:
    """The x and y of every tile of zoom `z` that meets `bounds`, row by row from the north-west.

    A tile that is only touched by the eastern or southern edge is among them.

    >>> list(covering((113.0, 28.0, 113.3, 28.1), 10))
    [(833, 428), (834, 428)]
    """
    west, south, east, north = bounds
    if not (west <= east and south <= north):
        raise ValueError(f"The bounds {bounds} are not west, south, east, north in rising order.")
    corners = np.array([[west, north], [east, south]])
    (left, top), (right, bottom) = np.clip(np.floor(units(corners, z, 0, 0, extent=1)), 0, 2**z - 1).astype(int)
    return ((x, y) for y in range(top, bottom + 1) for x in range(left, right + 1))


def units(degrees: NDArray[np.float64], z: int, x: int, y: int, *, extent: int = EXTENT) -> NDArray[np.float64]:
    """Rows of longitude and latitude as units of a tile: right and down from its north-western corner."""
    _require(z, x, y)
    latitude = np.radians(np.clip(degrees[:, 1], -NORTHMOST, NORTHMOST))
    placed = np.empty_like(degrees)
    placed[:, 0] = (degrees[:, 0] + 180) * (2**z * extent / 360) - x * extent
    placed[:, 1] = (0.5 - np.arctanh(np.sin(latitude)) / (2 * math.pi)) * (2**z * extent) - y * extent
    return placed


def _latitude(part: float) -> float:
    """The latitude that lies `part` of the square world's side below its northern edge."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * part))))


def _require(z: int, x: int, y: int) -> None:
    """Refuse a tile that does not exist."""
    if not 0 <= z <= DEEPEST:
        raise ValueError(f"There is no zoom {z}: expected 0 to {DEEPEST}.")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise ValueError(f"There is no tile {z}/{x}/{y}: at zoom {z}, x and y run from 0 to {2**z - 1}.")
