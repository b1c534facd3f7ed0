"""The words of `soildesk plots`; the handler is imported only when the command runs."""

from __future__ import annotations

from typing import Any

KEYS = {
    "suspected": "疑似污染地块名单",
    "polluted": "污染地块名录",
    "roster": "风险管控和修复名录",
    "negative": "开发利用负面清单",
    "priority": "优先管控名录",
}


def add_to(commands: Any) -> None:
    """Add the command `plots list`."""
    plots = commands.add_parser("plots", help="建设用地地块").add_subparsers(dest="act", required=True)
    known = "，".join(f"{key} {name}" for key, name in KEYS.items())
    text = "列出建设用地地块的阶段和所在的名单、名录，可以是过去任何一天的"
    listed = plots.add_parser("list", help=text, description=text)
    listed.set_defaults(handler="soildesk.cli.plots:listed", needs_django=True)
    listed.add_argument("--on", metavar="DATE", help="哪一天的情况，如 2026-03-31（默认今天）")
    listed.add_argument(
        "--list", dest="key", default="", choices=tuple(KEYS), help=f"只列在这份名单、名录上的：{known}"
    )
    listed.add_argument("--as", dest="user", metavar="USER", help="以谁的身份查看（或 SOILDESK_USER）")
    listed.add_argument("--json", action="store_true", help="以 JSON 输出")
