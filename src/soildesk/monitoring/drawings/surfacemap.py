"""A surface as a map in classes: contents with the line of the limit, or the probability that the limit is exceeded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.kit.cells import escape
from soildesk.kit.drawing import area_path
from soildesk.monitoring.drawings.axes import figures, label
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.rasterbands import classes_of, ground_of
from soilrules.geostat import Grid

WIDTH, LEGEND, PAD = 760, 190, 12
HIGHEST, LOWEST = 620, 300
RAMP = ("#f7f4d4", "#f0dd9a", "#e9b968", "#d98a45", "#b8562f", "#84301f")
CHANCE_RAMP = ("#eef2f5", "#cddbe6", "#9fbdd3", "#6895ba", "#3a6a9a", "#1d3f69")
CHANCES = (0.05, 0.2, 0.5, 0.8, 0.95)
ROUND = (1, 2, 5)
MU_M2 = 10_000 / 15
FULL_M2 = 1_000


@dataclass(frozen=True)
class Drawn:
    """What of a surface is drawn: numbers, where its classes part, its points, and the ground under it in metres."""

    values: np.ndarray
    grid: Grid
    breaks: Sequence[float]
    colours: Sequence[str]
    words: Sequence[str]  # of the classes
    spots: Sequence[Sequence[float]]
    grounds: Sequence[tuple[BaseGeometry, str]] = ()
    line_at: float | None = None  # drawn as a thick line around what lies above
    line_word: str = ""


def breaks_of(values: np.ndarray) -> list[float]:
    """Where contents part into six classes of about the same ground, at round numbers."""
    known = values[~np.isnan(values)]
    if not known.size:
        return []
    rounded = [float(f"{one:.2g}") for one in np.quantile(known, (1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6))]
    return sorted(set(rounded))


def contents_drawn(
    values: np.ndarray, grid: Grid, spots: Sequence[Sequence[float]], *, unit: str, limit: float | None,
    grounds: Sequence[tuple[BaseGeometry, str]] = (),
) -> Drawn:  # fmt: skip
    """Contents in classes of the same ground, with the line of the limit."""
    breaks = breaks_of(values)
    words = _between([figures(one) for one in breaks], unit)
    told = _("限值 %(limit)s %(unit)s") % {"limit": figures(limit), "unit": unit} if limit else ""
    return Drawn(values, grid, breaks, RAMP[-len(words) :], words, spots, grounds, limit, told)


def chances_drawn(
    values: np.ndarray, grid: Grid, spots: Sequence[Sequence[float]], grounds: Sequence[tuple[BaseGeometry, str]] = ()
) -> Drawn:
    """The probability in fixed classes."""
    words = _between([f"{one:.0%}" for one in CHANCES], "")
    return Drawn(values, grid, CHANCES, CHANCE_RAMP, words, spots, grounds, 0.5, _("超标概率一半"))


def _between(breaks: Sequence[str], unit: str) -> list[str]:
    if not breaks:
        return [unit or "—"]
    middle = [f"{one}–{other}" for one, other in zip(breaks, breaks[1:], strict=False)]
    words = [f"≤{breaks[0]}", *middle, f">{breaks[-1]}"]
    return [f"{one} {unit}".strip() for one in words]


def surface_figure(drawn: Drawn, title: str) -> Figure:
    """The map with its legend at the right."""
    paper = _Paper.over(drawn.grid)
    classes = classes_of(drawn.values, drawn.breaks)
    areas = [float((classes == band).sum()) * drawn.grid.cell**2 for band in range(len(drawn.words))]
    parts = [
        *_grounds(paper, drawn.grounds),
        *(_band(paper, classes, band, drawn) for band in range(len(drawn.words))),
        *_line(paper, drawn),
        *(_spot(paper, one) for one in drawn.spots),
        *_legend(drawn, areas, paper.height),
        *_scale(paper),
    ]
    whole = sum(areas)
    return Figure(
        title=title,
        described=_("按分级着色的插值图，图外和空白处没有估计；下面有各级面积的表格。"),
        width=WIDTH,
        height=paper.height,
        parts=[one for one in parts if one],
        head=[_("分级"), _("面积（亩）"), _("面积（公顷）"), _("占出图面积")],
        rows=[
            [word, figures(area / MU_M2), figures(area / 10_000), f"{area / whole:.1%}" if whole else "—"]
            for word, area in zip(drawn.words, areas, strict=True)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Paper:
    west: float
    north: float
    scale: float
    height: float

    @classmethod
    def over(cls, grid: Grid) -> _Paper:
        across, down = grid.columns * grid.cell, grid.rows * grid.cell
        scale = min((WIDTH - LEGEND - 2 * PAD) / across, (HIGHEST - 2 * PAD) / down)
        height = max(down * scale + 2 * PAD, LOWEST)
        aside = (WIDTH - LEGEND - across * scale) / 2
        return cls(grid.west - aside / scale, grid.north + (height - down * scale) / 2 / scale, scale, round(height))

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round((x - self.west) * self.scale, 1), round((self.north - y) * self.scale, 1)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return (
            self.west, self.north - self.height / self.scale, self.west + (WIDTH - LEGEND) / self.scale, self.north,
        )  # fmt: skip

    def path(self, shape: BaseGeometry) -> str:
        return area_path(shape, self.at)


def _grounds(paper: _Paper, grounds: Sequence[tuple[BaseGeometry, str]]) -> Iterator[str]:
    for shape, name in grounds:
        part = shapely.clip_by_rect(shapely.make_valid(shape), *paper.bounds)
        if not part.is_empty:
            yield f'<path class="p-ground" d="{paper.path(part)}" fill-rule="evenodd"><title>{escape(name)}</title></path>'


def _band(paper: _Paper, classes: Any, band: int, drawn: Drawn) -> str:
    shape = ground_of(classes, band, drawn.grid)
    if shape is None:
        return ""
    word = escape(drawn.words[band])
    return f'<path d="{paper.path(shape)}" fill="{drawn.colours[band]}" fill-rule="evenodd" data-band="{band}"><title>{word}</title></path>'


def _line(paper: _Paper, drawn: Drawn) -> Iterator[str]:
    if drawn.line_at is None:
        return
    above = ground_of(classes_of(drawn.values, [drawn.line_at]), 1, drawn.grid)
    if above is not None:
        yield f'<path class="p-limit-case" d="{paper.path(above)}"/>'
        yield f'<path class="p-limit-line" d="{paper.path(above)}"><title>{escape(drawn.line_word)}</title></path>'


def _spot(paper: _Paper, place: Sequence[float]) -> str:
    x, y = paper.at(place[0], place[1])
    return f'<circle class="p-spot" cx="{x}" cy="{y}" r="2.4"/>'


def _legend(drawn: Drawn, areas: Sequence[float], height: float) -> Iterator[str]:
    x, y = WIDTH - LEGEND + 10, 22.0
    yield label(_("图例（面积，亩）"), x, y)
    for at, word in enumerate(drawn.words):
        y += 24
        yield f'<rect x="{x}" y="{y - 13}" width="26" height="17" fill="{drawn.colours[at]}" stroke="#5d6e72" stroke-width="0.6"/>'
        yield label(word, x + 32, y, longest=18)
        yield label(figures(areas[at] / MU_M2, 3), WIDTH - 8, y, kind="p-small", anchor="end")
    if drawn.line_at is not None:
        y += 26
        yield f'<path class="p-limit-line" d="M{x} {y - 5}h26"/>'
        yield label(drawn.line_word, x + 32, y, longest=18)
    y += 24
    yield f'<circle class="p-spot" cx="{x + 13}" cy="{y - 5}" r="2.4"/>'
    yield label(_("采样点 %(n)d") % {"n": len(drawn.spots)}, x + 32, y)
    y += 24
    yield f'<rect x="{x}" y="{y - 13}" width="26" height="17" fill="#ffffff" stroke="#5d6e72" stroke-width="0.6" stroke-dasharray="2 2"/>'
    yield label(_("不出图（离点太远）"), x + 32, y)


def _scale(paper: _Paper) -> Iterator[str]:
    room = (LEGEND - 60) / paper.scale
    size = 10.0 ** int(np.floor(np.log10(room)))
    metres = max(size * step for step in ROUND if size * step <= room)
    length = round(metres * paper.scale, 1)
    x, y = WIDTH - LEGEND + 12, paper.height - 18
    said = f"{metres / 1000:g} km" if metres >= FULL_M2 else f"{metres:g} m"
    yield f'<path class="p-axis" fill="none" d="M{x} {y - 6}v6h{length}v-6"/>'
    yield label(said, x + length / 2, y - 9, kind="p-small", anchor="middle")
    yield f'<path class="p-north" d="M{WIDTH - 24} {y - 22}l7 20l-7 -5l-7 5z"/>'
    yield label("N", WIDTH - 24, y + 12, kind="p-small", anchor="middle")
