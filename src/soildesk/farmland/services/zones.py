"""Acts on zones where certain produce must not be grown: proposed by the farming office, approved by the government, announced, marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import FarmlandClass, ProhibitedZone, UnitVersion
from soildesk.farmland.queries import classes
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping, offices
from soildesk.farmland.services.keeping import Paper, Subject
from soildesk.farmland.services.offices import Line
from soildesk.farmland.services.plans_of_use import Approval, check_government
from soildesk.land.services.writing import Place, number_for, refuse_future
from soildesk.land.shapes import surface, union

PROPOSE = "farmland.propose_zone"
ZONES = Subject(ProhibitedZone, PROPOSE, "farmland.zone")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Proposed:
    """A zone as it is proposed; without a shape it is the ground of its units. `produce`: names parted by 、."""

    name: str
    produce: str
    proposed_on: date
    proposal: str = ""
    geometry: Any = None
    note: str = ""
    stands_in: str = ""


@transaction.atomic
def propose(
    said: Proposed, units: Sequence[UnitVersion], place: Place, *, by: Actor, at: datetime, batch: Any = None
) -> ProhibitedZone:
    """A zone proposed: nothing is prohibited until the government approves it."""
    acting = check(said, units, place, by=by)
    shape = surface(said.geometry) if said.geometry is not None else surface(union(one.geometry for one in units))
    note = (
        _("代办依据：%(paper)s。%(note)s") % {"paper": acting.stands_in, "note": said.note}
        if acting.stands_in
        else said.note
    )
    number = number_for(place.department, "JZ", said.proposed_on.year)
    facts = {
        "number": number, "name": said.name.strip(), "produce": said.produce.strip(), "proposed_on": said.proposed_on,
        "proposal": said.proposal.strip(), "geometry": shape, "note": note, "batch": batch,
    }  # fmt: skip
    row = keeping.insert(ProhibitedZone, facts, Place(place.division, acting.department), by=by, at=at)
    row.units.set([one.unit_id for one in units])
    data = {"number": number, "produce": row.produce, "units": len(units), **acting.told}
    audit.record("farmland.zone.proposed", subject=row, by=by, at=at, data=data)
    return row


def check(said: Proposed, units: Sequence[UnitVersion], place: Place, *, by: Actor) -> offices.Acting:
    """The office that proposes; refused where the zone may not be proposed so."""
    require(by, PROPOSE, place.division)
    refuse_future(said.proposed_on, by, UseRefused, "farmland.use.future")
    if not (said.name.strip() and said.produce.strip()):
        raise UseRefused(_("没有写区域名称或者禁止生产的农产品：请填写。"), code="farmland.use.words")
    if not units:
        raise UseRefused(_("没有选择评价单元：区域由严格管控类单元划定。"), code="farmland.use.unit")
    held = classes.classes_of([one.unit_id for one in units], said.proposed_on)
    others = [one.name for one in units if _class_of(held, one) != FarmlandClass.STRICT]
    if others:
        raise UseRefused(
            _("有 %(n)d 个单元当日的现行类别不是严格管控类：%(names)s。请核对单元。")
            % {"n": len(others), "names": "、".join(others[:SHOWN])},
            code="farmland.use.class",
        )
    return offices.acting(by, Line.FARMING, place.division.path, said.stands_in)


def _class_of(held: dict[int, Any], unit: UnitVersion) -> str:
    return held[unit.unit_id].farmland_class if unit.unit_id in held else ""


@transaction.atomic
def approve(zone: ProhibitedZone, said: Approval, paper: Paper, *, by: Actor, at: datetime) -> ProhibitedZone:
    """That the government of the same level approved it: from that day it holds."""
    held = _held(zone, by, said.on)
    if held.approved_on is not None:
        raise UseRefused(_("已经登记为 %(day)s 批准。") % {"day": held.approved_on}, code="farmland.use.stale")
    _not_before(said.on, held.proposed_on, _("提出日期"))
    check_government(said, held, said.on)
    held.approval, held.authority, held.approved_on = said.number.strip(), said.authority.strip(), said.on
    return _kept(held, ["approval", "authority", "approved_on"], "approved", paper, by=by, at=at)


@transaction.atomic
def announce(zone: ProhibitedZone, on: date, address: str, paper: Paper, *, by: Actor, at: datetime) -> ProhibitedZone:
    """That an approved zone was announced."""
    held = _approved(zone, by, on)
    held.announced_on, held.address = on, address.strip()[:300]
    return _kept(held, ["announced_on", "address"], "announced", paper, by=by, at=at)


@transaction.atomic
def set_sign(zone: ProhibitedZone, on: date, photo: Paper, *, by: Actor, at: datetime) -> ProhibitedZone:
    """That signs stand at an approved zone, with a photograph."""
    held = _approved(zone, by, on)
    held.sign_on = on
    return _kept(held, ["sign_on"], "sign_set", photo, by=by, at=at)


@transaction.atomic
def end(zone: ProhibitedZone, on: date, paper: Paper, *, by: Actor, at: datetime) -> ProhibitedZone:
    """That a zone holds no more from a day, by the government's paper."""
    held = _approved(zone, by, on)
    held.until = on
    return _kept(held, ["until"], "ended", paper, by=by, at=at)


def _held(zone: ProhibitedZone, by: Actor, on: date) -> ProhibitedZone:
    held = keeping.locked(ProhibitedZone, zone)
    require(by, PROPOSE, held)
    refuse_future(on, by, UseRefused, "farmland.use.future")
    if held.until is not None:
        raise UseRefused(_("这个区域已于 %(day)s 解除。") % {"day": held.until}, code="farmland.use.stale")
    return held


def _approved(zone: ProhibitedZone, by: Actor, on: date) -> ProhibitedZone:
    held = _held(zone, by, on)
    if held.approved_on is None:
        raise UseRefused(_("区域还没有经政府批准：先登记批准，再公告、设置标识。"), code="farmland.use.order")
    _not_before(on, held.approved_on, _("批准日期"))
    return held


def _not_before(on: date, day: date, what: str) -> None:
    if on < day:
        raise UseRefused(
            _("日期 %(on)s 早于%(what)s %(day)s：请核对。") % {"on": on, "what": what, "day": day},
            code="farmland.use.days",
        )


def _kept(
    held: ProhibitedZone, fields: list[str], act: str, paper: Paper, *, by: Actor, at: datetime
) -> ProhibitedZone:
    held.save(update_fields=fields)
    keeping.attach(ZONES, held, paper, by=by, at=at)
    data = {"number": held.number} | {name: getattr(held, name) for name in fields}
    audit.record(f"farmland.zone.{act}", subject=held, by=by, at=at, data=data)
    return held
