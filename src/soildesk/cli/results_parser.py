"""The words of `soildesk results …`; handlers are imported only when a command runs."""

from __future__ import annotations

import argparse
from typing import Any

KINDS = "csv、xlsx、xls、parquet，长表或宽表"


def add_to(commands: Any) -> None:
    """Add the group `results`."""
    group = commands.add_parser("results", help="检测结果：报送前检查").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    text = "检查一份检测结果文件，不写入任何内容；有错误时退出码为 1，读不了时为 2"
    check = _command(group, "check", "soildesk.cli.results:check_file", text)
    check.add_argument("file", metavar="FILE", help=KINDS)
    check.add_argument("--on", metavar="YYYY-MM-DD", help="晚于这一天的日期算错误（默认今天）")
    check.add_argument("--samples", metavar="LIST.txt", help="采样任务的样品编号，一行一个；不在其中的算错误")
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    text = "写出交换格式的 Excel 模板"
    template = _command(group, "template", "soildesk.cli.results:write_template", text)
    template.add_argument("out", metavar="OUT.xlsx")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler, needs_django=False)
    return command
