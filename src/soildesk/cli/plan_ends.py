"""`soildesk plan successors|abolish`: a plan gives way to its new edition, or is abolished by a paper."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.plans import find, find_task, summary
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.plans.services import closing, succession
from soildesk.plans.wording import TASK_STATES

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.plans.models import Plan

WORDS = {"": "待确认", succession.CONFIRMED: "是同一项", succession.DENIED: "按新任务"}


def successors(options: argparse.Namespace) -> None:
    """Changed tasks of a new edition and the tasks they may be; confirms or denies those named."""
    actor = actor_of(options)
    plan = find(options, actor)
    found = succession.compared_with(plan)
    if found is None:
        raise Refused(
            f"《{plan.title}》不是另一份方案的新版本，没有可以对照的上一版。请用 soildesk plan list 查看，"
            "或用 soildesk plan import 导入新版本。",
            code="cli.no_edition",
        )
    for named in options.confirm:
        _confirm(plan, named, actor)
    for named in options.no:
        succession.deny(find_task(named, actor), by=actor, at=clock.now())
    if options.confirm_all:
        succession.confirm_all(plan, by=actor, at=clock.now())
    rows = [_facts(each) for each in succession.proposals(plan, actor.today)]
    if options.json:
        show_json(rows)
        return
    body = [[r["id"], WORDS[r["said"]], r["number"], r["title"], r["old_state_word"], r["old_title"]] for r in rows]
    show(table([["新版任务", "对照", "序号", "名称", "上一版状态", "上一版任务"], *body], [36, 8, 8, 24, 10]))
    left = sum(not row["said"] for row in rows)
    show(f"改动的任务 {len(rows)} 项，待确认 {left} 项。" if rows else "没有改动的任务需要确认。")


def _confirm(plan: Plan, named: str, actor: Actor) -> None:
    new, _equals, old = named.partition("=")
    task = find_task(new, actor)
    if old:
        succession.confirm(task, find_task(old, actor), by=actor, at=clock.now())
        return
    proposed = next((each for each in succession.proposals(plan, actor.today) if each.task.pk == task.pk), None)
    if proposed is None or proposed.old is None:
        raise Refused(
            f"没有给“{task.heading}”找到上一版的对应任务，请写明是哪一项：--confirm {new}=上一版任务的编号"
            "（soildesk task list --plan 上一版）。",
            code="cli.no_proposal",
        )
    succession.confirm(task, proposed.old, by=actor, at=clock.now())


def _facts(each: succession.Proposal) -> dict[str, Any]:
    state = each.standing.state if each.standing else None
    return {
        "id": str(each.task.uid),
        "number": each.task.number,
        "title": each.task.heading,
        "said": each.said,
        "old": str(each.old.uid) if each.old else None,
        "old_number": each.old.number if each.old else "",
        "old_title": each.old.heading if each.old else "",
        "old_state": str(state) if state else None,
        "old_state_word": str(TASK_STATES[state][2]) if state else "",
    }


def abolish(options: argparse.Namespace) -> None:
    """End a plan by the paper that abolishes it."""
    actor = actor_of(options)
    plan = find(options, actor)
    paper = Path(options.paper)
    if not paper.is_file():
        raise Refused(
            f"找不到废止文件“{options.paper}”。请写明文件的路径，如 --paper 废止通知.pdf。", code="cli.no_file"
        )
    said = closing.Abolition(options.number, _day(options.on, actor), options.why, (paper.name, paper.read_bytes()))
    waiting = len(closing.open_tasks(plan, clock.now()))
    closing.abolish(plan, said, by=actor, at=clock.now())
    if options.json:
        show_json(summary(plan) | {"ended": waiting})
        return
    show(
        f"已登记废止《{plan.title}》（{said.number}，自 {said.on} 起），转为历史；没有办结的 {waiting} 项任务就此终止。"
    )


def _day(said: str | None, actor: Actor) -> date:
    if said is None:
        return actor.today
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(
            f"--on 后的“{said}”不是日期，应为 2026-11-21 这样的写法。请改正后再登记。", code="cli.not_a_date"
        ) from None
