"""The rows of a printed sheet: scoped as everywhere, cut at the frame, counted and measured class by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from soildesk.maps.labels import name_places
from soildesk.maps.layers import MapLayer, Swatch
from soildesk.maps.sheetframe import Frame
from soilrules.geodesy import measure
from soilrules.geodesy.thinning import thinned

Shapes = NDArray[Any]
THINNEST_MM = 0.06
SMALLEST_MM2 = 0.02
CLOSED = 3


@dataclass(frozen=True)
class Drawn:
    """The rows of one layer on a sheet. `shapes` are millimetres on the map, `classes` numbers in the legend."""

    layer: MapLayer
    shapes: Shapes
    classes: NDArray[np.intp]
    names: Sequence[str]
    ground_m2: NDArray[np.float64]

    def lines(self) -> list[LegendLine]:
        """The legend of the layer: every class that lies on the sheet; rows of no class at the end."""
        swatches = [*self.layer.legend, None]
        lines = [LegendLine(swatch, *self._sums(number)) for number, swatch in enumerate(swatches)]
        return [line for line in lines if line.count] or lines[:1]

    def _sums(self, number: int) -> tuple[int, float]:
        here = self.classes == number
        return int(here.sum()), float(self.ground_m2[here].sum())

    def name_places(self, size: tuple[float, float]) -> Shapes:
        """Where the names may stand, in millimetres."""
        return name_places(self.shapes, (0.0, 0.0, *size)) if len(self.shapes) else self.shapes


@dataclass(frozen=True, slots=True)
class LegendLine:
    """One line of the printed legend: rows on the sheet and their area there. Without a swatch: of no class."""

    swatch: Swatch | None
    count: int
    area_m2: float
    others: int = 0  # how many classes this line stands for, where there was no room for each


def legend_lines(lines: Sequence[LegendLine], most: int) -> list[LegendLine]:
    """The lines, but no more than there is room for: the smallest classes are put together in the last one."""
    if len(lines) <= most:
        return list(lines)
    by_area = sorted(range(len(lines)), key=lambda number: (-lines[number].area_m2, -lines[number].count))
    kept = set(by_area[: max(most - 1, 0)])
    rest = [line for number, line in enumerate(lines) if number not in kept]
    together = LegendLine(None, sum(line.count for line in rest), sum(line.area_m2 for line in rest), len(rest))
    return [*(line for number, line in enumerate(lines) if number in kept), together]


def count_of(layers: Sequence[MapLayer], frame: Frame) -> int:
    """How many rows lie on a sheet."""
    return sum(_rows(layer, frame).order_by().count() for layer in layers)


def _rows(layer: MapLayer, frame: Frame) -> Any:
    return layer.rows().filter(**{f"{layer.ground.field}__intersects": frame.ground})


def drawn_of(layer: MapLayer, frame: Frame) -> Drawn:
    """The rows of a layer that lie on the sheet, the largest first, so that small ones are not covered."""
    ground = layer.ground
    wanted = [name for name in (ground.title, ground.class_field) if name in layer.drawn_fields]
    rows = _rows(layer, frame).order_by(*([f"-{ground.area}", "pk"] if ground.area else ["pk"]))
    found = list(rows.values(ground.field, *wanted))
    stored = np.array([row[ground.field] for row in found], dtype=object)
    if not len(stored):
        return Drawn(layer, stored, np.zeros(0, np.intp), (), np.zeros(0))
    flat = shapely.make_valid(frame.flat(stored))
    cut = shapely.clip_by_rect(flat, *frame.bounds_m)
    classes = _classes(layer, [row.get(ground.class_field) for row in found])
    names = [str(row.get(ground.title) or "") if ground.title in wanted else "" for row in found]
    return Drawn(layer, _fine(frame.on_paper(cut)), classes, names, _area_on_sheet(stored, flat, cut))


def _classes(layer: MapLayer, values: Sequence[Any]) -> NDArray[np.intp]:
    """The number of each row's class in the legend; one more than the last for rows of none."""
    if not layer.is_classed:
        return np.zeros(len(values), np.intp)
    numbers = {str(swatch.given.value): number for number, swatch in enumerate(layer.legend)}
    return np.array([numbers.get(str(value), len(numbers)) for value in values], np.intp)


def _area_on_sheet(stored: Shapes, flat: Shapes, cut: Shapes) -> NDArray[np.float64]:
    """The ellipsoidal area of each row, in the share of it that lies within the frame."""
    whole, part = shapely.area(flat), shapely.area(cut)
    share = np.divide(part, whole, out=np.zeros(len(flat)), where=whole > 0)
    measured: NDArray[np.float64] = measure.area_m2(stored) * share
    return measured


def _fine(shapes: Shapes) -> Shapes:
    """Shapes as fine as ink: corners nobody could see are left out, and with them what is smaller than a dot."""
    thinner = thinned(shapes, THINNEST_MM)
    gone = (shapely.get_dimensions(shapes) == 2) & (shapely.area(thinner) < SMALLEST_MM2) & ~shapely.is_empty(shapes)
    thinner[gone] = shapely.buffer(shapely.centroid(shapes[gone]), 0.12, quad_segs=1)
    return thinner
