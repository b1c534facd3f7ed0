"""`soildesk task …`: the ledger at work."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of, department_named
from soildesk.cli.plans import find, find_task
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.kit.measures import OUTCOME_PARTS
from soildesk.plans.queries import lookup
from soildesk.plans.queries.statuses import KINDS, as_json, statuses
from soildesk.plans.services import work
from soildesk.plans.wording import TASK_STATES
from soilrules.deadlines.tasks import TaskState

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.plans.models import Assignment


def day_of(options: argparse.Namespace, name: str = "on") -> date:
    """The day asked for, or today."""
    said = getattr(options, name)
    if said is None:
        return clock.today()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(f"“{said}”不是日期，应为 2026-11-21 这样的写法。", code="cli.not_a_date") from None


def _word(state: str) -> str:
    return str(TASK_STATES[TaskState(state)][2])


def list_tasks(options: argparse.Namespace) -> None:
    """The ledger, filtered."""
    actor, day = actor_of(options), day_of(options)
    wanted = lookup.LedgerFilter(
        plan=find(options, actor) if options.plan else None,
        department=department_named(options.department, actor) if options.department else None,
        state=TaskState(options.state) if options.state else None,
    )
    found = lookup.ledger_facts(wanted, actor, day)
    if options.json:
        show_json(found)
        return
    body = [[r["id"], r["number"], _word(r["state"]), r["next_due"], r["title"]] for r in found]
    show(table([["编号", "序号", "状态", "下一时限", "任务"], *body], [36, 10, 8, 10]))


def status(options: argparse.Namespace) -> None:
    """Accepted tasks of all plans: what is reported beside what the records say."""
    actor, on, known_on = actor_of(options), day_of(options), day_of(options, "known_on")
    plan = find(options, actor) if options.plan else None
    found = [as_json(one) for one in statuses(actor, on, known_on, plan)]
    if options.json:
        show_json(found)
        return
    body = [
        [r["number"], _word(r["reported"]), KINDS[r["kind"]], str(OUTCOME_PARTS[r["outcome"]][2]), r["as_of"] or "—", r["title"]]
        for r in found
    ]  # fmt: skip
    show(table([["序号", "填报", "核算", "记录显示", "截至", "任务"], *body], [10, 10, 10, 10, 10]))


def _assignment(options: argparse.Namespace, actor: Actor) -> Assignment:
    task = find_task(options.task, actor)
    department = department_named(options.department, actor)
    row = lookup.assignment_of(task, department)
    if row is None:
        raise Refused(
            f"“{task.heading}”没有分办给{department.name}。请用 --department 指明单位。", code="cli.not_found"
        )
    return row


def show_task(options: argparse.Namespace) -> None:
    """One task whole."""
    actor = actor_of(options)
    data = lookup.whole_task(find_task(options.task, actor), actor, clock.today())
    if options.json:
        show_json(data)
        return
    show(f"{data['number']} {data['title']}  {_word(data['state'])}")
    show(data["text"])
    for row in data["assignments"]:
        show(f"  {row['department']}  {row['state_word']}")


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
        text=options.text,
        claims_done=options.done,
        done_on=day_of(options) if options.on else None,
        period=options.period,
        via="command",
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
    data = lookup.owed_by(department_named(options.department, actor), actor, day)
    if options.json:
        show_json(data)
        return
    for key, title in (("overdue", "逾期"), ("due", "30 日内到期")):
        show(f"{title} {len(data[key])} 项")
        for row in data[key]:
            show(f"  {row['due']}  {row['title']}{'（内部时限）' if row['internal'] else ''}")
    show(f"待签收 {len(data['to_receive'])} 项")
