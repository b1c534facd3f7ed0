"""Acts on the tonnes of a lot: where they went, what each household keeps, what became of locked grain, what was paid.

Everything on one lot comes one after the other; what was told wrongly is taken back with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import Department, FileUse
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Disposal, Household, Lot, LotHousehold, LotMove, LotPayment, ProduceTest
from soildesk.farmland.refusals import GrainRefused, OfficeRefused
from soildesk.farmland.services import clearances, lots
from soildesk.farmland.services.offices import Acting, Line, acting
from soildesk.land.services.writing import refuse_future
from soilrules.enterprises import credit_code
from soilrules.farmland.grain import Part, plain

MOVE = "farmland.move_grain"
ZERO = Decimal(0)
MOVED_BY = {
    Part.STORED: (Line.GRAIN,),
    Part.FEED_SEED: (Line.FARMING, Line.GRAIN),
    Part.SOLD: (Line.FARMING, Line.GRAIN),
    Part.LOSS: (Line.GRAIN, Line.FARMING),
    Part.KEPT: (Line.FARMING,),
}
"""The offices that tell of each way; towns tell of what households do."""
OF_TOWNS = (Part.KEPT, Part.FEED_SEED, Part.SOLD, Part.LOSS)
Kind = Disposal.Kind


@dataclass(frozen=True, slots=True)
class Moved:
    """Tonnes that went one way; 0 says that nothing went so."""

    part: str
    tonnes: Decimal
    on: date
    to: str = ""
    to_code: str = ""
    separate: bool | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of tonnes of a move, or of what a household keeps."""

    kind: str
    tonnes: Decimal
    on: date
    document: str
    move: LotMove | None = None
    household: Household | None = None
    to: str = ""
    test: ProduceTest | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """Money paid for a lot."""

    purpose: str
    yuan: Decimal
    on: date
    payee: str
    document: str
    note: str = ""


@transaction.atomic
def move(lot: Lot, told: Moved, *, by: Actor, at: datetime, stands_in: str = "", batch: Any = None) -> LotMove:
    """Tonnes of a lot that went somewhere, on paper."""
    held = lots.standing(lot)
    office = check_move(held, told, by=by, stands_in=stands_in)
    made = LotMove.objects.create(
        **_place(held), lot=held, part=told.part, tonnes=told.tonnes, on=told.on, to=told.to.strip()[:160],
        to_code=credit_code.normalised(told.to_code) if told.to_code.strip() else "", separate=told.separate if told.part == Part.STORED else None,
        document=told.document.strip()[:120], note=_noted(told.note, office), batch=batch,
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    data = {"lot": held.number, "part": made.part, "tonnes": made.tonnes, "on": made.on, **_office(office)}
    audit.record("farmland.grain.moved", subject=made, by=by, at=at, data=data)
    return made


def check_move(lot: Lot, told: Moved, *, by: Actor, stands_in: str = "") -> Acting | None:
    """Refuse tonnes that cannot have gone so; the office that tells of it (None: the town)."""
    require(by, MOVE, lot)
    if told.part not in list(Part):
        raise GrainRefused(_("没有选择去向：请选择。"), code="farmland.grain.part")
    _check_tonnes(told.tonnes, zero=True)
    _check_day(told.on, lot, by)
    if told.part == Part.KEPT and (told.tonnes or lot.households.filter(superseded_at=None, kept_t__gt=0).exists()):
        raise GrainRefused(
            _("自留口粮按户登记：请在农户名单中填写每户的数量；没有农户自留的，才在这里填 0。"),
            code="farmland.grain.kept",
        )
    if told.tonnes and told.part in (Part.STORED, Part.SOLD):
        for value, what in ((told.to, _("接收单位或者仓房")), (told.document, _("凭证编号"))):
            if not value.strip():
                raise GrainRefused(
                    _("没有填写%(what)s：收购和销售要能追到下一站。") % {"what": what}, code="farmland.grain.words"
                )
    if told.to_code.strip() and not credit_code.check(told.to_code).valid:
        raise GrainRefused(
            _("统一社会信用代码“%(code)s”不对：请核对 18 位代码。") % {"code": told.to_code}, code="farmland.grain.code"
        )
    _refuse_twice(lot, told)
    return _one_of(MOVED_BY[Part(told.part)], lot, by, stands_in, town=told.part in OF_TOWNS)


def _refuse_twice(lot: Lot, told: Moved) -> None:
    """One paper is told once: the same tonnes of the same day to the same receiver are a form that was sent again."""
    same = {"part": told.part, "tonnes": told.tonnes, "on": told.on, "to": told.to.strip()[:160]}
    rows = LotMove.objects.filter(superseded_at=None, lot=lot, document=told.document.strip()[:120], **same)
    if told.tonnes and rows.exists():
        raise GrainRefused(
            _("批次 %(lot)s 已登记过同一天、同一凭证、同样数量的这笔去向：确是另一笔的，请写明各自的凭证编号。")
            % {"lot": lot.number},
            code="farmland.grain.twice",
        )


@transaction.atomic
def keep(lot: Lot, household: Household, tonnes: Decimal, on: date, *, by: Actor, at: datetime) -> LotHousehold:
    """What a household keeps as food; told again the row before is superseded."""
    held = lots.standing(lot)
    _one_of((Line.FARMING,), held, by, "", town=True)
    before = LotHousehold.objects.select_for_update().filter(superseded_at=None, lot=held, household=household).first()
    check_keep(held, household, tonnes, on, by=by)
    if before is not None:
        before.superseded_at, before.reason = at, _("登记自留口粮")
        before.save(update_fields=["superseded_at", "reason"])
    made = LotHousehold.objects.create(
        **_place(held), lot=held, household=household, area_m2=before.area_m2 if before else household.area_m2,
        kept_t=tonnes, told_on=on, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    data = {"lot": held.number, "tonnes": tonnes, "before": before.kept_t if before else None}
    audit.record("farmland.grain.kept", subject=made, by=by, at=at, data=data)
    return made


def check_keep(lot: Lot, household: Household, tonnes: Decimal, on: date, *, by: Actor) -> None:
    """Refuse what a household cannot keep."""
    require(by, MOVE, lot)
    _check_tonnes(tonnes, zero=True)
    _check_day(on, lot, by)
    asked = LotHousehold.objects.filter(superseded_at=None, lot=lot, household=household).exists()
    stands = household.superseded_at is None and lot.units.filter(pk=household.unit_id).exists()
    if not (asked or stands):  # a household corrected since the lock is still the one that was asked
        raise GrainRefused(
            _("这户不在批次 %(lot)s 的单元上：请先在农户台账登记。") % {"lot": lot.number},
            code="farmland.grain.household",
        )
    covered = _covered(lot, household=household)
    if tonnes < covered:
        raise GrainRefused(
            _("已有 %(covered)s 吨办理置换或者处置，自留口粮不能少于这个数：请先撤销处置记录。")
            % {"covered": plain(covered)},
            code="farmland.grain.too_much",
        )
    if tonnes and LotMove.objects.filter(superseded_at=None, lot=lot, part=Part.KEPT).exists():
        raise GrainRefused(
            _("批次 %(lot)s 已登记“没有农户自留口粮”：请先撤销那条记录。") % {"lot": lot.number},
            code="farmland.grain.kept",
        )


@transaction.atomic
def dispose(
    lot: Lot, told: Disposed, *, by: Actor, at: datetime, stands_in: str = "", batch: Any = None
) -> Disposal:  # fmt: skip
    """What became of locked grain, on paper; never more than there is."""
    held = lots.standing(lot)
    office = check_dispose(held, told, by=by, stands_in=stands_in)
    made = Disposal.objects.create(
        **_place(held), lot=held, move=told.move, household=told.household, kind=told.kind, tonnes=told.tonnes,
        on=told.on, to=told.to.strip()[:160], document=told.document.strip()[:120], test=told.test,
        note=_noted(told.note, office), batch=batch, recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    data = {"lot": held.number, "kind": made.kind, "tonnes": made.tonnes, "on": made.on, **_office(office)}
    audit.record("farmland.grain.disposed", subject=made, by=by, at=at, data=data)
    return made


def check_dispose(lot: Lot, told: Disposed, *, by: Actor, stands_in: str = "") -> Acting | None:
    """Refuse what cannot have become of the grain; the office that tells of it (None: the town)."""
    require(by, MOVE, lot)
    if lot.locked_on is None:
        raise GrainRefused(
            _("批次 %(lot)s 没有锁定，不需要处置。") % {"lot": lot.number}, code="farmland.grain.not_locked"
        )
    if told.kind not in Kind.values or (told.move is None) == (told.household is None):
        raise GrainRefused(_("没有选择处置方式，或者没有写明处置的是哪一笔：请选择。"), code="farmland.grain.words")
    _check_tonnes(told.tonnes, zero=False)
    _check_day(told.on, lot, by)
    if not told.document.strip():
        raise GrainRefused(_("没有填写凭证编号：处置要有凭证才算数。"), code="farmland.grain.words")
    if told.kind != Kind.CLEARED and told.kind != Kind.REPLACED and not told.to.strip():
        raise GrainRefused(_("没有填写接收单位：请填写定向销售或者处置的单位。"), code="farmland.grain.words")
    if told.kind == Kind.REPLACED and told.household is None:
        raise GrainRefused(_("置换口粮按户登记：请从农户名单办理。"), code="farmland.grain.household")
    _check_source(lot, told)
    if told.kind == Kind.CLEARED:
        clearances.check_cleared(lot, told.test, told.move, by.today)
    return _one_of((Line.GRAIN, Line.FARMING), lot, by, stands_in, town=told.household is not None)


@transaction.atomic
def pay(lot: Lot, told: Paid, *, by: Actor, at: datetime, stands_in: str = "") -> LotPayment:
    """Money that was paid for a lot, by the finance office."""
    held = lots.standing(lot)
    require(by, MOVE, held)
    office = acting(by, Line.FINANCE, held.division_path, stands_in)
    _check_day(told.on, held, by, harvested=False)
    if told.purpose not in LotPayment.Purpose.values or not (0 < told.yuan < Decimal(10) ** 12):
        raise GrainRefused(_("没有选择用途，或者金额不大于 0：请核对。"), code="farmland.grain.money")
    if not (told.payee.strip() and told.document.strip()):
        raise GrainRefused(_("没有填写收款单位或者凭证编号：请照付款凭证填写。"), code="farmland.grain.words")
    made = LotPayment.objects.create(
        **_place(held), lot=held, purpose=told.purpose, yuan=told.yuan, on=told.on, payer=office.department.name[:120],
        payee=told.payee.strip()[:160], document=told.document.strip()[:120], note=_noted(told.note, office),
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    data = {"lot": held.number, "purpose": made.purpose, "yuan": made.yuan, **office.told}
    audit.record("farmland.grain.paid", subject=made, by=by, at=at, data=data)
    return made


Row = LotMove | Disposal | LotPayment


@transaction.atomic
def take_back(row: Row, why: str, *, by: Actor, at: datetime) -> None:
    """Say that tonnes or money were told wrongly; what rests on them is taken back first."""
    lots.standing(row.lot)
    held = type(row)._default_manager.select_for_update().get(pk=row.pk)
    require(by, MOVE, held)
    if not why.strip():
        raise GrainRefused(_("请写明撤销的原因：原因会留在历史里。"), code="farmland.grain.why_missing")
    if held.superseded_at is not None:
        raise GrainRefused(_("这条记录已经撤销：请刷新页面。"), code="farmland.grain.not_found")
    if isinstance(held, LotMove) and held.disposals.filter(superseded_at=None).exists():
        raise GrainRefused(_("这笔粮食已有处置记录：请先撤销处置。"), code="farmland.grain.used")
    _need_own(held, by)
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    data = {"lot": held.lot.number, "what": held._meta.model_name, "why": held.reason}
    audit.record("farmland.grain.taken_back", subject=held, by=by, at=at, data=data)


@transaction.atomic
def attach(row: Row | ProduceTest | Lot, data: bytes, name: str, *, by: Actor, at: datetime) -> FileUse:
    """A paper of a row: weigh bill, contract, certificate, photograph."""
    require(by, "farmland.test_produce" if isinstance(row, ProduceTest) else MOVE, row)
    use = files.attach(row, data=data, name=name, kind="proof", by=by, at=at)
    told = {"what": row._meta.model_name, "file": use.attachment.sha256}
    audit.record("farmland.grain.attached", subject=row, by=by, at=at, data=told)
    return use


def _need_own(row: Row, by: Actor) -> None:
    """Only the line of work that told a row takes it back; finance what it paid."""
    if isinstance(row, LotPayment):
        acting(by, Line.FINANCE, row.division_path, "-")
        return
    teller = row.recorded_by.department if row.recorded_by else None
    own = by.person.department if by.person else None
    if teller is not None and own is not None and teller.pk != own.pk:
        raise GrainRefused(
            _("这条记录由%(office)s登记：请由该单位撤销。") % {"office": teller.name}, code="farmland.grain.office"
        )


def _one_of(lines: tuple[Line, ...], lot: Lot, by: Actor, stands_in: str, *, town: bool) -> Acting | None:
    """The first office of some lines the actor acts for; None where a town tells of its own households."""
    own = by.person.department if by.person else None
    if town and own is not None and own.kind == Department.Kind.TOWN:
        if _in_town(lot, own.division.path):
            return None
        raise GrainRefused(
            _("批次 %(lot)s 不在%(town)s：请由所在乡镇登记。") % {"lot": lot.number, "town": own.name},
            code="farmland.grain.office",
        )
    refusals = []
    for line in lines:
        try:
            return acting(by, line, lot.division_path, stands_in)
        except OfficeRefused as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _in_town(lot: Lot, path: str) -> bool:
    """Whether a lot, or a unit of it, lies in a town."""
    paths = lot.units.filter(versions__superseded_at=None, versions__until=None).values_list(
        "versions__division_path", flat=True
    )
    return any(one.startswith(path) for one in (lot.division_path, *paths))


def _check_tonnes(tonnes: Decimal, *, zero: bool) -> None:
    if tonnes < 0 or (not tonnes and not zero) or tonnes >= lots.LARGEST_T:
        raise GrainRefused(
            _("%(tonnes)s 吨不对：请填写%(least)s的吨数。")
            % {"tonnes": tonnes, "least": _("从 0 起") if zero else _("大于 0")},
            code="farmland.grain.tonnes",
        )


def _check_day(on: date, lot: Lot, by: Actor, *, harvested: bool = True) -> None:
    refuse_future(on, by, GrainRefused, "farmland.grain.future")
    if not lot.year <= on.year <= lot.year + 5:
        raise GrainRefused(
            _("%(on)s 与批次年度 %(year)s 不符：请核对。") % {"on": on, "year": lot.year}, code="farmland.grain.days"
        )
    if harvested and lot.harvested_on and on < lot.harvested_on:
        raise GrainRefused(
            _("日期 %(on)s 早于收获日期 %(day)s：请核对。") % {"on": on, "day": lot.harvested_on},
            code="farmland.grain.days",
        )


def _covered(lot: Lot, **of: Any) -> Decimal:
    rows = Disposal.objects.filter(superseded_at=None, lot=lot, **of)
    return rows.aggregate(Sum("tonnes"))["tonnes__sum"] or ZERO


def _check_source(lot: Lot, told: Disposed) -> None:
    """Never more than there is, never before it was there."""
    if told.move is not None:
        if told.move.lot_id != lot.pk or told.move.superseded_at is not None:
            raise GrainRefused(_("没有找到这一笔粮食：请刷新页面。"), code="farmland.grain.not_found")
        if told.on < told.move.on:
            raise GrainRefused(
                _("处置日期 %(on)s 早于入库或者转出日期 %(day)s：请核对。") % {"on": told.on, "day": told.move.on},
                code="farmland.grain.days",
            )
        there, covered = told.move.tonnes, _covered(lot, move=told.move)
    else:
        row = LotHousehold.objects.filter(superseded_at=None, lot=lot, household=told.household).first()
        there = (row.kept_t if row else None) or ZERO
        covered = _covered(lot, household=told.household)
    if covered + told.tonnes > there:
        raise GrainRefused(
            _("只有 %(there)s 吨，已处置 %(covered)s 吨，再处置 %(tonnes)s 吨就多了：请刷新后核对。")
            % {"there": plain(there), "covered": plain(covered), "tonnes": plain(told.tonnes)},
            code="farmland.grain.too_much",
        )


def _place(lot: Lot) -> dict[str, Any]:
    return {"division_path": lot.division_path, "owner_department_id": lot.owner_department_id}


def _office(office: Acting | None) -> Mapping[str, str]:
    return office.told if office else {}


def _noted(note: str, office: Acting | None) -> str:
    """The note, with the paper by which another office stands in."""
    stands_in = _("代办依据：%(paper)s") % {"paper": office.stands_in} if office and office.stands_in else ""
    return "；".join(filter(None, (note.strip(), stands_in)))[:300]
