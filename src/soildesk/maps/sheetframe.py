"""The frame of a printed sheet: paper, scale, zone, and what of the ground lies in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from soilrules.geodesy import measure, transform
from soilrules.geodesy.systems import Crs, Datum, gauss_kruger

SCALES = [step * 10**power for power in range(2, 7) for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)]
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
MARGIN, TITLE, FOOT, EDGE = 9.0, 15.0, 23.0, 5.5
LEGEND_WIDTH, LEGEND_LINE, LEGEND_HEAD, SIDE_FOOT = 78.0, 5.0, 13.0, 52.0
SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000, 72000)
FEWEST_LINES = 3
Paper = Literal["A4", "A3"]
Bounds = tuple[float, float, float, float]
Shapes = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of paper and what of it the map takes, in millimetres. A wide page has its legend at the side."""

    paper: Paper = "A4"
    wide: bool = False
    legend_lines: int = 1

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper."""
        width, height = PAPERS[self.paper]
        return (height, width) if self.wide else (width, height)

    @property
    def most_lines(self) -> int:
        """How many lines of legend have room: beside the map as high as it is, below it a third of the page."""
        if self.wide:
            return int((self.map_size[1] + 2 * EDGE - LEGEND_HEAD - SIDE_FOOT) / LEGEND_LINE)
        return 2 * int((self.size[1] / 3 - LEGEND_HEAD) / LEGEND_LINE)

    @property
    def title_room(self) -> float:
        """Millimetres for the words of one line of the legend."""
        column = LEGEND_WIDTH - 6 if self.wide else (self.size[0] - 2 * MARGIN - 6) / 2
        return column - 9.5 - 34

    @property
    def legend_height(self) -> float:
        """What the legend takes below the map on an upright page: two columns of lines."""
        return LEGEND_HEAD + math.ceil(self.legend_lines / 2) * LEGEND_LINE

    @property
    def map_size(self) -> tuple[float, float]:
        """Width and height of the map itself, within its edge of coordinates."""
        width, height = self.size
        across = width - 2 * MARGIN - 2 * EDGE - (LEGEND_WIDTH + 4 if self.wide else 0)
        upright = height - 2 * MARGIN - TITLE - 2 * EDGE - (1 if self.wide else FOOT + self.legend_height - 8)
        return across, upright


@dataclass(frozen=True)
class Frame:
    """The ground a map shows: `scale` is n of 1:n, `middle` in metres of the zone, `size` in millimetres of paper."""

    crs: Crs
    middle: tuple[float, float]
    size: tuple[float, float]
    scale: float

    @property
    def bounds_m(self) -> Bounds:
        """West, south, east and north in metres of the zone."""
        across, upright = (side * self.scale / 2000 for side in self.size)
        x, y = self.middle
        return x - across, y - upright, x + across, y + upright

    @cached_property
    def ground(self) -> Any:
        """The frame as a stored shape; its edges are bent, so they are thickened with corners."""
        box = shapely.segmentize(shapely.box(*self.bounds_m), self.scale * max(self.size) / 20_000)
        return transform.to_stored(np.array([box], dtype=object), self.crs).geoms[0]

    def flat(self, shapes: Shapes) -> Shapes:
        """Stored shapes in metres of the zone."""
        return transform.from_stored(shapes, self.crs).geoms

    def on_paper(self, flat: Shapes) -> Shapes:
        """Shapes in metres of the zone as millimetres from the upper left corner of the map."""
        west, _south, _east, north = self.bounds_m
        per_mm = self.scale / 1000

        def place(metres: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack([(metres[:, 0] - west) / per_mm, (north - metres[:, 1]) / per_mm])

        placed: Shapes = shapely.transform(flat, place)
        return placed

    @cached_property
    def stretch(self) -> float:
        """Metres of the zone for a metre of ground at the middle of the map, from west to east."""
        x, y = self.middle
        half = self.scale * self.size[0] / 8000
        line = np.array([shapely.LineString([(x - half, y), (x + half, y)])], dtype=object)
        return float(2 * half / measure.length_m(transform.to_stored(line, self.crs).geoms)[0])

    def bar_metres(self, longest_mm: float = 50.0) -> tuple[float, float]:
        """A round length on the ground for the scale bar, and its millimetres on this map."""
        most = longest_mm * self.scale / 1000
        power = 10 ** math.floor(math.log10(most))
        metres = max(step * power for step in (1, 2, 5) if step * power <= most)
        return float(metres), metres * self.stretch * 1000 / self.scale


def frame_of(box: Bounds, page: Page, scale: float | None = None) -> Frame:
    """The frame that shows a box in degrees, at the largest round scale that holds it or at the one asked for."""
    shape = np.array([shapely.segmentize(shapely.box(*box), 0.01)], dtype=object)
    crs = gauss_kruger(Datum.CGCS2000, 3, int(measure.zone_of(shape)[0]), prefixed=True)
    west, south, east, north = transform.from_stored(shape, crs).geoms[0].bounds
    across, upright = page.map_size
    least = max((east - west) * 1000 / across, (north - south) * 1000 / upright, 1.0)
    chosen = scale or next((one for one in SCALES if one >= least * 0.999), SCALES[-1])
    return Frame(crs, ((west + east) / 2, (south + north) / 2), (across, upright), chosen)


@dataclass(frozen=True, slots=True)
class Meridian:
    """A line of the graticule: millimetres on the map, what it says, and where it leaves the map."""

    points: NDArray[np.float64]
    text: str
    ends: tuple[tuple[float, float], ...]
    is_longitude: bool


def angle(degrees: float) -> str:
    """An angle in degrees, minutes and seconds.

    >>> angle(113.1), angle(28.25), angle(28.00166667)
    ('113°06′', '28°15′', '28°00′06″')
    """
    seconds = round(abs(degrees) * 3600)
    whole, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{whole}°{minutes:02d}′" + (f"{left:02d}″" if left else "")


def graticule(frame: Frame) -> Iterator[Meridian]:
    """Meridians and parallels at round angles, at least two of each where the sheet is that large."""
    west, south, east, north = frame.ground.bounds
    step = next((one for one in reversed(SECONDS) if min(east - west, north - south) * 3600 / one >= FEWEST_LINES), 1)
    for first, last, is_longitude in ((west, east, True), (south, north, False)):
        low, high = (south, north) if is_longitude else (west, east)
        for number in range(math.ceil(first * 3600 / step), math.floor(last * 3600 / step) + 1):
            value = number * step / 3600
            along = np.linspace(low, high, 40)
            across = np.full_like(along, value)
            corners = np.column_stack([across, along] if is_longitude else [along, across])
            line = shapely.clip_by_rect(
                frame.flat(np.array([shapely.LineString(corners)], dtype=object))[0], *frame.bounds_m
            )
            if line.geom_type != "LineString" or line.is_empty:
                continue
            points = shapely.get_coordinates(frame.on_paper(np.array([line], dtype=object)))
            ends = tuple((float(x), float(y)) for x, y in (points[0], points[-1]))
            yield Meridian(points, angle(value), ends, is_longitude)
