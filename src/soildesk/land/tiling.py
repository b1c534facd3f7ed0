"""Whether pieces tile a ground: what is left open between them, what they share, what lies outside.

Boundaries are surveyed to a centimetre or worse, so pieces never meet exactly: along each metre of boundary
`ALONG_M` square metres may be open, shared or outside, and never more than one hundredth of the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.land.shapes import area_m2, areas_m2
from soilrules.geodesy import measure

ALONG_M = 0.05
LEAST_M2 = 0.5
LARGEST_SHARE = 0.01
NEAR_DEGREES = 5e-7  # about five centimetres


@dataclass(frozen=True, slots=True)
class Tiling:
    """What was found. `pieces_m2` are the pieces' own areas, `scaled_m2` those that sum to the ground."""

    ground_m2: float
    pieces_m2: tuple[float, ...]
    scaled_m2: tuple[float, ...]
    gap_m2: float
    overlap_m2: float
    outside_m2: float
    tolerance_m2: float

    @property
    def fits(self) -> bool:
        """Whether nothing is beyond the tolerance."""
        return max(self.gap_m2, self.overlap_m2, self.outside_m2) <= self.tolerance_m2


def tolerance_m2(ground: BaseGeometry) -> float:
    """How many m² along the boundary of a ground are no fault."""
    along = ALONG_M * float(measure.length_m(np.asarray([ground], dtype=object))[0])
    return min(max(along, LEAST_M2), LARGEST_SHARE * area_m2(ground))


def tiling(ground: BaseGeometry, pieces: Sequence[BaseGeometry], ground_m2: float | None = None) -> Tiling:
    """How `pieces` tile `ground`; `ground_m2` is its area on record, to which the pieces are scaled."""
    together = shapely.union_all(list(pieces))
    own = areas_m2(pieces)
    total = area_m2(ground) if ground_m2 is None else ground_m2
    return Tiling(
        ground_m2=total,
        pieces_m2=tuple(own),
        scaled_m2=tuple(measure.scaled_to_parent(own, total).tolist()),
        gap_m2=area_m2(shapely.difference(ground, together)),
        overlap_m2=overlap_m2(pieces),
        outside_m2=area_m2(shapely.difference(together, ground)),
        tolerance_m2=tolerance_m2(ground),
    )


def overlap_m2(pieces: Sequence[BaseGeometry]) -> float:
    """How much ground pieces share."""
    shared = [
        shapely.intersection(one, other)
        for at, one in enumerate(pieces)
        for other in pieces[at + 1 :]
        if shapely.intersects(one, other)
    ]
    return area_m2(shapely.union_all([shape for shape in shared if not shape.is_empty])) if shared else 0.0


def connected(shapes: Sequence[BaseGeometry]) -> bool:
    """Whether one can walk from every shape to every other over shared boundaries; a corner is no way."""
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        for other in range(len(shapes)):
            if other not in reached and side_by_side(shapes[here], shapes[other]):
                reached.add(other)
                waiting.append(other)
    return len(reached) == len(shapes)


def side_by_side(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two grounds share a boundary of some length, within centimetres."""
    common = shapely.intersection(shapely.buffer(one, NEAR_DEGREES), other)
    return bool(common.area > 4 * NEAR_DEGREES**2)


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The ground of neighbours as one; vertices within centimetres of each other are drawn together first."""
    ground, waiting = shapes[0], list(shapes[1:])
    while waiting:
        near = next((each for each in waiting if side_by_side(ground, each)), waiting[0])
        waiting.remove(near)
        ground = shapely.union(ground, shapely.snap(near, ground, NEAR_DEGREES))
    return ground
