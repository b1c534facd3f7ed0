"""调度: opening a round, which makes a sheet and a duty for every unit at work on its plans, adding units, and closing it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty, Message, Person
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import listed
from soildesk.land.services.writing import Place, number_for
from soildesk.plans.queries.dispatched import plans_named, units_at_work
from soildesk.plans.wording import period_word
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries import rounds
from soildesk.supervision.queries.sheets import digest_of, records_of
from soildesk.supervision.refusals import SupervisionRefused
from soilrules.deadlines.periods import Period
from soilrules.supervision.ranking import table

DISPATCH = "supervision.dispatch"
SERIES = "DD"
FURTHEST = timedelta(days=183)
SHEETS = "dispatch_sheets"
"""The collection of sheets."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a round asks: for which period and plans, of which day, by when, ranked by which items."""

    period: Period
    plans: Sequence[str]
    on: date
    due: date
    items: Sequence[str] = field(default_factory=lambda: tuple(table().items))
    note: str = ""


@transaction.atomic
def open_round(asked: Opening, place: Place, *, by: Actor, at: datetime) -> DispatchRound:
    """One act opens the round: a sheet for every unit, filled from the records of the day, and the duty to sign it."""
    require(by, DISPATCH, place.division)
    today = clock.local_day(at)
    _check(asked, today)
    plans = plans_named(by, place.division, asked.plans, asked.on)
    if not plans or len(plans) < len(set(asked.plans)):
        raise SupervisionRefused(
            _("请选择%(place)s在 %(on)s 在办的方案，至少一个。") % {"place": place.division.name, "on": asked.on},
            code="supervision.round.plans",
        )
    _refuse_twice(place, asked.period, [one.pk for one in plans])
    units = units_at_work([one.pk for one in plans])
    if not units:
        raise SupervisionRefused(
            _("所选方案没有分办到任何单位，没有可以填报的任务：请先分办。"), code="supervision.round.units"
        )
    made = DispatchRound.objects.create(
        **place.columns,
        number=number_for(place.department, SERIES, today.year),
        division=place.division,
        period=asked.period.name,
        first=asked.period.first,
        last=asked.period.last,
        plan_set=plan_set_of(plans),
        on=asked.on,
        due=asked.due,
        items=[name for name in table().items if name in asked.items],
        note=asked.note.strip()[:500],
        opened_on=today,
        opened_at=at,
        opened_by=by.person,
    )
    made.plans.set(plans)
    _hand_out(made, units, asked.due, by, at)
    data = {"number": made.number, "period": made.period, "due": made.due.isoformat(), "units": len(units)}
    audit.record("supervision.round.opened", subject=made, by=by, at=at, data=data)
    return made


def plan_set_of(plans: Sequence[Any]) -> str:
    """The name of a set of plans, whatever their order."""
    return hashlib.sha256("\n".join(sorted(str(one.uid) for one in plans)).encode()).hexdigest()


@transaction.atomic
def add_units(one: DispatchRound, due: date, *, by: Actor, at: datetime) -> list[DispatchSheet]:
    """Units that were given tasks after the round was opened get their sheets too, to be signed by a day."""
    require(by, DISPATCH, one)
    held = DispatchRound.objects.select_for_update(of=("self",)).select_related("division").get(pk=one.pk)
    need_open(held)
    _refuse_past(due, clock.local_day(at))
    units = rounds.unlisted(held)
    if not units:
        raise SupervisionRefused(_("有任务的单位都已有调度表，不用补发。"), code="supervision.round.units")
    made = _hand_out(held, units, due, by, at)
    data = {"number": held.number, "due": due.isoformat(), "units": len(units)}
    audit.record("supervision.round.widened", subject=held, by=by, at=at, data=data)
    return made


def _hand_out(
    one: DispatchRound, units: Sequence[Department], due: date, by: Actor, at: datetime
) -> list[DispatchSheet]:
    """A sheet for each of these units, owed from now on, and the message that it is there."""
    sheets = _sheets(one, units, due, at)
    owe(sheets, by=by)
    tell(sheets, _("%(period)s调度已发起，请于 %(due)s 前填报。"), at=at)
    return sheets


def _check(asked: Opening, today: date) -> None:
    if not asked.period.first <= asked.on <= today:
        raise SupervisionRefused(
            _("数据截至日 %(on)s 不在 %(first)s 至今天 %(today)s 之间：请改为其中一天。")
            % {"on": asked.on, "first": asked.period.first, "today": today},
            code="supervision.round.day",
        )
    _refuse_past(asked.due, today)
    if unknown := [name for name in asked.items if name not in table().items]:
        raise SupervisionRefused(
            _("没有“%(names)s”这样的排名项目：请从列表中选择。") % {"names": listed(unknown)},
            code="supervision.round.items",
        )


def _refuse_past(due: date, today: date) -> None:
    if due < today:
        raise SupervisionRefused(
            _("填报时限 %(due)s 已过：请填写今天 %(today)s 或以后的日期。") % {"due": due, "today": today},
            code="supervision.round.day",
        )
    refuse_distant(due, today)


def refuse_distant(due: date, today: date) -> None:
    """Refuse a term half a year off: its year is wrong, and the round could not be closed before it."""
    if due > today + FURTHEST:
        raise SupervisionRefused(
            _("填报时限 %(due)s 在半年以后（今天 %(today)s）：请核对年份，到时限以前调度不能结束。")
            % {"due": due, "today": today},
            code="supervision.round.day",
        )


def _refuse_twice(place: Place, period: Period, plans: Sequence[int]) -> None:
    """A plan is dispatched once in a period, or its units would answer twice for one task."""
    rows = DispatchRound.objects.filter(division=place.division, period=period.name, plans__in=plans)
    held = rows.order_by("opened_at", "pk").first()
    if held is not None:
        raise SupervisionRefused(
            _(
                "%(period)s对“%(plans)s”的调度已于 %(on)s 发起（%(number)s，%(state)s），每期一次。请在原来的调度中办理，或者只选其他方案。"
            )
            % {
                "period": period_word(period.name),
                "plans": listed(held.plans.filter(pk__in=plans).order_by("pk").values_list("title", flat=True)),
                "on": held.opened_on,
                "number": held.number,
                "state": held.get_state_display(),
            },
            code="supervision.round.twice",
        )


def _sheets(made: DispatchRound, units: Sequence[Department], due: date, at: datetime) -> list[DispatchSheet]:
    records = records_of(made, clock.local_day(at), [one.pk for one in units])
    rows = []
    for unit in units:
        below = unit.division.path.startswith(made.division_path)
        rows.append(
            DispatchSheet(
                round=made,
                unit=unit,
                division_path=unit.division.path if below else made.division_path,
                owner_department_id=made.owner_department_id,
                due=due,
                records=records.get(unit.pk, {"tasks": []}),
                read_at=at,
            )
        )
    return DispatchSheet.objects.bulk_create(rows)


def owe(sheets: Sequence[DispatchSheet], *, by: Actor) -> None:
    """What units owe fits their sheets: done when signed, owed again when sent back, until the round is closed."""
    duties.fit([(one, [_owed(one)]) for one in sheets], by=by)


def _owed(one: DispatchSheet) -> Standing:
    of = one.round
    title = _("%(period)s调度填报（%(number)s）") % {"period": period_word(of.period), "number": of.number}
    spec = DutySpec(
        Duty.Kind.SHEET, title, one.unit, of.note[:300], of.period, due=one.due, issued_on=of.opened_on, internal=True
    )
    done = one.signed_on if one.state == DispatchSheet.State.SIGNED else None
    return Standing(spec, Life(of.opened_on, of.closed_on), done)


def tell(sheets: Sequence[DispatchSheet], text: str, *, at: datetime, why: str = "") -> None:
    """A message to everybody of the units, with the way to the sheet."""
    by_unit = {one.unit_id: one for one in sheets}
    people = Person.objects.working_in(by_unit)
    Message.objects.bulk_create(
        Message(person_id=person, text=_message(by_unit[unit], text, why), link=sheet_url(by_unit[unit]))
        for person, unit in people.values_list("pk", "department_id")
    )


def sheet_url(one: DispatchSheet) -> str:
    """The page of a sheet."""
    return reverse("kit:record", args=[SHEETS, str(one.uid)])


def _message(one: DispatchSheet, text: str, why: str) -> str:
    return (text % {"period": period_word(one.round.period), "due": one.due, "why": why})[:300]


@transaction.atomic
def close_round(one: DispatchRound, note: str = "", *, by: Actor, at: datetime) -> DispatchRound:
    """The end of a round: who has not signed is named, sums and ranks are fixed by a hash, nothing is filled in any more."""
    require(by, DISPATCH, one)
    held = (
        DispatchRound.objects.select_for_update(of=("self",))
        .select_related("division", "owner_department")
        .get(pk=one.pk)
    )
    need_open(held)
    today = clock.local_day(at)
    sheets = list(held.sheets.select_related("unit", "round"))
    missing = [each for each in sheets if each.state != DispatchSheet.State.SIGNED]
    _refuse_early(held, today)
    silent = [*(each.unit for each in missing), *rounds.unlisted(held)]
    if silent and not note.strip():
        raise SupervisionRefused(
            _("还有 %(n)d 个单位未报（%(names)s）：请写明如何处理，再结束调度。")
            % {"n": len(silent), "names": listed(silent)},
            code="supervision.round.note",
        )
    held.state, held.closed_on, held.closed_at, held.closed_by = DispatchRound.State.CLOSED, today, at, by.person
    held.close_note = note.strip()[:500]
    owe([*(_of(each, held) for each in sheets)], by=by)
    held.sheets.filter(pk__in=[each.pk for each in missing]).update(state=DispatchSheet.State.MISSING)
    held.snapshot = rounds.frozen(held, today)
    held.digest = digest_of(held.snapshot)
    held.save()
    data: dict[str, Any] = {"number": held.number, "missing": len(missing), "sha256": held.digest}
    audit.record("supervision.round.closed", subject=held, by=by, at=at, data=data)
    return held


def _of(sheet: DispatchSheet, held: DispatchRound) -> DispatchSheet:
    sheet.round = held
    return sheet


def _refuse_early(held: DispatchRound, today: date) -> None:
    """While somebody still has time: by the duty, which an extension may have moved."""
    waiting = [line for line in rounds.board(held, today) if not line.said.signed and line.due >= today]
    if waiting:
        raise SupervisionRefused(
            _("还有 %(n)d 个单位未到填报时限（%(names)s，最晚 %(due)s）：到期后或者全部签报后再结束调度。")
            % {
                "n": len(waiting),
                "names": listed(str(line.said.sheet.unit) for line in waiting),
                "due": max(line.due for line in waiting),
            },
            code="supervision.round.early",
        )


def need_open(one: DispatchRound) -> None:
    """Refuse an act on a round that was closed."""
    if one.state != DispatchRound.State.OPEN:
        raise SupervisionRefused(
            _("调度 %(number)s 已于 %(on)s 结束，不能再办理：下一期调度时再填报。")
            % {"number": one.number, "on": one.closed_on},
            code="supervision.round.state",
        )
