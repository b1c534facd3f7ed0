"""Acts on key places and facilities: register, change, correct, end; small dated records of tanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, Facility, FacilityRecord, FacilityVersion
from soildesk.enterprises.refusals import FacilityRefused
from soildesk.enterprises.services.numbers import number_of_firm
from soildesk.enterprises.services.plantside import (
    INSPECT,
    Done,
    firm_of,
    place_of_firm,
    require_seen,
)
from soildesk.land.services.writing import refuse_future
from soilrules.enterprises.inspection import guide

FACTS = frozenset(
    {
        "code", "name", "kind", "area_name", "activity", "substances", "hidden", "unit", "unit_class", "underground_tank",
        "installed_on", "service_years", "tank_type", "spec", "position", "use_state", "geometry", "batch",
    }
)  # fmt: skip
TANK = "underground_tank"


@transaction.atomic
def register(
    firm: EnterpriseVersion, facts: Mapping[str, Any], *, since: date, recording: Recording
) -> FacilityVersion:
    """A key place or facility of a firm, from the day `since`."""
    clean = check_new(firm, facts, since=since, by=recording.by)
    facility = Facility.objects.create(number=number_of_firm(firm, "SS", since.year))
    said = {"facility_id": facility.pk, "enterprise_id": firm.enterprise_id, **place_of_firm(firm), **_columns(clean)}
    made = versions.first(FacilityVersion, said, since=since, until=None, recording=recording)
    data = {"facility": facility.number, "enterprise": firm.enterprise.number, "since": since}
    audit.record("enterprises.facility.registered", subject=made, by=recording.by, at=recording.at, data=data)
    return made


def check_new(firm: EnterpriseVersion, facts: Mapping[str, Any], *, since: date, by: Actor) -> dict[str, Any]:
    """The facts of a new facility as they may be stored; refused where it may not be registered."""
    require_seen(by, INSPECT, firm)
    refuse_future(since, by, FacilityRefused, "enterprises.facility.future")
    given = {name: value for name, value in facts.items() if value is not None}
    clean = cleaned({"name": "", "kind": "", **given})
    clean.setdefault(TANK, clean["kind"] == TANK)
    same = Q(name=clean["name"], code=clean.get("code", ""))
    if clean.get("code"):
        same |= Q(code=clean["code"])
    held = FacilityVersion.objects.filter(same, enterprise=firm.enterprise_id, superseded_at=None, until=None).first()
    if held is not None:
        raise FacilityRefused(
            _("这家企业已登记“%(name)s”（%(number)s）：要更正，请填写它的系统编号；另一处请用不同的企业编号。")
            % {"name": held.name, "number": held.facility.number},
            code="enterprises.facility.twice",
        )
    return clean


@transaction.atomic
def change(
    version: FacilityVersion, changes: Mapping[str, Any], *, since: date | None, recording: Recording
) -> FacilityVersion:
    """Say `changes` of a facility too: from `since` on, or (None) from the beginning."""
    clean = check_change(version, changes, since=since, by=recording.by)
    held = versions.revise(version, _columns(clean), since=since, recording=recording)
    audit.record(
        "enterprises.facility.changed" if since else "enterprises.facility.corrected",
        subject=held,
        by=recording.by,
        at=recording.at,
        data={"facility": held.facility.number, "facts": sorted(clean), "since": since},
    )
    return held


def check_change(
    version: FacilityVersion, changes: Mapping[str, Any], *, since: date | None, by: Actor
) -> dict[str, Any]:
    """Changes as they may be stored; refused where they may not be made."""
    require_seen(by, INSPECT, version)
    if since:
        refuse_future(since, by, FacilityRefused, "enterprises.facility.future")
    return cleaned(changes)


@transaction.atomic
def end(version: FacilityVersion, *, on: date, recording: Recording) -> FacilityVersion:
    """A facility that was taken down: it is not inspected any more, its history stays."""
    require_seen(recording.by, INSPECT, version)
    refuse_future(on, recording.by, FacilityRefused, "enterprises.facility.future")
    if version.until is not None:
        raise FacilityRefused(
            _("%(number)s 自 %(day)s 起已停用拆除。") % {"number": version.facility.number, "day": version.until},
            code="enterprises.facility.ended",
        )
    held = versions.end(version, on=on, recording=recording)
    data = {"facility": held.facility.number, "on": on}
    audit.record("enterprises.facility.ended", subject=held, by=recording.by, at=recording.at, data=data)
    return held


def cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they may be stored; refused where one of them cannot be."""
    if unknown := sorted(set(facts) - FACTS):
        raise FacilityRefused(
            _("设施没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="enterprises.facility.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if not clean.get("name", "x"):
        raise FacilityRefused(_("设施没有名称：请填写，例如“1#废水调节池”。"), code="enterprises.facility.name_missing")
    if clean.get("kind", "pool") not in guide().kinds:
        raise FacilityRefused(
            _("没有“%(kind)s”这种设施类型：请在列表中选择。") % {"kind": clean["kind"]},
            code="enterprises.facility.kind",
        )
    if clean.get("unit_class") and clean["unit_class"] not in FacilityVersion.UnitClass.values:
        raise FacilityRefused(
            _("单元类别只有一类单元、二类单元：“%(value)s”无法识别。") % {"value": clean["unit_class"]},
            code="enterprises.facility.choice",
        )
    if clean.get(TANK, False) is None:
        clean[TANK] = False
    return clean


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(facts)
    if "batch" in found:
        batch = found.pop("batch")
        found["batch_id"] = batch.pk if batch else None
    return found


@dataclass(frozen=True, slots=True)
class Noted:
    """One dated record of a facility as it is told."""

    kind: str
    on: date
    note: str
    abnormal: bool = False
    by_whom: str = ""


@transaction.atomic
def note(version: FacilityVersion, noted: Noted, done: Done) -> FacilityRecord:
    """Write down a patrol, a repair or a monitoring of a facility."""
    require_seen(done.by, INSPECT, version)
    refuse_future(noted.on, done.by, FacilityRefused, "enterprises.facility.future")
    if noted.kind not in FacilityRecord.Kind.values or not noted.note.strip():
        raise FacilityRefused(
            _("请选择记录类型并写明情况，例如“液位、压力正常，无渗漏”。"), code="enterprises.facility.record"
        )
    first = version.facility.versions.order_by("since").values_list("since", flat=True).first()
    if version.installed_on and noted.on < min(version.installed_on, first or noted.on):
        raise FacilityRefused(
            _("记录日期 %(day)s 早于投用日期 %(first)s：请核对。") % {"day": noted.on, "first": version.installed_on},
            code="enterprises.facility.days",
        )
    made = FacilityRecord.objects.create(
        **place_of_firm(firm_of(version)),
        facility=version.facility,
        enterprise_id=version.enterprise_id,
        kind=noted.kind,
        on=noted.on,
        note=noted.note.strip()[:500],
        abnormal=noted.abnormal,
        by_whom=noted.by_whom.strip()[:60],
        recorded_at=done.at,
        recorded_by=done.by.person,
    )
    data = {"facility": version.facility.number, "kind": made.kind, "on": made.on}
    audit.record("enterprises.facility.record_added", subject=version, by=done.by, at=done.at, data=data)
    return made
