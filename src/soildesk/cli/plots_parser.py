"""The words of `soildesk plots`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any

KEYS = ("polluted", "suspected", "roster", "negative", "priority")


def add_to(commands: Any) -> None:
    """Add the command `plots list`."""
    plots = commands.add_parser("plots", help="建设用地地块").add_subparsers(dest="act", required=True)
    text = "列出建设用地地块的阶段和所在的名单、名录，可以是过去任何一天的"
    listed = plots.add_parser("list", help=text, description=text)
    listed.set_defaults(handler="soildesk.cli.plots:listed", needs_django=True)
    listed.add_argument("--on", metavar="DATE", help="哪一天的情况，如 2026-03-31（默认今天）")
    listed.add_argument("--list", dest="key", default="", choices=KEYS, help="只列在这份名单、名录上的")
    listed.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
    listed.add_argument("--json", action="store_true", help="以 JSON 输出")
