"""Soil and produce at one point: results that count with the verdict that stands, for rooms that read them together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from soildesk.core import clock
from soildesk.monitoring.models import FieldRecord, Medium, PointVersion, ResultVerdict
from soildesk.monitoring.queries.eventfacts import counting_everywhere
from soilrules.verdict import Outcome

SOIL, PRODUCE = Medium.SOIL.value, Medium.PRODUCE.value


@dataclass(frozen=True, slots=True)
class JointResult:
    """One result with its verdict. `known` is the day of its report, or the day its batch was accepted; `crop` may be unknown."""

    point: int
    medium: str
    sample: str
    sampled: date
    known: date
    crop: str
    analyte: str
    printed: str
    unit: str
    verdict: str
    factor: float | None
    cause: str


def results(
    media: Collection[str], on: date, points: Collection[int] | None = None, *, batch: int | None = None
) -> list[JointResult]:
    """The results of some media sampled at points by a day, known by that day; of some points or one batch alone."""
    rows = ResultVerdict.objects.filter(
        trial=False, superseded_at=None, result__in=counting_everywhere().values("pk"), result__medium__in=media,
        result__point__isnull=False, result__sampled_on__lte=on,
    )  # fmt: skip
    if points is not None:
        rows = rows.filter(result__point__in=points)
    if batch is not None:
        rows = rows.filter(result__batch=batch)
    found = rows.order_by("result__sampled_on", "pk").values(
        "analyte", "verdict", "factor", "cause", point=F("result__point_id"), medium=F("result__medium"),
        sample=F("result__sample"), sampled=F("result__sampled_on"), printed=F("result__printed"),
        unit=F("result__unit"), task=F("result__task_id"), reported=F("result__batch__reported_on"),
        decided=F("result__batch__decided_at"),
    )  # fmt: skip
    told = list(found)
    crops = _crops({row["task"] for row in told if row["task"]}, {row["point"] for row in told})
    read = [_read(row, crops) for row in told]
    return [one for one in read if one.known <= on]


def points_above(medium: str, since: date, campaign: int | None = None) -> set[int]:
    """Points at which something of a medium sampled from a day on lies above its limit, in one campaign or in all."""
    rows = ResultVerdict.objects.filter(
        trial=False, superseded_at=None, verdict=Outcome.EXCEEDS, result__in=counting_everywhere().values("pk"),
        result__medium=medium, result__point__isnull=False, result__sampled_on__gte=since,
    )  # fmt: skip
    if campaign is not None:
        rows = rows.filter(result__batch__campaign=campaign)
    return set(rows.values_list("result__point_id", flat=True))


def places(on: date, points: Collection[int]) -> dict[int, tuple[str, str, str, Any]]:
    """Number, name, uid and place of points as they stood on a day."""
    rows = PointVersion.objects.filter(superseded_at=None, since__lte=on, point__in=points).order_by("since")
    return {
        pk: (number, name, str(uid), at)
        for pk, number, name, uid, at in rows.values_list("point_id", "point__number", "name", "point__uid", "geometry")
    }


def _crops(tasks: Collection[int], points: Collection[int]) -> dict[tuple[str, int], str]:
    records = FieldRecord.objects.filter(superseded_at=None, task__in=tasks).exclude(crop="")
    versions = PointVersion.objects.filter(superseded_at=None, point__in=points).exclude(crop="").order_by("since")
    said = {("task", task): crop for task, crop in records.values_list("task_id", "crop")}
    return said | {("point", point): crop for point, crop in versions.values_list("point_id", "crop")}


def _read(row: dict[str, Any], crops: dict[tuple[str, int], str]) -> JointResult:
    decided = clock.local_day(row["decided"]) if row["decided"] else row["sampled"]
    crop = crops.get(("task", row["task"] or 0)) or crops.get(("point", row["point"]), "")
    return JointResult(
        row["point"], row["medium"], row["sample"], row["sampled"], row["reported"] or decided, crop,
        row["analyte"], row["printed"], row["unit"], row["verdict"], row["factor"], row["cause"],
    )  # fmt: skip
