"""The words of `soildesk farmland`; handlers are imported only when the command runs."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(commands: Any) -> None:
    """Add the group `farmland`."""
    group = commands.add_parser("farmland", help="农用地类别和受污染耕地").add_subparsers(
        dest="what", required=True, metavar="ACT"
    )
    _classify(group)
    _rate(group)


def _classify(group: Any) -> None:
    text = "按监测结果给出每个评价单元的建议类别和理由；数据不全的单元无法定类，不当作清洁"
    command = _command(group, "classify", "soildesk.cli.farmland:classify", text)
    command.add_argument(
        "--campaign", required=True, metavar="C",
        help="类别划分的编号或名称；或监测任务的编号或名称（按该任务试算，不留存）",
    )  # fmt: skip
    command.add_argument("--ruleset", metavar="R", help="按哪个规则集，如 guide2019（默认类别划分所用的，或第一个）")


def _rate(group: Any) -> None:
    text = "计算受污染耕地安全利用率（自算值），并列出分母的每一块面积"
    command = _command(group, "rate", "soildesk.cli.farmland_rate:rate", text)
    command.add_argument("--year", type=int, required=True, metavar="Y", help="年度，如 2025")
    command.add_argument("--division", metavar="D", help="行政区划代码或名称（默认本单位所在行政区）")
    command.add_argument("--on", metavar="DATE", help="算到哪一天，如 2025-09-30（默认今天）")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler, needs_django=True)
    command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    return command
