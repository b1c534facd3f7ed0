"""`soildesk token`: keys for programs. Whoever runs this command on the desk's own computer acts for the desk."""

from __future__ import annotations

import argparse
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.core import clock, queries, tokens
from soildesk.core.permissions import system_actor

ACTS_AS = "token-command"


def create(options: argparse.Namespace) -> None:
    """Print one new token."""
    person = queries.person_named(options.user)
    if person is None:
        raise Refused(f"用户“{options.user}”不存在或已停用。请核对用户名。", code="cli.unknown_user")
    days = tokens.USUAL_DAYS if options.days is None else options.days
    new = tokens.NewToken(scope=options.scope, days=days, note=options.note)
    row, secret = tokens.create(person, new, by=system_actor(ACTS_AS), at=clock.now())
    if options.json:
        show_json({"token": secret, **_told(row)})
    else:
        show(secret)


def listed(options: argparse.Namespace) -> None:
    """Tokens that were made, without their secrets."""
    rows = tokens.listed().filter(person__username=options.user) if options.user else tokens.listed()
    if options.json:
        show_json([_told(row) for row in rows])
        return
    for row in rows:
        state = "已吊销" if row.revoked_at else f"至 {row.expires_at:%Y-%m-%d}"
        show(f"{row.prefix}…  {row.person.username}  {row.get_scope_display()}  {state}  {row.note}".rstrip())


def revoke(options: argparse.Namespace) -> None:
    """End the token that begins so."""
    given = options.token.rstrip("…")
    found = [row for row in tokens.listed() if given in (row.prefix, str(row.uid)) or _begins(given, row.prefix)]
    if len(found) != 1:
        raise Refused(
            f"以“{given[: tokens.SHOWN]}”开头的令牌有 {len(found)} 个：请先运行 soildesk token list，再写明是哪一个。",
            code="cli.not_found",
        )
    tokens.revoke(found[0], by=system_actor(ACTS_AS), at=clock.now())
    if options.json:
        show_json(_told(found[0]))
    else:
        show(f"令牌 {found[0].prefix}… 已吊销。")


def _begins(given: str, prefix: str) -> bool:
    """A whole secret was given: it begins with its prefix."""
    return len(given) > len(prefix) and given.startswith(prefix)


def _told(row: Any) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "prefix": row.prefix,
        "user": row.person.username,
        "scope": row.scope,
        "note": row.note,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "used_at": row.used_at.isoformat() if row.used_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }
