"""The words of `soildesk plan …` and `soildesk task …`; handlers are imported only when a command runs."""

from __future__ import annotations

import argparse
from typing import Any

PLANS = "soildesk.cli.plans"
ENDS = "soildesk.cli.plan_ends"
TASKS = "soildesk.cli.tasks"


def add_to(commands: Any) -> None:
    """Add the groups `plan` and `task`."""
    plan = commands.add_parser("plan", help="方案：读取、导入、审核、发布、导出").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    _reading(plan)
    _reviewing(plan)
    _moving(plan)
    task = commands.add_parser("task", aliases=["tasks"], help="任务：台账、填报、核实、核算").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    _working(task)


def _command(group: Any, name: str, handler: str, text: str, *, django: bool = True) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler, needs_django=django)
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    if django:
        command.add_argument("--as", dest="user", metavar="USER", help="以此用户办理（或设 SOILDESK_USER）")
    return command


def _reading(plan: Any) -> None:
    read = _command(plan, "read", f"{PLANS}:read", "读出方案中的台账，不保存", django=False)
    read.add_argument("file")
    read.add_argument("--year", type=int, help="方案年度（文中未写明时）")
    take = _command(plan, "import", f"{PLANS}:import_file", "导入方案，进入审核")
    take.add_argument("file")
    take.add_argument("--year", type=int)
    take.add_argument("--as-edition", action="store_true", help="同一文本作为新版本导入")
    take.add_argument("--division", metavar="CODE", help="行政区划代码（默认：本人的区划）")
    _command(plan, "list", f"{PLANS}:list_plans", "列出可见的方案")
    show = _command(plan, "show", f"{PLANS}:show_plan", "一份方案的概况：状态、时限、不一致、待确认")
    show.add_argument("plan")


def _reviewing(plan: Any) -> None:
    accept = _command(plan, "accept", f"{PLANS}:accept", "采纳任务：把握高的，或全部，或指定的")
    accept.add_argument("plan")
    accept.add_argument("--task", action="append", default=[], metavar="UID")
    accept.add_argument("--all", action="store_true", help="采纳全部待审核任务")
    reject = _command(plan, "reject", f"{PLANS}:reject", "不采纳一项任务")
    reject.add_argument("task")
    reject.add_argument("--why", required=True)
    correct = _command(plan, "correct", f"{PLANS}:correct", "改正一项任务")
    correct.add_argument("task")
    for name in ("number", "title", "text", "deadline"):
        correct.add_argument(f"--{name}")
    for role in ("lead", "support", "responsible"):
        correct.add_argument(f"--{role}", help="单位，以“、”分隔；空串清除")
    split = _command(plan, "split", f"{PLANS}:split", "在给定的字之前拆分任务")
    split.add_argument("task")
    split.add_argument("--before", action="append", required=True, metavar="WORDS")
    merge = _command(plan, "merge", f"{PLANS}:merge", "把任务并入另一项")
    merge.add_argument("into")
    merge.add_argument("tasks", nargs="+")
    conflicts = _command(plan, "conflicts", f"{PLANS}:conflicts", "方案内的不一致")
    conflicts.add_argument("plan")
    settle = _command(plan, "settle", f"{PLANS}:settle", "裁定一处不一致")
    settle.add_argument("plan")
    settle.add_argument("conflict", type=int)
    settle.add_argument("--choose", required=True, help="0、1、both、keep、drop 或 noted")
    settle.add_argument("--ground", required=True)
    clauses = _command(plan, "clauses", f"{PLANS}:clauses", "没有写明单位的条款：列出，列为任务，或不列为任务")
    clauses.add_argument("plan")
    clauses.add_argument("--take", type=int, action="append", default=[], metavar="N", help="列为任务（序次从 0 起）")
    clauses.add_argument("--leave", type=int, action="append", default=[], metavar="N", help="不列为任务")
    clauses.add_argument("--leave-rest", action="store_true", help="其余都不列为任务")
    same = _command(plan, "successors", f"{ENDS}:successors", "新版中改动的任务是不是上一版的同一项：列出，确认，否认")
    same.add_argument("plan")
    same.add_argument("--confirm", action="append", default=[], metavar="NEW[=OLD]", help="是同一项，沿用并采纳")
    same.add_argument("--no", action="append", default=[], metavar="NEW", help="不是同一项，按新任务办理")
    same.add_argument("--confirm-all", action="store_true", help="其余待确认的都是同一项")
    publish = _command(plan, "publish", f"{PLANS}:publish", "发布方案")
    publish.add_argument("plan")
    publish.add_argument("--as-history", action="store_true", help="只作为历史资料")


def _moving(plan: Any) -> None:
    end = _command(plan, "abolish", f"{ENDS}:abolish", "登记废止：文号、日期和废止文件；没有办结的任务就此终止")
    end.add_argument("plan")
    end.add_argument("--number", required=True, help="废止文件的文号")
    end.add_argument("--on", metavar="YYYY-MM-DD", help="自哪一天起废止（默认今天）")
    end.add_argument("--why", required=True, help="废止的理由")
    end.add_argument("--paper", required=True, metavar="FILE", help="废止文件（PDF、Word 等）")
    export = _command(plan, "export", f"{PLANS}:export", "导出任务分工明细表")
    export.add_argument("plan")
    export.add_argument("--format", choices=["xlsx", "docx", "json"], required=True)
    export.add_argument("--out", required=True)
    ledger = _command(plan, "import-ledger", f"{PLANS}:import_ledger", "导入旧的任务台账（Excel）")
    ledger.add_argument("file")
    ledger.add_argument("--title")
    ledger.add_argument("--year", type=int, help="台账年度（表题未写明时）")
    ledger.add_argument("--division", metavar="CODE")
    ledger.add_argument("--preview", action="store_true", help="只看每一行的结论，不导入")
    ledger.add_argument("--skip-refused", action="store_true", help="略过不能导入的行")


def _working(task: Any) -> None:
    listing = _command(task, "list", f"{TASKS}:list_tasks", "台账：按方案、单位、状态、时限筛选")
    listing.add_argument("--plan")
    listing.add_argument("--department", metavar="NAME")
    listing.add_argument(
        "--state", choices=["not_started", "under_way", "done", "overdue", "standing", "pending", "unknown"]
    )
    listing.add_argument("--on", metavar="YYYY-MM-DD", help="截至哪一天")
    show = _command(task, "show", f"{TASKS}:show_task", "一项任务：依据、单位、时限、进展、历史")
    show.add_argument("task")
    for name, text in (("receive", "签收"), ("verify", "核实")):
        command = _command(task, name, f"{TASKS}:{name}", text)
        command.add_argument("task")
        command.add_argument("--department", metavar="NAME")
    report = _command(task, "report", f"{TASKS}:report", "填报进展")
    report.add_argument("task")
    report.add_argument("--department", metavar="NAME")
    report.add_argument("--text", required=True)
    report.add_argument("--done", action="store_true", help="已办结")
    report.add_argument("--on", metavar="YYYY-MM-DD", help="完成日期")
    report.add_argument("--period", default="", help="节点或期次，如 m0、m3/2026（每年的节点）、2026Q4")
    report.add_argument("--file", action="append", default=[], help="佐证材料")
    back = _command(task, "return", f"{TASKS}:send_back", "退回填报")
    back.add_argument("task")
    back.add_argument("--department", metavar="NAME")
    back.add_argument("--why", required=True)
    status = _command(task, "status", f"{TASKS}:status", "各方案已采纳的任务：填报的、记录核算的，以及依据的记录")
    status.add_argument("--plan", help="只列一个方案（编号或文号）")
    status.add_argument("--on", metavar="YYYY-MM-DD", help="截至哪一天（默认今天）")
    status.add_argument("--known-on", metavar="YYYY-MM-DD", help="按哪一天已知的记录（默认今天）")
    own = _command(task, "mine", f"{TASKS}:mine", "我的单位：到期、逾期、待办")
    own.add_argument("--department", metavar="NAME")
    own.add_argument("--on", metavar="YYYY-MM-DD")
