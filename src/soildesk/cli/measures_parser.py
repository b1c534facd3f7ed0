"""The words of `soildesk measures …` and `soildesk indicators …`; handlers are imported only when a command runs."""

from __future__ import annotations

from typing import Any

MEASURES = "soildesk.cli.measures"


def add_to(commands: Any) -> None:
    """Add the groups `measures` and `indicators`."""
    measures = commands.add_parser("measures", help="核算办法：列出").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    text = "列出全部核算办法：名称、读哪些台账、能核对什么、由多少任务和指标使用"
    listing = measures.add_parser("list", help=text, description=text)
    listing.set_defaults(handler=f"{MEASURES}:list_measures", needs_django=True)
    indicators = commands.add_parser("indicators", help="指标：由记录计算").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    text = "一项指标在某一天的数值、依据的记录，以及各方案的目标；可以按某一天已知的记录计算并说明差别"
    show = indicators.add_parser("show", help=text, description=text)
    show.set_defaults(handler=f"{MEASURES}:show_indicator", needs_django=True)
    show.add_argument("code", metavar="CODE", help="核算办法编号（见 soildesk measures list）或指标名称")
    show.add_argument("--on", metavar="DATE", help="截至哪一天，如 2026-10-31（默认今天）")
    show.add_argument("--as-known-on", dest="known_on", metavar="DATE", help="按哪一天已知的记录（默认今天）")
    for command in (listing, show):
        command.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
        command.add_argument("--json", action="store_true", help="以 JSON 输出")
