"""`soildesk enterprises list`: the enterprises of a day and the lists they stand on."""

from __future__ import annotations

import argparse
from typing import Any

from soildesk.cli import show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.enterprises.queries.lists import listed_of
from soildesk.enterprises.services.lists import kind_called

WIDTHS = (22, 30, 18, 8, 12, 30)


def listed(options: argparse.Namespace) -> None:
    """List them; --list is one of the keys of lists."""
    by = actor_of(options)
    require(by, "enterprises.read")
    if options.key:
        kind_called(options.key)
    on = day_of(options.on, "--on") or clock.today()
    rows = [_told(firm, stays) for firm, stays in listed_of(by, on, options.key)]
    if options.json:
        show_json(rows)
        return
    lines = [
        (
            row["number"],
            row["name"],
            row["credit_code"],
            row["industry"],
            row["state"],
            "、".join(one["key"] for one in row["lists"]),
        )
        for row in rows
    ]
    if lines:
        show(table([("编号", "单位名称", "统一社会信用代码", "行业", "状态", "名录"), *lines], WIDTHS))
    show(f"{on} 共 {len(rows)} 家。" + ("将来的一天：按目前登记的情况推算。" if on > clock.today() else ""))


def _told(firm: Any, stays: Any) -> dict[str, Any]:
    return {
        "number": firm.enterprise.number,
        "name": firm.name,
        "credit_code": firm.credit_code,
        "industry": firm.industry,
        "state": firm.state,
        "lists": [{"key": one.list_key, "since": one.since.isoformat(), "notice": one.notice.number} for one in stays],
    }
