"""The words of `soildesk surface`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any

METHODS = ("kriging", "idw")


def add_to(commands: Any) -> None:
    """Add the command `surface`."""
    text = "由一个监测任务的结果绘制一个项目的插值图（GeoTIFF）；不能成图时退出码为 1，并说明原因"
    surface = commands.add_parser("surface", help=text, description=text)
    surface.set_defaults(handler="soildesk.cli.surface:draw", needs_django=True)
    surface.add_argument("--campaign", required=True, metavar="C", help="监测任务编号")
    surface.add_argument(
        "--analyte", required=True, metavar="A", help="分析项目：名称、元素符号或代码，如 镉、Cd、cadmium"
    )
    surface.add_argument("--out", required=True, metavar="FILE.tif", help="写到哪里；文件夹应已存在")
    surface.add_argument("--method", choices=METHODS, default="kriging", help="普通克里金（默认）或反距离加权")
    surface.add_argument("--scale", choices=("log", "raw"), default="log", help="对数（默认）或原值插值")
    surface.add_argument("--medium", default="", metavar="M", help="介质，如 soil、groundwater（默认结果最多的）")
    surface.add_argument("--depth", default="", metavar="0–20", help="哪一层，厘米（默认最上层）")
    surface.add_argument(
        "--substitute",
        choices=("half_limit", "limit", "none"),
        default="half_limit",
        help="未检出按检出限的一半（默认）、按检出限，或不替代",
    )
    surface.add_argument("--cell", type=float, metavar="M", help="格距，米（默认按点的范围取整）")
    surface.add_argument("--reach", type=float, metavar="M", help="离点多远以外不出图，米（默认变异函数的变程）")
    surface.add_argument("--limit", type=float, metavar="L", help="限值（默认多数结果适用的限值）")
    surface.add_argument(
        "--show",
        choices=("contents", "medians", "probability", "variance"),
        default="contents",
        help="写出哪一种格网（默认含量）",
    )
    surface.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
    surface.add_argument("--json", action="store_true", help="以 JSON 输出")
