"""Acts on rates a superior approved: registered with number and authority; a difference to our own explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Division
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import ApprovedRate
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import keeping
from soildesk.farmland.services.keeping import Subject
from soildesk.land.services.writing import place_at, refuse_future
from soilrules.farmland.rates import methods

KEEP = "farmland.keep_rates"
RATES = Subject(ApprovedRate, KEEP, "farmland.rate")
FIRST_YEAR = min(one.first_year for one in methods().values())


@dataclass(frozen=True, slots=True)
class Approved:
    """A rate as the paper says it, in percent."""

    year: int
    division: Division
    rate: Decimal
    number: str
    authority: str
    on: date
    method: str = ""
    explained: str = ""
    note: str = ""
    batch: Any = None


@transaction.atomic
def register(said: Approved, *, by: Actor, at: datetime) -> ApprovedRate:
    """A rate as the superior approved it. It changes nothing we count."""
    facts = check(said, by=by)
    made = keeping.insert(ApprovedRate, facts, place_at(said.division.path, by), by=by, at=at)
    data = {"year": made.year, "division": said.division.code, "rate": made.rate, "number": made.number}
    audit.record("farmland.rate.registered", subject=made, by=by, at=at, data=data)
    return made


def check(said: Approved, *, by: Actor) -> dict[str, Any]:
    """The facts as they may be stored; refused where they cannot be so."""
    require(by, KEEP, said.division)
    refuse_future(said.on, by, UseRefused, "farmland.use.future")
    if not FIRST_YEAR <= said.year <= said.on.year:
        raise UseRefused(
            _("年度 %(year)s 不对：应在 %(first)d 至核定日期的年度 %(last)d 之间。")
            % {"year": said.year, "first": FIRST_YEAR, "last": said.on.year},
            code="farmland.use.year",
        )
    if not 0 <= said.rate <= 100:
        raise UseRefused(
            _("核定值 %(rate)s 不在 0 至 100 之间：请按百分数填写。") % {"rate": said.rate}, code="farmland.use.area"
        )
    if 0 < said.rate <= 1:
        raise UseRefused(
            _("核定值 %(rate)s 像是小数：请按百分数填写，百分之九十三点五填 93.5。") % {"rate": said.rate},
            code="farmland.use.area",
        )
    if not (said.number.strip() and said.authority.strip()):
        raise UseRefused(_("没有核定机关或者文号：请照文件填写。"), code="farmland.use.words")
    if said.method and said.method not in methods():
        raise UseRefused(_("没有“%(method)s”这种核算方法。") % {"method": said.method}, code="farmland.use.kind")
    same = ApprovedRate.objects.filter(
        superseded_at=None, year=said.year, division=said.division, number=said.number.strip()
    )
    if same.exists():
        raise UseRefused(
            _("%(place)s %(year)d 年的核定值已按 %(number)s 登记过：有误的先撤销原记录。")
            % {"place": said.division.name, "year": said.year, "number": said.number},
            code="farmland.use.twice",
        )
    return {name: getattr(said, name) for name in said.__slots__}


@transaction.atomic
def explain(row: ApprovedRate, why: str, *, by: Actor, at: datetime) -> ApprovedRate:
    """Why the approved rate differs from ours: told as a new row that stands for the old one."""
    held = keeping.locked(ApprovedRate, row)
    require(by, KEEP, held)
    if not why.strip():
        raise UseRefused(_("没有写明差异的原因：请填写。"), code="farmland.use.words")
    held.superseded_at, held.reason = at, _("补充差异说明")
    held.save(update_fields=["superseded_at", "reason"])
    facts = {
        name: getattr(held, name)
        for name in ("year", "division", "rate", "method", "number", "authority", "on", "note", "batch")
    }
    place = {"division_path": held.division_path, "owner_department_id": held.owner_department_id}
    made = ApprovedRate.objects.create(
        **place, **facts, explained=why.strip()[:500], recorded_at=at, recorded_by=by.person
    )
    data = {"year": made.year, "number": made.number, "explained": made.explained}
    audit.record("farmland.rate.explained", subject=made, by=by, at=at, data=data)
    return made
