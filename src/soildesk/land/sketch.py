"""A small drawing of grounds beside each other, so that a person sees what an act will do before it is done."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.kit.cells import escape
from soildesk.kit.drawing import area_path

WIDTH, HEIGHT, PAD = 480, 320, 14
TINTS = 8


def sketch(
    shapes: Sequence[BaseGeometry],
    labels: Sequence[str],
    *,
    before: BaseGeometry | None = None,
    looks: Sequence[str] = (),
) -> SafeString:
    """The shapes filled and labelled; `before` is the outline that stood, `looks` the style of each shape by class."""
    everything = [*shapes, *([before] if before is not None else [])]
    if not everything:
        return SafeString("")
    project = _projection(everything)
    paths = [
        f'<path class="{escape(looks[at]) if looks else f"tint tint-{at % TINTS}"}" d="{_path(shape, project)}"></path>'
        for at, shape in enumerate(shapes)
    ]
    if before is not None:
        paths.append(f'<path class="before" d="{_path(before, project)}"></path>')
    words = [_label(shape, label, project) for shape, label in zip(shapes, labels, strict=True)]
    title = escape(_("示意图：%(names)s") % {"names": "、".join(labels)})
    return mark_safe(  # noqa: S308 — numbers and escaped labels
        f'<svg class="land-sketch" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">'
        f"{''.join(paths)}{''.join(words)}</svg>"
    )


def _projection(shapes: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 2 * PAD) / max((east - west) * squeeze, 1e-9), (HEIGHT - 2 * PAD) / max(north - south, 1e-9))
    return west, north, scale * squeeze, scale


def _at(x: float, y: float, project: tuple[float, float, float, float]) -> tuple[float, float]:
    west, north, across, down = project
    return PAD + (x - west) * across, PAD + (north - y) * down


def _path(shape: BaseGeometry, project: tuple[float, float, float, float]) -> str:
    return area_path(shape, lambda x, y: _at(x, y, project))


def _label(shape: BaseGeometry, label: str, project: tuple[float, float, float, float]) -> str:
    inside = shape.representative_point()
    x, y = _at(inside.x, inside.y, project)
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(label)}</text>'
