"""The words of `soildesk results …`; handlers are imported only when a command runs."""

from __future__ import annotations

import argparse
from typing import Any

KINDS = "csv、xlsx、xls、docx、parquet，长表或宽表"


def add_to(commands: Any) -> None:
    """Add the group `results`."""
    group = commands.add_parser("results", help="检测结果：报送前检查、导入").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    text = "检查一份检测结果文件，不写入任何内容；有错误或不是结果表时退出码为 1，没有这个文件时为 2"
    check = _command(group, "check", "soildesk.cli.results:check_file", text)
    check.add_argument("file", metavar="FILE", help=KINDS)
    check.add_argument("--on", metavar="YYYY-MM-DD", help="晚于这一天的日期算错误（默认今天）")
    check.add_argument("--samples", metavar="LIST.txt", help="采样任务的样品编号，一行一个；不在其中的算错误")
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    text = "写出交换格式的 Excel 模板"
    template = _command(group, "template", "soildesk.cli.results:write_template", text)
    template.add_argument("out", metavar="OUT.xlsx")
    _import(group)
    _judge(group)


def _judge(group: Any) -> None:
    text = "评价一个监测任务的结果并生成预警；尚未接收的批次只试判，不保存；带 --on 时全部按那一天试判，不保存"
    command = _command(group, "judge", "soildesk.cli.results_judge:judge_results", text)
    command.set_defaults(needs_django=True)
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--campaign", metavar="C", help="监测任务编号")
    which.add_argument(
        "--stale", action="store_true", help="重新评价所有过时的任务：限值表、点位用途、采样记录或结果在评价后变了"
    )
    command.add_argument("--on", default="", metavar="YYYY-MM-DD", help="按哪一天的标准试判")
    command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")


def _import(group: Any) -> None:
    text = "把检测机构的文件读入一个监测任务的批次并检查，全部或全不；有错误时退出码为 1"
    command = _command(group, "import", "soildesk.cli.results_import:import_file", text)
    command.set_defaults(needs_django=True)
    command.add_argument("file", metavar="FILE", help=KINDS)
    command.add_argument("--campaign", required=True, metavar="C", help="监测任务编号")
    command.add_argument("--report", default="", metavar="PDF", help="盖章的检测报告，与数据绑定")
    command.add_argument("--report-number", default="", metavar="NO", help="报告编号")
    command.add_argument("--reported-on", default="", metavar="YYYY-MM-DD", help="报告日期")
    command.add_argument("--laboratory", default="", metavar="NAME", help="检测机构")
    command.add_argument("--cma", default="", metavar="NO", help="CMA 编号")
    command.add_argument("--secrets", action="store_true", help="文件含有涉密内容（会被拒收）；不加即确认不含")
    command.add_argument("--accept", action="store_true", help="没有错误就接收")
    command.add_argument("--reason", default="", metavar="TEXT", help="带标记接收的理由（没有报告、质控不合格时必写）")
    command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler, needs_django=False)
    return command
