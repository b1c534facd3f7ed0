"""Acts on inspections for hazards: begin, answer the check list of a facility, finish.

An item found wrong makes a hazard with its photographs; an answer taken back drops the hazard with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion, Hazard, Inspection, InspectionAnswer
from soildesk.enterprises.plantwords import item_name
from soildesk.enterprises.queries.inspections import Sheet, sheets, under_way
from soildesk.enterprises.queries.plants import standing
from soildesk.enterprises.refusals import InspectionRefused
from soildesk.enterprises.sentences import said
from soildesk.enterprises.services import happenings, hazards
from soildesk.enterprises.services.happenings import Told
from soildesk.enterprises.services.hazards import Found
from soildesk.enterprises.services.numbers import number_of_firm
from soildesk.enterprises.services.plantside import (
    BEFORE,
    INSPECT,
    Done,
    Photo,
    attach,
    check_photos,
    firm_of,
    place_of_firm,
    require_seen,
)
from soildesk.land.services.writing import refuse_future
from soilrules.enterprises.facts import EventKind
from soilrules.enterprises.inspection import items_for

Answer, State = InspectionAnswer.Answer, Inspection.State


@dataclass(frozen=True, slots=True)
class Beginning:
    """Why an inspection is made, from which day, by whom."""

    cause: str
    on: date
    inspector: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What was found for one item; of a hazard what it is, what is suggested, by when, with photographs."""

    item: str
    answer: str
    note: str = ""
    suggestion: str = ""
    due: date | None = None
    photos: Sequence[Photo] = ()


@transaction.atomic
def begin(firm: EnterpriseVersion, beginning: Beginning, done: Done) -> Inspection:
    """Begin an inspection: the edition of its day decides what is looked at."""
    check_begin(firm, beginning, done.by)
    kind = standing(firm.enterprise_id, done.by.today)[0].kind
    inspection = Inspection.objects.create(
        **place_of_firm(firm),
        enterprise_id=firm.enterprise_id,
        number=number_of_firm(firm, "PC", beginning.on.year),
        cause=beginning.cause,
        edition=items_for(kind, beginning.on).edition,
        inspector=beginning.inspector.strip()[:120],
        began_on=beginning.on,
        recorded_at=done.at,
        recorded_by=done.by.person,
    )
    data = {"number": inspection.number, "cause": inspection.cause, "edition": inspection.edition}
    audit.record("enterprises.inspection.begun", subject=inspection, by=done.by, at=done.at, data=data)
    return inspection


def check_begin(firm: EnterpriseVersion, beginning: Beginning, by: Actor) -> None:
    """Refuse what cannot be begun."""
    require_seen(by, INSPECT, firm)
    refuse_future(beginning.on, by, InspectionRefused, "enterprises.inspection.days")
    if beginning.cause not in Inspection.Cause.values:
        raise InspectionRefused(_("请选择排查缘由。"), code="enterprises.inspection.cause")
    if (running := under_way(firm.enterprise_id)) is not None:
        raise InspectionRefused(
            _("%(firm)s 的排查 %(number)s 还没有完成：请先完成它，再开始新的。")
            % {"firm": firm.name, "number": running.number},
            code="enterprises.inspection.under_way",
        )
    held = standing(firm.enterprise_id, by.today)
    if not held:
        raise InspectionRefused(
            _("%(firm)s 还没有登记重点场所和设施设备：请先登记或导入，再开始排查。") % {"firm": firm.name},
            code="enterprises.inspection.nothing_kept",
        )
    asked = items_for(held[0].kind, beginning.on)
    if not asked.items:
        raise InspectionRefused(said(asked.message), code="enterprises.inspection.edition")


@transaction.atomic
def answer(
    inspection: Inspection, version: FacilityVersion, told: Sequence[Said], done: Done, *, on: date | None = None
) -> Inspection:
    """Write down what was found at one facility on a day (today without one); what is not told stays as it was."""
    inspection = _running(inspection, done.by)
    on = on or max(done.by.today, inspection.began_on)
    _check_facility(inspection, version, on)
    refuse_future(on, done.by, InspectionRefused, "enterprises.inspection.days")
    held = {one.item: one for one in inspection.answers.filter(facility=version.facility)}
    for one in told:
        _check(inspection, version, one)
        hazard = _hazard(inspection, version, one, on, done)
        if hazard is not None:
            attach(hazard, one.photos, BEFORE, done)
        row = held.get(one.item) or InspectionAnswer(inspection=inspection, facility=version.facility, item=one.item)
        row.answer, row.note, row.by, row.at = one.answer, one.note.strip()[:300], done.by.person, done.at
        row.save()
    data = {"number": inspection.number, "facility": version.facility.number, "items": len(told)}
    audit.record("enterprises.inspection.answered", subject=inspection, by=done.by, at=done.at, data=data)
    return inspection


def _check_facility(inspection: Inspection, version: FacilityVersion, on: date) -> None:
    if on < inspection.began_on:
        raise InspectionRefused(
            _("排查日期 %(day)s 早于开始日期 %(began)s：请核对。") % {"day": on, "began": inspection.began_on},
            code="enterprises.inspection.days",
        )
    if version.enterprise_id != inspection.enterprise_id or version.superseded_at is not None:
        raise InspectionRefused(
            _("设施 %(number)s 不在这次排查的范围内：请刷新页面后重试。") % {"number": version.facility.number},
            code="enterprises.inspection.not_inspected",
        )


def _check(inspection: Inspection, version: FacilityVersion, one: Said) -> None:
    known = {item.key for item in items_for(version.kind, inspection.began_on).items}
    if one.item not in known or one.answer not in Answer.values:
        raise InspectionRefused(
            _("“%(item)s”的结果无法识别：每一项请选择符合、隐患或不涉及。") % {"item": item_name(one.item)},
            code="enterprises.inspection.answer",
        )
    if one.answer == Answer.HAZARD and not one.note.strip():
        raise InspectionRefused(
            _("“%(item)s”选了隐患，但没有写隐患点：请写明在哪里、是什么。") % {"item": item_name(one.item)},
            code="enterprises.inspection.hazard_words",
        )
    check_photos(one.photos, InspectionRefused, "enterprises.inspection.photo")


def _hazard(inspection: Inspection, version: FacilityVersion, one: Said, on: date, done: Done) -> Hazard | None:
    """What an answer means for a hazard of its item: found, told anew, or dropped."""
    known = inspection.hazards.filter(facility=version.facility, item=one.item).exclude(state=Hazard.State.DROPPED)
    hazard = known.select_for_update().first()
    if one.answer == Answer.HAZARD:
        found = Found(version, one.item, one.note, one.suggestion, one.due, on)
        return hazards.find(inspection, found, done) if hazard is None else hazards.tell_again(hazard, found)
    if hazard is not None:
        hazards.take_back(hazard, one.note, done)
    return None


@transaction.atomic
def finish(inspection: Inspection, on: date, done: Done, *, left_out: str = "") -> Inspection:
    """Finish an inspection: every facility is answered, or it is said why not. The duty to inspect follows."""
    inspection = _running(inspection, done.by)
    refuse_future(on, done.by, InspectionRefused, "enterprises.inspection.days")
    if on < inspection.began_on:
        raise InspectionRefused(
            _("完成日期 %(day)s 早于开始日期 %(began)s：请核对。") % {"day": on, "began": inspection.began_on},
            code="enterprises.inspection.days",
        )
    missing = [one for one in sheets(inspection, done.by.today) if not one.is_done]
    if missing and not left_out.strip():
        raise InspectionRefused(
            _("还有 %(n)d 处设施没有排查完：%(names)s。请继续排查，或写明未排查的原因。")
            % {"n": len(missing), "names": _names(missing)},
            code="enterprises.inspection.missing",
        )
    inspection.state, inspection.finished_on = State.FINISHED, on
    inspection.left_out = f"{_names(missing)}：{left_out.strip()}"[:500] if missing else ""
    inspection.save(update_fields=["state", "finished_on", "left_out"])
    firm = firm_of(inspection)
    told = Told(
        EventKind.HAZARD_INSPECTION_DONE,
        on,
        note=inspection.number,
        evidence=f"enterprises.inspection:{inspection.uid}",
    )
    happenings.check(firm, told, by=done.by)
    happenings.add(firm, told, by=done.by, at=done.at)
    data = {"number": inspection.number, "on": on, "left_out": len(missing)}
    audit.record("enterprises.inspection.finished", subject=inspection, by=done.by, at=done.at, data=data)
    return inspection


def _names(missing: Sequence[Sheet]) -> str:
    shown = "、".join(one.version.name for one in missing[:8])
    return shown if len(missing) <= 8 else _("%(names)s等") % {"names": shown}


def _running(inspection: Inspection, by: Actor) -> Inspection:
    """The inspection under its lock, if it is not finished."""
    require_seen(by, INSPECT, inspection)
    inspection = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if inspection.state != State.UNDER_WAY:
        raise InspectionRefused(
            _("排查 %(number)s 已于 %(day)s 完成，不能再改；新发现的问题请开始新的排查。")
            % {"number": inspection.number, "day": inspection.finished_on},
            code="enterprises.inspection.finished",
        )
    return inspection
