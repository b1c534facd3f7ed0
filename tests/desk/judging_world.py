"""Points, campaigns and accepted results for the tests of judging and warnings, written row by row without a laboratory file.

field = judging_world.point(world, "P1", use="paddy")
round = judging_world.campaign(world)
judging_world.results(world, round, {field: {"cadmium": 0.35, "ph": 6.0}})
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

import shapely

from soildesk.monitoring.models import Batch, Campaign, FieldRecord, Point, PointVersion, Result, SamplingTask

SINCE = date(2020, 1, 1)
_numbers = count(1)
UNITS = {"groundwater": "mg/L", "irrigation": "mg/L"}


def moment(on: date, hour: int = 2) -> datetime:
    """A moment of a day in the desk's time zone."""
    return datetime.combine(on, time(hour), UTC)


def point(world: Any, number: str, *, x: float = 114.30, y: float = 34.70, town: str = "柏庄镇", **facts: Any) -> Point:
    """A point of the district; soil on farmland where nothing else is said."""
    made = Point.objects.create(number=number)
    said = {"name": number, "level": "county", "kind": "routine", "medium": "soil", **facts}
    PointVersion.objects.create(
        point=made,
        division_path=world.towns[town].division.path,
        owner_department=world.departments["ecology"],
        keeper=world.departments["ecology"],
        geometry=shapely.Point(x, y),
        since=SINCE,
        recorded_at=moment(SINCE),
        **said,
    )
    return made


def revise(version: PointVersion, since: date, **facts: Any) -> PointVersion:
    """A point as it stands from a day on."""
    PointVersion.objects.filter(pk=version.pk).update(superseded_at=moment(since))
    was = {
        one.name: getattr(version, one.name)
        for one in version._meta.concrete_fields
        if one.name not in ("id", "uid", "since", "until", "recorded_at", "superseded_at")
    }
    PointVersion.objects.create(since=version.since, until=since, recorded_at=moment(since), **was)
    return PointVersion.objects.create(since=since, recorded_at=moment(since), **{**was, **facts})


def campaign(world: Any, on: date | None = None, **facts: Any) -> Campaign:
    """A running campaign of the district."""
    day = on or date(2026, 5, 10)
    said = {
        "number": f"RW-{next(_numbers)}",
        "title": f"{day.year}年例行监测",
        "kind": "routine",
        "state": "running",
        "organiser": world.departments["ecology"],
        "starts_on": day,
        "ends_on": date(day.year, 12, 31),
        "division_path": world.district.path,
        "owner_department": world.departments["ecology"],
        "created_at": moment(day),
        **facts,
    }
    return Campaign.objects.create(**said)


def sample(world: Any, of: Campaign, at: Point, on: date, *, medium: str = "", **seen: Any) -> SamplingTask:
    """One sample taken at a point, with its field record."""
    version = at.versions.filter(superseded_at=None).order_by("-since").first()
    assert version is not None
    task = SamplingTask.objects.create(
        campaign=of,
        point=at,
        code=f"{at.number}-{next(_numbers)}",
        medium=medium or version.medium,
        state="received",
        role=seen.pop("role", "ordinary"),
        division_path=version.division_path,
        owner_department=world.departments["ecology"],
    )
    FieldRecord.objects.create(
        task=task,
        sampled_at=moment(on),
        point=version.geometry,
        sampler="李某",
        division_path=version.division_path,
        owner_department=world.departments["ecology"],
        at=moment(on),
        **seen,
    )
    return task


def batch(world: Any, of: Campaign, state: str = "accepted") -> Batch:
    """A batch of a campaign, accepted where nothing else is said."""
    number = f"PC-{next(_numbers)}"
    return Batch.objects.create(
        campaign=of,
        number=number,
        file_name=f"{number}.csv",
        sha256=number,
        state=state,
        division_path=of.division_path,
        owner_department=world.departments["ecology"],
        at=moment(of.starts_on),
    )


def result(into: Batch, task: SamplingTask, analyte: str, value: Any, **facts: Any) -> Result:
    """One result: a number, or `"<0.1"` for one below its detection limit."""
    number = value if isinstance(value, int | float) else None
    censored = isinstance(value, str) and value.startswith("<")
    record = task.records.get(superseded_at=None)
    unit = "" if analyte == "ph" else UNITS.get(task.medium, "mg/kg")
    said = {
        "sample": task.code,
        "analyte": analyte,
        "printed": str(value),
        "medium": task.medium,
        "value": number,
        "unit": unit,
        "censored": censored,
        "detection_limit": float(value[1:]) if censored else None,
        "sampled_on": record.sampled_at.date(),
        "row": next(_numbers),
        "recorded_at": record.sampled_at,
        **facts,
    }
    return Result.objects.create(
        batch=into,
        task=task,
        point=task.point,
        division_path=task.division_path,
        owner_department_id=task.owner_department_id,
        **said,
    )


def results(
    world: Any, of: Campaign, given: Mapping[Point, Mapping[str, Any]], on: date | None = None, **seen: Any
) -> dict[tuple[str, str], Result]:
    """An accepted batch with a sample at each point; gives back results by point number and analyte."""
    into, day = batch(world, of), on or of.starts_on
    made = {}
    for at, values in given.items():
        task = sample(world, of, at, day, **seen)
        for analyte, value in values.items():
            made[at.number, analyte] = result(into, task, analyte, value)
    return made
