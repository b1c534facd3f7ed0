"""Acts on patrols of unused land: write one down with photographs, close what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import Point

from soildesk.core import audit, clock, files
from soildesk.core.permissions import Actor, require
from soildesk.land.models import Patrol, UnusedLandVersion
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services import rounds
from soildesk.land.services.writing import refuse_future
from soildesk.land.shapes import CHINA

PICTURES = frozenset({"jpg", "jpeg", "png"})
MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on a patrol; `action` is what was done about it at once."""

    found: str
    on: date
    note: str = ""
    action: str = ""
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph; `towards` says which way it looks (东南西北)."""

    name: str
    data: bytes
    towards: str = ""


@transaction.atomic
def record(version: UnusedLandVersion, seen: Seen, *, by: Actor, at: datetime, photos: Sequence[Photo] = ()) -> Patrol:
    """Write a patrol down: it fulfils the duty that was open, and the next one falls due."""
    require(by, "land.patrol", version)
    _check(version, seen, by)
    check_photos(photos)
    patrol = Patrol.objects.create(
        land=version.land,
        division_path=version.division_path,
        owner_department_id=version.owner_department_id,
        on=seen.on,
        found=seen.found,
        note=seen.note.strip()[:500],
        action=seen.action.strip()[:500],
        point=seen.point,
        by=by.person,
        at=at,
    )
    for photo in photos:
        files.attach(patrol, data=photo.data, name=photo.name, kind="photo", by=by, at=at, note=photo.towards)
    rounds.keep(version, patrol, by=by)
    audit.record(
        "land.patrol.recorded",
        subject=patrol,
        by=by,
        at=at,
        data={"land": version.land.number, "on": seen.on, "found": seen.found, "photos": len(photos)},
    )
    return patrol


def _check(version: UnusedLandVersion, seen: Seen, by: Actor) -> None:
    refuse_future(seen.on, by, UnusedRefused, "land.patrol.future")
    first = version.land.versions.order_by("since").values_list("since", flat=True).first()
    ended = version.until is not None and seen.on >= version.until
    if (first and seen.on < first) or ended:
        raise UnusedRefused(
            _("%(day)s 这块地还没有登记或已经终止：请核对巡查日期。") % {"day": seen.on}, code="land.patrol.before"
        )
    if seen.found not in Patrol.Found.values:
        raise UnusedRefused(_("请选择巡查发现：未见异常，或发现了什么。"), code="land.patrol.found")
    if seen.found != Patrol.Found.NOTHING and not seen.note.strip():
        raise UnusedRefused(_("发现异常时请写明情况：位置、范围、是什么。"), code="land.patrol.note_missing")
    if seen.point is not None and not CHINA.contains(seen.point):
        raise UnusedRefused(
            _("位置（%(x).4f，%(y).4f）不在我国境内：请检查定位，或不填位置。")
            % {"x": seen.point.x, "y": seen.point.y},
            code="land.patrol.point",
        )


def check_photos(photos: Sequence[Photo]) -> None:
    """Refuse too many, and what is no picture."""
    if len(photos) > MOST_PHOTOS:
        raise UnusedRefused(
            _("一次最多上传 %(most)d 张照片，选了 %(count)d 张。") % {"most": MOST_PHOTOS, "count": len(photos)},
            code="land.patrol.not_photo",
        )
    for photo in photos:
        if photo.name.rpartition(".")[2].lower() not in PICTURES:
            raise UnusedRefused(
                _("“%(name)s”不是照片：请上传 JPG 或 PNG 图片。") % {"name": photo.name}, code="land.patrol.not_photo"
            )


@transaction.atomic
def close(patrol: Patrol, action: str, *, by: Actor, at: datetime, on: date | None = None) -> Patrol:
    """Close what a patrol found, with what was done about it."""
    require(by, "land.patrol", patrol)
    patrol = Patrol.objects.select_for_update().get(pk=patrol.pk)
    day = on or clock.local_day(at)
    if patrol.found == Patrol.Found.NOTHING:
        raise UnusedRefused(_("这次巡查未见异常，无需办结。"), code="land.patrol.nothing_found")
    if patrol.closed_on:
        raise UnusedRefused(
            _("这次巡查的发现已于 %(day)s 办结。") % {"day": patrol.closed_on}, code="land.patrol.closed"
        )
    if not action.strip():
        raise UnusedRefused(_("请写明采取了什么措施，再办结。"), code="land.patrol.action_missing")
    refuse_future(day, by, UnusedRefused, "land.patrol.future")
    if day < patrol.on:
        raise UnusedRefused(
            _("办结日期 %(day)s 早于巡查日期 %(on)s：请核对。") % {"day": day, "on": patrol.on},
            code="land.patrol.before",
        )
    said = "；".join(filter(None, (patrol.action, action.strip())))
    patrol.action, patrol.closed_on, patrol.closed_by, patrol.closed_at = said[:500], day, by.person, at
    patrol.save(update_fields=["action", "closed_on", "closed_by", "closed_at"])
    audit.record("land.patrol.closed", subject=patrol, by=by, at=at, data={"land": patrol.land.number, "on": day})
    return patrol
