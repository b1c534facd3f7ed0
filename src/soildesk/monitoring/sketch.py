"""A small drawing of ground with points on it, made on the server: what a design or an analysis comes to at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

from soildesk.kit.cells import escape
from soildesk.kit.drawing import area_path

WIDTH, HEIGHT, PAD = 720, 420, 16
SHAPES = {"held": "circle", "new": "square", "near": "diamond", "far": "cross"}


@dataclass(frozen=True, slots=True)
class Spot:
    """One point: how it is drawn (SHAPES), what it is called, where it leads."""

    at: Any
    kind: str = "held"
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Sketch:
    """Grounds with a class each, lines between points, and points. `title` says in words what is drawn."""

    title: str
    grounds: Sequence[tuple[BaseGeometry, str, str]] = ()  # shape, css class, what it is called
    spots: Sequence[Spot] = ()
    pairs: Sequence[tuple[Any, Any]] = field(default_factory=tuple)

    def render(self) -> SafeString:
        """The drawing; nothing where there is nothing to draw."""
        everything = [*(shape for shape, _class, _name in self.grounds), *(spot.at for spot in self.spots)]
        if not everything:
            return SafeString("")
        on = _Paper.of(everything)
        parts = [
            *(_ground(on, shape, name, title) for shape, name, title in self.grounds),
            *(_line(on, one, two) for one, two in self.pairs),
            *(_spot(on, spot) for spot in self.spots),
        ]
        linked = any(spot.url for spot in self.spots)
        return mark_safe(  # noqa: S308 — numbers and escaped words
            f'<svg class="net-sketch" viewBox="0 0 {WIDTH} {on.height:.0f}" role="{"group" if linked else "img"}" '
            f'aria-label="{escape(self.title)}">{"".join(parts)}</svg>'
        )


@dataclass(frozen=True, slots=True)
class _Paper:
    west: float
    north: float
    across: float
    down: float
    height: float

    @classmethod
    def of(cls, shapes: Sequence[Any]) -> _Paper:
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
        squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * squeeze, 1e-5), max(north - south, 1e-5)
        scale = min((WIDTH - 2 * PAD) / wide, (HEIGHT - 2 * PAD) / high)
        aside = (WIDTH - 2 * PAD - wide * scale) / 2
        return cls(west - aside / (scale * squeeze), north, scale * squeeze, scale, high * scale + 2 * PAD)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return PAD + (x - self.west) * self.across, PAD + (self.north - y) * self.down


def _ground(on: _Paper, shape: BaseGeometry, name: str, title: str) -> str:
    return f'<path class="{escape(name)}" d="{area_path(shape, on.at)}" fill-rule="evenodd"><title>{escape(title)}</title></path>'


def _line(on: _Paper, one: Any, two: Any) -> str:
    (x1, y1), (x2, y2) = on.at(one.x, one.y), on.at(two.x, two.y)
    return f'<line class="near-line" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"></line>'


def _spot(on: _Paper, spot: Spot) -> str:
    x, y = on.at(spot.at.x, spot.at.y)
    title = f"<title>{escape(spot.title)}</title>"
    drawn = {
        "circle": f'<circle class="spot spot-{spot.kind}" cx="{x:.1f}" cy="{y:.1f}" r="4.5">{title}</circle>',
        "square": f'<rect class="spot spot-{spot.kind}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8">{title}</rect>',
        "diamond": f'<path class="spot spot-{spot.kind}" d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z">{title}</path>',
        "cross": f'<path class="spot spot-{spot.kind}" d="M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10">{title}</path>',
    }[SHAPES[spot.kind]]
    return f'<a href="{escape(spot.url)}">{drawn}</a>' if spot.url else drawn
