"""The words of `soildesk evaluate …` and `soildesk standards …`; handlers are imported only when a command runs."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(commands: Any) -> None:
    """Add `evaluate` and the group `standards`."""
    _evaluate(commands)
    group = commands.add_parser("standards", help="标准：列出、查限值").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    listing = _command(group, "list", "soildesk.cli.standards:list_standards", "列出收录的标准和各自的施行日期")
    listing.add_argument("--on", metavar="YYYY-MM-DD", help="只列这一天施行的")
    show = _command(group, "show", "soildesk.cli.standards:show_standard", "一个标准的限值")
    show.add_argument("code", metavar="CODE", help="如 gb36600-2018、GB 15618-2018、gb2762")
    show.add_argument("--analyte", metavar="A", help="只看一个项目：名称、符号或 CAS 号")
    show.add_argument("--on", metavar="YYYY-MM-DD", help="名称未写年号时，取这一天施行的版本（默认今天）")


def _evaluate(commands: Any) -> None:
    command = _command(commands, "evaluate", "soildesk.cli.evaluate:evaluate", "按标准评价一份检测结果表")
    command.add_argument("file", metavar="FILE", help="csv、xlsx、xls、parquet，长表或宽表")
    command.add_argument("--standard", default="", metavar="S", help="标准，如 gb36600-2018；优先于表中所写")
    command.add_argument("--land-class", default="", metavar="1|2", help="建设用地类别")
    command.add_argument("--land", default="", metavar="L", help="农用地：水田、水浇地、旱地、果园、水旱轮作、其他 …")
    command.add_argument("--crop", default="", metavar="C", help="农产品名称，如 稻谷、菠菜")
    command.add_argument("--water-use", default="", metavar="W", help="灌溉作物：水田作物、旱地作物、蔬菜a、蔬菜b")
    command.add_argument("--ph", default="", metavar="PH", help="表中没有写的土壤 pH")
    command.add_argument("--class", dest="level", default="III", metavar="I..V", help="地下水按哪一类判断（默认 III）")
    command.add_argument("--unit", default="", metavar="U", help="表中没有写的单位，如 mg/kg")
    command.add_argument("--province", default="", metavar="P", help="省份名称或区划代码")
    command.add_argument("--on", metavar="YYYY-MM-DD", help="没有采样日期的结果按这一天（默认今天）")
    command.add_argument("--as-if-on", metavar="YYYY-MM-DD", help="一律按这一天施行的版本判断，优先于表中日期")
    command.add_argument("--sheet", metavar="NAME", help="工作簿中的哪一张表")
    command.add_argument(
        "--limits", action="append", default=[], metavar="LOCAL.yaml", help="地方标准的限值表，可写多次"
    )
    command.add_argument("--out", metavar="REPORT.xlsx", help="写出 Excel 报告")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=handler, needs_django=False)
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    return command
