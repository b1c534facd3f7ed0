"""The words of `soildesk gis …`; handlers are imported only when a command runs."""

from __future__ import annotations

import argparse
from typing import Any

KINDS = "gpkg、geojson、zip（Shapefile）、kml、dxf、csv、xlsx、txt（拐点坐标）"


def add_to(commands: Any) -> None:
    """Add the group `gis`."""
    group = commands.add_parser("gis", help="图形数据：导入、导出、叠加").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    _import(group)
    export = _command(group, "export", "export_layer", "把一个图层写成文件")
    export.add_argument("layer", metavar="LAYER", help="图层代码或名称（soildesk gis layers 列出）")
    export.add_argument("--out", required=True, metavar="FILE", help=f"按扩展名决定格式：{KINDS}")
    export.add_argument("--crs", default="", metavar="EPSG", help="写成哪个坐标系（默认 EPSG:4490）")
    overlay = _command(group, "overlay", "overlay_layers", "两个图层叠加，得到面积表")
    overlay.add_argument("a", metavar="A", help="图层代码或名称")
    overlay.add_argument("b", metavar="B", help="另一个图层")
    overlay.add_argument("--out", required=True, metavar="FILE.xlsx")
    _command(group, "layers", "list_layers", "列出可见的图层")


def _import(group: Any) -> None:
    command = _command(group, "import", "import_file", "把一个文件导入图层，全部或全不")
    command.add_argument("layer", metavar="LAYER", help="图层代码或名称（soildesk gis layers 列出）")
    command.add_argument("file", metavar="FILE", help=f"{KINDS}，或 Shapefile 所在的文件夹")
    command.add_argument("--crs", default="", metavar="EPSG", help="坐标系：编号，或“CGCS2000 3度带 38带”一类的名称")
    command.add_argument("--axis", default="", choices=["", "xy", "yx"], help="yx：纬度或纵坐标（北）在前")
    command.add_argument("--map", metavar="MAP.toml", help="列与栏目的对照")
    command.add_argument("--layer", dest="file_layer", default="", metavar="NAME", help="文件中的哪一个图层或工作表")
    command.add_argument("--encoding", default="", metavar="E", help="文字编码，如 GBK")
    command.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
    command.add_argument("--skip-refused", action="store_true", help="有行不能导入时，仍导入其余的行")
    command.add_argument("--repair", action="store_true", help="修复可以自动修复的图形；修复前后都保留")
    command.add_argument("--accept-outside", action="store_true", help="不核对是否在本行政区内")
    command.add_argument("--why", default="", metavar="TEXT", help="原因，写入每条记录的历史")
    command.add_argument("--document", default="", metavar="NO", help="依据文号")
    command.add_argument("--new", action="store_true", help="先新建这个图层")
    command.add_argument("--title", default="", metavar="TEXT", help="版本名称；新建图层时为图层名称")


def _command(group: Any, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.set_defaults(handler=f"soildesk.cli.gis:{handler}", needs_django=True)
    command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
    command.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天（默认今天）；导入时为开始生效的日期")
    command.add_argument("--json", action="store_true", help="以 JSON 输出")
    return command
