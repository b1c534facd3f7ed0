"""The words of `soildesk duties`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any


def add_to(commands: Any) -> None:
    """Add the command `duties status`."""
    duties = commands.add_parser("duties", help="重点单位义务").add_subparsers(dest="act", required=True)
    text = "列出各单位一年的义务清单：时限、状态、理由、依据和凭据，可以是任何一天的情况"
    status = duties.add_parser("status", help=text, description=text)
    status.set_defaults(handler="soildesk.cli.duties:status", needs_django=True)
    status.add_argument("--year", type=int, metavar="Y", help="哪一年的清单（默认 --on 所在的年份）")
    status.add_argument("--on", metavar="DATE", help="截至哪一天，如 2026-10-31（默认今天）")
    status.add_argument("--unit", default="", metavar="NAME", help="只列名称含这些字，或统一社会信用代码相同的单位")
    status.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
    status.add_argument("--json", action="store_true", help="以 JSON 输出")
