"""Acts in the field: write down where and how a sample was taken, correct what was written with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, clock, files
from soildesk.core.permissions import Actor, require
from soildesk.kit.gis import places
from soildesk.land.services.patrols import Photo, check_photos
from soildesk.land.shapes import CHINA
from soildesk.monitoring import localrules
from soildesk.monitoring.models import Campaign, FieldRecord, PointVersion, SamplingTask
from soildesk.monitoring.refusals import SamplingRefused
from soildesk.monitoring.services import gridpoints, judging, owing
from soildesk.monitoring.services.points import DEEPEST_CM
from soilrules.geodesy import measure

FACTS = frozenset(
    {
        "sampled_at", "point", "accuracy_m", "depth_from_cm", "depth_to_cm", "land_use", "crop", "weather", "texture",
        "colour", "odour", "moisture", "readings", "container", "place_reason", "sampler", "witness", "note",
    }
)  # fmt: skip
READINGS: Mapping[str, tuple[Any, str, float, float]] = {
    "ph": (_l("pH"), "", 0, 14),
    "temperature_c": (_l("温度"), "℃", -30, 60),
    "conductivity_us_cm": (_l("电导率"), "µS/cm", 0, 200_000),
    "dissolved_oxygen_mg_l": (_l("溶解氧"), "mg/L", 0, 30),
    "orp_mv": (_l("氧化还原电位"), "mV", -1000, 1500),
    "turbidity_ntu": (_l("浊度"), "NTU", 0, 4000),
    "water_depth_m": (_l("水位埋深"), "m", 0, 500),
    "pid_ppm": (_l("PID 读数"), "ppm", 0, 20_000),
}
"""Readings in the field: name, unit, and the smallest and largest that an instrument can show."""


@transaction.atomic
def record(
    task: SamplingTask, facts: Mapping[str, Any], *, by: Actor, at: datetime, photos: Sequence[Photo] = ()
) -> FieldRecord:
    """Write down that a sample was taken: it is then no longer owed, and the place of a grid is a point."""
    task = _held(task, by)
    if task.state != SamplingTask.State.PLANNED:
        raise SamplingRefused(
            _("样品 %(code)s %(state)s：要改采样记录请用“更正”。")
            % {"code": task.code, "state": task.get_state_display()},
            code="monitoring.record.twice",
        )
    if task.campaign.state != Campaign.State.RUNNING:
        raise SamplingRefused(
            _("任务“%(title)s”%(state)s，不能登记采样：请先由编制人开始任务。")
            % {"title": task.campaign.title, "state": task.campaign.get_state_display()},
            code="monitoring.task.not_running",
        )
    made = _write(task, checked(task, facts, by=by, at=at), by, at)
    task.state = SamplingTask.State.SAMPLED
    task.save(update_fields=["state"])
    gridpoints.make(task, made, by=by, at=at)
    _keep_photos(task, photos, by, at)
    audit.record("monitoring.record.made", subject=made, by=by, at=at, data={"code": task.code, "photos": len(photos)})
    owing.owe_samples(task.campaign, by=by)
    return made


@transaction.atomic
def correct(
    former: FieldRecord,
    changes: Mapping[str, Any],
    reason: str,
    *,
    by: Actor,
    at: datetime,
    photos: Sequence[Photo] = (),
) -> FieldRecord:
    """A new record in the place of one that was wrong; the former stays to be read, with the day it was replaced."""
    task = _held(former.task, by)
    standing = FieldRecord.objects.filter(task=task, superseded_at=None).first()
    if standing is None or standing.pk != former.pk:
        raise SamplingRefused(_("这条采样记录已被更正：请打开最新的记录。"), code="monitoring.record.none")
    if not reason.strip():
        raise SamplingRefused(_("请写明更正的原因。"), code="monitoring.task.why_missing")
    said = checked(task, {**said_in(standing), **changes}, by=by, at=at)
    if said == checked(task, said_in(standing), by=by, at=at) and not photos:
        raise SamplingRefused(_("没有任何改动：内容与现有记录相同。"), code="monitoring.record.same")
    FieldRecord.objects.filter(pk=standing.pk).update(superseded_at=at)
    made = _write(task, {**said, "reason": reason.strip()[:300]}, by, at)
    gridpoints.follow(task, standing, made, by=by, at=at)
    _keep_photos(task, photos, by, at)
    audit.record(
        "monitoring.record.corrected",
        subject=made,
        by=by,
        at=at,
        data={"code": task.code, "facts": sorted(name for name in said if said[name] != getattr(standing, name))},
    )
    judging.after_change(Campaign.objects.filter(pk=task.campaign_id), by=by)
    return made


def said_in(record: FieldRecord) -> dict[str, Any]:
    """What a record says, by the names of its facts."""
    return {name: getattr(record, name) for name in FACTS}


def checked(task: SamplingTask, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> dict[str, Any]:
    """A record's facts as they may be stored, with its distance from the point; refused where they cannot be."""
    unknown = sorted(set(facts) - FACTS)
    if unknown:
        raise SamplingRefused(
            _("采样记录没有“%(names)s”这样的内容。") % {"names": "、".join(unknown)},
            code="monitoring.record.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    _check_time(task, clean.get("sampled_at"), at)
    _check_depth(clean)
    if not clean.get("sampler"):
        raise SamplingRefused(_("没有采样人：请填写。"), code="monitoring.record.sampler")
    clean["readings"] = read(clean.get("readings") or {})
    clean["distance_m"] = _check_place(task, clean, by)
    return clean


def read(readings: Mapping[str, Any]) -> dict[str, str]:
    """Readings as printed; refused where an instrument cannot have shown them."""
    found = {}
    for name, value in readings.items():
        text = str(value).strip()
        if name not in READINGS or not text:
            continue
        title, unit, least, most = READINGS[name]
        if not least <= _number(text, str(title)) <= most:
            raise SamplingRefused(
                _("%(title)s %(value)s %(unit)s 不可能：应在 %(least)g 至 %(most)g 之间，请核对读数和单位。")
                % {"title": title, "value": text, "unit": unit, "least": least, "most": most},
                code="monitoring.record.reading",
            )
        found[name] = text
    return found


def _number(text: str, title: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SamplingRefused(
            _("%(title)s“%(value)s”不是数字：请只填数字。") % {"title": title, "value": text},
            code="monitoring.record.reading",
        ) from None


def _held(task: SamplingTask, by: Actor) -> SamplingTask:
    require(by, "monitoring.sample", task)
    return SamplingTask.objects.select_for_update(of=("self",)).select_related("campaign", "point").get(pk=task.pk)


def _write(task: SamplingTask, said: Mapping[str, Any], by: Actor, at: datetime) -> FieldRecord:
    return FieldRecord.objects.create(
        task=task,
        division_path=task.division_path,
        owner_department_id=task.owner_department_id,
        by=by.person,
        at=at,
        **said,
    )


def _keep_photos(task: SamplingTask, photos: Sequence[Photo], by: Actor, at: datetime) -> None:
    """Photographs stay with the sample, through every correction of its record."""
    check_photos(photos)
    for photo in photos:
        files.attach(task, data=photo.data, name=photo.name, kind="photo", by=by, at=at, note=photo.towards)


def _check_time(task: SamplingTask, sampled_at: Any, at: datetime) -> None:
    if not isinstance(sampled_at, datetime) or timezone.is_naive(sampled_at):
        raise SamplingRefused(_("没有采样时间：请填写年月日和时分。"), code="monitoring.record.future")
    if sampled_at > at:
        raise SamplingRefused(
            _("采样时间 %(when)s 晚于现在：请核对日期和时间。")
            % {"when": timezone.localtime(sampled_at).strftime("%Y-%m-%d %H:%M")},
            code="monitoring.record.future",
        )
    day = clock.local_day(sampled_at)
    if day < task.campaign.starts_on:
        raise SamplingRefused(
            _("采样日期 %(day)s 早于任务开始 %(start)s：请核对日期，或先改任务的开始日期。")
            % {"day": day, "start": task.campaign.starts_on},
            code="monitoring.record.before",
        )


def _check_depth(facts: Mapping[str, Any]) -> None:
    top, bottom = facts.get("depth_from_cm"), facts.get("depth_to_cm")
    wrong = [each for each in (top, bottom) if each is not None and not 0 <= each <= DEEPEST_CM]
    if wrong or (top is not None and bottom is not None and bottom <= top):
        raise SamplingRefused(
            _("采样深度 %(top)s 至 %(bottom)s 厘米不对：下界应大于上界，不超过 %(most)d 厘米。")
            % {"top": top, "bottom": bottom, "most": DEEPEST_CM},
            code="monitoring.record.depth",
        )


def _check_place(task: SamplingTask, facts: Mapping[str, Any], by: Actor) -> float | None:
    """Metres from the point. What is far off, outside the division or without a place needs a reason, never silence."""
    where, reason = facts.get("point"), facts.get("place_reason")
    if where is None:
        if not reason and task.role not in (SamplingTask.Role.BLANK, SamplingTask.Role.MATERIAL):
            raise SamplingRefused(
                _("没有采样位置：请定位；定不了位的，写明原因（例如“手机无信号，按点位标志桩采样”）。"),
                code="monitoring.record.no_place",
            )
        return None
    if not CHINA.contains(where):
        raise SamplingRefused(
            _("位置（%(x).4f，%(y).4f）不在我国境内：请重新定位。") % {"x": where.x, "y": where.y},
            code="monitoring.record.place",
        )
    metres = distance_to_point(task, where)
    if reason:
        return metres
    most = localrules.rule("far_from_point")["metres"]
    if metres is not None and metres > most:
        raise SamplingRefused(
            _("采样位置距点位 %(metres).0f 米，超过 %(most)d 米：请到点位采样，或写明偏离的原因。")
            % {"metres": metres, "most": most},
            code="monitoring.record.far",
        )
    boundary = places.boundary_of(by, by.today)
    if boundary is not None and not boundary.area.covers(where):
        raise SamplingRefused(
            _("位置（%(x).5f，%(y).5f）在本行政区界线之外：请重新定位，或写明原因。") % {"x": where.x, "y": where.y},
            code="monitoring.record.far",
        )
    return metres


def distance_to_point(task: SamplingTask, where: Any) -> float | None:
    """Metres from where the sample was to be taken; None where that was left open."""
    there = planned_place(task)
    if there is None:
        return None
    return float(measure.distance_m(np.array([where], dtype=object), np.array([there], dtype=object))[0])


def planned_place(task: SamplingTask) -> Any:
    """Where a sample is to be taken: its point as it stands last, or where the design put it (whose point it only made)."""
    rows = PointVersion.objects.filter(point=task.point_id, superseded_at=None).order_by("-since")
    if task.planned_at is not None:
        rows = rows.exclude(kind=PointVersion.Kind.SPECIAL)
    return rows.values_list("geometry", flat=True).first() or task.planned_at


def point_name(task: SamplingTask) -> str:
    """What the point of a sample is called last; nothing where the sample has no point."""
    rows = PointVersion.objects.filter(point=task.point_id, superseded_at=None).order_by("-since")
    return rows.values_list("name", flat=True).first() or ""
