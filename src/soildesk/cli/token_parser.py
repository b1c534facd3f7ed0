"""The words of the commands on tokens."""

from __future__ import annotations

import argparse
from typing import Any

TOKENS = "soildesk.cli.tokens"


def add_to(commands: Any) -> None:
    """Add token create, list, revoke."""
    acts = commands.add_parser("token", help="程序用的访问令牌").add_subparsers(dest="act", required=True)
    create = _command(acts, "create", "为一名用户签发令牌；令牌只在此时显示一次")
    create.add_argument("--user", required=True, metavar="USERNAME", help="令牌以谁的身份读写")
    create.add_argument("--scope", choices=("read", "write"), default="read", help="read 只读（默认），write 读写")
    create.add_argument("--days", type=int, metavar="N", help="有效天数（默认 365）")
    create.add_argument("--note", default="", help="用途，例如“办公室电脑的 QGIS”")
    listed = _command(acts, "list", "列出令牌（不含令牌本身）", handler="listed")
    listed.add_argument("--user", metavar="USERNAME", help="只列一名用户的")
    revoke = _command(acts, "revoke", "吊销令牌，立即生效")
    revoke.add_argument("token", metavar="PREFIX", help="令牌的开头或编号（见 token list）")


def _command(group: Any, name: str, text: str, *, handler: str = "") -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=text, description=text)
    command.add_argument("--json", action="store_true")
    command.set_defaults(handler=f"{TOKENS}:{handler or name}", needs_django=True)
    return command
