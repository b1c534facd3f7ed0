"""Photographs of a parcel, taken where it lies; they stay with the parcel through every change of its facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.land.models import ParcelVersion
from soildesk.land.refusals import ParcelRefused
from soildesk.land.services.patrols import Photo, check_photos

NOTE_LENGTH = 200


@transaction.atomic
def photograph(
    version: ParcelVersion, photos: Sequence[Photo], note: str = "", *, by: Actor, at: datetime
) -> list[FileUse]:
    """Keep photographs of a parcel, with what is to be said of them."""
    require(by, "land.photograph", version)
    if not photos:
        raise ParcelRefused(_("没有选择照片：请拍照或从相册选择。"), code="land.parcel.no_photo")
    check_photos(photos)
    uses = [
        files.attach(
            version.parcel, data=photo.data, name=photo.name, kind="photo", by=by, at=at,
            note=" ".join(part for part in (photo.towards, note.strip()) if part)[:NOTE_LENGTH],
        )
        for photo in photos
    ]  # fmt: skip
    audit.record(
        "land.parcel.photographed",
        subject=version,
        by=by,
        at=at,
        data={"parcel": version.parcel.number, "photos": len(uses)},
    )
    return uses
