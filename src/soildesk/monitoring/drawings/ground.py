"""Ground on paper: degrees to drawing units around a middle, with a scale bar and an arrow to the north."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from soildesk.kit.cells import escape
from soildesk.kit.drawing import area_path
from soildesk.monitoring.drawings.axes import label
from soilrules.geodesy import measure

WIDTH, HIGHEST, LOWEST, PAD = 720, 520, 260, 26
ROUND = (1, 2, 5)
SIGN, MARK = 11, 7
"""The size of a sign of a name, and half that of a mark, in units of the drawing."""
STEPS = sorted(((dx, dy) for dx in range(-48, 49, 16) for dy in range(-48, 49, 8)), key=lambda step: math.hypot(*step))


@dataclass(frozen=True, slots=True)
class Paper:
    """West and north of the drawing, units of it to a degree each way, and its height."""

    west: float
    north: float
    across: float
    down: float
    height: float

    @classmethod
    def over(cls, shapes: Sequence[Any]) -> Paper:
        """The paper that holds some shapes with room around them."""
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
        squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * squeeze, 0.004), max(north - south, 0.004)
        scale = min((WIDTH - 2 * PAD) / wide, (HIGHEST - 2 * PAD) / high)
        height = max(high * scale + 2 * PAD, LOWEST)
        left = west - ((WIDTH / scale - (east - west) * squeeze) / 2) / squeeze
        top = north + (height / scale - (north - south)) / 2
        return cls(left, top, scale * squeeze, scale, round(height))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a place stands."""
        return round((x - self.west) * self.across, 1), round((self.north - y) * self.down, 1)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the paper in degrees."""
        return self.west, self.north - self.height / self.down, self.west + WIDTH / self.across, self.north


def outline(
    paper: Paper, shape: BaseGeometry, name: str, kind: str = "p-ground", avoid: Sequence[tuple[float, float]] = ()
) -> str:
    """A piece of ground, as far as it lies on the paper; its name in its middle, or beside what it would cover there."""
    part = shapely.clip_by_rect(shapely.make_valid(shape), *paper.bounds)
    if part.is_empty:
        return ""
    middle = part.representative_point()
    x, y = _beside(paper.at(middle.x, middle.y), len(name), avoid)
    drawn = (
        f'<path class="{kind}" d="{area_path(part, paper.at)}" fill-rule="evenodd"><title>{escape(name)}</title></path>'
    )
    return drawn + label(name, x, y, kind="p-small", anchor="middle", longest=12)


def _beside(middle: tuple[float, float], signs: int, avoid: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The place nearest the middle where a name of so many signs covers no mark; the middle where none is free."""
    half = min(signs, 12) * SIGN / 2 + MARK
    places = [(middle[0] + dx, middle[1] + dy) for dx, dy in STEPS]
    free = (
        (x, y) for x, y in places if not any(abs(at - x) < half and -SIGN - MARK < to - y < MARK for at, to in avoid)
    )
    return next(free, middle)


def furniture(paper: Paper) -> Iterator[str]:
    """The scale bar and the arrow to the north."""
    west, south, _east, north = paper.bounds
    middle = (south + north) / 2
    a_degree = float(measure.GEOD.inv([west], [middle], [west + 0.01], [middle])[2][0]) * 100
    metres = _round(a_degree / paper.across * WIDTH / 4)
    length = round(metres / a_degree * paper.across, 1)
    x, y = WIDTH - PAD - length, paper.height - 14
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    yield f'<path class="p-axis" fill="none" d="M{x:g} {y - 5:g}v5h{length:g}v-5"/>'
    yield label(said, x + length / 2, y - 6, kind="p-small", anchor="middle")
    yield f'<path class="p-north" d="M{WIDTH - 24} 14l7 20l-7 -5l-7 5z"/>'
    yield label("N", WIDTH - 24, 48, kind="p-small", anchor="middle")


def _round(metres: float) -> float:
    size = 10.0 ** math.floor(math.log10(metres))
    return max(size * step for step in ROUND if size * step <= metres)
