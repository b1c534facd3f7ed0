"""Many geometries taken apart once, into parts, lines, edges and vertices, as flat arrays that point at each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]
Geometries = NDArray[Any]
POLYGON = 3


@dataclass(frozen=True, slots=True)
class Outline:
    """Parts, the lines they are drawn with (rings of polygons), and the vertices of these in a row."""

    count: int
    parts: Geometries
    part_owner: Indices  # the geometry of each part
    lines: Geometries
    line_part: Indices
    is_ring: Bools
    is_shell: Bools
    vertices: Floats
    vertex_line: Indices
    first: Indices  # edges: each from vertex `first` to the one after it

    @property
    def start(self) -> Floats:
        """Where each edge begins."""
        return self.vertices[self.first]

    @property
    def end(self) -> Floats:
        """Where each edge ends."""
        return self.vertices[self.first + 1]

    @property
    def edge_line(self) -> Indices:
        """The line of each edge."""
        return self.vertex_line[self.first]

    def owner(self, lines: Indices) -> Indices:
        """The geometry of each of these lines."""
        return self.part_owner[self.line_part[lines]]

    def per_line(self, edges: Floats) -> Floats:
        """The sum over the edges of each line."""
        return totals(self.edge_line, edges, len(self.lines))

    def per_part(self, lines: Floats) -> Floats:
        """The sum over the lines of each part."""
        return totals(self.line_part, lines, len(self.parts))

    def per_geometry(self, parts: Floats) -> Floats:
        """The sum over the parts of each geometry."""
        return totals(self.part_owner, parts, self.count)


def totals(owner: Indices, values: Floats, count: int) -> Floats:
    """Sum of the values that belong to each of `count` owners."""
    return np.asarray(np.bincount(owner, values, minlength=count), dtype=np.float64)


def outline(geoms: Geometries) -> Outline:
    """The outline of an array of geometries; missing ones and points have no line."""
    parts, part_owner = _parts(geoms)
    dimension = shapely.get_dimensions(parts)
    surfaces, curves = np.flatnonzero(dimension == 2), np.flatnonzero(dimension == 1)
    rings, ring_part = shapely.get_rings(parts[surfaces], return_index=True)
    lines, line_part = np.concatenate([rings, parts[curves]]), np.concatenate([surfaces[ring_part], curves])
    is_shell = np.zeros(len(lines), dtype=bool)
    is_shell[: len(rings)] = np.r_[True, ring_part[1:] != ring_part[:-1]][: len(rings)]
    vertices, vertex_line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(vertex_line[1:] == vertex_line[:-1])
    is_ring = np.arange(len(lines)) < len(rings)
    return Outline(len(geoms), parts, part_owner, lines, line_part, is_ring, is_shell, vertices, vertex_line, first)


def _parts(geoms: Geometries) -> tuple[Geometries, Indices]:
    """Single geometries of multiple ones; for polygons only, which is what layers mostly are, nothing is to be done."""
    if (shapely.get_type_id(geoms) == POLYGON).all():
        return geoms, np.arange(len(geoms))
    parts, owner = shapely.get_parts(geoms, return_index=True)
    return parts, owner
