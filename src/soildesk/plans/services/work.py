"""Working the ledger: receipt, progress, verification, sending back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.models import Department, Duty, FileUse
from soildesk.core.permissions import Actor, may, require
from soildesk.plans.models import Assignment, Plan, PlanTask, ProgressEntry, TaskEvent
from soildesk.plans.refusals import GroundMissing, OwnReport, WrongState, WrongValue
from soildesk.plans.services.history import note
from soildesk.plans.services.holding import hold, working
from soildesk.plans.services.publishing import STRENGTH, send_again
from soildesk.plans.services.telling import tell_unit
from soilrules.plantext.draft import Role
from soilrules.supervision.handling import Handling, may_be, reached

DONE = frozenset({Assignment.State.REPORTED, Assignment.State.VERIFIED})


@dataclass(frozen=True)
class Report:
    """What a unit says: its words, whether it is done and when, or why not.

    `period` names the duty it answers ("m0", "2026Q3"); empty means every open duty of the unit on the task.
    """

    text: str
    claims_done: bool = False
    done_on: date | None = None
    unfinished_why: str = ""
    period: str = ""
    via: str = "desk"


def _require_unit(by: Actor, assignment: Assignment) -> None:
    """The unit itself acts, or the office on its behalf."""
    if not may(by, "plans.review", assignment.task.plan):
        require(by, "plans.report", assignment)


def _refuse_over(assignment: Assignment) -> None:
    """Only a 分办 of a plan at work that was not taken back is worked on."""
    _refuse_out_of_work(assignment.task.plan)
    if not may_be(Handling.WITHDRAW, assignment.state):
        raise WrongState(_("该分办已撤销，不能填报。请联系主办单位。"))


def _refuse_out_of_work(plan: Plan) -> None:
    if plan.stage != Plan.Stage.PUBLISHED:
        raise WrongState(_("《%(plan)s》不在办理中，不能填报。只有已发布、未总结的方案可以填报。") % {"plan": plan})


def _refuse_done(assignment: Assignment) -> None:
    """What was reported done is reopened by the office, so that no closed term hides behind another state."""
    if not may_be(Handling.SAY_WHY_NOT, assignment.state):
        raise WrongState(_("%(unit)s已报完成。确需更改的，请主办单位先退回。") % {"unit": assignment.department})


def receive(assignment: Assignment, *, by: Actor, at: datetime) -> Assignment:
    """Sign for a task."""
    _require_unit(by, assignment)
    with working(assignment):
        _refuse_over(assignment)
        if assignment.received_at:
            return assignment
        assignment.received_at, assignment.received_by = at, by.person
        if may_be(Handling.RECEIVE, assignment.state):
            assignment.state = reached(Handling.RECEIVE, assignment.state)
        assignment.save(update_fields=["received_at", "received_by", "state"])
        note(assignment.task, "received", by=by, at=at, department=assignment.department)
        audit.record("plans.assignment.received", subject=assignment, by=by, at=at)
    return assignment


def report(
    assignment: Assignment, said: Report, *, by: Actor, at: datetime, attachments: Sequence[tuple[str, bytes]] = ()
) -> ProgressEntry:
    """Keep what the unit says. A claim of completion closes its duties until the office sends it back."""
    _require_unit(by, assignment)
    _check(said, by)
    with working(assignment):
        _refuse_over(assignment)
        if said.unfinished_why.strip() and not said.claims_done:
            _refuse_done(assignment)
        day = said.done_on or clock.local_day(at)
        open_duties = list(_duties(assignment, said.period, day))
        if said.period and not open_duties:
            raise WrongValue(_("没有“%(period)s”这一节点或期次的待办事项。请在列表中选择。") % {"period": said.period})
        entry = _keep(assignment, said, by, at)
        for name, data in attachments:
            files.attach(
                assignment.task, data=data, name=name, kind="evidence", by=by, at=at, note=str(assignment.department)
            )
        if said.claims_done or _is_standing_report(open_duties):
            for duty in open_duties:
                duties.done(duty, on=day, by=by, evidence=[{"type": "progress", "id": entry.pk}])
        _advance(assignment, said, at)
        note(
            assignment.task,
            "reported",
            by=by,
            at=at,
            department=assignment.department,
            data={"text": said.text, "done": said.claims_done, "period": said.period},
        )
        audit.record(
            "plans.assignment.reported",
            subject=assignment,
            by=by,
            at=at,
            data={"entry": entry.pk, "claims_done": said.claims_done, "via": said.via},
        )
    return entry


def _check(said: Report, by: Actor) -> None:
    if not said.text.strip() and not said.unfinished_why.strip():
        raise WrongValue(_("进展内容为空。请写明办理情况，或写明未办原因。"))
    if said.done_on and said.done_on > by.today:
        raise WrongValue(
            _("完成日期 %(day)s 晚于今天 %(today)s。请填写今天或更早的日期。")
            % {"day": said.done_on, "today": by.today}
        )


def _duties(assignment: Assignment, period: str, day: date) -> QuerySet[Duty]:
    """The open duties a report on `period` answers; without a period all dated ones, but no later year's of a yearly term."""
    rows = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
    if period:
        return rows.filter(period=period)
    return rows.exclude(kind=Duty.Kind.STANDING_CHECK).exclude(period__contains="/", due__year__gt=day.year)


def _is_standing_report(open_duties: Sequence[Duty]) -> bool:
    """Saying how it goes is what a standing check asks for."""
    return bool(open_duties) and all(duty.kind == Duty.Kind.STANDING_CHECK for duty in open_duties)


def _keep(assignment: Assignment, said: Report, by: Actor, at: datetime) -> ProgressEntry:
    return ProgressEntry.objects.create(
        assignment=assignment,
        period=said.period,
        text=said.text.strip(),
        claims_done=said.claims_done,
        done_on=(said.done_on or clock.local_day(at)) if said.claims_done else None,
        unfinished_why=said.unfinished_why.strip()[:300],
        by=by.person,
        at=at,
        via=said.via,
    )


def _advance(assignment: Assignment, said: Report, at: datetime) -> None:
    """A unit's task is reported done when none of its dated duties is open any more."""
    assignment.received_at = assignment.received_at or at
    dated = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
    left = dated.exclude(kind=Duty.Kind.STANDING_CHECK).exists()
    # A further word on what is done leaves it done: it waits to be verified.
    act = Handling.REPORT_DONE if said.claims_done else Handling.REPORT
    act = Handling.REPORT_MORE if assignment.state in DONE and not said.claims_done else act
    assignment.state = reached(act, assignment.state, left=left)
    if said.claims_done and not left:
        assignment.reported_on = said.done_on or clock.local_day(at)
    assignment.returned_why = ""
    assignment.save(update_fields=["state", "received_at", "reported_on", "returned_why"])


def verify(assignment: Assignment, *, by: Actor, at: datetime, remark: str = "") -> Assignment:
    """The office has looked at what was reported and stands by it: another person than the one who reported it."""
    require(by, "plans.verify", assignment.task.plan)
    entries = assignment.entries.filter(verified_at__isnull=True)
    with working(assignment):
        _refuse_over(assignment)
        whole = may_be(Handling.VERIFY, assignment.state)
        if not (whole or may_be(Handling.VERIFY_PART, assignment.state)) or not entries.exists():
            raise WrongState(_("没有待核实的填报。请等责任单位填报后再核实。"))
        if by.person is not None and _is_own(entries, by.person.pk):
            raise OwnReport(by.person)
        entries.update(verified_at=at, verified_by=by.person)
        if whole:
            assignment.state = reached(Handling.VERIFY, assignment.state)
            assignment.verified_at, assignment.verified_by = at, by.person
            assignment.save(update_fields=["state", "verified_at", "verified_by"])
        note(assignment.task, "verified", by=by, at=at, department=assignment.department, data={"remark": remark})
        audit.record("plans.assignment.verified", subject=assignment, by=by, at=at)
    return assignment


def _is_own(entries: QuerySet[ProgressEntry], person: int) -> bool:
    """Whether somebody would verify their own completion, or nothing but their own words."""
    return entries.filter(by=person, claims_done=True).exists() or not entries.exclude(by=person).exists()


def send_back(assignment: Assignment, *, why: str, by: Actor, at: datetime) -> Assignment:
    """Return a report to the unit: what it had closed is open again."""
    require(by, "plans.verify", assignment.task.plan)
    if not why.strip():
        raise GroundMissing(_("退回"))
    with working(assignment):
        _refuse_over(assignment)
        if not may_be(Handling.SEND_BACK, assignment.state):
            raise WrongState(_("该分办没有填报，无可退回。"))
        numbers = _returned_entries(assignment)
        closed = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id)
        for duty in closed.filter(done_on__isnull=False):
            if any(item.get("type") == "progress" and item.get("id") in numbers for item in duty.evidence):
                duties.reopen(duty, by=by)
        assignment.state, assignment.reported_on = reached(Handling.SEND_BACK, assignment.state), None
        assignment.verified_at, assignment.verified_by, assignment.returned_why = None, None, why.strip()[:300]
        assignment.save(update_fields=["state", "reported_on", "verified_at", "verified_by", "returned_why"])
        tell_unit(
            assignment, _("“%(task)s”的填报被退回：%(why)s") % {"task": assignment.task.heading, "why": why.strip()}
        )
        note(assignment.task, "returned", by=by, at=at, department=assignment.department, data={"why": why})
        audit.record("plans.assignment.returned", subject=assignment, by=by, at=at)
    return assignment


def _returned_entries(assignment: Assignment) -> set[int]:
    """What goes back: the reports nobody has verified; where all are, every claim of completion."""
    waiting = assignment.entries.filter(verified_at__isnull=True)
    rows = waiting if waiting.exists() else assignment.entries.filter(claims_done=True)
    return set(rows.values_list("pk", flat=True))


def misdirected(assignment: Assignment, *, why: str, by: Actor, at: datetime) -> Assignment:
    """转错了: the unit says the task is not its own; the office decides."""
    _require_unit(by, assignment)
    if not why.strip():
        raise GroundMissing(_("申请改派"))
    with working(assignment):
        _refuse_over(assignment)
        _refuse_done(assignment)
        assignment.returned_why = why.strip()[:300]
        assignment.state = reached(Handling.MISDIRECT, assignment.state)
        assignment.save(update_fields=["state", "returned_why"])
        note(assignment.task, "misdirected", by=by, at=at, department=assignment.department, data={"why": why})
        audit.record("plans.assignment.misdirected", subject=assignment, by=by, at=at)
    return assignment


def reassign(assignment: Assignment, to: Department | None, *, why: str, by: Actor, at: datetime) -> Assignment | None:
    """Give a task to another unit, or withdraw it from this one; open duties go along."""
    require(by, "plans.review", assignment.task.plan)
    if not why.strip():
        raise GroundMissing(_("改派"))
    with working(assignment):
        _refuse_over(assignment)
        if to and to.pk == assignment.department_id:
            raise WrongValue(_("任务已在%(unit)s，不需要改派。请选择另一个单位。") % {"unit": to})
        assignment.returned_why = why.strip()[:300]
        assignment.state = reached(Handling.WITHDRAW, assignment.state)
        assignment.save(update_fields=["state", "returned_why"])
        owed = Duty.objects.for_subject(assignment.task).of_unit(assignment.department_id).filter(done_on__isnull=True)
        taker = _take_over(assignment, to, owes=owed.exists()) if to else None
        if to:
            _hand_over(owed, assignment.task, to)
        else:
            _drop(owed, assignment)
        note(
            assignment.task,
            "reassigned",
            by=by,
            at=at,
            department=assignment.department,
            data={"to": str(to) if to else "", "why": why},
        )
        audit.record(
            "plans.assignment.reassigned", subject=assignment, by=by, at=at, data={"to": str(to.uid) if to else None}
        )
    return taker


def _hand_over(owed: QuerySet[Duty], task: PlanTask, to: Department) -> None:
    """Open duties go along; one the taker owes already is not owed twice, one it has done is to be answered again."""
    theirs = Duty.objects.for_subject(task).of_unit(to.pk)
    known = {(duty.kind, duty.period, duty.title): duty for duty in theirs}
    for duty in owed:
        same = known.get((duty.kind, duty.period, duty.title))
        if same is None:
            duty.unit = to
            duty.save(update_fields=["unit"])
            continue
        duty.delete()
        Duty.objects.filter(pk=same.pk).update(done_on=None)


def _drop(owed: QuerySet[Duty], assignment: Assignment) -> None:
    """Open duties end with the task at the unit, unless nobody else owes one of them: then a date would pass unseen."""
    others = Duty.objects.for_subject(assignment.task).exclude(unit_id=assignment.department_id)
    if set(owed.values_list("kind", "period")) - set(others.values_list("kind", "period")):
        raise WrongState(
            _("%(unit)s是这项任务唯一负责的单位，撤销后没有单位办理。请改派给另一个单位。")
            % {"unit": assignment.department}
        )
    owed.delete()


def _take_over(assignment: Assignment, to: Department, *, owes: bool) -> Assignment:
    """The 分办 of the unit that takes over; one that was done, or taken back before, starts anew where it owes something."""
    taker, made = Assignment.objects.get_or_create(
        task=assignment.task,
        department=to,
        defaults={
            "role": assignment.role,
            "unit": assignment.unit,
            "division_path": assignment.division_path,
            "owner_department": to,
        },
    )
    if made:
        return taker
    stronger = max(taker.role, assignment.role, key=lambda role: STRENGTH[Role(role)])
    if taker.state == Assignment.State.WITHDRAWN or (owes and taker.state in DONE):
        send_again(taker, role=stronger, unit=taker.unit or assignment.unit)
    elif taker.role != stronger:
        taker.role = stronger
        taker.save(update_fields=["role"])
    return taker


def add_evidence(
    tasks: Sequence[PlanTask], name: str, data: bytes, *, by: Actor, at: datetime, remark: str = ""
) -> list[FileUse]:
    """Attach one file to one or many tasks: stored once, used by each."""
    if not tasks:
        raise WrongValue(_("没有选择任务。请至少选择一项任务再上传材料。"))
    for task in tasks:
        _require_on_task(by, task)
    with transaction.atomic():
        for plan in {task.plan_id: task.plan for task in tasks}.values():
            _refuse_out_of_work(hold(plan))
        uses = [files.attach(task, data=data, name=name, kind="evidence", by=by, at=at, note=remark) for task in tasks]
        for task in tasks:
            note(
                task,
                "evidence",
                by=by,
                at=at,
                department=by.person.department if by.person else None,
                data={"name": name},
            )
        audit.record(
            "plans.evidence.added",
            subject=tasks[0].plan,
            by=by,
            at=at,
            data=audit.bulk(str(task.uid) for task in tasks),
        )
    return uses


def _require_on_task(by: Actor, task: PlanTask) -> None:
    if may(by, "plans.review", task.plan):
        return
    own = by.person.department_id if by.person else None
    at_work = task.assignments.exclude(state=Assignment.State.WITHDRAWN)
    assignment = at_work.filter(department_id=own).first() if own else None
    require(by, "plans.report", assignment or task)


def events_of(task: PlanTask) -> QuerySet[TaskEvent]:
    """The task's history, newest first."""
    return task.events.select_related("by", "department")
