"""Lifting the lock of a lot: never while grain of it is loose or not told, today or on the day it is lifted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said
from soildesk.farmland.models import Lot
from soildesk.farmland.queries import ancestry, balances
from soildesk.farmland.refusals import LotRefused
from soildesk.farmland.services import lots
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.offices import Line, acting
from soildesk.land.services.writing import refuse_future
from soilrules.farmland.custody import ON_PAPER, Next, holds_lock
from soilrules.farmland.grain import Balance


@dataclass(frozen=True, slots=True)
class Unlocking:
    """Lifting a lock: from which day, by which paper; `why` says what became of tonnes nobody can trace or keep apart."""

    on: date
    document: str
    why: str = ""


@transaction.atomic
def unlock(lot: Lot, told: Unlocking, *, by: Actor, at: datetime, stands_in: str = "") -> Lot:
    """Lift a lock: never while grain of it is loose or not told.

    Tonnes nobody can trace, or that lay among other grain, need a written ground and stay shown.
    """
    held = lots.standing(lot)
    require(by, lots.LOCK, held)
    first = next((one for unit in held.units.order_by("pk") for one in ancestry.standing(unit.pk, by.today)), None)
    office = acting(by, line_of(first) if first else Line.FARMING, held.division_path, stands_in)
    _check_unlock(held, told, by)
    balance = balances.of(held, by.today).balance
    _check_loose(held, balance, told.on, by)
    left = [(kind, tonnes) for kind, tonnes in balance.findings if kind in ON_PAPER]
    if left and not told.why.strip():
        raise LotRefused(
            "；".join(said(one) for one in balance.messages())
            + _("：请在“去向不明、混存粮食的处理”中写明查找的经过和结论，混存的写明整仓怎样处置，再解除锁定。"),
            code="farmland.lot.unexplained",
        )
    held.unlocked_on, held.unlock_document = told.on, told.document.strip()[:200]
    held.unlock_why = told.why.strip()[:300]
    held.save(update_fields=["unlocked_on", "unlock_document", "unlock_why"])
    data = {"number": held.number, "on": told.on, "document": held.unlock_document, "unexplained": None}
    data |= {str(kind): tonnes for kind, tonnes in left}
    data |= office.told
    audit.record("farmland.lot.unlocked", subject=held, by=by, at=at, data=data)
    return held


def _check_loose(held: Lot, balance: Balance, on: date, by: Actor) -> None:
    """Neither today nor on the day the lock is lifted from may grain be loose or not told."""
    if holds_lock(balance):
        words = "；".join(said(one) for one in balance.messages())
        raise LotRefused(
            _("批次 %(number)s 还不能解除锁定：%(words)s。请先办完这些事项。")
            % {"number": held.number, "words": words},
            code="farmland.lot.loose",
        )
    then = balances.of(held, on).balance
    if on < by.today and holds_lock(then):
        words = "；".join(said(one) for one in then.messages())
        raise LotRefused(
            _("解除日期 %(on)s 时还有：%(words)s。请填写这些事项办完之后的日期。") % {"on": on, "words": words},
            code="farmland.lot.days",
        )


def undone(lot: Lot, by: Actor) -> list[str]:
    """What was left undone beside the tonnes, as sentences: no rule was found by which it keeps a lock, so whoever lifts it is told."""
    held = balances.of(lot, by.today)
    loose = {str(one) for one, _tonnes in held.balance.findings}
    return [said(one.message) for one in held.steps if str(one.kind) not in loose | {Next.UNLOCK}]


def _check_unlock(held: Lot, told: Unlocking, by: Actor) -> None:
    refuse_future(told.on, by, LotRefused, "farmland.lot.future")
    if held.locked_on is None:
        raise LotRefused(_("批次 %(number)s 没有锁定。") % {"number": held.number}, code="farmland.lot.not_locked")
    if held.unlocked_on is not None:
        raise LotRefused(
            _("批次 %(number)s 已于 %(day)s 解除锁定（%(paper)s）：请刷新页面。")
            % {"number": held.number, "day": held.unlocked_on, "paper": held.unlock_document},
            code="farmland.lot.unlocked",
        )
    if told.on < held.locked_on:
        raise LotRefused(
            _("解除日期 %(on)s 早于锁定日期 %(day)s：请核对。") % {"on": told.on, "day": held.locked_on},
            code="farmland.lot.days",
        )
    if not told.document.strip():
        raise LotRefused(_("没有填写解除依据：请填写文号或者会议纪要。"), code="farmland.lot.words")
