"""The way of a classification: draft, field check, joint review, sent to the province, approved, or given up.

The province decides; here its approval is registered. Farming and ecology must both have agreed to what was computed last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Division, Duty
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import (
    ClassDecision,
    Classification,
    ClassOpinion,
    FarmlandClass,
    UnitProposal,
)
from soildesk.farmland.queries import classifications as far
from soildesk.farmland.queries.classifications import Progress
from soildesk.farmland.refusals import ClassifyRefused, OfficeRefused
from soildesk.farmland.services import approvals, classifying, fieldchecks, triggers
from soildesk.farmland.services.approved import Approved
from soildesk.farmland.services.classifying import locked, must_be
from soildesk.farmland.services.offices import LINES, Acting, Line, acting, offices_of
from soildesk.land.services.writing import Place, refuse_future

CLASSIFY, REVIEW = "farmland.classify", "farmland.review_classes"
REVIEWING = (Line.FARMING, Line.ECOLOGY)
NAMED = 5
"""Units named in a refusal; the page lists all."""
State, Verdict = Classification.State, ClassOpinion.Verdict


@transaction.atomic
def to_field(classification: Classification, *, by: Actor, at: datetime) -> Classification:
    """Out into the field: the bounds of what was computed are to be looked at."""
    held = _held(classification, by, State.DRAFT)
    if held.computed_at is None:
        raise ClassifyRefused(_("还没有计算建议类别：请先计算。"), code="farmland.classify.state")
    fieldchecks.tell_towns(held, by=by)
    return _moved(held, State.CHECKING, by, at)


@transaction.atomic
def to_review(classification: Classification, *, by: Actor, at: datetime, why: str = "") -> Classification:
    """To the joint review. Bounds that do not fit are mended first; units nobody looked at need a word of why."""
    held = _held(classification, by, State.CHECKING)
    found = far.progress(held)
    _refuse_moved(held, found)
    if found.misfits:
        raise ClassifyRefused(
            _("%(count)d 个单元现场不符（%(units)s）：请先调整边界或者更正单元，再退回草案重新计算。")
            % {"count": len(found.misfits), "units": _few([one.unit.number for one in found.misfits])},
            code="farmland.classify.misfit",
        )
    if found.unchecked and not why.strip():
        raise ClassifyRefused(
            _("还有 %(count)d 个单元没有外业核实：请先核实，或者写明不逐一核实的理由。") % {"count": found.unchecked},
            code="farmland.classify.unchecked",
        )
    moved = _moved(held, State.REVIEW, by, at, why=why.strip()[:300], unchecked=found.unchecked)
    for line in REVIEWING:
        office = offices_of(line, held.division_path, by).first()
        title = _("会审类别划分：%(title)s（%(line)s）") % {"title": held.title, "line": LINES[line]}
        duties.open_duty(held, DutySpec(Duty.Kind.FARM_CLASS, title[:300], office), by=by, life=Life(by.today))
    return moved


@transaction.atomic
def say(
    classification: Classification, verdict: str, opinion: str, *, by: Actor, at: datetime, line: Line, stands_in: str = ""
) -> ClassOpinion:  # fmt: skip
    """What an office says of a classification; one that returns it sends it back to the draft."""
    require(by, REVIEW, classification)
    held = locked(classification)
    must_be(held, State.REVIEW)
    if line not in REVIEWING:
        raise ClassifyRefused(_("类别划分由农业农村部门和生态环境部门会审。"), code="farmland.classify.office")
    acted = acting(by, line, held, stands_in)
    if verdict not in Verdict.values:
        raise ClassifyRefused(_("没有选择意见：同意，或者退回修改。"), code="farmland.classify.words")
    if verdict == Verdict.RETURN and not opinion.strip():
        raise ClassifyRefused(_("退回修改的，请写明哪里要改。"), code="farmland.classify.why_missing")
    if verdict == Verdict.AGREE:
        _refuse_moved(held, far.progress(held))
    made = ClassOpinion.objects.create(
        classification=held, department=acted.department, on=by.today, verdict=verdict, opinion=opinion.strip()[:500],
        note=acted.stands_in, division_path=held.division_path, owner_department_id=held.owner_department_id,
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    _close_duties(held, by, None if verdict == Verdict.RETURN else line)
    if verdict == Verdict.RETURN:
        held.state = State.DRAFT
        held.save(update_fields=["state"])
    data = {"number": held.number, "verdict": verdict, **acted.told}
    audit.record("farmland.classification.opinion", subject=held, by=by, at=at, data=data)
    return made


@transaction.atomic
def settle(proposal: UnitProposal, farmland_class: str, why: str, *, by: Actor, at: datetime) -> UnitProposal:
    """What the review settles on for a unit where it differs from what was computed, with its ground; empty takes it back.

    A unit nobody can say the class of gets none by a review: what is missing is measured. Offices that had agreed have to
    say so again: what they agreed to is another.
    """
    require(by, REVIEW, proposal)
    classification = locked(proposal.classification)
    must_be(classification, State.REVIEW)
    _reviewing(by, proposal)
    held = UnitProposal.objects.select_for_update().get(pk=proposal.pk)
    said = (
        (held.superseded_at is not None, "stale", _("这条建议已经重新计算：请刷新页面。")),
        (
            bool(farmland_class) and farmland_class not in FarmlandClass.values,
            "class",
            _("类别不在可选之列：请选择优先保护类、安全利用类或严格管控类。"),
        ),
        (
            bool(farmland_class) and not held.proposed,
            "class",
            _("这个单元数据不全，无法定类，会审也不能给出类别：请先补充监测或者核实数据。"),
        ),
        (not why.strip(), "why_missing", _("请写明会审理由：理由会留在历史里。")),
    )
    for wrong, code, sentence in said:
        if wrong:
            raise ClassifyRefused(sentence, code=f"farmland.classify.{code}")
    before = far.final(held)
    held.settled, held.settled_why = farmland_class, why.strip()[:300]
    held.save(update_fields=["settled", "settled_why"])
    data = {"unit": held.unit.number, "proposed": held.proposed, "settled": farmland_class, "why": held.settled_why}
    if far.final(held) != before:
        data["asked_again"] = _ask_again(classification, held, by, at)
    audit.record("farmland.proposal.settled", subject=held, by=by, at=at, data=data)
    return held


def _ask_again(classification: Classification, settled: UnitProposal, by: Actor, at: datetime) -> list[str]:
    """The offices that had agreed before a class was settled otherwise: their agreement counts no more, their review is owed."""
    agreed = classification.opinions.filter(superseded_at=None, verdict=Verdict.AGREE).select_related("department")
    lines = sorted({one.department.function for one in agreed} & set(far.AGREEING))
    agreed.update(superseded_at=at, reason=_("%(unit)s 的类别由会审另行确定") % {"unit": settled.unit.number})
    for line in lines:
        owed = [
            one
            for one in Duty.objects.for_subject(classification).order_by("pk")
            if str(LINES[Line(line)]) in one.title
        ]
        if owed and owed[-1].done_on is not None:
            duties.reopen(owed[-1], by=by)
    return lines


@transaction.atomic
def back(classification: Classification, why: str, *, by: Actor, at: datetime) -> Classification:
    """Back to the draft, so that bounds are mended or results completed and everything is computed anew."""
    held = _held(classification, by, State.CHECKING, State.REVIEW)
    if not why.strip():
        raise ClassifyRefused(_("请写明退回草案的原因。"), code="farmland.classify.why_missing")
    _close_duties(held, by, None)
    return _moved(held, State.DRAFT, by, at, why=why.strip()[:300])


@transaction.atomic
def send(
    classification: Classification, document: str, on: date, *, by: Actor, at: datetime, left_out_why: str = ""
) -> Classification:  # fmt: skip
    """To the province. Units nobody can say the class of, or with points to be drawn out, stay behind, and it is said why."""
    held = _held(classification, by, State.REVIEW)
    refuse_future(on, by, ClassifyRefused, "farmland.classify.future")
    if on < held.on:
        raise ClassifyRefused(
            _("报送日期 %(on)s 早于评价基准日 %(base)s：请照报送文件填写。") % {"on": on, "base": held.on},
            code="farmland.classify.days",
        )
    if not document.strip():
        raise ClassifyRefused(_("没有填写报送文号：请照报送文件填写。"), code="farmland.classify.words")
    found = far.progress(held)
    _refuse_moved(held, found)
    if missing := far.agreed(held):
        raise ClassifyRefused(
            _("%(lines)s还没有同意：农业农村部门和生态环境部门都同意后才能报送。")
            % {"lines": "、".join(str(LINES[Line(one)]) for one in missing)},
            code="farmland.classify.opinions",
        )
    if len(found.left_out) == found.units:
        raise ClassifyRefused(_("没有一个单元可以定类：请先补充监测，再重新计算。"), code="farmland.classify.units")
    if found.left_out and not left_out_why.strip():
        raise ClassifyRefused(
            _("%(count)d 个单元暂不能报批（%(units)s）：无法定类，或者有孤立的Ⅲ类点位没有划出。请写明怎样处理。")
            % {"count": len(found.left_out), "units": _few([one.unit.number for one in found.left_out])},
            code="farmland.classify.left_out",
        )
    held.sent_on, held.sent_document, held.left_out_why = on, document.strip()[:120], left_out_why.strip()[:300]
    held.save(update_fields=["sent_on", "sent_document", "left_out_why"])
    return _moved(held, State.SENT, by, at, document=held.sent_document, on=on, left_out=len(found.left_out))


@transaction.atomic
def approve(classification: Classification, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Classification:
    """The province's approval of what was sent: registered with number, day and authority, and in force from its day.

    What was sent is what was approved, whatever was written since; the page tells units that were changed meanwhile.
    """
    held = _held(classification, by, State.SENT)
    division = Division.objects.filter(path=held.division_path).order_by("-since", "-pk")[:1].get()
    decision = approvals.register(facts, approved_rows(held), Place(division, held.owner_department), by=by, at=at)
    return _approved(held, decision, by, at)


@transaction.atomic
def approve_as(classification: Classification, decision: ClassDecision, *, by: Actor, at: datetime) -> Classification:
    """The same by a decision whose list was imported: what the province changed is told on the page."""
    held = _held(classification, by, State.SENT)
    require(by, "farmland.register_classes", decision)
    if decision.superseded_at is not None or decision.division_path != held.division_path:
        raise ClassifyRefused(_("没有找到这份批准文件：请重新选择。"), code="farmland.classify.not_found")
    return _approved(held, decision, by, at)


@transaction.atomic
def take_back_approval(decision: ClassDecision, *, by: Actor, at: datetime, why: str) -> int:
    """A decision registered wrongly is taken back; a classification it had approved waits for its approval again."""
    undone = approvals.take_back(decision, by=by, at=at, why=why)
    for one in Classification.objects.filter(decision=decision, state=State.APPROVED):
        held = locked(one)
        held.decision, held.state = None, State.SENT
        held.save(update_fields=["decision", "state"])
        triggers.unsettle(held)
        data = {"number": held.number, "decision": decision.number, "why": why.strip()[:300]}
        audit.record("farmland.classification.unapproved", subject=held, by=by, at=at, data=data)
    return undone


def approved_rows(classification: Classification) -> list[Approved]:
    """The class of each unit as it was sent, but those that stayed behind."""
    rows = (
        far.live(classification).select_related("unit", "version").defer("version__geometry").order_by("unit__number")
    )
    return [
        Approved(
            one.unit,
            far.final(one),
            tuple(filter(None, one.controlling.split("、"))) if far.final(one) == one.proposed else (),
            Decimal(str(one.version.area_m2)).quantize(Decimal("0.01")),
        )
        for one in rows
        if far.final(one) and not far.apart(one)
    ]


def _approved(held: Classification, decision: ClassDecision, by: Actor, at: datetime) -> Classification:
    if held.sent_on and decision.decided_on < held.sent_on:
        raise ClassifyRefused(
            _("批准日期 %(decided)s 早于报送日期 %(sent)s：请核对是不是这次报送的批复。")
            % {"decided": decision.decided_on, "sent": held.sent_on},
            code="farmland.classify.days",
        )
    held.decision = decision
    held.save(update_fields=["decision"])
    triggers.settle(held, _("%(number)s 批准") % {"number": decision.number}, by=by)
    return _moved(held, State.APPROVED, by, at, decision=decision.number, since=decision.since)


@transaction.atomic
def give_up(classification: Classification, why: str, *, by: Actor, at: datetime) -> Classification:
    """A classification that goes no further; its threads are open again, its proposals stay as history."""
    held = _held(classification, by, State.DRAFT, State.CHECKING, State.REVIEW, State.SENT)
    if not why.strip():
        raise ClassifyRefused(_("请写明终止的原因：原因会留在历史里。"), code="farmland.classify.why_missing")
    held.given_up_why = why.strip()[:300]
    held.save(update_fields=["given_up_why"])
    _close_duties(held, by, None)
    triggers.let_go(held, by=by)
    return _moved(held, State.GIVEN_UP, by, at, why=held.given_up_why)


def _held(classification: Classification, by: Actor, *states: str) -> Classification:
    require(by, CLASSIFY, classification)
    held = locked(classification)
    must_be(held, *states)
    classifying.office(by, held, "?")
    return held


def _reviewing(by: Actor, place: object) -> Acting:
    """The office that reviews: farming or ecology."""
    try:
        return acting(by, Line.ECOLOGY, place)
    except OfficeRefused:
        return acting(by, Line.FARMING, place)


def _moved(held: Classification, state: str, by: Actor, at: datetime, **told: Any) -> Classification:
    held.state = state
    held.save(update_fields=["state"])
    data = {"number": held.number, **told}
    audit.record(f"farmland.classification.{state}", subject=held, by=by, at=at, data=data)
    return held


def _refuse_moved(held: Classification, found: Progress) -> None:
    """What was computed still stands: no unit was changed since, no result came or went."""
    if found.moved:
        raise ClassifyRefused(
            _("%(count)d 个单元在计算之后变更过（%(units)s）：请退回草案重新计算。")
            % {"count": len(found.moved), "units": _few([one.unit.number for one in found.moved])},
            code="farmland.classify.stale",
        )
    if rounds := classifying.outdated_rounds(held):
        raise ClassifyRefused(
            _("监测任务 %(rounds)s 的结果在计算之后有变化：请退回草案重新计算。") % {"rounds": "、".join(rounds)},
            code="farmland.classify.stale",
        )


def _few(names: Sequence[str]) -> str:
    more = _("等 %(count)d 个") % {"count": len(names)} if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _close_duties(held: Classification, by: Actor, line: Line | None) -> None:
    """The reviews owed are done: all, or that of one line."""
    for duty in Duty.objects.for_subject(held).filter(done_on=None).select_related("unit"):
        if line is None or str(LINES[line]) in duty.title:
            duties.done(duty, on=by.today, by=by)
