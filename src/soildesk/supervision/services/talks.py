"""Talks 约谈: arranged by the notice or the answer of the body that holds them, held with minutes, promises followed to the end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, duties, files
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require
from soildesk.supervision.models import Letter, Talk, TalkPromise
from soildesk.supervision.queries.letters import body_of
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import telling
from soildesk.supervision.services.letters import FURTHEST, WRITE, locked, office_of
from soildesk.supervision.services.matters import PAPER, Act, need_own
from soildesk.supervision.services.slips import ANSWER
from soilrules.supervision import authorities

State, Kept = Talk.State, TalkPromise.State
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked to the talk, when and where, by whom it is held."""

    units: Sequence[Department]
    on: date
    place: str = ""


@transaction.atomic
def arrange(letter: Letter, plan: Plan, *, by: Actor, at: datetime) -> Talk:
    """A talk whose holding was agreed to: its units are told."""
    held = locked(letter, by, WRITE)
    need_agreed(held)
    if not plan.units:
        raise SupervisionRefused(_("请选择被约谈的单位。"), code="supervision.talk.units")
    _day_ahead(plan.on, by)
    talk = Talk.objects.create(
        letter=held,
        division_path=held.division_path,
        owner_department=held.owner_department,
        title=_about(held, plan.units),
        body=body_of(held),
        document=held.reply_document,
        planned_on=plan.on,
        place=plan.place.strip()[:120],
        made_at=at,
        made_by=by.person,
    )
    talk.units.set(plan.units)
    text = _("约谈通知：%(on)s %(title)s") % {"on": plan.on, "title": talk.title}
    telling.tell_units([one.pk for one in plan.units], text, reverse("kit:record", args=["talks", str(talk.uid)]))
    _written("talk.arranged", talk, by, at, {"on": plan.on.isoformat(), "document": talk.document})
    return talk


def need_agreed(letter: Letter) -> None:
    """Refused unless the talk was agreed to and is not arranged yet: also before the form is shown."""
    if letter.act != authorities.Act.TALK or not letter.request or not letter.agreed:
        raise SupervisionRefused(
            _("只有经有权机关批复同意的约谈提请才能安排约谈：请先登记批复。"), code="supervision.talk.state"
        )
    if Talk.objects.filter(letter=letter).exists():
        raise SupervisionRefused(_("这份提请已经安排了约谈。"), code="supervision.talk.state")


def _about(letter: Letter, units: Sequence[Department]) -> str:
    """What a talk is called: whom it is with, and about what."""
    first = letter.items[0]["text"].partition("。")[0] if letter.items else letter.title
    return _("约谈%(units)s：%(about)s")[:200] % {"units": "、".join(map(str, units))[:60], "about": first[:120]}


def _day_ahead(on: date, by: Actor) -> None:
    if on < by.today:
        raise SupervisionRefused(
            _("约谈日期 %(on)s 已经过去（今天 %(today)s）：请填写今天或以后的日期。") % {"on": on, "today": by.today},
            code="supervision.talk.day",
        )
    if on > by.today + AHEAD:
        raise SupervisionRefused(
            _("约谈日期 %(on)s 在一年以后（今天 %(today)s）：请核对年份。") % {"on": on, "today": by.today},
            code="supervision.talk.day",
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """What a unit is to put right, by when."""

    unit: Department
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class Held:
    """What is written down of a talk."""

    on: date
    chair: str
    attended: str
    minutes: str
    promises: Sequence[Promise]


@transaction.atomic
def hold(talk: Talk, told: Held, act: Act) -> Talk:
    """The talk was held: its minutes are fixed, every promise is owed by its day."""
    row = _locked(talk, act.by, State.PLANNED)
    _check(row, told, act)
    row.state, row.held_on, row.held_by = State.HELD, told.on, act.by.person
    row.chair, row.attended = told.chair.strip()[:120], told.attended.strip()[:300]
    row.minutes = told.minutes.strip()
    row.digest = digest_of(row.minutes, told.promises)
    row.save()
    made = [
        TalkPromise.objects.create(
            talk=row,
            division_path=row.division_path,
            owner_department=row.owner_department,
            position=at,
            unit=one.unit,
            text=one.text.strip()[:300],
            due=one.due,
        )
        for at, one in enumerate(told.promises, 1)
    ]
    _owe(made, by=act.by)
    for paper in act.papers:
        files.attach(row, data=paper.data, name=paper.name, kind=PAPER, by=act.by, at=act.at)
    _written("talk.held", row, act.by, act.at, {"sha256": row.digest, "promises": len(made)})
    return row


def digest_of(minutes: str, promises: Sequence[Any]) -> str:
    """The hash of what was said and promised."""
    told = [minutes, *(f"{one.unit.uid} {one.due.isoformat()} {one.text.strip()}" for one in promises)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _check(talk: Talk, told: Held, act: Act) -> None:
    if not told.minutes.strip() or not told.chair.strip():
        raise SupervisionRefused(_("请填写约谈人和约谈记录。"), code="supervision.talk.note")
    if told.on > act.day:
        raise SupervisionRefused(
            _("约谈日期 %(on)s 还没有到：约谈以后再登记记录。") % {"on": told.on}, code="supervision.talk.day"
        )
    agreed = talk.letter.reply_on or talk.letter.sent_on
    if agreed is not None and told.on < agreed:
        raise SupervisionRefused(
            _("约谈日期 %(on)s 早于批复或者发出通知的日期 %(agreed)s：请核对。") % {"on": told.on, "agreed": agreed},
            code="supervision.talk.day",
        )
    if not told.promises:
        raise SupervisionRefused(_("请至少写明一项整改要求、单位和时限。"), code="supervision.talk.promises")
    asked = set(talk.units.values_list("pk", flat=True))
    for one in told.promises:
        if one.unit.pk not in asked:
            raise SupervisionRefused(
                _("%(unit)s不在被约谈单位中，不能承担整改要求。") % {"unit": one.unit}, code="supervision.talk.units"
            )
        if not told.on <= one.due <= told.on + FURTHEST:
            raise SupervisionRefused(
                _("“%(text)s”的时限 %(due)s 早于约谈日期 %(on)s，或者在十年以后：请核对。")
                % {"text": one.text[:30], "due": one.due, "on": told.on},
                code="supervision.talk.day",
            )


def _owe(promises: Sequence[TalkPromise], *, by: Actor) -> None:
    """What was promised is owed; what was reported done is done until the office sends it back."""
    duties.fit([(one, [_owed(one)]) for one in promises], by=by)


def _owed(one: TalkPromise) -> Standing:
    spec = DutySpec(Duty.Kind.TALK, one.text[:300], one.unit, one.talk.document, due=one.due)
    return Standing(spec, Life(one.talk.held_on), one.done_on)


@transaction.atomic
def report(promise: TalkPromise, done_on: date, act: Act) -> TalkPromise:
    """A unit says what it did."""
    require(act.by, ANSWER, promise)
    need_own(promise.unit_id, act.by)
    row = _promise(promise, Kept.OPEN)
    row.result = act.words(_("请写明整改情况。"), "supervision.talk.result")
    if not (row.talk.held_on or done_on) <= done_on <= act.day:
        raise SupervisionRefused(
            _("完成日期 %(on)s 不在约谈日 %(held)s 至今天 %(today)s 之间：请核对。")
            % {"on": done_on, "held": row.talk.held_on, "today": act.day},
            code="supervision.talk.day",
        )
    row.state, row.done_on, row.reported_by, row.remark = Kept.REPORTED, done_on, act.by.person, ""
    row.save()
    for paper in act.papers:
        files.attach(row, data=paper.data, name=paper.name, kind=PAPER, by=act.by, at=act.at)
    _owe([row], by=act.by)
    _written("promise.reported", row, act.by, act.at, {"on": done_on.isoformat()})
    return row


@transaction.atomic
def send_back(promise: TalkPromise, act: Act) -> TalkPromise:
    """The office is not content: it is owed again."""
    row = _of_office(promise, act)
    row.remark = act.words(_("退回请写明原因。"), "supervision.talk.note", 300)
    row.state, row.done_on = Kept.OPEN, None
    row.save()
    _owe([row], by=act.by)
    text = _("约谈整改“%(text)s”被退回：%(why)s") % {"text": row.text[:60], "why": row.remark}
    telling.tell_units([row.unit_id], text, reverse("kit:record", args=["talks", str(row.talk.uid)]))
    _written("promise.returned", row, act.by, act.at, {"why": row.remark})
    return row


@transaction.atomic
def verify(promise: TalkPromise, act: Act) -> TalkPromise:
    """The office has looked at it."""
    row = _of_office(promise, act)
    if act.by.person is not None and row.reported_by_id == act.by.person.pk:
        raise SupervisionRefused(
            _("报告整改情况和核实须由不同的人办理：请另一名有权限的人员核实。"), code="supervision.talk.same_person"
        )
    row.state, row.verified_on, row.verified_by = Kept.VERIFIED, act.day, act.by.person
    row.remark = act.note.strip()[:300]
    row.save()
    _written("promise.verified", row, act.by, act.at, {})
    return row


def _of_office(promise: TalkPromise, act: Act) -> TalkPromise:
    _own(promise.owner_department, promise, act.by)
    return _promise(promise, Kept.REPORTED)


def _promise(promise: TalkPromise, state: str) -> TalkPromise:
    row = TalkPromise.objects.select_for_update(of=("self",)).select_related("talk", "unit").get(pk=promise.pk)
    if row.state != state:
        raise SupervisionRefused(
            _("“%(text)s”现为“%(state)s”，不能这样办理。") % {"text": row.text[:40], "state": row.get_state_display()},
            code="supervision.talk.state",
        )
    return row


@transaction.atomic
def close(talk: Talk, act: Act) -> Talk:
    """销号: everything promised was verified."""
    row = _locked(talk, act.by, State.HELD)
    if count := row.promises.exclude(state=Kept.VERIFIED).count():
        raise SupervisionRefused(
            _("还有 %(n)d 项整改要求没有核实：全部核实后才能销号。") % {"n": count}, code="supervision.talk.open"
        )
    row.state, row.closed_on, row.closed_by = State.CLOSED, act.day, act.by.person
    row.closed_why = act.note.strip()[:300]
    row.save()
    _written("talk.closed", row, act.by, act.at, {})
    return row


def _locked(talk: Talk, by: Actor, state: str) -> Talk:
    _own(talk.owner_department, talk, by)
    row = Talk.objects.select_for_update(of=("self",)).select_related("owner_department").get(pk=talk.pk)
    if row.state != state:
        raise SupervisionRefused(
            _("约谈现为“%(state)s”，不能这样办理。") % {"state": row.get_state_display()}, code="supervision.talk.state"
        )
    return row


def _own(office: Department, row: Any, by: Actor) -> None:
    """The office that arranged the talk follows it up."""
    require(by, WRITE, row)
    if not by.system and office_of(by).pk != office.pk:
        raise SupervisionRefused(
            _("这是%(office)s办理的约谈：请由该单位的人员办理。") % {"office": office}, code="supervision.letter.office"
        )


def _written(act: str, row: Any, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    audit.record(f"supervision.{act}", subject=row, by=by, at=at, data=data)
