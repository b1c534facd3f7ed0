"""Acts on lots: confirm or put aside a proposed lock, follow grain without a lock, tell its harvest.

A proposal is decided once: of two offices that act at once one decides, the other is told what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import how_sure
from soildesk.farmland.models import Household, LockProposal, Lot, LotHousehold, ProduceTest, Season, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import ancestry
from soildesk.farmland.refusals import LotRefused
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.lotduties import fit_proposals
from soildesk.farmland.services.offices import acting
from soildesk.land.services.writing import number_for, refuse_future
from soilrules.farmland.grain import plain, too_much
from soilrules.farmland.harvests import crop_key
from soilrules.standards.crops import groups_of

LOCK, MOVE = "farmland.lock", "farmland.move_grain"
State = LockProposal.State
LARGEST_T = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Locking:
    """What is locked: units, area, from which day, by which paper; `year` is that of the harvest."""

    on: date
    document: str
    area_m2: Decimal
    units: Sequence[UnitVersion]
    year: int
    note: str = ""


@transaction.atomic
def confirm(proposal: LockProposal, told: Locking, *, by: Actor, at: datetime, stands_in: str = "") -> Lot:
    """Lock the ground a test spoke of; every household that tills it is asked what it keeps."""
    held = _undecided(proposal, by)
    own = grounds(held, by)
    office = acting(by, line_of(own[0]), held.division_path, stands_in)
    units = list({one.unit_id: one for one in (*own, *told.units)}.values())
    _check_lock(held, told, units, by)
    lot = _locked(told, units, held.crop, by=by, at=at)
    _decide(held, State.CONFIRMED, told.on, told.document, lot)
    fit_proposals([held], by=by)
    data = {"number": lot.number, "units": sorted(one.unit.number for one in units), "test": held.test.number}
    data |= {"area_m2": lot.area_m2, "document": lot.lock_document, **office.told}
    audit.record("farmland.lot.locked", subject=lot, by=by, at=at, data=data)
    return lot


@transaction.atomic
def dismiss(proposal: LockProposal, why: str, *, by: Actor, at: datetime, stands_in: str = "") -> LockProposal:
    """Put a proposal aside, with its ground: a retest within the limit, ground that is not harvested for food."""
    held = _undecided(proposal, by)
    office = acting(by, line_of(grounds(held, by)[0]), held.division_path, stands_in)
    if not why.strip():
        raise LotRefused(_("请写明不锁定的理由：理由会留在历史里。"), code="farmland.lot.why_missing")
    _decide(held, State.DISMISSED, by.today, why, None)
    fit_proposals([held], by=by)
    data = {"test": held.test.number, "why": held.closed_why, **office.told}
    audit.record("farmland.lot.proposal_dismissed", subject=held, by=by, at=at, data=data)
    return held


@transaction.atomic
def follow(told: Locking, crop: str, *, by: Actor, at: datetime, stands_in: str = "") -> Lot:
    """A lot that is followed without a lock: its tonnes must balance all the same."""
    if not told.units:
        raise LotRefused(_("没有写明单元：请填写批次来自哪些评价单元。"), code="farmland.lot.units")
    for one in told.units:
        require(by, LOCK, one)
    office = acting(by, line_of(told.units[0]), told.units[0].division_path, stands_in)
    _check_ground(told, told.units, crop.strip())
    if held := next((one for one in _of_same_grain(told, told.units, crop) if _in_force(one)), None):
        raise LotRefused(
            _("这些单元的%(crop)s已在批次 %(number)s 中锁定：请到该批次办理。")
            % {"crop": held.crop, "number": held.number},
            code="farmland.lot.locked_already",
        )
    lot = _made(told, told.units, crop.strip(), by=by, at=at, locked=False)
    data = {"number": lot.number, "units": sorted(one.unit.number for one in told.units), **office.told}
    audit.record("farmland.lot.followed", subject=lot, by=by, at=at, data=data)
    return lot


@transaction.atomic
def tell_harvest(lot: Lot, tonnes: Decimal, on: date, *, by: Actor, at: datetime) -> Lot:
    """What was harvested; told again it stands as told last, and the audit keeps both."""
    held = standing(lot)
    require(by, MOVE, held)
    refuse_future(on, by, LotRefused, "farmland.lot.future")
    if not 0 < tonnes < LARGEST_T:
        raise LotRefused(
            _("产量 %(tonnes)s 吨不对：请填写大于 0 的吨数。") % {"tonnes": tonnes}, code="farmland.lot.words"
        )
    _check_harvest_day(held, on)
    _check_yield(held, tonnes, on)
    before = held.harvest_t
    held.harvest_t, held.harvested_on = tonnes, on
    held.save(update_fields=["harvest_t", "harvested_on"])
    data = {"number": held.number, "tonnes": tonnes, "on": on, "before": before}
    audit.record("farmland.lot.harvest_told", subject=held, by=by, at=at, data=data)
    return held


def _check_harvest_day(lot: Lot, on: date) -> None:
    """A harvest is of its year, after the samples that led to the lock, and before any of it went somewhere."""
    sampled = min((one.test.sampled_on for one in lot.proposals.select_related("test")), default=None)
    gone = lot.moves.filter(superseded_at=None, tonnes__gt=0).order_by("on").values_list("on", flat=True).first()
    if not lot.year <= on.year <= lot.year + 1:
        words, day = _("收获日期 %(on)s 与批次年度 %(day)s 不符：请核对。"), str(lot.year)
    elif sampled and on < sampled:
        words, day = _("收获日期 %(on)s 早于采样日期 %(day)s：请核对。"), str(sampled)
    elif gone and on > gone:
        words, day = _("收获日期 %(on)s 晚于已登记去向的日期 %(day)s：请核对。"), str(gone)
    else:
        return
    raise LotRefused(words % {"on": on, "day": day}, code="farmland.lot.days")


def _check_yield(lot: Lot, tonnes: Decimal, on: date) -> None:
    """Refuse what no field yields: kg told as tonnes. What is only unusual is asked about on the page."""
    if (found := too_much(tonnes, lot.area_m2, on)) is None:
        return
    each, rule = found
    told = {"tonnes": plain(tonnes), "each": plain(each.quantize(Decimal(1))), "area": to_mu(lot.area_m2)}
    told |= {"most": plain(rule.numbers["tonnes"]), "mark": how_sure(rule.mark)}
    raise LotRefused(
        _(
            "产量 %(tonnes)s 吨折合每亩 %(each)s 吨，超过 %(most)s 吨（%(mark)s）：请核对单位（吨，不是公斤）和面积 %(area)s 亩。"
        )
        % told,
        code="farmland.lot.yield",
    )


def standing(lot: Lot) -> Lot:
    """The lot, held for this transaction: acts on one lot come one after the other."""
    held = Lot.objects.select_for_update().get(pk=lot.pk)
    if held.superseded_at is not None:
        raise LotRefused(_("这个批次已经撤销：请刷新页面。"), code="farmland.lot.not_found")
    return held


def _undecided(proposal: LockProposal, by: Actor) -> LockProposal:
    held = LockProposal.objects.select_for_update().get(pk=proposal.pk)
    require(by, LOCK, held)
    if held.superseded_at is not None:
        raise LotRefused(_("这条锁定建议的检测已经撤销：请刷新页面。"), code="farmland.lot.decided")
    if held.state != State.OPEN:
        result = held.lot.number if held.lot else held.closed_why
        raise LotRefused(
            _("这条锁定建议已于 %(day)s 办结：%(state)s（%(result)s）。请刷新页面查看。")
            % {"day": held.closed_on, "state": held.get_state_display(), "result": result},
            code="farmland.lot.decided",
        )
    return held


def grounds(held: LockProposal, by: Actor) -> list[UnitVersion]:
    """What stands today of the ground a proposal speaks of: its unit, or all it was divided into."""
    found = ancestry.standing(held.unit_id, by.today)
    if not found:
        raise LotRefused(_("这个单元已经终止：请从分出的单元重新检测。"), code="farmland.lot.units")
    return found


def _decide(held: LockProposal, state: str, on: date, why: str, lot: Lot | None) -> None:
    held.state, held.closed_on, held.closed_why, held.lot = state, on, why.strip()[:300], lot
    held.save(update_fields=["state", "closed_on", "closed_why", "lot"])


def _check_lock(proposal: LockProposal, told: Locking, units: Sequence[UnitVersion], by: Actor) -> None:
    refuse_future(told.on, by, LotRefused, "farmland.lot.future")
    if not told.document.strip():
        raise LotRefused(_("没有填写锁定依据：请填写文号、通知或者检测报告编号。"), code="farmland.lot.words")
    for one in units:
        require(by, LOCK, one)
    _check_ground(told, units, proposal.crop)
    _check_days(proposal.test, told)
    whole = _whole(proposal, told, units)
    if told.area_m2 < whole * Decimal("0.99") and not told.note.strip():
        raise LotRefused(
            _("锁定面积 %(area)s 亩小于种植面积 %(whole)s 亩：请在备注写明其余面积不锁定的理由。")
            % {"area": to_mu(told.area_m2), "whole": to_mu(whole)},
            code="farmland.lot.part",
        )


def _check_days(test: ProduceTest, told: Locking) -> None:
    known = test.result_on or test.sampled_on
    if told.on < known:
        raise LotRefused(
            _("锁定日期 %(on)s 早于检测报告日期 %(day)s：请核对。") % {"on": told.on, "day": known},
            code="farmland.lot.days",
        )
    if told.year not in (test.sampled_on.year, test.sampled_on.year + 1):
        raise LotRefused(
            _("收获年度 %(year)s 与采样日期 %(day)s 不符：应为采样当年或者下一年。")
            % {"year": told.year, "day": test.sampled_on},
            code="farmland.lot.days",
        )


def _whole(proposal: LockProposal, told: Locking, units: Sequence[UnitVersion]) -> Decimal:
    """The ground on which the crop stands: what its season says, else the whole of its unit."""
    rows = Season.objects.filter(superseded_at=None, unit__in=[one.unit_id for one in units], year=told.year)
    sown = {one.unit_id: one.area_m2 for one in rows if crop_key(one.crop) == crop_key(proposal.crop) and one.area_m2}
    return sum((sown.get(one.unit_id) or Decimal(str(one.area_m2)) for one in units), Decimal(0))


def _of_same_grain(told: Locking, units: Sequence[UnitVersion], crop: str) -> list[Lot]:
    """The lots of the same harvest of some units; of a crop no list knows nobody can say that it is another."""
    rows = Lot.objects.filter(
        superseded_at=None, units__in=ancestry.kin([one.unit_id for one in units]), year=told.year
    ).distinct()
    key = crop_key(crop)
    return [one for one in rows.order_by("pk") if crop_key(one.crop) == key or not groups_of(crop)]


def _in_force(lot: Lot) -> bool:
    return lot.locked_on is not None and lot.unlocked_on is None


def _locked(told: Locking, units: Sequence[UnitVersion], crop: str, *, by: Actor, at: datetime) -> Lot:
    """The locked lot: the one that is locked already, grain that was followed until now, or a new one.

    Grain that was followed keeps its tonnes: what left it before the lock is told as what it is, sold from locked ground.
    """
    same = [one for one in _of_same_grain(told, units, crop) if crop_key(one.crop) == crop_key(crop)]
    held = [one for one in same if _in_force(one)]
    if len(held) > 1:
        raise LotRefused(
            _("这些单元的%(crop)s已在几个批次中锁定（%(numbers)s）：请分开办理。")
            % {"crop": crop, "numbers": "、".join(one.number for one in held)},
            code="farmland.lot.locked_already",
        )
    followed = [standing(one) for one in same if one.locked_on is None]
    for one in followed:
        one.locked_on, one.lock_document = told.on, told.document.strip()[:200]
        one.save(update_fields=["locked_on", "lock_document"])
    if not held and not followed:
        return _made(told, units, crop, by=by, at=at, locked=True)
    lot = standing(held[0]) if held else followed[0]
    lot.area_m2 = max(lot.area_m2, told.area_m2 - sum((one.area_m2 for one in followed if one != lot), Decimal(0)))
    lot.note = "；".join(filter(None, (lot.note, told.note.strip())))[:300]
    lot.save(update_fields=["area_m2", "note"])
    lot.units.add(*(one.unit_id for one in units))
    asked = set(lot.households.filter(superseded_at=None).values_list("household", flat=True))
    more = [one for one in _tilling(units, told.on) if one.pk not in asked]
    LotHousehold.objects.bulk_create(_asked(lot, one, told.on, by, at) for one in more)
    return lot


def _check_ground(told: Locking, units: Sequence[UnitVersion], crop: str) -> None:
    if not crop:
        raise LotRefused(_("没有填写作物：请填写。"), code="farmland.lot.words")
    if not 2000 <= told.year <= 2100:
        raise LotRefused(_("年度“%(year)s”不对：请填写四位年份。") % {"year": told.year}, code="farmland.lot.words")
    most = sum((max(Decimal(str(one.area_m2)), one.area_of_record_m2 or Decimal(0)) for one in units), Decimal(0))
    if not 0 < told.area_m2 <= most * Decimal("1.01"):
        raise LotRefused(
            _("面积 %(area)s 亩超过这些单元的面积 %(most)s 亩，或不大于 0：请核对。")
            % {"area": to_mu(told.area_m2), "most": to_mu(most)},
            code="farmland.lot.area",
        )


def _made(told: Locking, units: Sequence[UnitVersion], crop: str, *, by: Actor, at: datetime, locked: bool) -> Lot:
    first = units[0]
    seasons = Season.objects.filter(superseded_at=None, unit=first.unit_id, year=told.year).order_by("-harvest_from")
    lot = Lot.objects.create(
        division_path=first.division_path, owner_department_id=first.owner_department_id,
        number=number_for(first.owner_department, "LP", told.year),
        season=next((one for one in seasons if crop_key(one.crop) == crop_key(crop)), None),
        crop=crop, year=told.year, area_m2=told.area_m2, locked_on=told.on if locked else None,
        lock_document=told.document.strip()[:200] if locked else "", note=told.note.strip()[:300],
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    lot.units.set([one.unit_id for one in units])
    LotHousehold.objects.bulk_create(_asked(lot, one, told.on, by, at) for one in _tilling(units, told.on))
    return lot


def _tilling(units: Sequence[UnitVersion], on: date) -> list[Household]:
    """The households that till some units on a day."""
    rows = Household.objects.filter(superseded_at=None, unit__in=[one.unit_id for one in units], since__lte=on)
    return [one for one in rows if one.until is None or one.until > on]


def _asked(lot: Lot, household: Household, on: date, by: Actor, at: datetime) -> LotHousehold:
    return LotHousehold(
        division_path=household.division_path, owner_department_id=household.owner_department_id, lot=lot,
        household=household, area_m2=household.area_m2, told_on=on, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip


def facts_of(values: Mapping[str, Any], units: Sequence[UnitVersion]) -> Locking:
    """What a form said of a lock."""
    return Locking(
        values["on"], values.get("document") or "", values["area_m2"], units, values["year"], values.get("note") or ""
    )
