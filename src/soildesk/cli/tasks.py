"""`soildesk task …`: the ledger at work."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.plans import find, find_task
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.models import Department, Duty
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.queries.states import TaskStanding, standings, with_state
from soildesk.plans.services import work
from soilrules.deadlines.tasks import TaskState

LABELS = {
    TaskState.NOT_STARTED: "未开始", TaskState.UNDER_WAY: "进行中", TaskState.DONE: "已完成", TaskState.OVERDUE: "逾期",
    TaskState.STANDING: "长期", TaskState.PENDING: "待定", TaskState.UNKNOWN: "无记录",
}


def day_of(options: argparse.Namespace) -> date:
    """The day asked for, or today."""
    if not options.on:
        return clock.today()
    try:
        return date.fromisoformat(options.on)
    except ValueError:
        raise Refused(f"“{options.on}”不是日期，应为 2026-11-21 这样的写法。", code="cli.not_a_date") from None


def list_tasks(options: argparse.Namespace) -> None:
    """The ledger, filtered."""
    actor, day = actor_of(options), day_of(options)
    plans = [find(options, actor)] if options.plan else list(Plan.objects.visible_to(actor).in_force_on(day))
    rows = PlanTask.objects.visible_to(actor).filter(plan__in=plans, status=PlanTask.Status.ACCEPTED)
    if options.department:
        rows = rows.filter(assignments__department=_department(options.department, actor)).distinct()
    if options.state:
        rows = with_state(rows, TaskState(options.state), day)
    tasks = list(rows.select_related("plan").prefetch_related("units"))
    stand = standings([task.pk for task in tasks], day)
    found = [as_row(task, stand[task.pk]) for task in tasks]
    if options.json:
        show_json(found)
        return
    body = [[r["id"], r["number"], LABELS[TaskState(r["state"])], r["next_due"], r["title"]] for r in found]
    show(table([["编号", "序号", "状态", "下一时限", "任务"], *body], [36, 10, 8, 10]))


def as_row(task: PlanTask, standing: TaskStanding) -> dict[str, Any]:
    """A task as the commands print it."""
    by_role: dict[str, list[str]] = {"lead": [], "support": [], "responsible": []}
    for unit in task.units.all():
        if not unit.overruled_by_id:
            by_role[unit.role].append(unit.name)
    return {
        "id": str(task.uid), "plan": str(task.plan.uid), "number": task.number, "section": task.section,
        "title": task.heading, "deadline_text": task.deadline_text, **by_role, "state": str(standing.state),
        "next_due": standing.next_due and standing.next_due.isoformat(), "internal": standing.next_internal,
        "days_left": standing.days_left, "before_issue": standing.before_issue,
        "units_done": standing.done_units, "units": standing.units,
    }


def _department(name: str | None, actor: Any) -> Department:
    """A department by its name or another name it is known by, in the actor's division."""
    own = actor.person.department
    if not name:
        if own is None:
            raise Refused("本用户没有所属单位。请加 --department 单位名称。", code="cli.no_department")
        return own
    rows = Department.objects.filter(until__isnull=True)
    found = list((rows.filter(name=name) | rows.filter(short_name=name) | rows.filter(aliases__name=name)).distinct())
    if len(found) > 1 and own:
        found = [d for d in found if d.division.path.startswith(own.division.path)] or found
    if len(found) != 1:
        raise Refused(f"没有找到名为“{name}”的单位，或不止一个。请写全称。", code="cli.not_found")
    return found[0]


def _assignment(options: argparse.Namespace, actor: Any) -> Assignment:
    task = find_task(options.task, actor)
    department = _department(options.department, actor)
    row = task.assignments.filter(department=department).select_related("task__plan", "department").first()
    if row is None:
        raise Refused(f"“{task.heading}”没有分办给{department.name}。请用 --department 指明单位。", code="cli.not_found")
    return row


def show_task(options: argparse.Namespace) -> None:
    """One task whole."""
    actor = actor_of(options)
    task = find_task(options.task, actor)
    standing = standings([task.pk], clock.today())[task.pk]
    data = as_row(task, standing) | {
        "text": task.text,
        "milestones": [
            {"text": m.text, "kind": m.kind, "due": m.last and m.last.isoformat(), "internal": m.internal,
             "overruled": m.overruled_by_id is not None}
            for m in task.milestones.all()
        ],
        "assignments": [
            {"department": str(a.department), "role": a.role, "state": a.state,
             "received_at": a.received_at, "reported_on": a.reported_on}
            for a in task.assignments.select_related("department")
        ],
        "history": [{"at": e.at, "kind": e.kind, "by": str(e.by or ""), "data": e.data} for e in work.events_of(task)],
    }
    if options.json:
        show_json(data)
        return
    show(f"{task.number} {task.heading}  {LABELS[standing.state]}")
    show(task.text)
    for row in data["assignments"]:
        show(f"  {row['department']}  {Assignment.State(row['state']).label}")


def receive(options: argparse.Namespace) -> None:
    """Sign for a task."""
    actor = actor_of(options)
    row = work.receive(_assignment(options, actor), by=actor, at=clock.now())
    _done(options, row, "已签收。")


def _done(options: argparse.Namespace, row: Assignment, sentence: str) -> None:
    if options.json:
        show_json({"task": str(row.task.uid), "department": str(row.department), "state": row.state})
    else:
        show(sentence)


def report(options: argparse.Namespace) -> None:
    """Report progress with evidence."""
    actor = actor_of(options)
    row = _assignment(options, actor)
    said = work.Report(
        text=options.text, claims_done=options.done, done_on=day_of(options) if options.on else None,
        period=options.period, via="command",
    )
    attachments = [(Path(name).name, Path(name).read_bytes()) for name in options.file]
    work.report(row, said, by=actor, at=clock.now(), attachments=attachments)
    _done(options, row, f"已填报，状态：{row.get_state_display()}。")


def verify(options: argparse.Namespace) -> None:
    """Stand by what was reported."""
    actor = actor_of(options)
    row = work.verify(_assignment(options, actor), by=actor, at=clock.now())
    _done(options, row, "已核实。")


def send_back(options: argparse.Namespace) -> None:
    """Return a report."""
    actor = actor_of(options)
    row = work.send_back(_assignment(options, actor), why=options.why, by=actor, at=clock.now())
    _done(options, row, "已退回。")


def mine(options: argparse.Namespace) -> None:
    """What a department owes: overdue, due, waiting."""
    actor, day = actor_of(options), day_of(options)
    department = _department(options.department, actor)
    owed = Duty.objects.visible_to(actor).of_unit(department.pk)
    data = {
        "department": str(department),
        "overdue": [_duty(duty) for duty in owed.late_on(day).order_by("due")],
        "due": [_duty(duty) for duty in owed.due_within(day, 30).order_by("due")],
        "to_receive": [
            {"task": str(a.task.uid), "title": a.task.heading}
            for a in Assignment.objects.visible_to(actor)
            .filter(department=department, state=Assignment.State.SENT, task__plan__in=Plan.objects.in_force_on(day))
            .select_related("task")
        ],
    }
    if options.json:
        show_json(data)
        return
    for key, title in (("overdue", "逾期"), ("due", "30 日内到期")):
        show(f"{title} {len(data[key])} 项")
        for row in data[key]:
            show(f"  {row['due']}  {row['title']}{'（内部时限）' if row['internal'] else ''}")
    show(f"待签收 {len(data['to_receive'])} 项")


def _duty(duty: Duty) -> dict[str, Any]:
    return {"title": duty.title, "due": duty.due and duty.due.isoformat(), "period": duty.period,
            "internal": duty.internal, "basis": duty.basis}
