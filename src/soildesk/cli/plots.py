"""`soildesk plots list`: the plots of a day, where they stand and on which lists."""

from __future__ import annotations

import argparse
from typing import Any

from soildesk.cli import show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.plots.queries.plots import Standing, standing
from soildesk.plots.refusals import ListRefused
from soildesk.plots.words import list_name, stage_word

WIDTHS = (22, 28, 20, 22, 10)


def listed(options: argparse.Namespace) -> None:
    """List them; --list is one of the keys of lists."""
    by = actor_of(options)
    require(by, "plots.read")
    on = day_of(options.on, "--on") or clock.today()
    if on > clock.today():
        raise ListRefused(f"{on} 还没有到：名单、名录只能查到今天 {clock.today()}。", code="plots.list.future")
    rows = [_told(one) for one in standing(by, on) if not options.key or options.key in one.lists]
    if options.json:
        show_json(rows)
        return
    lines = [
        (
            row["number"],
            row["name"],
            row["code"],
            stage_word(row["stage"]),
            row["released_on"] or "",
            "、".join(map(list_name, row["lists"])),
        )
        for row in rows
    ]
    if lines:
        show(table([("编号", "地块名称", "全国系统编码", "阶段", "解除日期", "名单、名录"), *lines], WIDTHS))
    show(f"{on} 共 {len(rows)} 个地块。")


def _told(one: Standing) -> dict[str, Any]:
    version = one.version
    return {
        "number": version.plot.number,
        "code": version.code,
        "name": version.name,
        "stage": one.stage,
        "exit": one.exit or None,
        "lists": list(one.lists),
        "released_on": one.released_on.isoformat() if one.released_on else None,
        "planned_use": version.use_planned,
        "risk_level": version.risk_level,
        "area_m2": version.area_m2,
    }
