"""`soildesk plan …`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.text_tables import table


def read(options: argparse.Namespace) -> None:
    """Print the ledger read from a file; nothing is kept."""
    from soildesk.plans.services.drafts import read_file
    from soilrules.plantext.ledger import as_json

    path = Path(options.file)
    draft = read_file(path.read_bytes(), path.name, year=options.year)
    ledger = as_json(draft)
    if not draft.tasks:
        raise Refused(_why_no_tasks(draft), code="plans.no_tasks", data=ledger)
    if options.json:
        show_json(ledger)
    else:
        show(_ledger_text(ledger))


def _why_no_tasks(draft: Any) -> str:
    from soilrules.plantext.reasons import sentence

    return "没有读出任务。" + "".join(sentence("notes", note.kind, note.params) for note in draft.notes)


def _ledger_text(ledger: dict[str, Any]) -> str:
    head = [f"《{ledger['title'] or '（无标题）'}》", f"{ledger['doc_number'] or ''}  {ledger['issued_on'] or ''}".strip()]
    rows: list[list[object]] = [["序号", "任务", "完成时限", "牵头", "配合", "责任"]]
    for task in ledger["tasks"]:
        units = ["、".join(task[role]) for role in ("lead", "support", "responsible")]
        rows.append([task["number"], task["title"] or task["text_starts"], task["deadline_text"] or "", *units])
    tail = f"任务 {len(ledger['tasks'])} 项，指标 {len(ledger['indicators'])} 项，不一致 {len(ledger['conflicts'])} 处"
    return "\n".join([*head, table(rows, [10, 40, 18, 28, 28, 28]), tail])


def find(options: argparse.Namespace, actor: Any, key: str = "plan") -> Any:
    """The plan named on the command line: its id, the end of it (4 characters or more), or its document number."""
    from soildesk.plans.folding import fold_title
    from soildesk.plans.models import Plan

    wanted = getattr(options, key)
    plans = list(Plan.objects.visible_to(actor))
    exact = [plan for plan in plans if str(plan.uid) == wanted]
    loose = [
        plan for plan in plans
        if (len(wanted) >= 4 and str(plan.uid).endswith(wanted)) or fold_title(plan.doc_number) == fold_title(wanted)
    ]
    return _only(exact or loose, wanted, "方案", "soildesk plan list")


def find_task(wanted: str, actor: Any) -> Any:
    """A task by its id or the end of it."""
    from soildesk.plans.models import PlanTask

    if not re.fullmatch(r"[0-9a-f-]{4,36}", wanted):
        raise Refused(f"“{wanted}”不是任务编号。请用 soildesk task list 查看编号。", code="cli.not_found")
    rows = PlanTask.objects.visible_to(actor).select_related("plan__division")
    if len(wanted) == 36:
        return _only(list(rows.filter(uid=wanted)[:2]), wanted, "任务", "soildesk task list")
    tail = wanted.replace("-", "")
    uids = [uid for uid in rows.values_list("uid", flat=True).iterator() if uid.hex.endswith(tail)]
    return _only(list(rows.filter(uid__in=uids[:2])), wanted, "任务", "soildesk task list")


def _only(found: list[Any], wanted: str, what: str, command: str) -> Any:
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"“{wanted}”对应多个{what}，请写全编号（{command}）。", code="cli.ambiguous")
    raise Refused(f"没有找到{what}“{wanted}”，或无权查看。请用 {command} 查看编号。", code="cli.not_found")


def import_file(options: argparse.Namespace) -> None:
    """Take a plan in; it is then under review."""
    from soildesk.cli.actors import actor_of, home_of
    from soildesk.core import clock
    from soildesk.plans.services.intake import Place
    from soildesk.plans.services.uploads import Upload, take_in

    actor = actor_of(options)
    path = Path(options.file)
    upload = Upload(path.read_bytes(), path.name, options.year)
    place = Place(*home_of(actor, options.division))
    plan = take_in(upload, place, by=actor, at=clock.now(), as_edition=options.as_edition)
    if options.json:
        show_json(summary(plan))
        return
    show(f"已导入《{plan.title}》，编号 {plan.uid}，任务 {plan.tasks.count()} 项，待审核。")
    if plan.edition_of:
        show(f"这是《{plan.edition_of.title}》（{plan.edition_of.doc_number or plan.edition_of.imported_at.date()}）的新版本。")


def summary(plan: Any) -> dict[str, Any]:
    """A plan as the commands print it."""
    from soildesk.core import clock
    from soildesk.plans.models import PlanTask

    tasks = plan.tasks.exclude(status__in=[PlanTask.Status.MERGED, PlanTask.Status.SPLIT])
    return {
        "id": str(plan.uid),
        "title": plan.title,
        "doc_number": plan.doc_number or None,
        "issuer": plan.issuer or None,
        "issued_on": plan.issued_on and plan.issued_on.isoformat(),
        "region": plan.region or None,
        "division": plan.division.code,
        "year": plan.year,
        "period": [day and day.isoformat() for day in (plan.period_start, plan.period_end)],
        "stage": plan.stage,
        "phase": plan.phase(clock.today()),
        "tasks": tasks.count(),
        "accepted": tasks.filter(status=PlanTask.Status.ACCEPTED).count(),
        "edition_of": str(plan.edition_of.uid) if plan.edition_of else None,
    }


def list_plans(options: argparse.Namespace) -> None:
    """Plans the actor may read."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.models import Plan

    plans = Plan.objects.visible_to(actor_of(options)).select_related("division", "edition_of")
    rows = [summary(plan) for plan in plans]
    if options.json:
        show_json(rows)
        return
    day = clock.today()
    phases = {str(plan.uid): plan.phase(day).label for plan in plans}
    head = [["编号", "状态", "年度", "任务", "文号", "名称"]]
    body = [[r["id"], phases[r["id"]], r["year"], r["tasks"], r["doc_number"], r["title"]] for r in rows]
    show(table([*head, *body], [36, 16, 4, 4, 24]))


def show_plan(options: argparse.Namespace) -> None:
    """What a plan is and what it still asks."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.models import PlanTask
    from soildesk.plans.queries.reading import questions
    from soildesk.plans.queries.states import state_counts

    plan = find(options, actor_of(options))
    asked = questions(plan)
    states = state_counts(plan.tasks.filter(status=PlanTask.Status.ACCEPTED), clock.today())
    data = summary(plan) | {
        "states": {str(state): count for state, count in states.items() if count},
        "open": {"tasks": asked["tasks"], "conflicts": asked["conflicts"], "units": [u["name"] for u in asked["units"]]},
    }
    if options.json:
        show_json(data)
        return
    show(f"《{plan.title}》 {plan.phase(clock.today()).label}")
    show(f"任务 {data['tasks']} 项，已采纳 {data['accepted']} 项；待审核 {asked['tasks']} 项，"
         f"不一致 {asked['conflicts']} 处，单位待确认 {len(asked['units'])} 个")


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
        number=options.number, title=options.title, text=options.text, deadline_text=options.deadline,
        units=_units(task, options),
    )
    review.correct(task, wanted, by=actor, at=clock.now())
    _done(options, {"id": str(task.uid), "number": task.number, "title": task.title, "deadline_text": task.deadline_text},
          f"已改正“{task.heading}”。")


def _units(task: Any, options: argparse.Namespace) -> list[tuple[str, Any]] | None:
    from soilrules.plantext.draft import Role

    given = {role: getattr(options, role.value) for role in Role}
    if all(value is None for value in given.values()):
        return None
    units = []
    for role, value in given.items():
        names = [unit.name for unit in task.units.all() if unit.role == role] if value is None else re.split("[、，,]", value)
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
    from soilrules.plantext.reasons import sentence

    from soildesk.cli.actors import actor_of
    from soildesk.plans.services.settling import choices

    plan = find(options, actor_of(options))
    rows = [
        {"conflict": row.position, "kind": row.kind, "sides": [side["text"] for side in row.sides],
         "choices": choices(row), "choice": row.choice or None, "ground": row.ground or None}
        for row in plan.conflicts.all()
    ]
    if options.json:
        show_json(rows)
        return
    for row in rows:
        state = f"已裁定 {row['choice']}：{row['ground']}" if row["choice"] else "未裁定，可选 " + "、".join(row["choices"])
        show(f"{row['conflict']}  {sentence('conflicts', row['kind'])}  {' ↔ '.join(row['sides'])}  {state}")


def settle(options: argparse.Namespace) -> None:
    """Choose which side wins."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services.settling import settle as settle_conflict

    actor = actor_of(options)
    plan = find(options, actor)
    row = plan.conflicts.filter(position=options.conflict).first()
    if row is None:
        raise Refused(f"方案中没有第 {options.conflict} 处不一致。请用 soildesk plan conflicts 查看。", code="cli.not_found")
    settle_conflict(row, options.choose, options.ground, by=actor, at=clock.now())
    _done(options, {"conflict": row.position, "choice": row.choice}, "已裁定。")


def publish(options: argparse.Namespace) -> None:
    """Make the ledger live."""
    from soildesk.cli.actors import actor_of
    from soildesk.core import clock
    from soildesk.plans.services import publishing

    actor = actor_of(options)
    plan = find(options, actor)
    publishing.publish(plan, by=actor, at=clock.now(), as_history=options.as_history)
    _done(options, summary(plan), f"已发布《{plan.title}》。")


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
    from soildesk.cli.actors import actor_of, home_of
    from soildesk.core import clock
    from soildesk.plans.services import old_ledgers
    from soildesk.plans.services.intake import Place

    actor = actor_of(options)
    division, department = home_of(actor, options.division)
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
    plan = old_ledgers.take_in(
        reading, Place(division, department), by=actor, at=clock.now(), skip_refused=options.skip_refused
    )
    _done(options, summary(plan), f"已导入《{plan.title}》，编号 {plan.uid}，任务 {plan.tasks.count()} 项。")
