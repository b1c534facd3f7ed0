"""Batches that a record of another room rests on: which may be bound, and the results of them that count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from shapely.geometry.base import BaseGeometry

from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Batch, Medium, PointVersion, Qualifier, Result
from soildesk.monitoring.queries.samplefacts import NOT_JUDGED, sample_key

SOIL, GROUNDWATER = Medium.SOIL.value, Medium.GROUNDWATER.value
FIELDS = (
    "pk", "task_id", "point_id", "sample", "analyte", "printed", "value", "unit", "censored", "detection_limit",
    "more_than", "sampled_on", "batch_id",
)  # fmt: skip


def accepted_on(actor: Actor, shape: BaseGeometry) -> QuerySet[Batch]:
    """Accepted batches seen by an actor whose campaign lies on a ground, or with results of points on it."""
    points = PointVersion.objects.filter(superseded_at=None, geometry__intersects=shape).values("point")
    near = Q(campaign__geometry__intersects=shape) | Q(pk__in=Result.objects.filter(point__in=points).values("batch"))
    rows = Batch.objects.visible_to(actor).filter(near, state__in=Batch.ACCEPTED_STATES)
    return rows.select_related("campaign").order_by("number")  # type: ignore[no-any-return]


def called(actor: Actor, numbers: Iterable[str]) -> dict[str, Batch]:
    """The batches seen by an actor under these numbers."""
    return {one.number: one for one in Batch.objects.visible_to(actor).filter(number__in=list(numbers))}


def is_accepted(batch: Batch) -> bool:
    """Whether its results count."""
    return batch.state in Batch.ACCEPTED_STATES


def soil_results(batches: Iterable[int]) -> list[dict[str, Any]]:
    """The soil results of batches that count: accepted, not corrected, not rejected, of real samples; each with its pH.

    `sample_key` is what the results of one sample share.
    """
    found = _counting(batches, SOIL)
    ph = {sample_key(one): one["value"] for one in found if one["analyte"] == "ph"}
    return [
        {**one, "sample_key": sample_key(one), "ph": ph.get(sample_key(one))} for one in found if one["analyte"] != "ph"
    ]


def groundwater_results(batches: Iterable[int]) -> list[dict[str, Any]]:
    """The same of groundwater; there the pH is a result like others."""
    return [{**one, "sample_key": sample_key(one), "ph": None} for one in _counting(batches, GROUNDWATER)]


def _counting(batches: Iterable[int], medium: str) -> list[dict[str, Any]]:
    rejected = Qualifier.objects.filter(
        role=Qualifier.Role.VALIDATOR, code=Qualifier.Code.REJECTED, superseded_at=None
    ).values("result_id")
    rows = Result.objects.accepted().filter(batch__in=list(batches), medium=medium)  # type: ignore[attr-defined]
    rows = rows.exclude(pk__in=rejected).exclude(task__role__in=NOT_JUDGED)
    return list(rows.order_by("pk").values(*FIELDS))


def others_on(shape: BaseGeometry, without: Iterable[int]) -> dict[int, str]:
    """Accepted batches with soil results of points on a ground, beside some; their numbers by key."""
    points = PointVersion.objects.filter(superseded_at=None, geometry__intersects=shape).values("point")
    held = Result.objects.accepted().filter(point__in=points, medium=SOIL)  # type: ignore[attr-defined]
    rows = Batch.objects.filter(pk__in=held.values("batch")).exclude(pk__in=list(without))
    return dict(rows.order_by("number").values_list("pk", "number"))


def first_sampled(batch: Batch) -> date | None:
    """The first day of which a batch has samples."""
    found: date | None = batch.results.aggregate(first=Min("sampled_on"))["first"]
    return found


def last_sampled(batch: Batch) -> date | None:
    """The last day of which a batch has samples."""
    found: date | None = batch.results.aggregate(last=Max("sampled_on"))["last"]
    return found


def points_off(points: Iterable[int], ground: BaseGeometry) -> set[int]:
    """Of these points those that are known to lie off a ground, an ended one by where it lay last; one without a place is not."""
    told = PointVersion.objects.filter(superseded_at=None, point__in=set(points))
    last = dict(told.order_by("since", "pk").values_list("point_id", "pk"))
    placed = PointVersion.objects.filter(pk__in=last.values())
    on_ground = set(placed.filter(geometry__intersects=ground).values_list("point_id", flat=True))
    return set(placed.values_list("point_id", flat=True)) - on_ground


def samples_of(results: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Sample and number of the point of results, by their key."""
    rows = Result.objects.filter(pk__in=list(results)).select_related("point")
    return {one.pk: (one.sample, one.point.number if one.point else "") for one in rows}
