"""Surfaces as they are seen, and what one is made from: contents with their places in metres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

import numpy as np
import shapely
import tifffile
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, ExportRequest, FieldRecord, PointVersion, Result, Surface, SurfaceBand
from soildesk.monitoring.queries.contents import Content
from soilrules.geodesy import measure
from soilrules.geodesy.systems import Crs, Datum, gauss_kruger
from soilrules.geodesy.transform import from_stored
from soilrules.geostat import Grid

CELLS_ALONG = 120
"""Cells along the diagonal of the points where nobody says how large a cell is."""
OUTDATED = 9
"""The class on the map of what was drawn from results that changed afterwards."""
ROUND = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True)
class Places:
    """Contents that have a place, and their eastings and northings in metres of `crs`."""

    contents: Sequence[Content]
    places: np.ndarray
    crs: Crs
    without_place: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north with a tenth of the diagonal around."""
        low, high = self.places.min(axis=0), self.places.max(axis=0)
        room = 0.1 * float(np.hypot(*(high - low)))
        return (*(low - room).tolist(), *(high + room).tolist())

    @property
    def cell_m(self) -> float:
        """A round cell of which about a hundred go along the diagonal."""
        return round_cell(float(np.hypot(*np.ptp(self.places, axis=0))) / CELLS_ALONG)


def round_cell(metres: float) -> float:
    """The next round number up, at least one metre.

    >>> round_cell(73.0), round_cell(0.2)
    (100.0, 1.0)
    """
    size = 1.0
    while True:
        for step in ROUND:
            if size * step >= metres:
                return size * step
        size *= 10


def places_of(held: Sequence[Content]) -> Places | None:
    """Where the samples were taken: by the field record, else where the point stands, else where it was planned."""
    at = _at(held)
    some = [one for one in held if one.pk in at]
    if not some:
        return None
    shapes = np.array([at[one.pk] for one in some], dtype=object)
    middle = shapely.box(*shapely.total_bounds(shapes))
    zone = int(measure.zone_of(np.array([middle], dtype=object))[0])
    crs = gauss_kruger(Datum.CGCS2000, 3, zone, prefixed=False)
    return Places(some, shapely.get_coordinates(from_stored(shapes, crs).geoms), crs, len(held) - len(some))


def _at(held: Sequence[Content]) -> dict[int, shapely.Point]:
    results = Result.objects.filter(pk__in=[one.pk for one in held])
    rows = results.values_list("pk", "task_id", "point_id", "task__planned_at")
    tasks = {task for _pk, task, _point, _at in rows if task}
    seen = FieldRecord.objects.filter(task__in=tasks, superseded_at=None, point__isnull=False)
    taken = dict(seen.values_list("task_id", "point"))
    points = PointVersion.objects.filter(point__in={one.point for one in held if one.point}, superseded_at=None)
    standing = dict(points.order_by("since").values_list("point_id", "geometry"))
    found = {pk: taken.get(task) or standing.get(point) or planned for pk, task, point, planned in rows}
    return {pk: place for pk, place in found.items() if place is not None}


@dataclass(frozen=True, slots=True)
class UsualLimit:
    """The limit most results were held against, and how many were held against another."""

    value: float
    standard: str
    n: int
    others: int


def usual_limit(held: Sequence[Content]) -> UsualLimit | None:
    """The screening value (or the only limit) that counts for most of some contents."""
    found = Counter(
        (one.limits.screening, one.limits.standard)
        for one in held
        if one.limits and one.limits.screening is not None
    )  # fmt: skip
    if not found:
        return None
    (value, standard), count = found.most_common(1)[0]
    return UsualLimit(float(value or 0), standard, count, found.total() - count)


def surfaces(actor: Actor | None, on: date) -> QuerySet[Surface]:
    """Surfaces the actor may see."""
    return Surface.objects.visible_to(actor).select_related("campaign", "by")


def bands(actor: Actor | None, on: date) -> QuerySet[SurfaceBand]:
    """The classes of surfaces the actor may see."""
    rows = SurfaceBand.objects.visible_to(actor).select_related("surface")
    late = When(surface__outdated_at__isnull=False, then=Value(OUTDATED))
    return rows.annotate(shown=Case(late, default="band", output_field=IntegerField()))


def surface_of(actor: Actor, uid: UUID) -> Surface | None:
    """One surface, if the actor sees it."""
    return surfaces(actor, actor.today).filter(uid=uid).first()


def grid_of(surface: Surface) -> Grid:
    """The grid its numbers stand in."""
    return Grid(**surface.report["grid"])


def values_of(surface: Surface, kind: str) -> np.ndarray | None:
    """The numbers of one kind (contents, medians, variance, probability); None where the method gives none."""
    use = files.uses_of(surface).filter(kind=kind).first()
    return None if use is None else np.asarray(tifffile.imread(BytesIO(files.read(use))), dtype=np.float64)


def approval(actor: Actor, campaign: Campaign, **narrower: str) -> ExportRequest | None:
    """The approval under which the actor may take what was drawn from a campaign's results out of the house.

    It was given for the whole campaign, or for no less than the medium and analyte named in `narrower`.
    """
    if actor.person is None:
        return None
    rows = ExportRequest.objects.visible_to(actor).filter(
        asked_by=actor.person, state=ExportRequest.State.APPROVED, query__contains=campaign.number
    )
    wanted = {"campaign": campaign.number, **narrower}
    return next((one for one in rows if _covers(one.query, wanted)), None)


def _covers(query: str, wanted: dict[str, str]) -> bool:
    """Whether a selection of the list of results holds everything wanted: it narrows by nothing else."""
    said = QueryDict(query)
    return "campaign" in said and all(said.getlist(name) == [wanted.get(name)] for name in said)
