"""The words of `soildesk assess`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any


def add_to(commands: Any) -> None:
    """Add `assess`."""
    text = "按考核方案给一个地区一年的工作打分：逐项的值、目标、结论、得分、原因和记录；不知道的项得分是一个范围"
    assess = commands.add_parser("assess", help=text, description=text)
    assess.set_defaults(handler="soildesk.cli.assess:assess", needs_django=True)
    assess.add_argument("scheme", metavar="SCHEME", help="考核方案的编号，写错会列出可选的")
    assess.add_argument("--year", type=int, metavar="Y", required=True, help="年度")
    assess.add_argument("--place", metavar="CODE", help="被考核地区的行政区划代码（默认本单位所在区划）")
    assess.add_argument("--as", dest="user", metavar="USER", help="以谁的身份办理（或 SOILDESK_USER）")
    assess.add_argument("--json", action="store_true", help="以 JSON 输出")
