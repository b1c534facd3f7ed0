"""`soildesk plan …`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from soildesk.cli import Refused, show, show_json
from soildesk.cli.text_tables import table

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.plans.models import Plan, PlanTask

Named = TypeVar("Named")


def read(options: argparse.Namespace) -> None:
    """Print the ledger read from a file; nothing is kept."""
    from soildesk.plans.services.drafts import read_file
    from soilrules.plantext.ledger import as_json

    path = Path(options.file)
    draft = read_file(path.read_bytes(), path.name, year=options.year)
    ledger = as_json(draft)
    if draft.holds_nothing:
        raise Refused("没有读出任务。" + "".join(_remarks(draft.notes)), code="plans.no_tasks", data=ledger)
    if options.json:
        show_json(ledger)
    else:
        show("\n".join([_ledger_text(ledger), *_remarks(draft.notes)]))


def _remarks(notes: Iterable[Any]) -> list[str]:
    """What the reader remarks on the whole document: of a draft or of a plan taken in."""
    from soilrules.messages import sentence

    return [sentence("plantext", "notes", note.kind, note.params) for note in notes]


def _ledger_text(ledger: dict[str, Any]) -> str:
    head = [
        f"《{ledger['title'] or '（无标题）'}》",
        f"{ledger['doc_number'] or ''}  {ledger['issued_on'] or ''}".strip(),
    ]
    rows: list[list[object]] = [["序号", "任务", "完成时限", "牵头", "配合", "责任"]]
    for task in ledger["tasks"]:
        units = ["、".join(task[role]) for role in ("lead", "support", "responsible")]
        rows.append([task["number"], task["title"] or task["text_starts"], task["deadline_text"] or "", *units])
    tail = f"任务 {len(ledger['tasks'])} 项，指标 {len(ledger['indicators'])} 项，不一致 {len(ledger['conflicts'])} 处"
    return "\n".join([*head, table(rows, [10, 40, 18, 28, 28, 28]), tail, *_unassigned_lines(ledger["unassigned"])])


def _unassigned_lines(clauses: list[dict[str, Any]]) -> list[str]:
    if not clauses:
        return []
    head = f"没有写明单位、未列为任务的条款 {len(clauses)} 段："
    return [head, *(f"  第 {c['line']} 行  {c['number'] or ''} {c['title'] or c['text'][:30]}" for c in clauses)]


def find(options: argparse.Namespace, actor: Actor) -> Plan:
    """The plan named on the command line: its id, the end of it, or its document number."""
    from soildesk.plans.queries.lookup import plans_named

    return _only(plans_named(options.plan, actor), options.plan, "方案", "soildesk plan list")


def find_task(wanted: str, actor: Actor) -> PlanTask:
    """A task by its id or the end of it."""
    from soildesk.plans.queries.lookup import tasks_named

    return _only(tasks_named(wanted, actor), wanted, "任务", "soildesk task list")


def _only(found: list[Named], wanted: str, what: str, command: str) -> Named:
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"“{wanted}”对应多个{what}，请写全编号（{command}）。", code="cli.ambiguous")
    raise Refused(f"没有找到{what}“{wanted}”，或无权查看。请用 {command} 查看编号。", code="cli.not_found")


def import_file(options: argparse.Namespace) -> None:
    """Take a plan in; it is then under review."""
    from soildesk.cli.actors import actor_of, place_of
    from soildesk.core import clock
    from soildesk.plans.services.uploads import Upload, take_in

    actor = actor_of(options)
    path = Path(options.file)
    upload = Upload(path.read_bytes(), path.name, options.year)
    plan = take_in(upload, place_of(actor, options.division), by=actor, at=clock.now(), as_edition=options.as_edition)
    if options.json:
        show_json(summary(plan))
        return
    show(f"已导入《{plan.title}》，编号 {plan.uid}，任务 {plan.tasks.count()} 项，待审核。")
    left = plan.unassigned.filter(decision="").count()
    for sentence in [
        *([f"没有写明单位的条款 {left} 段，请决定是否列为任务（soildesk plan clauses）。"] if left else []),
        *_remarks(plan.notes.all()),
    ]:
        show(sentence)
    if plan.edition_of:
        show(
            f"这是《{plan.edition_of.title}》（{plan.edition_of.doc_number or clock.local_day(plan.edition_of.imported_at)}）的新版本。"
        )
        told = plan.reading["carried"]
        show(
            f"与上一版相同的已沿用：任务 {told['tasks']} 项、不一致 {told['conflicts']} 处、"
            f"无单位条款 {told['clauses']} 段、核算办法 {told['bindings']} 个。其余请审核，"
            "改动的任务请先用 soildesk plan successors 说明是不是同一项。"
        )


def summary(plan: Plan) -> dict[str, Any]:
    """A plan as the commands print it."""
    from soildesk.core import clock
    from soildesk.plans.queries.lookup import plan_facts

    return plan_facts(plan, clock.today())


def list_plans(options: argparse.Namespace) -> None:
    """Plans the actor may read."""
    from soildesk.cli.actors import actor_of
    from soildesk.plans.queries.lookup import visible_plans

    rows = [summary(plan) for plan in visible_plans(actor_of(options))]
    if options.json:
        show_json(rows)
        return
    body = [[r["id"], r["phase"].label, r["year"], r["tasks"], r["doc_number"], r["title"]] for r in rows]
    show(table([["编号", "状态", "年度", "任务", "文号", "名称"], *body], [36, 16, 4, 4, 24]))


def show_plan(options: argparse.Namespace) -> None:
    """What a plan is and what it still asks."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.queries.lookup import plan_state

    data = plan_state(find(options, actor_of(options)), clock.today())
    if options.json:
        show_json(data)
        return
    asked = data["open"]
    show(f"《{data['title']}》 {data['phase'].label}")
    show(
        f"任务 {data['tasks']} 项，已采纳 {data['accepted']} 项；待审核 {asked['tasks']} 项，"
        f"不一致 {asked['conflicts']} 处，单位待确认 {len(asked['units'])} 个，无单位条款待决定 {asked['clauses']} 段"
    )


def accept(options: argparse.Namespace) -> None:
    """Accept tasks: those named, the confident ones, or all."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import review

    actor = actor_of(options)
    plan = find(options, actor)
    if options.task:
        for wanted in options.task:
            review.accept(find_task(wanted, actor), by=actor, at=clock.now())
        count = len(options.task)
    else:
        count = review.accept_confident(plan, by=actor, at=clock.now(), everything=options.all)
    _done(options, {"accepted": count}, f"已采纳 {count} 项任务。")


def _done(options: argparse.Namespace, data: dict[str, Any], sentence: str) -> None:
    if options.json:
        show_json(data)
    else:
        show(sentence)


def reject(options: argparse.Namespace) -> None:
    """Leave one task out."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import review

    actor = actor_of(options)
    task = review.reject(find_task(options.task, actor), why=options.why, by=actor, at=clock.now())
    _done(options, {"id": str(task.uid), "status": task.status}, f"已不采纳“{task.heading}”。")


def correct(options: argparse.Namespace) -> None:
    """Change fields of a task under review."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import review

    actor = actor_of(options)
    task = find_task(options.task, actor)
    wanted = review.Correction(
        number=options.number,
        title=options.title,
        text=options.text,
        deadline_text=options.deadline,
        units=_units(task, options),
    )
    review.correct(task, wanted, by=actor, at=clock.now())
    _done(
        options,
        {"id": str(task.uid), "number": task.number, "title": task.title, "deadline_text": task.deadline_text},
        f"已改正“{task.heading}”。",
    )


def _units(task: Any, options: argparse.Namespace) -> list[tuple[str, Any]] | None:
    from soilrules.plantext.draft import Role

    given = {role: getattr(options, role.value) for role in Role}
    if all(value is None for value in given.values()):
        return None
    units = []
    for role, value in given.items():
        names = (
            [unit.name for unit in task.units.all() if unit.role == role]
            if value is None
            else re.split("[、，,]", value)
        )
        units += [(name.strip(), role) for name in names if name.strip()]
    return units


def split(options: argparse.Namespace) -> None:
    """Cut a task before the given words."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import review

    actor = actor_of(options)
    task = find_task(options.task, actor)
    offsets = []
    for words in options.before:
        if words not in task.text:
            raise Refused(f"任务文字中没有“{words}”。请照原文写出拆分处之后的几个字。", code="plans.wrong_value")
        offsets.append(task.text.index(words))
    parts = review.split(task, offsets, by=actor, at=clock.now())
    _done(options, {"parts": [str(part.uid) for part in parts]}, f"已拆分为 {len(parts)} 项。")


def merge(options: argparse.Namespace) -> None:
    """Put tasks into one."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import review

    actor = actor_of(options)
    into = find_task(options.into, actor)
    review.merge([find_task(wanted, actor) for wanted in options.tasks], into, by=actor, at=clock.now())
    _done(options, {"id": str(into.uid)}, f"已并入“{into.heading}”。")


def conflicts(options: argparse.Namespace) -> None:
    """Where the plan disagrees with itself."""
    from soildesk.cli.actors import actor_of
    from soildesk.plans.services.settling import choices
    from soilrules.messages import sentence

    plan = find(options, actor_of(options))
    rows = [
        {
            "conflict": row.position,
            "kind": row.kind,
            "sides": [side["text"] for side in row.sides],
            "choices": choices(row),
            "choice": row.choice or None,
            "ground": row.ground or None,
        }
        for row in plan.conflicts.all()
    ]
    if options.json:
        show_json(rows)
        return
    for row in rows:
        state = (
            f"已裁定 {row['choice']}：{row['ground']}" if row["choice"] else "未裁定，可选 " + "、".join(row["choices"])
        )
        show(
            f"{row['conflict']}  {sentence('plantext', 'conflicts', row['kind'])}  {' ↔ '.join(row['sides'])}  {state}"
        )


def settle(options: argparse.Namespace) -> None:
    """Choose which side wins."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.queries.lookup import conflict_at
    from soildesk.plans.services.settling import settle as settle_conflict

    actor = actor_of(options)
    row = conflict_at(find(options, actor), options.conflict)
    if row is None:
        raise Refused(
            f"方案中没有第 {options.conflict} 处不一致。请用 soildesk plan conflicts 查看。", code="cli.not_found"
        )
    settle_conflict(row, options.choose, options.ground, by=actor, at=clock.now())
    _done(options, {"conflict": row.position, "choice": row.choice}, "已裁定。")


def clauses(options: argparse.Namespace) -> None:
    """The clauses without a unit; takes up or leaves those named."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.queries.lookup import clause_facts
    from soildesk.plans.services import clauses as deciding

    actor = actor_of(options)
    plan = find(options, actor)
    rows = {row.position: row for row in plan.unassigned.select_related("plan", "task")}
    for position in (*options.take, *options.leave):
        if position not in rows:
            raise Refused(
                f"方案中没有第 {position} 段无单位条款。请用 soildesk plan clauses 查看。", code="cli.not_found"
            )
    for position in options.take:
        deciding.take_up(rows[position], by=actor, at=clock.now())
    if options.leave:
        deciding.leave(plan, actor, clock.now(), [rows[position] for position in options.leave])
    if options.leave_rest:
        deciding.leave(plan, actor, clock.now())
    found = clause_facts(plan)
    if options.json:
        show_json(found)
        return
    body = [[one["clause"], one["line"], one["number"], one["decision_word"], one["title"]] for one in found]
    show(table([["序次", "行", "序号", "决定", "条款"], *body], [4, 4, 8, 10]))


def publish(options: argparse.Namespace) -> None:
    """Make the ledger live."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.queries.lookup import plan_state
    from soildesk.plans.services import publishing

    actor = actor_of(options)
    plan = find(options, actor)
    asked = plan_state(plan, clock.today())["open"]
    publishing.publish(plan, by=actor, at=clock.now(), as_history=options.as_history)
    undecided = [
        *([f"没有对应的单位 {len(asked['units'])} 个（收不到任务）"] if asked["units"] else []),
        *([f"不一致 {asked['conflicts']} 处（按较早的日期提醒）"] if asked["conflicts"] else []),
        *([f"没有写明单位的条款 {asked['clauses']} 段（不分办、不提醒）"] if asked["clauses"] else []),
    ]
    told = f"发布时还没有定的：{'；'.join(undecided)}。" if undecided else ""
    _done(options, summary(plan), f"已发布《{plan.title}》。{told}")


def export(options: argparse.Namespace) -> None:
    """Write the 任务分工明细表 to a file."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans import exports
    from soildesk.plans.queries.export import ledger_of

    plan = find(options, actor_of(options))
    write = {"xlsx": exports.ledger_xlsx, "docx": exports.ledger_docx, "json": exports.ledger_json}[options.format]
    data = write(ledger_of(plan, clock.today()))
    Path(options.out).write_bytes(data)
    _done(options, {"out": options.out, "bytes": len(data)}, f"已写出 {options.out}。")


def import_ledger(options: argparse.Namespace) -> None:
    """Take last year's Excel ledger in as a plan under review; with --preview only say what would happen."""
    from soildesk.cli.actors import actor_of, place_of
    from soildesk.core import clock
    from soildesk.plans.services import old_ledgers

    actor = actor_of(options)
    place = place_of(actor, options.division)
    path = Path(options.file)
    data = path.read_bytes()
    reading = old_ledgers.read(data, path.name, year=options.year, title=options.title)
    if options.json and options.preview:
        show_json(reading.as_json())
        return
    if not options.json:
        show(table([["行", "结论", "说明", "任务"], *reading.lines()], [5, 8, 40]))
    if options.preview:
        return
    plan = old_ledgers.take_in(reading, place, by=actor, at=clock.now(), skip_refused=options.skip_refused)
    _done(options, summary(plan), f"已导入《{plan.title}》，编号 {plan.uid}，任务 {plan.tasks.count()} 项。")
