"""Regular grids of square cells, north up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from soilrules.geostat.errors import CannotInterpolate
from soilrules.geostat.points import Floats

MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """`west` and `north` are the outer edges of the first cell; coordinates in the unit of the system `epsg`, rows from
    north to south. Metres for all that interpolates; degrees only for writing."""

    west: float
    north: float
    cell: float
    columns: int
    rows: int
    epsg: int

    def __post_init__(self) -> None:
        if not (self.cell > 0 and self.columns > 0 and self.rows > 0):
            raise ValueError(f"{self}: expected a cell above 0 and at least one column and row.")
        if self.columns * self.rows > MOST_CELLS:
            raise CannotInterpolate("too_many_cells", cells=self.columns * self.rows, most=MOST_CELLS)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def centres(self) -> Floats:
        """The middle of every cell, row by row from the north-west, shape (rows · columns, 2)."""
        easts = self.west + self.cell * (np.arange(self.columns) + 0.5)
        norths = self.north - self.cell * (np.arange(self.rows) + 0.5)
        return np.stack(np.meshgrid(easts, norths), axis=-1).reshape(-1, 2)


def grid_over(bounds: tuple[float, float, float, float], *, cell: float, epsg: int) -> Grid:
    """The smallest grid over `bounds` (west, south, east, north) whose edges are multiples of `cell`."""
    if not (np.isfinite(bounds).all() and cell > 0 and bounds[0] <= bounds[2] and bounds[1] <= bounds[3]):
        raise ValueError(
            f"bounds {bounds}, cell {cell}: expected west, south, east, north in metres and a cell above 0."
        )
    west, south = (math.floor(edge / cell) for edge in bounds[:2])
    east, north = (math.ceil(edge / cell) for edge in bounds[2:])
    return Grid(west * cell, north * cell, cell, max(east - west, 1), max(north - south, 1), epsg)
