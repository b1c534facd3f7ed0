"""What acts inside a plant share: whose plant it is, which days are possible, what a photograph is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from soildesk.core import clock, files
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.services.happenings import latest

INSPECT, VERIFY = "enterprises.inspect", "enterprises.verify"
BEFORE, AFTER = "before", "after"
PHOTO_ENDINGS = frozenset({"jpg", "jpeg", "png"})
MOST_PHOTOS = 9


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph or drawing."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """By whom and when an act is done."""

    by: Actor
    at: datetime

    @property
    def day(self) -> date:
        """The day of the act."""
        return clock.local_day(self.at)


def require_seen(by: Actor, permission: str, row: Any) -> None:
    """The permission, and the row among those the actor sees: a representative's permission is for the own enterprise."""
    require(by, permission, row)
    if not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed(_("这家企业不在您的权限范围内：企业人员只能办理本企业的事项。"), permission=permission)


def firm_of(row: Any) -> EnterpriseVersion:
    """The firm of a row, as it is."""
    found = latest(row.enterprise_id)
    assert found is not None, "an enterprise has a version that counts"
    return found


def place_of_firm(firm: EnterpriseVersion) -> dict[str, Any]:
    """Where what belongs to a firm lies: where the firm does."""
    return {"division_path": firm.division_path, "owner_department_id": firm.owner_department_id}


def check_photos(photos: Sequence[Photo], refused: type[Any], code: str) -> None:
    """Refuse too many, and what is no picture."""
    if len(photos) > MOST_PHOTOS:
        raise refused(
            _("一次最多上传 %(most)d 张照片，选了 %(count)d 张。") % {"most": MOST_PHOTOS, "count": len(photos)},
            code=code,
        )
    for photo in photos:
        if photo.name.rpartition(".")[2].lower() not in PHOTO_ENDINGS:
            raise refused(_("“%(name)s”不是照片：请上传 JPG 或 PNG 图片。") % {"name": photo.name}, code=code)


def attach(subject: models.Model, photos: Sequence[Photo], kind: str, done: Done) -> None:
    """Photographs of a record; part of an act."""
    for photo in photos:
        files.attach(subject, data=photo.data, name=photo.name, kind=kind, by=done.by, at=done.at)
