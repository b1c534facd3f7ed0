"""Acts on drawings of a plant: take a picture in, place facilities and hazards on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from django.db import transaction
from django.utils.translation import gettext as _
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image

from soildesk.core import audit, files, versions
from soildesk.core.permissions import Actor
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion, Hazard, PlantPlan
from soildesk.enterprises.queries.plants import PICTURE
from soildesk.enterprises.refusals import FacilityRefused
from soildesk.enterprises.services.plantside import INSPECT, Done, Photo, place_of_firm, require_seen
from soildesk.land.services.writing import refuse_future

ENDINGS = frozenset({"jpg", "jpeg", "png", "pdf"})
WIDEST_PX = 2400
MOST_PX = 20_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as it is uploaded; of a PDF one page (from 1)."""

    title: str
    on: date
    file: Photo
    page: int = 1


@transaction.atomic
def add(firm: EnterpriseVersion, drawing: Drawing, done: Done) -> PlantPlan:
    """Take a drawing or scan of a plant in; a page of a PDF is kept as a picture beside it."""
    require_seen(done.by, INSPECT, firm)
    refuse_future(drawing.on, done.by, FacilityRefused, "enterprises.facility.future")
    picture = _picture(drawing)
    width, height = _size(picture)
    plan = PlantPlan.objects.create(
        **place_of_firm(firm),
        enterprise_id=firm.enterprise_id,
        title=drawing.title.strip()[:120] or drawing.file.name[:120],
        on=drawing.on,
        width_px=width,
        height_px=height,
        recorded_at=done.at,
        recorded_by=done.by.person,
    )
    if picture is not drawing.file:
        files.attach(plan, data=drawing.file.data, name=drawing.file.name, kind="source", by=done.by, at=done.at)
    files.attach(plan, data=picture.data, name=picture.name, kind=PICTURE, by=done.by, at=done.at)
    data = {"enterprise": firm.enterprise.number, "title": plan.title}
    audit.record("enterprises.plan.added", subject=plan, by=done.by, at=done.at, data=data)
    return plan


def _picture(drawing: Drawing) -> Photo:
    """The picture of a drawing: the file itself, or a page of it."""
    ending = drawing.file.name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise _not_a_plan(drawing.file.name)
    return _page(drawing) if ending == "pdf" else drawing.file


def _page(drawing: Drawing) -> Photo:
    try:
        document = pdfium.PdfDocument(drawing.file.data)
    except pdfium.PdfiumError as error:
        raise _not_a_plan(drawing.file.name) from error
    try:
        if not 1 <= drawing.page <= len(document):
            raise FacilityRefused(
                _("“%(name)s”共 %(count)d 页，没有第 %(page)d 页。")
                % {"name": drawing.file.name, "count": len(document), "page": drawing.page},
                code="enterprises.facility.plan",
            )
        page = document[drawing.page - 1]
        bitmap = page.render(scale=WIDEST_PX / max(page.get_size()))
        stream = BytesIO()
        bitmap.to_pil().save(stream, "PNG")
    finally:
        document.close()
    return Photo(f"{drawing.file.name.rpartition('.')[0]}-{drawing.page}.png", stream.getvalue())


def _size(picture: Photo) -> tuple[int, int]:
    """Width and height of a picture, read from its head."""
    try:
        head = Image.from_blob(picture.data)
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError) as error:
        raise _not_a_plan(picture.name) from error
    if not (0 < head.px_width <= MOST_PX and 0 < head.px_height <= MOST_PX):
        raise _not_a_plan(picture.name)
    return head.px_width, head.px_height


def _not_a_plan(name: str) -> FacilityRefused:
    return FacilityRefused(
        _("“%(name)s”不能作为平面图：请上传 JPG、PNG 图片或 PDF 文件，边长不超过 20000 像素。") % {"name": name},
        code="enterprises.facility.plan",
    )


@transaction.atomic
def place(plan: PlantPlan, thing: FacilityVersion | Hazard, at: tuple[float, float] | None, done: Done) -> None:
    """Put a facility or a hazard on a drawing at shares of its width and height; None takes it off.

    A facility's place is a correction of what stands, so that its history shows where it was drawn before.
    """
    require_seen(done.by, INSPECT, plan)
    if thing.enterprise_id != plan.enterprise_id:
        raise FacilityRefused(
            _("“%(name)s”不属于这家企业，不能标在它的平面图上。") % {"name": str(thing)},
            code="enterprises.facility.other_firm",
        )
    if at is not None and not all(0 <= share <= 1 for share in at):
        raise FacilityRefused(
            _("位置（%(x).3f，%(y).3f）不在图内：请在图上点选，或填写 0 到 100 之间的百分比。")
            % {"x": at[0], "y": at[1]},
            code="enterprises.facility.place",
        )
    x, y = at or (None, None)
    if isinstance(thing, Hazard):
        thing.plan, thing.x, thing.y = (plan if at else None), x, y
        thing.save(update_fields=["plan", "x", "y"])
        kind, number = "hazard", thing.number
    else:
        said = {"plan": plan if at else None, "x": x, "y": y}
        versions.revise(thing, said, since=None, recording=Recording(done.by, done.at, _("在平面图上标注位置")))
        kind, number = "facility", thing.facility.number
    data = {"number": number, "x": x, "y": y}
    audit.record(f"enterprises.plan.{kind}_placed", subject=plan, by=done.by, at=done.at, data=data)


def thing_called(actor: Actor, key: str) -> FacilityVersion | Hazard:
    """The facility or hazard a form names (`facility:<uid>`); refused where the actor sees none."""
    kind, _colon, uid = key.partition(":")
    found: Any = None
    if kind == "facility":
        rows = FacilityVersion.objects.visible_to(actor).filter(superseded_at=None, until=None, facility__uid=uid)
        found = rows.select_related("facility").first()
    elif kind == "hazard":
        found = Hazard.objects.visible_to(actor).filter(uid=uid).first()
    if found is None:
        raise FacilityRefused(_("请选择要标注的设施或隐患。"), code="enterprises.facility.not_found")
    return found
