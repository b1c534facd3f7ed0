"""Field checks 外业核实: somebody stood at the unit and looked whether bounds and use are as they were drawn; photos prove it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import Department, Message, Person
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Classification, FieldCheck, UnitVersion
from soildesk.farmland.queries.classifications import live
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services.classifying import locked, must_be
from soildesk.land.services.writing import refuse_future

PERMISSION = "farmland.check_field"
PHOTO = "photo"


@transaction.atomic
def register(
    classification: Classification, version: UnitVersion, facts: Mapping[str, Any], *, by: Actor, at: datetime,
    photos: Mapping[str, bytes] | None = None,
) -> FieldCheck:  # fmt: skip
    """What was found at a unit on a day: `on`, `fits`, `use_fits` (None: could not be seen), `found`, `note`."""
    require(by, PERMISSION, version)
    held = locked(classification)
    must_be(held, Classification.State.CHECKING)
    if not live(held).filter(unit=version.unit_id).exists():
        raise ClassifyRefused(
            _("%(unit)s 不在这次类别划分的范围内：请核对单元。") % {"unit": version.unit.number},
            code="farmland.classify.unknown_unit",
        )
    clean = _clean(facts, by)
    if clean["on"] < version.since:
        raise ClassifyRefused(
            _("核实日期 %(on)s 早于该单元现在内容的起始日 %(since)s：那时核实的不是现在的边界和利用方式，请核对日期。")
            % {"on": clean["on"], "since": version.since},
            code="farmland.classify.days",
        )
    made = FieldCheck.objects.create(
        classification=held, unit_id=version.unit_id, division_path=version.division_path,
        owner_department_id=version.owner_department_id, recorded_at=at, recorded_by=by.person, **clean,
    )  # fmt: skip
    for name, data in (photos or {}).items():
        files.attach(made, data=data, name=name, kind=PHOTO, by=by, at=at)
    data = {"unit": version.unit.number, "on": made.on, "fits": made.fits, "use_fits": made.use_fits}
    audit.record("farmland.fieldcheck.registered", subject=made, by=by, at=at, data=data)
    return made


def tell_towns(classification: Classification, *, by: Actor) -> None:
    """A message for the people of each town that has units to look at, with the way to them."""
    places = list(live(classification).values_list("division_path", flat=True))
    link = reverse("farmland:classify_check", args=[classification.uid])
    towns = Department.objects.filter(
        valid_on(by.today), kind=Department.Kind.TOWN, division__path__startswith=classification.division_path
    )
    for town in towns.select_related("division").order_by("division__path", "id"):
        count = sum(path.startswith(town.division.path) for path in places)
        if count:
            text = _("外业核实“%(title)s”：本镇街有 %(n)d 个单元，请到现场核实边界和利用方式后登记。")
            told = text % {"title": classification.title, "n": count}
            people = Person.objects.working_in([town.pk])
            Message.objects.bulk_create(Message(person=one, text=told[:300], link=link) for one in people)


def _clean(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    said = {"on": None, "fits": None, "use_fits": None, "found": "", "note": "", **facts}
    if unknown := sorted(set(said) - {"on", "fits", "use_fits", "found", "note"}):
        raise ClassifyRefused(
            _("外业核实没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.classify.words",
        )
    if said["on"] is None:
        raise ClassifyRefused(_("没有填写核实日期：请填写到现场的日期。"), code="farmland.classify.days")
    refuse_future(said["on"], by, ClassifyRefused, "farmland.classify.future")
    said["found"] = str(said["found"]).strip()[:500]
    if (said["fits"] is not True or said["use_fits"] is not True) and not said["found"]:
        raise ClassifyRefused(
            _("边界或者利用方式不符、看不清的，请在“发现”里写明现场情况。"), code="farmland.classify.words"
        )
    return said


@transaction.atomic
def take_back(check: FieldCheck, *, why: str, by: Actor, at: datetime) -> FieldCheck:
    """A check that was told wrongly: it stays in the history and counts no more."""
    require(by, PERMISSION, check)
    held = FieldCheck.objects.select_for_update().select_related("classification", "unit").get(pk=check.pk)
    must_be(held.classification, Classification.State.CHECKING)
    if held.superseded_at is not None or not why.strip():
        raise ClassifyRefused(
            _("请写明撤销的原因：原因会留在历史里。") if not why.strip() else _("这条核实记录已经撤销：请刷新页面。"),
            code="farmland.classify.why_missing",
        )
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    data = {"unit": held.unit.number, "why": held.reason}
    audit.record("farmland.fieldcheck.taken_back", subject=held, by=by, at=at, data=data)
    return held
