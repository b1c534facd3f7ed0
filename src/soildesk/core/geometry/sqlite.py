"""What SQLite is taught about geometry: functions of each connection, read by triggers and lookups.

A program other than the desk that writes to the file gets `no such function: geo_minx`, which protects the index.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import get_ident
from typing import Any

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.core.geometry import blob
from soildesk.core.geometry.field import STORED_SRID

PREDICATES: dict[str, Callable[[BaseGeometry, BaseGeometry], Any]] = {
    # the asked shape is prepared, so it stands first and the predicate is turned round
    "geo_intersects": shapely.intersects,
    "geo_within": shapely.contains,
    "geo_contains": shapely.within,
    "geo_touches": shapely.touches,
    "geo_overlaps": shapely.overlaps,
}
EDGES = {"geo_minx": blob.MIN_X, "geo_maxx": blob.MAX_X, "geo_miny": blob.MIN_Y, "geo_maxy": blob.MAX_Y}


def teach(connection: Any) -> None:
    """Give a new SQLite connection the functions."""
    create = connection.connection.create_function
    for name, at in EDGES.items():
        create(name, 1, _edge(at), deterministic=True)
    for name, predicate in PREDICATES.items():
        create(name, 2, _exact(predicate), deterministic=True)
    create("geo_bbox", 2, _boxes_meet, deterministic=True)
    create("geo_near", 4, _near, deterministic=True)


def _edge(at: int) -> Callable[[bytes | None], float | None]:
    return lambda stored: blob.edge(stored, at)


def _exact(predicate: Callable[[BaseGeometry, BaseGeometry], Any]) -> Callable[[bytes | None, bytes], bool | None]:
    def ask(stored: bytes | None, asked: bytes) -> bool | None:
        if stored is None:
            return None
        return bool(predicate(_prepared(asked, get_ident()), blob.unpacked(stored)))

    return ask


@lru_cache(maxsize=64)
def _prepared(asked: bytes, _thread: int) -> BaseGeometry:
    """The asked shape, indexed once; one a thread, since the index is built at its first use."""
    shape = blob.unpacked(asked)
    shapely.prepare(shape)
    return shape


def _boxes_meet(stored: bytes | None, asked: bytes) -> bool | None:
    if stored is None:
        return None
    _gp, _v, _f, _s, west, east, south, north = blob.HEAD.unpack_from(stored)
    _gp, _v, _f, _s, left, right, low, high = blob.HEAD.unpack_from(asked)
    return east >= left and west <= right and north >= low and south <= high


@lru_cache(maxsize=64)
def _to_zone(zone: int, _thread: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(STORED_SRID, zone, always_xy=True)


@lru_cache(maxsize=64)
def _asked_in_zone(asked: bytes, zone: int, thread: int) -> BaseGeometry:
    return in_zone(blob.unpacked(asked), zone, thread)


def in_zone(shape: BaseGeometry, zone: int, thread: int = 0) -> BaseGeometry:
    """`shape` in metres of a Gauss-Krüger zone."""
    return shapely.transform(shape, _to_zone(zone, thread).transform, interleaved=False)


def _near(stored: bytes | None, asked: bytes, metres: float, zone: int) -> bool | None:
    if stored is None:
        return None
    thread = get_ident()
    one = in_zone(blob.unpacked(stored), zone, thread)
    return bool(shapely.dwithin(_asked_in_zone(asked, zone, thread), one, metres))
