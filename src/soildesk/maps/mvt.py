"""Mapbox vector tiles 2.1, written from WKB by numpy and shapely."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import compress, count
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from .clipping import AREA, POINT
from .outlines import Outlines, Square, outlines
from .tilegrid import EXTENT
from .varints import Rows, Whole, field, side_by_side, varint, varints, zigzag

Column = Sequence[object] | NDArray[Any]

MOVE_TO, LINE_TO, CLOSE = 1, 2, 7
LAYER = 3  # the fields of a tile, of a layer, of a feature and of a value, numbered as the format does
NAME, FEATURE, KEY, VALUE, SIDE, VERSION = 1, 2, 3, 4, 5, 15
ID, TAGS, TYPE, GEOMETRY = 1, 2, 3, 4
TEXT, NUMBER, WHOLE, NEGATIVE, YES = 1, 3, 5, 6, 7
DOUBLE = struct.Struct("<d")
AHEAD_OF_NUMBER = bytes([VALUE << 3 | 2, 1 + DOUBLE.size, NUMBER << 3 | 1])


class Tile(NamedTuple):
    """A tile with one layer (no bytes if nothing is drawn), its features, and those too small to draw."""

    data: bytes
    features: int
    dropped: int


def encode(
    layer_name: str,
    wkb: Sequence[bytes],
    ids: NDArray[np.uint64] | None,
    properties: Mapping[str, Column],
    *,
    z: int,
    x: int,
    y: int,
    extent: int = EXTENT,
    buffer: int = 64,
    simplify: bool = True,
) -> Tile:
    """One layer of shapes (EPSG:4490, longitude first) as tile z/x/y.

    Shapes elsewhere are left out, and those with a coordinate that is no number. With `simplify`, shapes below one
    unit are dropped and vertices nobody could see are taken out; `dropped` counts every shape that lies here and has
    nothing left to draw. What crosses itself is drawn as it is. A drawn point lies within a unit of its place: half
    a unit of rounding, half of thinning out. Properties hold text, whole numbers, numbers and yes or no; None and nan
    are left out.
    """
    with np.errstate(invalid="ignore"):  # a coordinate that is no number: its shape is left out
        shapes = shapely.from_wkb(wkb)
    drawn, met = outlines(shapes, Square(z, x, y, extent, buffer), simplify=simplify)
    rows, features = np.unique(drawn.rows, return_inverse=True)
    if not len(rows):
        return Tile(b"", 0, met)
    values, tags = _tags(properties, rows, len(shapes))
    kinds = np.zeros(len(rows), np.int64)
    kinds[features] = drawn.dimensions + 1
    messages = _messages(None if ids is None else ids[rows], tags, kinds, _commands(drawn, features, len(rows)))
    layer = [
        field(NAME, layer_name.encode()),
        varints(messages.values),
        *(field(KEY, key.encode()) for key in properties),
        *values,
        bytes([SIDE << 3]) + varint(extent),
        bytes([VERSION << 3, 2]),
    ]
    return Tile(field(LAYER, b"".join(layer)), len(rows), met - len(rows))


def _commands(drawn: Outlines, features: Whole, number: int) -> Rows:
    """The outlines of each feature as the drawing commands of the format."""
    starts = np.cumsum(drawn.counts) - drawn.counts
    steps = np.diff(drawn.points, axis=0, prepend=0)
    fresh = starts[np.diff(features, prepend=-1) > 0]  # a feature starts from the corner, an outline from the last one
    steps[fresh] = drawn.points[fresh]
    moves = zigzag(steps)
    rest = np.ones(len(moves), bool)
    rest[starts] = False
    points = drawn.dimensions == POINT
    commands = side_by_side(
        Rows.of_columns(np.where(points, drawn.counts << 3, 1 << 3) | MOVE_TO, *moves[starts].T),
        Rows.of_columns((drawn.counts - 1) << 3 | LINE_TO).where(~points),
        Rows(moves[rest].ravel(), 2 * (drawn.counts - 1)),
        Rows.of_columns(np.full(len(points), 1 << 3 | CLOSE)).where(drawn.dimensions == AREA),
    )
    return commands.joined(features, number)


def _messages(ids: NDArray[np.uint64] | None, tags: Rows, kinds: Whole, commands: Rows) -> Rows:
    """Each feature as a message of its layer, its length ahead; every item of it is a varint."""
    tag_bytes, command_bytes = tags.bytes_each(), commands.bytes_each()
    named = () if ids is None else (ID << 3, np.asarray(ids, np.uint64))
    ahead = Rows.of_columns(*named, TAGS << 3 | 2, tag_bytes)
    between = Rows.of_columns(TYPE << 3, kinds, GEOMETRY << 3 | 2, command_bytes)
    body = ahead.bytes_each() + tag_bytes + between.bytes_each() + command_bytes
    return side_by_side(Rows.of_columns(FEATURE << 3 | 2, body), ahead, tags, between, commands)


def _tags(properties: Mapping[str, Column], rows: Whole, number: int) -> tuple[list[bytes], Rows]:
    """Every different value once, and for each row pairs of a key and a value, by their places."""
    numbers = count()
    places: defaultdict[type, defaultdict[Any, int]]  # by kind, for 1, 1.0 and True are one to a dict
    places = defaultdict(lambda: defaultdict(numbers.__next__))
    pairs = np.zeros((len(rows), len(properties), 2), np.uint64)
    given = np.zeros((len(rows), len(properties)), bool)
    for key, (name, column) in enumerate(properties.items()):
        if len(column) != number:
            raise ValueError(f"The property {name!r} has {len(column)} values for {number} shapes.")
        plain = column.tolist() if isinstance(column, np.ndarray) else column  # numpy's numbers become Python's
        values = [plain[row] for row in rows.tolist()]
        given[:, key] = [value is not None and value == value for value in values]  # nan is not itself
        known = list(compress(values, given[:, key].tolist()))
        pairs[:, key, 0] = key
        pairs[given[:, key], key, 1] = [places[type(value)][value] for value in known]
    written = [b""] * next(numbers)
    for kind, numbered in places.items():
        writer = _writer(kind)
        for value, place in numbered.items():
            written[place] = writer(value)
    return written, Rows(pairs[given].ravel(), 2 * given.sum(axis=1))


@cache
def _writer(kind: type) -> Callable[[Any], bytes]:
    """What writes values of a Python type as values of a layer."""
    writers: dict[type, Callable[[Any], bytes]] = {str: _text, bool: _yes, int: _whole, float: _number}
    for base in kind.__mro__:
        if base in writers:
            return writers[base]
    raise TypeError(f"A tile holds no {kind.__name__}: expected text, whole numbers, numbers, yes or no, or None.")


def _text(value: str) -> bytes:
    written = value.encode()
    return _ahead_of_text(len(written)) + written


@lru_cache
def _ahead_of_text(length: int) -> bytes:
    """What stands before a text of so many bytes."""
    return field(VALUE, field(TEXT, bytes(length)))[: -length or None]


def _yes(value: bool) -> bytes:
    return field(VALUE, bytes([YES << 3, value]))


def _number(value: float) -> bytes:
    return AHEAD_OF_NUMBER + DOUBLE.pack(value)


def _whole(value: int) -> bytes:
    if not -(1 << 63) <= value < 1 << 64:
        raise ValueError(f"{value} is no whole number of a tile: expected one of 64 bits.")
    if value < 0:
        return field(VALUE, bytes([NEGATIVE << 3]) + varint(value << 1 ^ -1))
    return field(VALUE, bytes([WHOLE << 3]) + varint(value))
