"""The words of `soildesk enterprises`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any


def add_to(commands: Any) -> None:
    """Add the command `enterprises list`."""
    enterprises = commands.add_parser("enterprises", help="重点单位").add_subparsers(dest="act", required=True)
    text = "列出企业和它们所在的名录，可以是过去任何一天的"
    listed = enterprises.add_parser("list", help=text, description=text)
    listed.set_defaults(handler="soildesk.cli.enterprises:listed", needs_django=True)
    listed.add_argument("--on", metavar="DATE", help="哪一天的情况，如 2026-03-31（默认今天）")
    listed.add_argument("--list", dest="key", default="", metavar="KEY", help="只列在这份名录上的，如 soil_key")
    listed.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
    listed.add_argument("--json", action="store_true", help="以 JSON 输出")
