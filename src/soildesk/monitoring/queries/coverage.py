"""How well the network covers the place: by division, class and medium; near sources; too close together, or nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
import shapely
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.models import Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.land.queries import standing
from soildesk.monitoring.models import PointVersion
from soildesk.monitoring.queries import network
from soilrules.geodesy import measure
from soilrules.geodesy.systems import Crs, Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored

Kind = PointVersion.Kind
SOURCES = ("park", "water_source", "control_zone", "priority_farmland", "planning")
"""Kinds of layers whose zones should have points near them."""
MOST_ZONES = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the table, with its share of the largest, and where its rows are."""

    count: int
    url: str
    share: float

    @property
    def width(self) -> int:
        """Of its bar, in hundredths."""
        return max(2, round(100 * self.share)) if self.count else 0


@dataclass(frozen=True, slots=True)
class Line:
    """One division: a cell for each class, and their sum."""

    name: str
    cells: Sequence[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class Standing:
    """One point as the analysis needs it."""

    uid: str
    number: str
    name: str
    kind: str
    medium: str
    depth: tuple[int | None, int | None]
    at: Any

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("kit:record", args=["points", self.uid])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two points of one class and medium close together."""

    one: Standing
    other: Standing
    metres: float


@dataclass(frozen=True, slots=True)
class Source:
    """One zone of a layer, with the points within the distance asked for, and the nearest one."""

    name: str
    url: str
    shape: Any
    near: Sequence[Standing]
    nearest: Standing | None
    metres: float | None

    def of_media(self, media: Sequence[str]) -> list[int]:
        """How many points of each of some media stand near it."""
        counted = Counter(point.medium for point in self.near)
        return [counted[medium] for medium in media]


@dataclass(frozen=True, slots=True)
class LayerCover:
    """One layer: its zones with points near them and those without."""

    title: str
    covered: Sequence[Source]
    bare: Sequence[Source]
    left_out: int = 0

    def rows(self, media: Sequence[str]) -> list[tuple[Source, list[int]]]:
        """Its zones with their points by medium: those without any first, then those that miss most."""
        found = [(each, each.of_media(media)) for each in (*self.bare, *self.covered)]
        return sorted(found, key=lambda row: (-row[1].count(0), row[0].name))

    @property
    def total(self) -> int:
        """How many zones were looked at."""
        return len(self.covered) + len(self.bare)


def points_of(actor: Actor, on: date, medium: str = "", kind: str = "") -> list[Standing]:
    """The points of a day, of one medium or class or of all."""
    wanted = {name: value for name, value in (("medium", medium), ("kind", kind)) if value}
    rows = network.points(actor, on).filter(**wanted).order_by("point__number")
    fields = ("point__uid", "point__number", "name", "kind", "medium", "depth_from_cm", "depth_to_cm", "geometry")
    return [
        Standing(str(uid), number, name, kind, medium, (top, bottom), at)
        for uid, number, name, kind, medium, top, bottom, at in rows.values_list(*fields)
    ]


def by_division(actor: Actor, on: date, medium: str = "") -> list[Line]:
    """Every town with its points by class; a town without any stands too."""
    rows = network.points(actor, on).filter(**({"medium": medium} if medium else {}))
    counted = Counter(rows.values_list("division_path", "kind"))
    towns = list(
        Division.objects.filter(divisions_of(actor), valid_on(on), level=Division.Level.TOWN)
        .order_by("code")
        .values_list("path", "name")
    )
    held = {(path, name): _of_town(counted, path) for path, name in towns}
    beyond = Counter(
        {key: n for key, n in counted.items() if not any(key[0].startswith(path) for path, _name in towns)}
    )
    if beyond:
        held["-", _("未落到乡镇（街道）")] = _by_kind(beyond)
    largest = max((n for line in held.values() for n in line.values()), default=0)
    widest = max((sum(line.values()) for line in held.values()), default=0)
    return [_line(path, name, line, (largest, widest, medium)) for (path, name), line in held.items()]


def _of_town(counted: Counter[tuple[str, str]], path: str) -> Counter[str]:
    return _by_kind(Counter({key: n for key, n in counted.items() if key[0].startswith(path)}))


def _by_kind(counted: Counter[tuple[str, str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_path, kind), count in counted.items():
        found[kind] += count
    return found


def _line(path: str, name: str, line: Counter[str], scale: tuple[int, int, str]) -> Line:
    largest, widest, medium = scale
    cells = [
        Cell(line[kind], _list_url(town=path, kind=kind, medium=medium), line[kind] / largest if largest else 0)
        for kind in Kind.values
    ]
    total = sum(line.values())
    return Line(name, cells, Cell(total, _list_url(town=path, medium=medium), total / widest if widest else 0))


def _list_url(**wanted: str) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('kit:collection', args=['points'])}?{query}"


def close_pairs(points: Sequence[Standing], metres: float) -> list[Pair]:
    """Points of one class, medium and depth not farther apart than some metres, the closest first."""
    if len(points) < 2:
        return []
    plane = in_metres([point.at for point in points])
    first, second = shapely.STRtree(plane).query(plane, predicate="dwithin", distance=metres)
    found = [
        Pair(points[one], points[other], round(float(shapely.distance(plane[one], plane[other])), 1))
        for one, other in zip(first.tolist(), second.tolist(), strict=True)
        if one < other and _same(points[one], points[other])
    ]
    return sorted(found, key=lambda pair: pair.metres)


def _same(one: Standing, other: Standing) -> bool:
    return (one.kind, one.medium, one.depth) == (other.kind, other.medium, other.depth)


def sources(actor: Actor, on: date, points: Sequence[Standing], metres: float) -> list[LayerCover]:
    """The zones of every layer of sources and what is to be protected, with the points near them."""
    layers = [layer for layer in standing.layers(actor) if layer.kind in SOURCES]
    return [_cover(layer, list(standing.zones(layer, actor, on)[: MOST_ZONES + 1]), points, metres) for layer in layers]


def _cover(layer: Any, zones: Sequence[Any], points: Sequence[Standing], metres: float) -> LayerCover:
    left_out = max(0, len(zones) - MOST_ZONES)
    zones = zones[:MOST_ZONES]
    if not zones:
        return LayerCover(layer.title, (), ())
    zone_crs = zone_of([zone.geometry for zone in zones])
    plane = in_metres([zone.geometry for zone in zones], zone_crs)
    places = in_metres([point.at for point in points], zone_crs)
    near: dict[int, list[Standing]] = {}
    nearest: dict[int, tuple[Standing, float]] = {}
    if len(points):
        tree = shapely.STRtree(places)
        for zone, point in tree.query(plane, predicate="dwithin", distance=metres).T.tolist():
            near.setdefault(zone, []).append(points[point])
        pairs, distances = tree.query_nearest(plane, return_distance=True, all_matches=False)
        nearest = {
            zone: (points[point], round(float(distance), 1))
            for (zone, point), distance in zip(pairs.T.tolist(), distances, strict=True)
        }
    found = [_source(layer, zone, near.get(at, []), nearest.get(at)) for at, zone in enumerate(zones)]
    return LayerCover(
        layer.title, [each for each in found if each.near], [each for each in found if not each.near], left_out
    )


def _source(layer: Any, zone: Any, near: Sequence[Standing], nearest: tuple[Standing, float] | None) -> Source:
    url = reverse("kit:record", args=[layer.code, str(zone.uid)])
    point, metres = nearest or (None, None)
    return Source(zone.name or zone.code or "—", url, zone.geometry, near, point, metres)


def divisions(actor: Actor, on: date) -> list[tuple[Any, str]]:
    """The outlines of the divisions, where a layer of them stands; to draw under the points."""
    for layer in standing.layers(actor):
        if layer.kind == "division":
            return [(zone.geometry, zone.name) for zone in standing.zones(layer, actor, on)[:200]]
    return []


def zone_of(shapes: Sequence[Any]) -> Crs:
    """The zone of Gauss–Krüger that the middle of some shapes lies in."""
    middle = shapely.box(*shapely.total_bounds(np.array(shapes, dtype=object)))
    number = int(measure.zone_of(np.array([middle], dtype=object))[0])
    return gauss_kruger(Datum.CGCS2000, 3, number, prefixed=False)


def in_metres(shapes: Sequence[Any], crs: Crs | None = None) -> Any:
    """Shapes in metres."""
    if not len(shapes):
        return np.array([], dtype=object)
    return from_stored(np.array(shapes, dtype=object), crs or zone_of(shapes)).geoms
