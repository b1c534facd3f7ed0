"""Surfaces as GeoTIFF (OGC 19-008r4): one band of 32-bit floats, NaN where nothing is known, compressed without loss."""

from __future__ import annotations

import io
import math
from os import PathLike
from typing import BinaryIO

import numpy as np
import tifffile
from numpy.typing import NDArray

from soilrules.geodesy.crs import named
from soilrules.geostat.grids import Grid

MODEL_TYPE, RASTER_TYPE, GEODETIC_CRS, ANGLES, PROJECTED_CRS, LENGTHS = 1024, 1025, 2048, 2054, 3072, 3076
PROJECTED, GEOGRAPHIC, PIXEL_IS_AREA, DEGREE, METRE = 1, 2, 1, 9102, 9001
PIXEL_SCALE_TAG, TIE_POINT_TAG, GEO_KEYS_TAG, NO_DATA_TAG = 33550, 33922, 34735, 42113
SHORT, DOUBLE, ASCII = 3, 12, 2


def write_geotiff(values: NDArray[np.floating], grid: Grid, to: str | PathLike[str] | BinaryIO) -> None:
    """Write `values`, shape (rows, columns) or one for each cell row by row, to a file.

    The system of the grid is one of those known here: CGCS2000 (EPSG:4490) or one of its projected zones, and the older
    ones; UnknownCrs for any other.
    """
    band = np.asarray(values, dtype=np.float32)
    if band.size != math.prod(grid.shape):
        raise ValueError(
            f"{band.size} values for {grid.rows} rows of {grid.columns} cells: expected one for each cell."
        )
    tifffile.imwrite(
        to,
        band.reshape(grid.shape),
        photometric="minisblack",
        compression="adobe_deflate",
        software="soilrules",
        metadata=None,
        extratags=_tags(grid),
    )


def geotiff_bytes(values: NDArray[np.floating], grid: Grid) -> bytes:
    """The same as the bytes of a file."""
    buffer = io.BytesIO()
    write_geotiff(values, grid, buffer)
    return buffer.getvalue()


def _tags(grid: Grid) -> list[tuple[int, int, int, object, bool]]:
    keys = _geo_keys(grid.epsg)
    return [
        (PIXEL_SCALE_TAG, DOUBLE, 3, (grid.cell, grid.cell, 0.0), True),
        (TIE_POINT_TAG, DOUBLE, 6, (0.0, 0.0, 0.0, grid.west, grid.north, 0.0), True),
        (GEO_KEYS_TAG, SHORT, len(keys), keys, True),
        (NO_DATA_TAG, ASCII, 0, "nan", True),
    ]


def _geo_keys(epsg: int) -> tuple[int, ...]:
    """Version 1.1.0, the number of keys, then each key with its value in place."""
    if not named(epsg).projected:
        keys = {MODEL_TYPE: GEOGRAPHIC, RASTER_TYPE: PIXEL_IS_AREA, GEODETIC_CRS: epsg, ANGLES: DEGREE}
    else:
        keys = {MODEL_TYPE: PROJECTED, RASTER_TYPE: PIXEL_IS_AREA, PROJECTED_CRS: epsg, LENGTHS: METRE}
    return (1, 1, 0, len(keys), *(number for key, value in keys.items() for number in (key, 0, 1, value)))
