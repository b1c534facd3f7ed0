"""A place of a grid becomes a point when it is sampled, so that its results have a series of their own.

A part of the act of sampling: who may write the record down may make its point. Samples of the same place (other depths,
the blind parallel) go to the same point, and so do results that were there before it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.models import Division
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Campaign, FieldRecord, Point, PointVersion, Result, SamplingTask
from soildesk.monitoring.refusals import SamplingRefused
from soildesk.monitoring.services import points

OF_A_PLACE = (SamplingTask.Role.ORDINARY, SamplingTask.Role.PARALLEL)
LEVELS = {
    Division.Level.PROVINCE: PointVersion.Level.PROVINCE,
    Division.Level.CITY: PointVersion.Level.CITY,
}
"""The level of a point by that of the division that ordered the campaign; of the county below."""


def make(task: SamplingTask, record: FieldRecord, *, by: Actor, at: datetime) -> Point | None:
    """The point of a sample that has none; None where the sample has no place (blanks, materials)."""
    require(by, "monitoring.sample", task)
    place = record.point if record.point is not None else task.planned_at
    if task.point_id is not None or task.role not in OF_A_PLACE or place is None:
        return task.point
    same = [each for each in _of_campaign(task) if _same_place(each, task)]
    held = _standing(task, place, record)
    version = held or _new(task, place, record, same, Recording(by, at, task.campaign.title))
    data = {"point": version.point.number, "campaign": task.campaign.number, "since": version.since}
    act = "monitoring.point.joined_in_field" if held else "monitoring.point.made_in_field"
    audit.record(act, subject=version, by=by, at=at, data=data)
    point = version.point
    for each in same:
        each.point = point
    SamplingTask.objects.bulk_update(same, ["point"])
    task.point = point
    _attach_results(same, point)
    return point


@transaction.atomic
def make_later(task: SamplingTask, *, by: Actor, at: datetime) -> Point:
    """The point of a sample that was taken before points were made with the record."""
    record = FieldRecord.objects.filter(task=task, superseded_at=None).first()
    made = make(task, record, by=by, at=at) if record is not None else None
    if made is None:
        raise SamplingRefused(
            _("样品 %(code)s 还没有采样记录，或没有位置，不能登记点位：请先登记采样。") % {"code": task.code},
            code="monitoring.task.place",
        )
    return made


def follow(task: SamplingTask, former: FieldRecord, record: FieldRecord, *, by: Actor, at: datetime) -> None:
    """A point that stands where a record put it goes where the corrected record says."""
    version = PointVersion.objects.filter(point=task.point_id, superseded_at=None, until=None).first()
    if version is None or version.kind != PointVersion.Kind.SPECIAL or former.point is None or record.point is None:
        return
    if not version.geometry.equals(former.point) or record.point.equals(former.point):
        return
    held = points.rewrite(version, {"geometry": record.point}, since=None, recording=Recording(by, at, record.reason))
    data = {"point": held.point.number, "facts": ["geometry"], "since": None}
    audit.record("monitoring.point.corrected", subject=held, by=by, at=at, data=data)


def _of_campaign(task: SamplingTask) -> list[SamplingTask]:
    rows = SamplingTask.objects.select_for_update(of=("self",)).filter(campaign=task.campaign_id, medium=task.medium)
    return list(rows.filter(point=None).exclude(state=SamplingTask.State.DROPPED))


def _same_place(one: SamplingTask, other: SamplingTask) -> bool:
    if one.pk == other.pk:
        return True
    return one.planned_at is not None and other.planned_at is not None and one.planned_at.equals(other.planned_at)


def _standing(task: SamplingTask, place: Any, record: FieldRecord) -> PointVersion | None:
    """A point of an earlier round of the same place, medium and depth."""
    rows = PointVersion.objects.standing(clock.local_day(record.sampled_at)).filter(
        kind=PointVersion.Kind.SPECIAL,
        medium=task.medium,
        depth_from_cm=task.depth_from_cm,
        geometry__distance=(place, points.NEAR_M),
    )
    return rows.select_related("point").first()


def _new(
    task: SamplingTask, place: Any, record: FieldRecord, same: list[SamplingTask], recording: Recording
) -> PointVersion:
    campaign, day = task.campaign, clock.local_day(record.sampled_at)
    one_depth = len({(each.depth_from_cm, each.depth_to_cm) for each in same}) == 1
    division = Division.objects.filter(path=task.division_path).order_by("-since").first()
    level = LEVELS.get(campaign.owner_department.division.level, PointVersion.Level.COUNTY)
    facts = {
        "name": _("%(title)s 网格点 %(n)d") % {"title": campaign.title[:100], "n": _points_of(campaign) + 1},
        "level": level,
        "kind": PointVersion.Kind.SPECIAL,
        "medium": task.medium,
        "depth_from_cm": task.depth_from_cm if one_depth else None,
        "depth_to_cm": task.depth_to_cm if one_depth else None,
        "standard": campaign.standard,
        "use": campaign.use,
        "keeper": campaign.organiser,
        "crop": record.crop,
        "geometry": place,
        "note": _("由监测任务 %(number)s“%(title)s”的网格布点采样时登记。")
        % {"number": campaign.number, "title": campaign.title},
    }
    where = Place(division or campaign.owner_department.division, campaign.owner_department)
    return points.write_first(points.cleaned(facts), where, since=day, recording=recording)


def _points_of(campaign: Campaign) -> int:
    return campaign.tasks.exclude(point=None).values("point").distinct().count()


def _attach_results(tasks: list[SamplingTask], point: Point) -> None:
    """Results that came before their point: a link that was empty is filled, nothing that was said is changed."""
    held = list(Result.objects.filter(task__in=tasks, point=None).only("pk", "point"))
    for result in held:
        result.point = point
    Result.objects.bulk_update(held, ["point"], batch_size=1_000)
