"""What units are put into classes from: which points stand for each, and what was measured there, as arrays.

A point counts in the unit it lies in; `StandsFor` adds one that lies elsewhere and takes out one that must not count. Units
are the ones that stood on the day the classification speaks of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from soildesk.core.geometry import RawWkb
from soildesk.farmland.models import StandsFor, UnitVersion
from soildesk.monitoring.queries import columns
from soildesk.monitoring.queries.columns import Columns
from soilrules.farmland.elements import in_produce
from soilrules.geodesy import measure
from soilrules.geodesy.systems import Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored

Ints = NDArray[np.int32]
Step = Callable[[int, int | None, str], None]
PH = "ph"


def silent(done: int, total: int | None, doing: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as it stood."""

    unit: int
    version: int
    uid: str
    number: str
    name: str
    use: str
    ground: str
    area_m2: float
    division_path: str
    owner: int


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point as it stood."""

    pk: int
    number: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Gathered:
    """Units, points, which point stands for which unit (`pair_unit`, `pair_point` are places in both), and results.

    `left_out` counts results by why they do not count: parallel, deeper, no_point, outside.
    """

    units: Sequence[UnitRow]
    points: Sequence[PointRow]
    pair_unit: Ints
    pair_point: Ints
    soil: Columns
    produce: Columns
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def point_place(self) -> dict[int, int]:
        """The place of each point by its key."""
        return {one.pk: at for at, one in enumerate(self.points)}


@dataclass(frozen=True, slots=True)
class Rounds:
    """The campaigns results are taken from, and the elements asked for."""

    soil: Sequence[Any]
    produce: Sequence[Any]
    elements: Sequence[str]
    beside: Sequence[str] = ()


def gather(units: QuerySet[UnitVersion], rounds: Rounds, on: date, step: Step = silent) -> Gathered:
    """Everything units are put into classes from, as known now of the day `on`."""
    step(0, None, _("读取评价单元"))
    rows, shapes = _units(units)

    def reading(done: int) -> None:
        step(done, None, _("读取检测结果"))

    soil = columns.results_of(rounds.soil, "soil", [*rounds.elements, *rounds.beside, PH], on, step=reading)
    soil = _without_ph(soil)
    analytes = list(in_produce(rounds.elements))
    produce = columns.results_of(rounds.produce, "produce", analytes, on, step=reading)
    step(0, None, _("把点位归到单元"))
    points = _points([*soil["point"].tolist(), *produce["point"].tolist()], on)
    pair_unit, pair_point = _pairs(rows, shapes, points, on)
    left_out = soil.left_out + produce.left_out
    inside = np.array([points[at].pk for at in np.unique(pair_point).tolist()], np.int64)
    for held in (soil, produce):
        left_out["outside"] += int((~np.isin(held["point"], inside)).sum())
    return Gathered(rows, points, pair_unit, pair_point, soil, produce, left_out)


def _without_ph(held: Columns) -> Columns:
    kept = held["analyte"] != PH
    return Columns({name: held[name][kept] for name in columns.KEPT}, held.left_out)


def _units(units: QuerySet[UnitVersion]) -> tuple[list[UnitRow], NDArray[Any]]:
    found = units.order_by("unit__number").values_list(
        "unit_id", "pk", "unit__uid", "unit__number", "name", "use", "ground", "area_m2", "division_path",
        "owner_department_id", RawWkb("geometry"),
    )  # fmt: skip
    rows: list[UnitRow] = []
    shapes: list[bytes] = []
    for unit, version, uid, *rest, shape in found.iterator(5_000):
        rows.append(UnitRow(unit, version, str(uid), *rest))
        shapes.append(bytes(shape))
    return rows, shapely.from_wkb(np.array(shapes, object)) if shapes else np.empty(0, object)


def _points(keys: Iterable[int], on: date) -> list[PointRow]:
    found = columns.places_of(sorted(set(keys)), on)
    return [PointRow(pk, number, name, at.x, at.y) for pk, (number, name, at) in sorted(found.items())]


def _pairs(
    units: Sequence[UnitRow], shapes: NDArray[Any], points: Sequence[PointRow], on: date
) -> tuple[Ints, Ints]:  # fmt: skip
    """Which point stands for which unit, in the order of the units; a point on a common edge counts in one of them."""
    if not units or not points:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    places = shapely.points([one.x for one in points], [one.y for one in points])
    point, unit = shapely.STRtree(shapes).query(places, predicate="intersects")
    order = np.lexsort((unit, point))
    first = np.unique(point[order], return_index=True)[1]
    pairs = set(zip(unit[order][first].tolist(), point[order][first].tolist(), strict=True))
    unit_at = {one.unit: at for at, one in enumerate(units)}
    point_at = {one.pk: at for at, one in enumerate(points)}
    said = StandsFor.objects.filter(superseded_at=None, since__lte=on).order_by("pk")
    for unit_key, point_key, counts in said.values_list("unit_id", "point_id", "counts"):
        if unit_key in unit_at and point_key in point_at:
            pair = (unit_at[unit_key], point_at[point_key])
            pairs.add(pair) if counts else pairs.discard(pair)
    both = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def in_metres(points: Sequence[PointRow]) -> NDArray[np.float64]:
    """Eastings and northings of points, in the zone of three degrees they lie in."""
    if not points:
        return np.empty((0, 2))
    shapes = shapely.points([one.x for one in points], [one.y for one in points])
    middle = shapely.box(*shapely.total_bounds(shapes))
    zone = int(measure.zone_of(np.array([middle], dtype=object))[0])
    crs = gauss_kruger(Datum.CGCS2000, 3, zone, prefixed=False)
    coordinates: NDArray[np.float64] = shapely.get_coordinates(from_stored(shapes, crs).geoms)
    return coordinates
