"""The written opinion 书面意见 of the ecology bureau on a question: asked for, due, answered with a document, or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require
from soildesk.decisions.models import GateQuery, OpinionRequest
from soildesk.decisions.refusals import OpinionRefused
from soildesk.land.services.writing import refuse_future
from soildesk.oversight.services.problems import Proof

ASK, OPINE = "decisions.ask", "decisions.opine"
LETTER = "opinion"
State = OpinionRequest.State


@transaction.atomic
def request(query: GateQuery, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> OpinionRequest:
    """Ask for the opinion on a question; one question has one open request, its term is a duty of the bureau asked."""
    require(by, ASK, query)
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    _check(query, clean, by)
    made = OpinionRequest.objects.create(
        division_path=query.division_path, owner_department_id=query.owner_department_id, query=query, **clean,
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    title = _("书面意见：%(act)s（%(number)s）") % {"act": query.act, "number": query.number}
    spec = DutySpec(Duty.Kind.OPINION, title[:300], made.asked_of, due=made.due, since=made.asked_on)
    duties.open_duty(made, spec, by=by, life=Life(made.asked_on))
    data = {"query": query.number, "asked_of": str(made.asked_of), "incoming": made.incoming, "due": made.due}
    audit.record("decisions.opinion.asked", subject=made, by=by, at=at, data=data)
    return made


def _check(query: GateQuery, clean: Mapping[str, Any], by: Actor) -> None:
    refuse_future(clean["asked_on"], by, OpinionRefused, "decisions.opinion.future")
    if clean.get("due") and clean["due"] < clean["asked_on"]:
        raise OpinionRefused(
            _("答复时限 %(due)s 早于来函日期 %(asked)s：请核对。") % {"due": clean["due"], "asked": clean["asked_on"]},
            code="decisions.opinion.due",
        )
    if not clean.get("due") and not clean.get("due_note"):
        raise OpinionRefused(
            _("请填写答复时限；没有约定时限的，在时限说明里写明。"), code="decisions.opinion.due_missing"
        )
    waiting = OpinionRequest.objects.select_for_update().filter(query=query, state=State.ASKED).first()
    if waiting is not None:
        raise OpinionRefused(
            _("这次核查已于 %(day)s 向%(who)s请求书面意见，尚待答复。")
            % {"day": waiting.asked_on, "who": waiting.asked_of},
            code="decisions.opinion.twice",
        )


@transaction.atomic
def answer(
    held: OpinionRequest, facts: Mapping[str, Any], letter: Proof | None, *, by: Actor, at: datetime
) -> OpinionRequest:
    """Answer with a document and its number; whoever asked reads it."""
    row = _waiting(held, by)
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if letter is None:
        raise OpinionRefused(_("请附上盖章的复函：没有文件的答复不能留作依据。"), code="decisions.opinion.no_letter")
    if not (clean["answer"] and clean["outgoing"]):
        raise OpinionRefused(_("请写明答复意见和复函文号。"), code="decisions.opinion.words")
    _check_day(row, clean["answered_on"], by)
    row.answer, row.outgoing, row.answered_on = clean["answer"], clean["outgoing"], clean["answered_on"]
    row.state = State.ANSWERED
    row.save(update_fields=["answer", "outgoing", "answered_on", "state"])
    files.attach(row, data=letter.data, name=letter.name, kind=LETTER, by=by, at=at)
    _settle(row, row.answered_on, by)
    data = {"query": row.query.number, "outgoing": row.outgoing, "answered_on": row.answered_on}
    audit.record("decisions.opinion.answered", subject=row, by=by, at=at, data=data)
    return row


@transaction.atomic
def give_back(held: OpinionRequest, why: str, *, by: Actor, at: datetime) -> OpinionRequest:
    """Give the request back: what it lacks is written down, and it can be asked anew."""
    row = _waiting(held, by)
    if not why.strip():
        raise OpinionRefused(_("请写明退回的原因：缺什么材料、怎样补正。"), code="decisions.opinion.why_missing")
    row.state, row.returned_why = State.RETURNED, why.strip()[:500]
    row.save(update_fields=["state", "returned_why"])
    _settle(row, clock.local_day(at), by)
    data = {"query": row.query.number, "why": row.returned_why}
    audit.record("decisions.opinion.returned", subject=row, by=by, at=at, data=data)
    return row


def _waiting(held: OpinionRequest, by: Actor) -> OpinionRequest:
    row = OpinionRequest.objects.select_for_update().get(pk=held.pk)
    require(by, OPINE, row)
    need_asked(row)
    return row


def need_asked(held: OpinionRequest) -> None:
    """Refuse to settle a request twice."""
    if held.state != State.ASKED:
        raise OpinionRefused(
            _("这份请求已经是“%(state)s”，不再办理：需要新的意见，请在核查记录上重新请求。")
            % {"state": held.get_state_display()},
            code="decisions.opinion.settled",
        )


def _check_day(row: OpinionRequest, day: date, by: Actor) -> None:
    refuse_future(day, by, OpinionRefused, "decisions.opinion.future")
    if day < row.asked_on:
        raise OpinionRefused(
            _("复函日期 %(day)s 早于来函日期 %(asked)s：请核对。") % {"day": day, "asked": row.asked_on},
            code="decisions.opinion.days",
        )


def _settle(row: OpinionRequest, on: date, by: Actor) -> None:
    held = Duty.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk, done_on=None)
    for duty in held:
        duties.done(duty, on=on, by=by)


def bureaus(query: GateQuery) -> list[Department]:
    """The ecology bureaus that may be asked: of the place and above it."""
    parts = [part for part in query.division_path.split("/") if part]
    paths = ["".join(f"{part}/" for part in parts[:end]) for end in range(1, len(parts) + 1)]
    rows = Department.objects.filter(function="ecology", division__path__in=paths, until=None)
    return sorted(rows.select_related("division"), key=lambda one: -len(one.division.path))
