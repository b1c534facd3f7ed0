"""The GeoPackage geometry blob (OGC 12-128r18, 2.1.3): an 8-byte head, the envelope, then WKB.

Head and envelope are 40 bytes: magic `GP`, version 0, flags (little endian, envelope of x and y), srs id,
then min x, max x, min y, max y as doubles.
"""

from __future__ import annotations

import struct

import shapely
from shapely.geometry.base import BaseGeometry

HEAD = struct.Struct("<2sBBi4d")
FLAGS = 0b0000_0011  # little endian; envelope kind 1
WKB_AT = HEAD.size
MIN_X, MAX_X, MIN_Y, MAX_Y = range(8, 40, 8)


def packed(geometry: BaseGeometry, srid: int) -> bytes:
    """`geometry` as a GeoPackage blob."""
    west, south, east, north = geometry.bounds
    return HEAD.pack(b"GP", 0, FLAGS, srid, west, east, south, north) + shapely.to_wkb(geometry)


def unpacked(blob: bytes) -> BaseGeometry:
    """The geometry of a blob written by `packed`."""
    return shapely.from_wkb(blob[WKB_AT:])


def edge(blob: bytes | None, at: int) -> float | None:
    """One number of the envelope; `at` is one of MIN_X, MAX_X, MIN_Y, MAX_Y."""
    return None if blob is None else struct.unpack_from("<d", blob, at)[0]
