"""Ground typed or pasted into a form: WKT, GeoJSON, corner text, or one corner a line."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from soildesk.core import gis_sandbox
from soildesk.core.errors import Refusal
from soildesk.kit.gis.refusals import said, spoken
from soilrules.geodesy import crs as systems
from soilrules.geodesy.fitting import DEGREES, must_fit
from soilrules.geodesy.nesting import too_deep
from soilrules.geodesy.systems import FIRST_PREFIXED_M
from soilrules.geodesy.transform import Axis, to_stored
from soilrules.gisfiles import WKB, Options, stated, wkt
from soilrules.gisfiles.corner_text import is_corner_text
from soilrules.messages import LANGUAGES, Message

NORTHING = 1_000_000
"""Eastings stay below it, or far above any northing where the zone stands before them."""
LEAST_METRES = 100_000
"""No easting or northing of a plot in China lies below it; heights do."""
LONGEST = 5_000_000
MUST_NAME = _l(
    "看不出是哪一带：请照图纸上的说明填写带号或中央经线，如“CGCS2000 3度带 38带”（EPSG:4526，横坐标带带号）"
    "或“CGCS2000 中央经线 114”（EPSG:4547，横坐标不带带号）。"
)
MUST_SAY = _l(
    "没有写明坐标系：请写明（网页选“坐标系”，命令加 --crs）。经度、纬度也分 CGCS2000、WGS 84、GCJ-02（高德、腾讯地图）、BD-09（百度地图），"
    "选错会偏几百米到一公里。"
)
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
SIXTIETHS = re.compile(r"[°度]\s*\d{1,2}(?:\.\d+)?\s*[′'’分]")
"""Degrees with minutes and seconds."""


class NotGround(Refusal):
    """The text is no ground that can be stored; says what is expected."""

    code = "kit.pasted.refused"


def ground(
    text: str,
    crs: str = "",
    shape: str = "polygon",
    *,
    corner_text: bool = True,
    must_say: bool = False,
    tell: Callable[[str], object] | None = None,
) -> BaseGeometry:
    """The ground a text describes, in EPSG:4490. `crs` is how the person names its system; empty: as the text says.

    `must_say`: longitude and latitude of which nobody says the system are refused, as maps people copy from are shifted.
    `tell` hears that the two numbers of each corner were taken in the other order.

    Corner text is read in a process of its own, so not for every cell of a table.
    """
    if len(text) > LONGEST:
        raise NotGround(_("坐标文本超过 5 MB：请改用文件导入。"))
    if too_deep(text):
        raise NotGround(_("坐标文本的括号套得太深，不是图形：请重新从制图软件导出。"))
    if not corner_text and is_corner_text(text):
        raise NotGround(_("单元格里不能放拐点坐标文本：请写 WKT 或 GeoJSON，或用图形文件导入。"))
    found, stated_as = _read(text.strip(), shape)
    if found.is_empty:
        raise NotGround(_("坐标文本里没有任何坐标：请粘贴 WKT、GeoJSON 或拐点坐标。"))
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise NotGround(_("坐标文本里有的坐标不是数（如 nan、inf）：请重新从制图软件导出。"))
    named = crs.strip() or stated_as or ""
    if (must_say or stated_as == "") and not named and float(np.abs(found.bounds).max()) <= DEGREES:
        raise NotGround(str(MUST_SAY))
    typed = not text.strip().startswith("{") and not _is_wkt(text.strip())
    return _stored(found, named, typed=typed, tell=tell)


def _read(text: str, shape: str) -> tuple[BaseGeometry, str | None]:
    """The shape as written, and the system the text names: None where it says nothing of it, empty where it says that
    none is known."""
    if text.startswith("{"):
        return _of_geojson(text)
    if _is_wkt(text):
        return _of_wkt(text)
    if is_corner_text(text):
        return _of_corner_text(text)
    return _of_lines(text, shape), None


def _is_wkt(text: str) -> bool:
    return wkt.is_wkt(text) or (text[:1].isalpha() and "(" in text.partition("\n")[0])


def is_shape(text: str) -> bool:
    """Whether a text looks like GeoJSON or WKT, and not like the name of a file."""
    return text.lstrip().startswith("{") or wkt.is_wkt(text)


def _of_geojson(text: str) -> tuple[BaseGeometry, str | None]:
    try:
        held = json.loads(text)
    except ValueError as error:
        raise NotGround(_("这段文字像 GeoJSON，但读不出图形：请检查括号和引号是否完整。")) from error
    try:
        parts = [held] if held.get("type") != "FeatureCollection" else held["features"]
        shapes = [shapely.from_geojson(json.dumps(part.get("geometry", part))) for part in parts]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise NotGround(
            _("GeoJSON 里的图形读不出：应有 type 和 coordinates，坐标都是数，面的每个环首尾同点、至少四个点。")
        ) from error
    return _together([shape for shape in shapes if shape is not None]), stated.in_json(held)


def _of_wkt(text: str) -> tuple[BaseGeometry, str | None]:
    parts = list(wkt.written(text))
    if len(codes := {one.srid for one in parts}) > 1:
        told = _("各行写的坐标系不一样（%(codes)s）：请分开，每次只粘贴一种坐标系的范围。")
        raise NotGround(told % {"codes": "、".join(f"SRID={one}" if one else _("没有写") for one in sorted(codes))})
    try:
        with np.errstate(invalid="ignore"):  # what is no number is told afterwards
            shapes = shapely.from_wkt([one.text for one in parts] or [text])
            return _together(list(shapes)), wkt.system_of(parts)
    except (ShapelyError, NotImplementedError) as error:
        raise NotGround(
            _("这段文字像 WKT，但读不出图形：应如 POLYGON ((116.3 39.9, 116.4 39.9, 116.4 40, 116.3 39.9))。")
        ) from error


def _of_corner_text(text: str) -> tuple[BaseGeometry, str | None]:
    shapes: list[Any] = []
    with tempfile.TemporaryDirectory() as folder, spoken():
        path = Path(folder, "corners.txt")
        path.write_text(text, encoding="utf-8")
        source = gis_sandbox.inspect_in_child(path, path.name, Options())
        for batch in gis_sandbox.read_in_child(path, path.name, Options()):
            shapes += list(shapely.from_wkb(batch.column(WKB).to_numpy(zero_copy_only=False)))
    return _together([shape for shape in shapes if shape is not None]), source.crs_text


def _of_lines(text: str, shape: str) -> BaseGeometry:
    """One corner a line, its last two numbers counting; a blank line begins another ring."""
    rings: list[list[tuple[float, float]]] = [[]]
    if SIXTIETHS.search(text):
        raise NotGround(
            _("坐标写成了度分秒：请换算为十进制度，如 116°21′36″ 写成 116.36（度 + 分÷60 + 秒÷3600），每行一个拐点。")
        )
    for number, line in enumerate(unicodedata.normalize("NFKC", text).splitlines(), 1):
        if not line.strip():
            rings.append([])
            continue
        found = [float(one) for one in NUMBER.findall(line)]
        if len(found) < 2:
            raise NotGround(
                _("第 %(n)s 行“%(line)s”不是一个拐点：每行写两个坐标，如 116.35, 39.91；或粘贴 WKT、GeoJSON。")
                % {"n": number, "line": line[:40]}
            )
        _refuse_height(found, number, line)
        rings[-1].append((found[-2], found[-1]))
    return _shaped([ring for ring in rings if ring], shape)


def _refuse_height(found: Sequence[float], number: int, line: str) -> None:
    """A number behind the two coordinates: which of three are the corner is not guessed."""
    if len(found) > 2 and _is_place(*found[-3:-1]) and not _is_place(*found[-2:]):
        raise NotGround(
            _("第 %(n)s 行“%(line)s”的坐标后面还有一个数 %(last)s，像是高程：每行只写两个坐标，请删去高程一列再粘贴。")
            % {"n": number, "line": line[:40], "last": f"{found[-1]:g}"}
        )


def _is_place(one: float, other: float) -> bool:
    """Whether two numbers may be a place in China: degrees in either order, or metres."""
    low, high = sorted((one, other))
    return (3 <= low <= 54 and 73 <= high <= 136) or low >= LEAST_METRES


def _shaped(rings: Sequence[Sequence[tuple[float, float]]], shape: str) -> BaseGeometry:
    points = [point for ring in rings for point in ring]
    if shape == "point" or (shape == "mixed" and len(points) == 1):
        return shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)
    if shape == "line":
        return _together([shapely.LineString(ring) for ring in rings if len(ring) > 1])
    if any(len(ring) < 3 for ring in rings):
        raise NotGround(_("一个地块至少要三个拐点：请补全坐标，各环之间空一行。"))
    return _together([shapely.Polygon(ring) for ring in rings])


def _together(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    if not shapes:
        return shapely.GeometryCollection()
    parts = [part for shape in shapes for part in shapely.get_parts(shape)]
    kinds = {part.geom_type for part in parts}
    if len(parts) == 1:
        return parts[0]
    makers = {"Polygon": shapely.MultiPolygon, "LineString": shapely.MultiLineString, "Point": shapely.MultiPoint}
    if len(kinds) != 1 or (kind := kinds.pop()) not in makers:
        raise NotGround(_("一条记录的图形须是同一类：全是面、全是线或全是点。"))
    return makers[kind](parts)


def _stored(found: BaseGeometry, crs: str, *, typed: bool, tell: Callable[[str], object] | None = None) -> BaseGeometry:
    """In EPSG:4490. Corners a person typed (`typed`) may have latitude first; WKT and GeoJSON have one order only."""
    west, south, east, north = found.bounds
    if not crs and max(abs(west), abs(south), abs(east), abs(north)) > DEGREES:
        guesses = systems.guess((west, south, east, north))[:3]
        shown = "；".join(f"{one.crs.code}（{said(one.crs.title)}）" for one in guesses if one.crs)
        told = _("坐标值（如 %(x).0f，%(y).0f）是以米为单位的平面坐标，要在“坐标系”框写明是哪一个。") % {
            "x": west,
            "y": south,
        }
        raise NotGround(told + (_("可能是：%(shown)s。") % {"shown": shown} if shown else str(MUST_NAME)))
    axis = axis_of(found.bounds)
    with spoken():
        system = systems.as_written(systems.named(crs or "EPSG:4490"), south if axis == "yx" else west)
    if not typed and not system.projected and lat_first(found.bounds):
        raise NotGround(
            _(
                "经度和纬度颠倒了：第一个数 %(x).4f 是纬度，第二个数 %(y).4f 是经度。请把经度写在前、纬度写在后，如 %(y).4f, %(x).4f。"
            )
            % {"x": west, "y": south}
        )
    with spoken():
        must_fit(east_first(found.bounds, axis), system)
    if axis == "yx" and tell:
        tell(turned(shapely.get_coordinates(found)[0], projected=system.projected))
    held = to_stored(np.array([found], dtype=object), system, axis=axis)
    for sentence in shifts_of(held.notes) if tell else ():
        tell(sentence)
    return held.geoms[0]


ROUGH = ("no_shift_xian80", "no_shift_beijing54")
"""Ways into the stored system without a transformation: off by about a hundred metres."""
SHIFTED = (*ROUGH, "web_map")
"""Ways into the stored system that may be off by more than a metre or two."""


def is_rough(read_as: str) -> bool:
    """Whether what was said of the way coordinates went tells that they may be off by a hundred metres."""
    told = [Message("geodesy", "notes", one) for one in ROUGH]
    return any(one.sentence(language) in read_as for one in told for language in LANGUAGES)


def shifts_of(notes: Iterable[Message]) -> list[str]:
    """What a person must know of the way coordinates went: where they may be off by many metres."""
    return [said(one) for one in notes if one.id in SHIFTED]


def turned(corner: Iterable[float], *, projected: bool) -> str:
    """That the first number of a corner was taken for the north, with the first corner as it was understood."""
    north, east = map(float, corner)
    if projected:
        told = _("坐标按“纵坐标（北）在前、横坐标（东）在后”读取：第一个拐点北 %(north)s、东 %(east)s。请核对。")
        return told % {"north": f"{north:.2f}", "east": f"{east:.2f}"}
    told = _("坐标按“纬度在前、经度在后”读取：第一个拐点北纬 %(north)s°、东经 %(east)s°。请核对。")
    return told % {"north": f"{north:g}", "east": f"{east:g}"}


def lat_first(bounds: Sequence[float]) -> bool:
    """Whether degrees are written latitude first: in China the two cannot be taken for each other."""
    west, south, east, north = bounds
    return 3 <= west <= east <= 54 and 73 <= south <= north <= 136


def axis_of(bounds: Sequence[float]) -> Axis:
    """Which number comes first: surveyors write northing first, some write latitude first."""
    west, south, east, north = bounds
    if max(map(abs, (west, south, east, north))) > DEGREES:
        return "yx" if south >= FIRST_PREFIXED_M or (NORTHING < west < FIRST_PREFIXED_M and south < NORTHING) else "xy"
    return "yx" if lat_first(bounds) else "xy"


def east_first(bounds: Sequence[float], axis: Axis) -> tuple[float, float, float, float]:
    """The same bounds with easting or longitude first."""
    west, south, east, north = bounds
    return (south, west, north, east) if axis == "yx" else (west, south, east, north)
