"""Acts on hazards: found → rectified → verified by another person, or returned; what is owed follows.

Which act may follow which is said by soilrules.enterprises.hazards alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties, files
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import FacilityVersion, Hazard, HazardAct, Inspection
from soildesk.enterprises.plantwords import item_name
from soildesk.enterprises.refusals import HazardRefused
from soildesk.enterprises.sentences import said
from soildesk.enterprises.services.numbers import number_of_firm
from soildesk.enterprises.services.plantside import (
    AFTER,
    INSPECT,
    VERIFY,
    Done,
    Photo,
    attach,
    check_photos,
    firm_of,
    place_of_firm,
    require_seen,
)
from soildesk.land.services.writing import refuse_future
from soilrules.enterprises import hazards as rules

Kind, State = HazardAct.Kind, Hazard.State


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard as it is found at a facility."""

    version: FacilityVersion
    item: str
    what: str
    suggestion: str = ""
    due: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Rectified:
    """How a hazard was put right, by whose responsibility, on which day."""

    measure: str
    responsible: str
    on: date


def find(inspection: Inspection, found: Found, done: Done) -> Hazard:
    """A new hazard. Part of an act on its inspection."""
    found_on = found.on or done.by.today
    check_due(found.due, found_on)
    firm = firm_of(inspection)
    hazard = Hazard.objects.create(
        **place_of_firm(firm),
        enterprise_id=inspection.enterprise_id,
        inspection=inspection,
        facility=found.version.facility,
        number=number_of_firm(firm, "YH", done.day.year),
        item=found.item,
        what=found.what.strip()[:300],
        suggestion=found.suggestion.strip()[:300],
        found_on=found_on,
        due=found.due,
        plan=found.version.plan,
        x=found.version.x,
        y=found.version.y,
        recorded_at=done.at,
        recorded_by=done.by.person,
    )
    _act(hazard, Kind.FOUND, hazard.found_on, hazard.what, done)
    _owe(hazard, done.by)
    return hazard


def tell_again(hazard: Hazard, found: Found) -> Hazard:
    """What is said of a hazard anew while its inspection is under way. Part of an act on its inspection."""
    if hazard.state != State.FOUND:
        return hazard
    check_due(found.due, hazard.found_on)
    hazard.what, hazard.suggestion = found.what.strip()[:300], found.suggestion.strip()[:300]
    hazard.due = found.due or hazard.due
    hazard.save(update_fields=["what", "suggestion", "due"])
    return hazard


def take_back(hazard: Hazard, why: str, done: Done) -> None:
    """An answer taken back: the hazard stays, dropped, with the reason. Part of an act on its inspection."""
    if hazard.state != State.FOUND:
        raise HazardRefused(
            _("“%(item)s”的隐患 %(number)s 已在整改，不能改为没有隐患。")
            % {"item": item_name(hazard.item), "number": hazard.number},
            code="enterprises.hazard.order",
        )
    _need_words(why, _("“%(item)s”原先登记为隐患：改为其他结果请写明原因。") % {"item": item_name(hazard.item)})
    _drop(hazard, why, done)


@transaction.atomic
def rectify(hazard: Hazard, told: Rectified, done: Done, photos: Sequence[Photo] = (), *, ledger: str = "") -> Hazard:
    """Say that a hazard is put right: measure, day, responsible person and a photograph afterwards.

    `ledger` names the table of the plant that says so in place of a photograph; whoever verifies is told.
    """
    hazard = _live(hazard, INSPECT, done.by)
    refuse_future(told.on, done.by, HazardRefused, "enterprises.hazard.future")
    check_photos(photos, HazardRefused, "enterprises.hazard.photo")
    has_photo = bool(photos or ledger) or files.uses_of(hazard).filter(kind=AFTER).exists()
    _judge(
        hazard,
        rules.Act(rules.Kind.RECTIFIED, told.on, _who(done.by), told.measure, has_photo, told.responsible),
    )
    hazard.state, hazard.rectified_on, hazard.rectified_by = State.RECTIFIED, told.on, done.by.person
    hazard.measure, hazard.responsible = told.measure.strip()[:500], told.responsible.strip()[:60]
    hazard.save(update_fields=["state", "measure", "responsible", "rectified_on", "rectified_by"])
    attach(hazard, photos, AFTER, done)
    note = _("据台账“%(book)s”登记，没有整改后照片，验收时请核实：") % {"book": ledger} if ledger else ""
    return _done(hazard, Kind.RECTIFIED, told.on, f"{note}{told.measure}"[:500], done)


@transaction.atomic
def verify(hazard: Hazard, note: str, done: Done) -> Hazard:
    """Accept what was put right; another person than the one who put it right."""
    hazard = _live(hazard, VERIFY, done.by)
    _judge(hazard, rules.Act(rules.Kind.VERIFIED, done.by.today, _who(done.by)))
    _need_words(note, _("请写明验收意见：怎样核实的，是否达到要求。"))
    hazard.state, hazard.verified_on, hazard.verified_by = State.VERIFIED, done.by.today, done.by.person
    hazard.save(update_fields=["state", "verified_on", "verified_by"])
    return _done(hazard, Kind.VERIFIED, done.by.today, note, done)


@transaction.atomic
def give_back(hazard: Hazard, note: str, done: Done) -> Hazard:
    """Return what does not suffice, with the reason."""
    hazard = _live(hazard, VERIFY, done.by)
    _judge(hazard, rules.Act(rules.Kind.RETURNED, done.by.today, _who(done.by)))
    _need_words(note, _("退回请写明理由：还缺什么。"))
    hazard.state, hazard.rectified_on, hazard.rectified_by = State.FOUND, None, None
    hazard.save(update_fields=["state", "rectified_on", "rectified_by"])
    return _done(hazard, Kind.RETURNED, done.by.today, note, done)


@transaction.atomic
def extend(hazard: Hazard, due: date, note: str, done: Done) -> Hazard:
    """Another term, or the first one; the former stays in the history."""
    hazard = _live(hazard, VERIFY, done.by)
    _judge(hazard, rules.Act(rules.Kind.EXTENDED, done.by.today, _who(done.by), due=due))
    _need_words(note, _("调整时限请写明理由。"))
    before, hazard.due = hazard.due, due
    hazard.save(update_fields=["due"])
    told = _("由 %(before)s 调整为 %(due)s：%(why)s") % {"before": before or _("未定"), "due": due, "why": note.strip()}
    return _done(hazard, Kind.EXTENDED, done.by.today, told, done)


@transaction.atomic
def drop(hazard: Hazard, note: str, done: Done) -> Hazard:
    """Say that it was written down by mistake; it stays with the reason and counts nowhere."""
    hazard = _live(hazard, VERIFY, done.by)
    _need_words(note, _("撤销误登请写明理由。"))
    _drop(hazard, note, done)
    data = {"number": hazard.number, "state": hazard.state}
    audit.record("enterprises.hazard.dropped", subject=hazard, by=done.by, at=done.at, data=data)
    return hazard


def _drop(hazard: Hazard, why: str, done: Done) -> None:
    hazard.state = State.DROPPED
    hazard.save(update_fields=["state"])
    _act(hazard, Kind.DROPPED, done.by.today, why, done)
    _owe(hazard, done.by)


def _live(hazard: Hazard, permission: str, by: Actor) -> Hazard:
    """The hazard under its lock, if it is not over."""
    require_seen(by, permission, hazard)
    hazard = Hazard.objects.select_for_update().get(pk=hazard.pk)
    if hazard.state not in Hazard.LIVE:
        raise HazardRefused(
            _("隐患 %(number)s %(state)s，不能再办理。")
            % {"number": hazard.number, "state": hazard.get_state_display()},
            code="enterprises.hazard.ended",
        )
    return hazard


def judged(hazard: Hazard, act: rules.Act) -> rules.ActFinding:
    """What the rules say of an act on a hazard that is not over."""
    rectified_by = str(hazard.rectified_by_id) if hazard.rectified_by_id else None
    return rules.judge_act(
        rules.Hazard(rules.State(hazard.state), hazard.found_on, hazard.due, hazard.rectified_on, rectified_by), act
    )


def _judge(hazard: Hazard, act: rules.Act) -> None:
    finding = judged(hazard, act)
    if not finding.allowed:
        raise HazardRefused(said(finding.message), code=f"enterprises.hazard.{finding.message.id}")


def _who(by: Actor) -> str | None:
    return str(by.person.pk) if by.person is not None else None


def check_due(due: date | None, since: date) -> None:
    """Refuse a term before the day something was found."""
    if due is not None and due < since:
        raise HazardRefused(
            _("整改时限 %(due)s 早于发现日期 %(found)s：请核对。") % {"due": due, "found": since},
            code="enterprises.hazard.due",
        )


def _need_words(text: str, sentence: str) -> None:
    if not text.strip():
        raise HazardRefused(sentence, code="enterprises.hazard.note_missing")


def _act(hazard: Hazard, kind: HazardAct.Kind, on: date, note: str, done: Done) -> None:
    hazard.acts.create(kind=kind, on=on, note=note.strip()[:500], by=done.by.person, at=done.at)


def _done(hazard: Hazard, kind: HazardAct.Kind, on: date, note: str, done: Done) -> Hazard:
    _act(hazard, kind, on, note, done)
    _owe(hazard, done.by)
    data = {"number": hazard.number, "state": hazard.state}
    audit.record(f"enterprises.hazard.{kind.value}", subject=hazard, by=done.by, at=done.at, data=data)
    return hazard


def _owe(hazard: Hazard, by: Actor) -> None:
    """What is owed fits the hazard: the firm puts it right by its day, then the office verifies."""
    duties.fit([(hazard, list(_standings(hazard)))], by=by)


def _standings(hazard: Hazard) -> Iterator[Standing]:
    if hazard.state == State.DROPPED:
        return
    told = {"firm": firm_of(hazard).name, "what": hazard.what[:180], "number": hazard.number}
    evidence = [{"type": "enterprises.hazard", "uid": str(hazard.uid)}]
    spec = DutySpec(Duty.Kind.HAZARD, _("%(firm)s：整改隐患：%(what)s（%(number)s）") % told, None, due=hazard.due)
    yield Standing(spec, Life(hazard.found_on), hazard.rectified_on, evidence if hazard.rectified_on else [])
    if hazard.rectified_on is not None:
        office = Department.objects.get(pk=hazard.owner_department_id)
        spec = DutySpec(Duty.Kind.HAZARD, _("验收隐患整改：%(firm)s %(what)s（%(number)s）") % told, office)
        yield Standing(spec, Life(hazard.rectified_on), hazard.verified_on, evidence if hazard.verified_on else [])
