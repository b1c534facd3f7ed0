"""From shapes on the ground to the whole-numbered points a tile draws: clip, thin out, round, wind.

An outline is one ring, one line, or all points of a feature. Outlines stand one after the other, so that thousands
of features pass through numpy and GEOS in the same few calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from .clipping import AREA, POINT, Numbers, Shapes, clipped
from .tilegrid import EXTENT, Bounds, bounds_4490, units
from .varints import sums

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]

MULTIPLE = 4  # shapely's types from here on are collections
CROWDED = 16  # points that every outline may have before thinning out is worth its time
UNSEEN = 0.35  # units; after all passes together about half a unit
PASSES, FEW = 16, 20  # of thinning out, and the part of the points one must at least take away


@dataclass(frozen=True)
class Square:
    """A tile, the units along its side, and how many units around it are drawn as well."""

    z: int
    x: int
    y: int
    extent: int = EXTENT
    buffer: int = 64

    def units(self, degrees: Numbers) -> Numbers:
        """Rows of longitude and latitude in units of this tile."""
        return units(degrees, self.z, self.x, self.y, extent=self.extent)

    @property
    def reach(self) -> Bounds:
        """West, south, east and north of what is drawn, in degrees."""
        return bounds_4490(self.z, self.x, self.y, buffer=self.buffer, extent=self.extent)

    @property
    def unit(self) -> tuple[float, float]:
        """Width and height of a unit in degrees; the height is that of the mean latitude."""
        west, south, east, north = bounds_4490(self.z, self.x, self.y)
        return (east - west) / self.extent, (north - south) / self.extent


@dataclass(frozen=True)
class Outlines:
    """Points of outlines: how many each has, to which row it belongs, and its dimension."""

    points: Whole
    counts: Whole
    rows: Whole
    dimensions: Whole

    def chosen(self, wanted: Marks) -> Outlines:
        """Only the wanted outlines."""
        points = self.points[np.repeat(wanted, self.counts)]
        return Outlines(points, self.counts[wanted], self.rows[wanted], self.dimensions[wanted])


def outlines(shapes: Shapes, square: Square, *, simplify: bool) -> tuple[Outlines, int]:
    """What is drawn of `shapes` (degrees) in a tile, and how many of them meet the tile.

    Rows of the outlines count in `shapes`. A shape that meets the tile and has no outline is too small to draw.
    """
    shapes = _placed(shapes)
    west, south, east, north = shapely.bounds(shapes).T  # nan where empty, which meets nothing
    left, bottom, right, top = square.reach
    meets = (east >= left) & (west <= right) & (north >= bottom) & (south <= top)
    inside = (west >= left) & (east <= right) & (south >= bottom) & (north <= top)
    dimensions = shapely.get_dimensions(shapes)
    tiny = np.zeros(len(shapes), bool)
    if simplify:
        wide, high = square.unit
        tiny = meets & (dimensions > POINT) & (east - west < wide) & (north - south < high)
    rows = np.flatnonzero(meets & ~tiny)
    drawn = shapes[rows]
    crossing = np.flatnonzero(~inside[rows])
    drawn[crossing] = clipped(drawn[crossing], square.reach)
    found = _rounded(drawn, square, dimensions[rows], simplify=simplify)
    return replace(found, rows=rows[found.rows]), int(tiny.sum() + len(rows) - shapely.is_empty(drawn).sum())


def _placed(shapes: Shapes) -> Shapes:
    """The shapes; none where a coordinate is no number, which would be drawn anywhere."""
    degrees, rows = shapely.get_coordinates(shapes, return_index=True)
    lost = rows[~np.isfinite(degrees).all(axis=1)]
    if not len(lost):
        return shapes
    placed = shapes.copy()
    placed[lost] = None
    return placed


def _rounded(shapes: Shapes, square: Square, dimensions: Whole, *, simplify: bool) -> Outlines:
    """Outlines of shapes in whole units, without those that fell together."""
    strings, rows, shells = _strings(shapes, dimensions)
    degrees, index = shapely.get_coordinates(strings, return_index=True)
    exact, dimensions = square.units(degrees), dimensions[rows]
    first = (dimensions > POINT) | (np.diff(rows, prepend=-1) > 0)  # the points of a feature are one outline
    index = (np.cumsum(first) - 1)[index]
    rows, dimensions, shells = rows[first], dimensions[first], shells[first]
    kept = _unlike_before(np.rint(exact), index)
    if simplify:
        kept = kept[_noticed(exact[kept], index[kept])]
    points, index = np.rint(exact[kept]).astype(np.int64), index[kept]
    return _settled(Outlines(points, np.bincount(index, minlength=len(rows)), rows, dimensions), shells)


def _unlike_before(points: Numbers, index: Whole) -> Whole:
    """The places of points that are not the one before them in the same outline; `index` names the outlines."""
    new = np.diff(index, prepend=-1) > 0
    new[1:] |= (points[1:] != points[:-1]).any(axis=1)
    return np.flatnonzero(new)


def _noticed(points: Numbers, index: Whole) -> Whole:
    """The places of points without those that lie so near the line between their neighbours that nobody sees them.

    Every other point may go, then every other one of the rest, and so on: one pass after the other over all outlines.
    shapely.simplify would do it shape by shape, but calls itself so deeply on a long zigzag that the process dies.
    """
    noticed = np.ones(len(points), bool)
    places = np.flatnonzero(np.bincount(index)[index] > CROWDED)
    for turn in range(PASSES):
        near = _distance_from_line(points[places[1:-1]], points[places[:-2]], points[places[2:]]) < UNSEEN
        near &= index[places[:-2]] == index[places[2:]]
        gone = np.flatnonzero(near) + 1
        gone = gone[gone % 2 == turn % 2]
        if len(gone) * FEW <= len(places):
            break
        noticed[places[gone]] = False
        places = np.delete(places, gone)
    return np.flatnonzero(noticed)


def _distance_from_line(points: Numbers, starts: Numbers, ends: Numbers) -> Numbers:
    """How far each point is from the piece of a line between a start and an end."""
    (along_x, along_y), (x, y) = (ends - starts).T, (points - starts).T
    square = along_x * along_x + along_y * along_y
    part = np.clip((x * along_x + y * along_y) / np.where(square > 0, square, 1), 0, 1)
    far: Numbers = np.hypot(x - part * along_x, y - part * along_y)
    return far


def _settled(found: Outlines, shells: Marks) -> Outlines:
    """Rings without their last point, which is the first again, and the right way round; nothing that fell together.

    An outer ring runs clockwise on the screen, a hole the other way. A hole does not outlive its outer ring.
    """
    closed = found.dimensions == AREA
    kept = np.ones(len(found.points), bool)
    kept[(np.cumsum(found.counts) - 1)[closed]] = False
    x, y = found.points.T
    turns = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0)
    areas = sums(np.where(kept, turns, 0), found.counts)
    counts = found.counts - closed
    points = _reversed(found.points[kept], counts, closed & ((areas > 0) != shells))
    shell = np.maximum.accumulate(np.where(shells, np.arange(len(shells)), 0))
    standing = np.where(closed, (areas != 0) & (areas[shell] != 0), counts > found.dimensions)
    return replace(found, points=points, counts=counts).chosen(standing)


def _reversed(points: Whole, counts: Whole, wanted: Marks) -> Whole:
    """The points, those of the wanted outlines in reverse."""
    ends = np.cumsum(counts)
    places = np.arange(len(points))
    mirrored = np.repeat(2 * ends - counts - 1, counts) - places
    return points[np.where(np.repeat(wanted, counts), mirrored, places)]


def _strings(shapes: Shapes, dimensions: Whole) -> tuple[Shapes, Whole, Marks]:
    """Points, lines and rings of shapes, the row each belongs to, and which of them bound an area from outside.

    Of a shape with parts of several dimensions, as clipping or a collection makes them, the highest counts.
    """
    parts, rows = _parts(shapes)
    wanted = (shapely.get_dimensions(parts) == dimensions[rows]) & ~shapely.is_empty(parts)
    parts, rows = parts[wanted], rows[wanted]
    if not shapely.get_num_interior_rings(parts).any():  # a part is as good as its ring
        return parts, rows, dimensions[rows] == AREA
    rings, index = shapely.get_rings(parts, return_index=True)
    shells = np.diff(index, prepend=-1) > 0
    others = np.flatnonzero(dimensions[rows] != AREA)
    order = np.argsort(np.append(index, others), kind="stable")
    strings, index = np.append(rings, parts[others])[order], np.append(index, others)[order]
    return strings, rows[index], np.append(shells, np.zeros(len(others), bool))[order]


def _parts(shapes: Shapes) -> tuple[Shapes, Whole]:
    """Shapes of one part each, and the row of the shape each comes from."""
    rows = np.arange(len(shapes))
    while (shapely.get_type_id(shapes) >= MULTIPLE).any():
        shapes, index = shapely.get_parts(shapes, return_index=True)
        rows = rows[index]
    return shapes, rows
