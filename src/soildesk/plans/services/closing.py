"""The closing sheet: what became of every open task when a plan's period is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties, files
from soildesk.core.permissions import Actor, require
from soildesk.plans.models import ClosingRow, Plan, PlanTask
from soildesk.plans.queries.states import standings
from soildesk.plans.refusals import GroundMissing, WrongState, WrongValue
from soildesk.plans.services.history import note_all
from soildesk.plans.services.holding import hold
from soilrules.deadlines.tasks import TaskState

PAPER = "abolition"
"""The kind of file that is the paper a plan was abolished by."""


@dataclass(frozen=True)
class Fate:
    """What becomes of one task: 办结, 结转 to a named task of another plan, or 终止 with its ground."""

    outcome: ClosingRow.Outcome
    ground: str = ""
    carried_to: PlanTask | None = None


def open_tasks(plan: Plan, at: datetime) -> list[PlanTask]:
    """Accepted tasks whose records do not say done; each needs a fate before the plan is closed."""
    tasks = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED))
    standing = standings([task.pk for task in tasks], clock.local_day(at))
    return [task for task in tasks if standing[task.pk].state is not TaskState.DONE]


def close(plan: Plan, fates: Mapping[PlanTask, Fate], remark: str = "", *, by: Actor, at: datetime) -> Plan:
    """Close a plan with the fate of each open task; tasks done by their records are 办结 by themselves."""
    require(by, "plans.close", plan)
    with transaction.atomic():
        if hold(plan).stage != Plan.Stage.PUBLISHED:
            raise WrongState(_("《%(plan)s》不在办理中，不能总结。") % {"plan": plan})
        return _close(plan, fates, remark, clock.local_day(at), by=by, at=at)


@dataclass(frozen=True)
class Abolition:
    """The paper that ends a plan before its time: its number, the day from which the plan is void, why, and the paper itself."""

    number: str
    on: date
    why: str
    paper: tuple[str, bytes]


def abolish(plan: Plan, said: Abolition, *, by: Actor, at: datetime) -> Plan:
    """废止: open tasks end with the paper as their ground; those that were late on that day are named as late."""
    require(by, "plans.close", plan)
    number, why = said.number.strip()[:80], " ".join(said.why.split())
    _check_abolition(plan, number, why, said.on, by.today)
    with transaction.atomic():
        if hold(plan).stage != Plan.Stage.PUBLISHED:
            raise WrongState(_("《%(plan)s》不在办理中，不能废止。") % {"plan": plan})
        waiting = open_tasks(plan, at)
        late = standings([task.pk for task in waiting], said.on)
        ended = _("%(number)s废止") % {"number": number}
        was_late = _("%(number)s废止，废止时已逾期") % {"number": number}
        fates = {
            task: Fate(ClosingRow.Outcome.ENDED, was_late if late[task.pk].state is TaskState.OVERDUE else ended)
            for task in waiting
        }
        name, data = said.paper
        files.attach(plan, data=data, name=name, kind=PAPER, by=by, at=at)
        plan.abolished_on, plan.abolished_by = said.on, number
        _close(plan, fates, why, said.on, by=by, at=at)
        audit.record(
            "plans.plan.abolished", subject=plan, by=by, at=at, data={"number": number, "on": said.on.isoformat()}
        )
    return plan


def _check_abolition(plan: Plan, number: str, why: str, on: date, today: date) -> None:
    if not number:
        raise WrongValue(_("请填写废止文件的文号，如“青环委办〔2026〕18号”。"))
    if not why:
        raise GroundMissing(_("废止方案"))
    if on > today:
        raise WrongValue(
            _("废止日期 %(on)s 晚于今天 %(today)s。到那一天再登记，此前任务照常办理。") % {"on": on, "today": today}
        )
    if plan.issued_on and on < plan.issued_on:
        raise WrongValue(
            _("废止日期 %(on)s 早于方案的发文日期 %(issued)s。请检查这个日期。") % {"on": on, "issued": plan.issued_on}
        )


def _close(plan: Plan, fates: Mapping[PlanTask, Fate], remark: str, ends: date, *, by: Actor, at: datetime) -> Plan:
    waiting = open_tasks(plan, at)
    missing = [task for task in waiting if task not in fates]
    if missing:
        raise WrongValue(
            _("还有 %(count)d 项未办结任务没有说明去向（例如“%(task)s”）。请逐项选择办结、结转或终止。")
            % {"count": len(missing), "task": missing[0].heading}
        )
    for task in waiting:
        _check(task, fates[task])
    ClosingRow.objects.bulk_create(_rows(plan, fates, waiting), batch_size=500)
    plan.stage, plan.closed_at, plan.closed_by, plan.close_note = Plan.Stage.CLOSED, at, by.person, remark[:400]
    plan.save(update_fields=["stage", "closed_at", "closed_by", "close_note", "abolished_on", "abolished_by"])
    duties.end_life(PlanTask.objects.filter(plan=plan), ends, by=by)
    note_all(waiting, "closed", by=by, at=at)
    audit.record(
        "plans.plan.closed",
        subject=plan,
        by=by,
        at=at,
        data=audit.bulk([str(task.uid), fates[task].outcome] for task in waiting),
    )
    return plan


def _check(task: PlanTask, fate: Fate) -> None:
    if fate.outcome == ClosingRow.Outcome.ENDED and not fate.ground.strip():
        raise GroundMissing(_("终止任务“%(task)s”") % {"task": task.heading})
    if fate.outcome == ClosingRow.Outcome.CARRIED and (
        fate.carried_to is None or fate.carried_to.plan_id == task.plan_id
    ):
        raise WrongValue(_("任务“%(task)s”结转时，请选择另一份方案中承接它的任务。") % {"task": task.heading})
    if fate.outcome == ClosingRow.Outcome.DONE and not fate.ground.strip():
        raise GroundMissing(_("没有完成记录而按办结处理的任务“%(task)s”") % {"task": task.heading})


def _rows(plan: Plan, fates: Mapping[PlanTask, Fate], waiting: list[PlanTask]) -> list[ClosingRow]:
    rows = [
        ClosingRow(
            plan=plan,
            task=task,
            outcome=fates[task].outcome,
            ground=fates[task].ground.strip()[:300],
            carried_to=fates[task].carried_to,
        )
        for task in waiting
    ]
    done = plan.tasks.filter(status=PlanTask.Status.ACCEPTED).exclude(pk__in=[task.pk for task in waiting])
    return rows + [ClosingRow(plan=plan, task=task, outcome=ClosingRow.Outcome.DONE) for task in done]
