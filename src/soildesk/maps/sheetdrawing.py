"""The map of a printed sheet as SVG: areas with their hatches, lines, points, names that do not collide, graticule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

import shapely

from soildesk.maps.layers import OUTLINE, Swatch
from soildesk.maps.sheetframe import EDGE, Frame, Meridian, graticule
from soildesk.maps.sheetrows import Drawn

NAME_MM, TICK_MM = 2.35, 2.0
MOST_NAMES = 500
UNCLASSED = "#8a9496"
HATCH_MM = 2.4
HATCHES = {
    "rising": "M0 2.4L2.4 0M-.6 .6L.6 -.6M1.8 3L3 1.8",
    "falling": "M0 0L2.4 2.4M-.6 1.8L.6 3M1.8 -.6L3 .6",
    "level": "M0 1.2H2.4",
    "upright": "M1.2 0V2.4",
    "cross": "M0 2.4L2.4 0M0 0L2.4 2.4",
}
EMPTY = frozenset({"none", OUTLINE})
FONT = "Noto Sans SC"


def svg(frame: Frame, layers: Sequence[Drawn]) -> str:
    """The map with its edge of coordinates; `layers` from the uppermost down."""
    width, height = frame.size
    lines = list(graticule(frame))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-EDGE} {-EDGE} {width + 2 * EDGE:.2f} {height + 2 * EDGE:.2f}"'
        f' font-family="{FONT}">',
        f'<defs><clipPath id="map"><rect width="{width:.2f}" height="{height:.2f}"/></clipPath>',
        *_patterns(layers),
        "</defs>",
        f'<rect width="{width:.2f}" height="{height:.2f}" fill="#fdfdfb"/>',
        '<g clip-path="url(#map)">',
        *(part for drawn in reversed(layers) for part in _layer(drawn)),
        *_grid(lines),
        *_names(frame, layers),
        "</g>",
        *_edge(width, height),
        *_ticks(lines, width, height),
        *_north(width),
        "</svg>",
    ]
    return "".join(parts)


def _patterns(layers: Sequence[Drawn]) -> Iterator[str]:
    seen = {(swatch.hatch, swatch.line) for drawn in layers for swatch in drawn.layer.legend}
    for hatch, color in sorted(seen):
        yield pattern(hatch, color)


def pattern_id(hatch: str, color: str) -> str:
    """The name of a hatch of one colour."""
    return f"{hatch}-{color.lstrip('#')}"


def pattern(hatch: str, color: str) -> str:
    """A hatch as a repeating tile; nothing for no hatch."""
    if hatch in EMPTY:
        return ""
    mark = (
        f'<circle cx="1.2" cy="1.2" r=".3" fill="{color}"/>'
        if hatch == "dots"
        else f'<path d="{HATCHES[hatch]}" stroke="{color}" stroke-width=".14" fill="none"/>'
    )
    return (
        f'<pattern id="{pattern_id(hatch, color)}" width="{HATCH_MM}" height="{HATCH_MM}"'
        f' patternUnits="userSpaceOnUse">{mark}</pattern>'
    )


def _layer(drawn: Drawn) -> Iterator[str]:
    """One group a class: its fill, its hatch, its outline."""
    swatches: list[Swatch | None] = [*drawn.layer.legend, None]
    for number, swatch in enumerate(swatches):
        chosen = drawn.shapes[drawn.classes == number]
        if len(chosen):
            yield from _class(chosen, swatch, is_classed=drawn.layer.is_classed)


def _class(shapes: Any, swatch: Swatch | None, *, is_classed: bool) -> Iterator[str]:
    color, line = (swatch.given.color, swatch.line) if swatch else (UNCLASSED, UNCLASSED)
    parts = shapely.get_parts(shapes)
    dimensions = shapely.get_dimensions(parts)
    areas = "".join(area_path(part) for part in parts[dimensions == 2])
    if areas:
        opacity = "0" if swatch and swatch.hatch == OUTLINE else ".42" if is_classed and swatch else ".18"
        yield f'<path d="{areas}" fill="{color}" fill-opacity="{opacity}" fill-rule="evenodd"/>'
        if swatch and swatch.hatch not in EMPTY:
            yield f'<path d="{areas}" fill="url(#{pattern_id(swatch.hatch, line)})" fill-rule="evenodd" fill-opacity=".6"/>'
        yield f'<path d="{areas}" fill="none" stroke="{line}" stroke-width=".18" stroke-linejoin="round"/>'
    lines = "".join(_path(shapely.get_coordinates(part)) for part in parts[dimensions == 1])
    if lines:
        yield f'<path d="{lines}" fill="none" stroke="{line}" stroke-width=".45" stroke-linejoin="round"/>'
    for x, y in shapely.get_coordinates(parts[dimensions == 0]):
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r=".9" fill="{color}" stroke="#fff" stroke-width=".2"/>'


def area_path(polygon: Any) -> str:
    """A polygon's rings as a path."""
    return "".join(_path(shapely.get_coordinates(ring)) + "Z" for ring in (polygon.exterior, *polygon.interiors))


def _path(corners: Any) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners)


def _grid(lines: Iterable[Meridian]) -> Iterator[str]:
    for line in lines:
        yield f'<path d="{_path(line.points)}" fill="none" stroke="#51656a" stroke-opacity=".45" stroke-width=".1"/>'


def _edge(width: float, height: float) -> Iterator[str]:
    """A thin line around the map and a thick one around its coordinates."""
    out = EDGE - 0.5
    yield f'<rect width="{width:.2f}" height="{height:.2f}" fill="none" stroke="#000" stroke-width=".2"/>'
    yield (
        f'<rect x="{-out}" y="{-out}" width="{width + 2 * out:.2f}" height="{height + 2 * out:.2f}" fill="none"'
        ' stroke="#000" stroke-width=".6"/>'
    )


def _ticks(lines: Iterable[Meridian], width: float, height: float) -> Iterator[str]:
    """What each line of the graticule says where it leaves the map, with a stroke through the edge."""
    for line in lines:
        for x, y in line.ends:
            on_side = x < 0.05 or x > width - 0.05
            if line.is_longitude == on_side:
                continue
            if line.is_longitude:
                yield _tick(x, -1.7 if y < height / 2 else height + 3.4, line.text)
            else:
                yield _tick(-2.0 if x < width / 2 else width + 3.4, y, line.text, turn=-90)


def _tick(x: float, y: float, text: str, turn: int = 0) -> str:
    around = f' transform="rotate({turn} {x:.2f} {y:.2f})"' if turn else ""
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{TICK_MM}" text-anchor="middle"{around}>{escape(text)}</text>'


def _north(width: float) -> Iterator[str]:
    """An arrow to the north of the grid."""
    x, y = width - 10, 6
    yield (
        f'<g transform="translate({x:.2f} {y:.2f})"><circle cx="0" cy="6.2" r="7.6" fill="#fff" fill-opacity=".82"/>'
        '<path d="M0 1.5L3 11.5L0 9.2Z" fill="#000"/><path d="M0 1.5L-3 11.5L0 9.2Z" fill="#fff" stroke="#000"'
        ' stroke-width=".2"/><text x="0" y="1" font-size="3.2" text-anchor="middle">N</text></g>'
    )


def text_width(text: str, size: float) -> float:
    """About how wide a text is: a Chinese sign is square, others are a little more than half."""
    return sum(size if ord(sign) > 0x2E7F else size * 0.57 for sign in text)


def _names(frame: Frame, layers: Sequence[Drawn]) -> Iterator[str]:
    """Names from the uppermost layer and the largest row down; one that finds no room is left out."""
    taken: list[tuple[float, float, float, float]] = [(frame.size[0] - 18, 0.0, frame.size[0], 20.0)]
    placed = 0
    for drawn in layers:
        extents = shapely.bounds(drawn.shapes)
        for place, name, extent in zip(drawn.name_places(frame.size), drawn.names, extents, strict=True):
            if not name or place is None or place.is_empty or placed >= MOST_NAMES:
                continue
            box = _room(place, text_width(name, NAME_MM), extent, taken)
            if box is None or not _within(box, frame.size):
                continue
            taken.append(box)
            placed += 1
            yield _name(name, (box[0] + box[2]) / 2, box[3] - 0.5)


def _room(
    place: Any, width: float, extent: Any, taken: Sequence[tuple[float, ...]]
) -> tuple[float, float, float, float] | None:
    """The first free box for a name: on its place, below it, above it; a point's name stands beside it.

    An area much narrower than its name stays without one at this scale.
    """
    across, upright = extent[2] - extent[0], extent[3] - extent[1]
    is_point = across == 0 and upright == 0
    if not is_point and across < width * 0.7:
        return None
    shifts = [(width / 2 + 1.4, 0.8), (-width / 2 - 1.4, 0.8)] if is_point else [(0, 0.8), (0, 3.4), (0, -1.8)]
    for right, down in shifts:
        x, y = place.x + right, place.y + down
        box = (x - width / 2, y - NAME_MM, x + width / 2, y + 0.5)
        if not any(_meets(box, other) for other in taken):
            return box
    return None


def _meets(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _within(box: Sequence[float], size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _name(name: str, x: float, y: float) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{NAME_MM}" text-anchor="middle" fill="#1d2b2e" stroke="#fff"'
        f' stroke-width=".55" stroke-linejoin="round" paint-order="stroke">{escape(_printable(name))}</text>'
    )


def _printable(name: str) -> str:
    """A name with spaces for control characters, which XML does not know."""
    return "".join(sign if sign.isprintable() else " " for sign in name)


def swatch_svg(swatch: Swatch | None, shape: str) -> str:
    """The picture of a legend's line, 8 by 4 millimetres."""
    color, line = (swatch.given.color, swatch.line) if swatch else (UNCLASSED, UNCLASSED)
    start = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4">'
    if shape == "point":
        return f'{start}<circle cx="4" cy="2" r="1.1" fill="{color}" stroke="#fff" stroke-width=".2"/></svg>'
    if shape == "line":
        return f'{start}<path d="M.5 3L7.5 1" stroke="{line}" stroke-width=".5" fill="none"/></svg>'
    hatch = swatch.hatch if swatch else "none"
    hatched = (
        f'<defs>{pattern(hatch, line)}</defs><rect x=".2" y=".2" width="7.6" height="3.6" fill="url(#{pattern_id(hatch, line)})"/>'
        if hatch not in EMPTY
        else ""
    )
    opacity = "0" if hatch == OUTLINE else ".42"
    return (
        f'{start}<rect x=".2" y=".2" width="7.6" height="3.6" fill="{color}" fill-opacity="{opacity}" stroke="{line}"'
        f' stroke-width=".2"/>{hatched}</svg>'
    )


def bar_svg(millimetres: float) -> str:
    """A scale bar of four fields, black and white."""
    field = millimetres / 4
    fields = "".join(
        f'<rect x="{number * field:.3f}" y="0" width="{field:.3f}" height="1.4" fill="{"#000" if number % 2 == 0 else "#fff"}"'
        ' stroke="#000" stroke-width=".15"/>'
        for number in range(4)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-.1 -.1 {millimetres + 0.2:.3f} 1.6">{fields}</svg>'
