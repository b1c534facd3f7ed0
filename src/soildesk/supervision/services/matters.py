"""Acts on what is supervised: answer a slip, ask for time, decide, suspend, end, mark as important."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.models import Duty
from soildesk.core.permissions import OF_DEPARTMENT, Actor, require
from soildesk.oversight.services import problems
from soildesk.supervision.models import Extension, Importance, OfMatter, Suspension
from soildesk.supervision.models.matters import matter_of
from soildesk.supervision.refusals import SupervisionRefused

ASK, DECIDE = "supervision.ask", "supervision.decide"
PAPER, PROBLEM = "evidence", "oversight.problem"
LONGEST = timedelta(days=1100)
Row = TypeVar("Row", bound=OfMatter)


@dataclass(frozen=True, slots=True)
class Paper:
    """One file that proves what is said."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Act:
    """By whom and when, the word on it, and its papers."""

    by: Actor
    at: datetime
    note: str = ""
    papers: Sequence[Paper] = ()

    @property
    def day(self) -> date:
        """The day of the act."""
        return clock.local_day(self.at)

    def words(self, sentence: str, code: str, longest: int = 500) -> str:
        """The word on it; refused with `sentence` where nothing was said."""
        if not self.note.strip():
            raise SupervisionRefused(sentence, code=code)
        return self.fitting(code, longest)

    def fitting(self, code: str, longest: int) -> str:
        """The word on it, which may be none; refused where it would be cut off."""
        said = self.note.strip()
        if len(said) > longest:
            raise SupervisionRefused(
                _("写了 %(n)d 个字，最多 %(most)d 个字：请压缩，详情可以作为附件。")
                % {"n": len(said), "most": longest},
                code=code,
            )
        return said


@transaction.atomic
def ask_extension(duty: Duty, wanted: date, act: Act) -> Extension:
    """Ask for more time: before the term has passed, with a reason and another day."""
    duty = open_duty_of(duty, ASK, act.by)
    reason = act.words(_("请写明申请延期的理由。"), "supervision.extension.note")
    if duty.due is None:
        raise SupervisionRefused(
            _("“%(title)s”没有时限，无需延期。") % {"title": duty.title}, code="supervision.extension.day"
        )
    if act.day > duty.due:
        raise SupervisionRefused(
            _("时限 %(due)s 已过（今天 %(today)s），只能在到期前申请延期。请在督办单上说明原因。")
            % {"due": duty.due, "today": act.day},
            code="supervision.extension.late",
        )
    if not duty.due < wanted <= duty.due + LONGEST:
        raise SupervisionRefused(
            _("申请延至 %(wanted)s：请填写原时限 %(due)s 之后、三年以内的日期。") % {"wanted": wanted, "due": duty.due},
            code="supervision.extension.day",
        )
    if Extension.objects.filter(matter=matter_of(duty), state=Extension.State.ASKED).exists():
        raise SupervisionRefused(_("这一事项已有待审批的延期申请，请等待审批。"), code="supervision.extension.twice")
    made = Extension.objects.create(
        **Extension.about(duty),
        reason=reason,
        due_before=duty.due,
        due_wanted=wanted,
        asked_on=act.day,
        asked_by=act.by.person,
    )
    _attach(made, act)
    return _written(made, "supervision.extension.asked", act, {"wanted": wanted.isoformat()})


@dataclass(frozen=True, slots=True)
class Granted:
    """To which day, and where another body set the term: that body and the number of its paper."""

    due: date
    body: str = ""
    document: str = ""


@transaction.atomic
def grant_extension(request: Extension, granted: Granted, act: Act) -> Extension:
    """Grant more time. Our own term we move; another body's only by its number and paper, else what is below red rests."""
    held = _held(Extension, request, Extension.State.ASKED, act)
    duty = _duty_of(held)
    if duty.due != held.due_before:
        raise SupervisionRefused(
            _("申请时的时限是 %(before)s，现为 %(due)s：请申请单位重新申请。")
            % {"before": held.due_before, "due": duty.due},
            code="supervision.extension.state",
        )
    by_body = bool(granted.document.strip())
    if not act.day <= granted.due <= held.due_before + LONGEST or granted.due == held.due_before:
        raise SupervisionRefused(
            _("同意延至 %(due)s：请填写今天或以后、与原时限 %(before)s 不同、三年以内的日期。")
            % {"due": granted.due, "before": held.due_before},
            code="supervision.extension.day",
        )
    if by_body and (not granted.body.strip() or not (act.papers or files.uses_of(held).exists())):
        raise SupervisionRefused(
            _("改变由其他机关规定的时限，请填写批准机关、文号 %(document)s，并附批准文件。")
            % {"document": granted.document},
            code="supervision.extension.document",
        )
    if not by_body and not duty.internal and granted.due > held.due_before:
        raise SupervisionRefused(
            _(
                "时限 %(before)s 不是本单位规定的：只有规定它的机关可以改变（填写批准机关、文号并附文件）；本单位只能同意在它之前的内部时限。"
            )
            % {"before": held.due_before},
            code="supervision.extension.internal",
        )
    held.state, held.due_granted, held.moved = Extension.State.GRANTED, granted.due, by_body or duty.internal
    held.how = Extension.How.BY_BODY if by_body else Extension.How.INTERNAL
    held.body, held.document = granted.body.strip()[:120], granted.document.strip()[:120]
    _decided(held, act)
    _attach(held, act)
    if held.moved:
        duties.move_term(duty, granted.due, by=act.by)
        _tell_record(duty, held, act)
    return _written(held, "supervision.extension.granted", act, {"due": granted.due.isoformat(), "how": held.how})


def _tell_record(duty: Duty, granted: Extension, act: Act) -> None:
    """A record that shows a term of its own says the same one as its duty, or it would be late in one list and not in the other."""
    if duty.subject_type == PROBLEM and granted.due_granted is not None:
        document = "，".join(filter(None, (granted.body, granted.document)))
        problems.take_term(duty.subject_id, granted.due_granted, document, problems.Done(act.by, act.at))


@transaction.atomic
def refuse_extension(request: Extension, act: Act) -> Extension:
    """Refuse more time, with the reason."""
    held = _held(Extension, request, Extension.State.ASKED, act)
    act.words(_("不同意延期请写明理由。"), "supervision.extension.note")
    held.state = Extension.State.REFUSED
    _decided(held, act)
    return _written(held, "supervision.extension.refused", act, {})


@transaction.atomic
def ask_suspension(duty: Duty, cause: Suspension.Cause, until: date, act: Act) -> Suspension:
    """Ask that the escalation rests for a season or for works, up to a day."""
    duty = open_duty_of(duty, ASK, act.by)
    ground = act.words(_("请写明挂账的事由。"), "supervision.suspension.note")
    if not act.day < until <= act.day + LONGEST:
        raise SupervisionRefused(
            _("挂账至 %(until)s：请填写今天 %(today)s 之后、三年以内的日期。") % {"until": until, "today": act.day},
            code="supervision.suspension.day",
        )
    open_ = Suspension.objects.filter(
        matter=matter_of(duty), state__in=[Suspension.State.ASKED, Suspension.State.GRANTED]
    )
    open_.filter(state=Suspension.State.GRANTED, until__lte=act.day).update(state=Suspension.State.ENDED)
    if open_.exists():
        raise SupervisionRefused(_("这一事项已在挂账，或已有待审批的挂账申请。"), code="supervision.suspension.twice")
    made = Suspension.objects.create(
        **Suspension.about(duty), cause=cause, ground=ground, until=until, asked_on=act.day, asked_by=act.by.person
    )
    _attach(made, act)
    return _written(made, "supervision.suspension.asked", act, {"until": until.isoformat()})


@transaction.atomic
def grant_suspension(request: Suspension, act: Act) -> Suspension:
    """Let the escalation rest from today."""
    held = _held(Suspension, request, Suspension.State.ASKED, act)
    if held.until <= act.day:
        raise SupervisionRefused(
            _("申请挂账至 %(until)s，已经过了：请申请单位重新申请。") % {"until": held.until},
            code="supervision.suspension.over",
        )
    held.state, held.since = Suspension.State.GRANTED, act.day
    _decided(held, act)
    return _written(held, "supervision.suspension.granted", act, {"until": held.until.isoformat()})


@transaction.atomic
def refuse_suspension(request: Suspension, act: Act) -> Suspension:
    """Refuse it, with the reason."""
    held = _held(Suspension, request, Suspension.State.ASKED, act)
    act.words(_("不同意挂账请写明理由。"), "supervision.suspension.note")
    held.state = Suspension.State.REFUSED
    _decided(held, act)
    return _written(held, "supervision.suspension.refused", act, {})


@transaction.atomic
def end_suspension(suspension: Suspension, act: Act) -> Suspension:
    """销账: the escalation goes on from today."""
    require(act.by, DECIDE, suspension)
    held = _locked(Suspension, suspension, Suspension.State.GRANTED)
    held.ended_why = act.words(_("请写明销账的理由。"), "supervision.suspension.note", 300)
    held.state, held.ended_on = Suspension.State.ENDED, min(act.day, held.until)
    held.save(update_fields=["state", "ended_on", "ended_why"])
    return _written(held, "supervision.suspension.ended", act, {})


@transaction.atomic
def mark_important(duty: Duty, act: Act) -> Importance:
    """Say that a matter is an important one from today, and on what ground."""
    duty = open_duty_of(duty, DECIDE, act.by)
    ground = act.words(_("请写明列为重要事项的依据（如会议纪要、领导批示文号）。"), "supervision.important.ground", 200)
    if Importance.objects.filter(matter=matter_of(duty), until=None).exists():
        raise SupervisionRefused(_("这一事项已经是重要事项。"), code="supervision.important.twice")
    made = Importance.objects.create(
        **Importance.about(duty), ground=ground, since=act.day, set_by=act.by.person, set_at=act.at
    )
    return _written(made, "supervision.important.marked", act, {})


@transaction.atomic
def unmark_important(duty: Duty, act: Act) -> Importance:
    """Say that it is none any more."""
    require(act.by, DECIDE, duty)
    act.words(_("取消重要事项请写明理由。"), "supervision.important.ground")
    rows = Importance.objects.select_for_update().filter(matter=matter_of(duty), until=None)
    held = rows.first()
    if held is None:
        raise SupervisionRefused(_("这一事项不是重要事项。"), code="supervision.important.none")
    held.until = max(act.day, held.since)
    held.save(update_fields=["until"])
    return _written(held, "supervision.important.unmarked", act, {"why": act.note.strip()[:200]})


def open_duty_of(duty: Duty, permission: str, by: Actor) -> Duty:
    """The duty under its lock, if the actor may act on it, it is a department's and it is not done."""
    require(by, permission, duty)
    held = Duty.objects.select_for_update(of=("self",)).select_related("unit").get(pk=duty.pk)
    if held.done_on is not None:
        raise SupervisionRefused(
            _("“%(title)s”已于 %(on)s 办结，不需要办理。") % {"title": held.title, "on": held.done_on},
            code="supervision.matter.done",
        )
    if held.kind == Duty.Kind.SLIP or held.unit_id is None:
        raise SupervisionRefused(
            _("“%(title)s”不是单位的督办事项。") % {"title": held.title}, code="supervision.matter.kind"
        )
    need_own(held.unit_id, by)
    return held


def need_own(unit_id: int | None, by: Actor) -> None:
    """Staff of a department act for it alone; the office acts on behalf of any."""
    acts = [grant for grant in by.grants if grant.role in OF_DEPARTMENT]
    if by.system or len(acts) < len(by.grants) or any(grant.department_id == unit_id for grant in acts):
        return
    raise SupervisionRefused(_("请由责任单位的人员办理。"), code="supervision.slip.unit")


def _held(model: type[Row], row: Row, state: str, act: Act) -> Row:
    """What is to be decided, under its lock; nobody decides what they asked for."""
    require(act.by, DECIDE, row)
    held = _locked(model, row, state)
    if act.by.person is not None and held.asked_by_id == act.by.person.pk:  # type: ignore[attr-defined]
        raise SupervisionRefused(
            _("申请和审批须由不同的人办理：请另一名有权限的人员审批。"),
            code=f"supervision.{model._meta.model_name}.same_person",
        )
    return held


def _locked(model: type[Row], row: Row, state: str) -> Row:
    held = model._default_manager.select_for_update().get(pk=row.pk)
    if held.state != state:  # type: ignore[attr-defined]
        raise SupervisionRefused(
            _("现为“%(state)s”，不能这样办理。") % {"state": held.get_state_display()},  # type: ignore[attr-defined]
            code=f"supervision.{model._meta.model_name}.state",
        )
    return held


def _duty_of(row: OfMatter) -> Duty:
    if row.duty_id is None:
        raise SupervisionRefused(
            _("事项“%(title)s”已经不在了，不能办理。") % {"title": row.title}, code="supervision.matter.gone"
        )
    held = Duty.objects.select_for_update().get(pk=row.duty_id)
    if held.done_on is not None:
        raise SupervisionRefused(
            _("“%(title)s”已于 %(on)s 办结，不需要办理。") % {"title": held.title, "on": held.done_on},
            code="supervision.matter.done",
        )
    return held


def _decided(row: Extension | Suspension, act: Act) -> None:
    row.decided_on, row.decided_by = act.day, act.by.person
    row.decision = act.fitting(f"supervision.{row._meta.model_name}.note", 300)
    row.save()


def _attach(row: OfMatter, act: Act) -> None:
    for paper in act.papers:
        files.attach(row, data=paper.data, name=paper.name, kind=PAPER, by=act.by, at=act.at)


def _written(row: Row, name: str, act: Act, data: dict[str, str]) -> Row:
    audit.record(name, subject=row, by=act.by, at=act.at, data={"matter": row.matter, **data})
    return row
