"""The words of `soildesk gate`; handlers are imported only when the command runs."""

from __future__ import annotations

import argparse
from typing import Any

SCHEMES = "guide2023（国土空间用地用海分类）、gbt21010_2017（土地利用现状分类）、survey3（三调）、gb50137_2011（城市建设用地）"


def add_to(commands: Any) -> None:
    """Add the group `gate`."""
    group = commands.add_parser("gate", help="建设用地准入核查").add_subparsers(
        dest="what", required=True, metavar="ACT"
    )
    _check(group)
    _batch(group)


def _check(group: Any) -> None:
    command = _command(group, "check", "check", "核查一块地能否办理一个事项，结论留存编号")
    ground = command.add_mutually_exclusive_group(required=True)
    ground.add_argument(
        "--geometry",
        metavar="FILE",
        help="范围文件：GeoJSON、GeoPackage、Shapefile（或压缩包）、KML、DXF、WKT、拐点坐标等；也可直接写 WKT 或 GeoJSON",
    )
    ground.add_argument("--parcel", metavar="CODE", help="宗地代码、地块编号或全国系统编码")
    command.add_argument("--act", required=True, help="办理事项，如 供地、出让合同、施工许可（写错时列出全部）")
    command.add_argument("--use", required=True, metavar="CODE", help="规划用途代码或名称，如 0701、R2")
    command.add_argument("--use-scheme", default="", metavar="S", help=f"代码属于哪一分类：{SCHEMES}")
    command.add_argument("--current-use", default="", metavar="CODE", help="现状用途代码或名称（默认按登记的）")
    command.add_argument("--current-scheme", default="", metavar="S", help="现状代码属于哪一分类")
    command.add_argument("--untouched", action="store_true", help="报告之后没有使用、回填、倾倒，已到现场看过")
    _circumstances(command)
    _national(command)
    command.add_argument("--project", default="", metavar="NAME", help="项目（地块）名称")
    command.add_argument("--document", default="", metavar="NO", help="来文文号")
    command.add_argument("--for", dest="on_behalf_of", default="", metavar="OFFICE", help="代哪个单位查询")


def _circumstances(command: argparse.ArgumentParser) -> None:
    """What some acts and places ask besides; what is left out is not known."""
    command.add_argument(
        "--plan-state", default="", choices=("not_submitted", "reviewed_not_approved", "supply_approved"),
        help="规划、供地进展：尚未提交审议、已审议未报批、供地方案已报批",
    )  # fmt: skip
    command.add_argument(
        "--transfer", default="", choices=("to_come", "not_involved", "done"),
        help="土地使用权收回、转让：将要、不涉及、已经",
    )  # fmt: skip
    command.add_argument("--recalled-on", default="", metavar="DATE", help="收回日期")
    command.add_argument("--works-begun", default="", choices=("yes", "no"), help="是否已经开工")
    command.add_argument("--pollutes", default="", choices=("yes", "no"), help="项目是否可能造成土壤污染")
    command.add_argument("--food", default="", choices=("yes", "no"), help="是否食品加工、储存")
    command.add_argument("--related", action="store_true", help="本项目就是风险管控或修复工程")


def _national(command: argparse.ArgumentParser) -> None:
    """What a person asked the national system: the desk cannot ask it."""
    command.add_argument("--national-on", default="", metavar="DATE", help="全国系统查询日期")
    command.add_argument("--national-by", default="", metavar="NAME", help="查询人")
    command.add_argument("--national-found", default="", choices=("yes", "no"), help="系统中有没有这个地块")
    command.add_argument(
        "--national-stage", default="", metavar="S", help="系统显示的阶段：S0 到 S6、released、removed；没有显示的不写"
    )
    command.add_argument(
        "--national-lists", default="", metavar="LISTS",
        help="系统显示在哪些名单、名录内，用 ; 分开：suspected;polluted;roster;negative;priority",
    )  # fmt: skip
    command.add_argument(
        "--national-restricted", default="", choices=("yes", "no"), help="系统显示有没有限制；系统中有该地块的必须写"
    )
    command.add_argument("--national-result", default="", metavar="TEXT", help="查询结果，照系统显示填写")
    command.add_argument("--national-file", default="", metavar="FILE", help="查询截图；没有截图的，这一项仍是无法判断")


def _batch(group: Any) -> None:
    command = _command(group, "batch", "batch", "一个图层逐块核查，写成一张表")
    command.add_argument("layer", metavar="LAYER", help="图层文件，或本系统的图层代码（soildesk gis layers 列出）")
    command.add_argument("--act", required=True, help="办理事项，如 供地")
    command.add_argument("--out", required=True, metavar="FILE.xlsx", help="结果写到这里")
    command.add_argument("--use", default="", metavar="CODE", help="没有写规划用途的行，按这个用途")
    command.add_argument("--use-scheme", default="", metavar="S", help=f"代码属于哪一分类：{SCHEMES}")
    command.add_argument("--title", default="", metavar="TEXT", help="批次名称")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=f"soildesk.cli.gate:{handler}", needs_django=True)
    command.add_argument("--crs", default="", metavar="EPSG", help="文件的坐标系（文件没有写明时）")
    command.add_argument("--layer", dest="file_layer", default="", metavar="NAME", help="文件中的哪一个图层或工作表")
    command.add_argument("--on", metavar="DATE", help="按哪一天核查，如 2026-03-31（默认今天）")
    command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份核查（或 SOILDESK_USER）")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    return command
