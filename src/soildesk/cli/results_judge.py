"""`soildesk results judge`: the accepted results of a campaign judged, its warnings weighed; with --on a trial not kept."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.queries.alerts import campaign_called, of_campaign
from soildesk.monitoring.queries.exceedance import verdicts_of as standing_verdicts
from soildesk.monitoring.queries.weighing import verdicts_of
from soildesk.monitoring.services import judging
from soildesk.standards.verdicts import cause_word, word


def judge_results(options: argparse.Namespace) -> None:
    """Judge, and say what came of it."""
    by = actor_of(options)
    campaign = campaign_called(by, options.campaign)
    if campaign is None:
        raise Refused(
            f"没有编号为“{options.campaign}”的监测任务，或不在您的权限范围内：用“监测任务”列表中的编号。",
            code="monitoring.campaign.not_found",
        )
    day = day_of(options.on, "--on") if options.on else None
    said = _trial(campaign, by, day) if day else _kept(campaign, by)
    if options.json:
        show_json(said)
        return
    _told(said)


def _kept(campaign: Any, by: Actor) -> dict[str, Any]:
    """Judge and keep; the verdicts are all that stand now."""
    made = judging.judge(
        campaign, "accepted" if not campaign.judgements.exists() else "standard", by=by, at=clock.now()
    )
    rows = standing_verdicts(campaign)
    alerts = of_campaign(campaign).select_related("point", "owner").order_by("number")
    names = ("meets", "exceeds_screening", "exceeds_control", "exceeds", "unknown")
    return {
        "campaign": campaign.number,
        "on": None,
        "rows": made.rows,
        "verdicts": {name: count for name in names if (count := getattr(made, name))},
        "standards": made.standards,
        "unknown": dict(Counter(rows.filter(verdict="unknown").values_list("cause", flat=True))),
        "changed": made.changed,
        "rejected": made.rejected,
        "alerts": [_alert(one) for one in alerts],
    }


def _trial(campaign: Any, by: Actor, day: date) -> dict[str, Any]:
    """Judge as if all was sampled on a day; nothing is written."""
    require(by, judging.PERMISSION, campaign)
    found = verdicts_of(campaign, by.today, day)
    return {
        "campaign": campaign.number,
        "on": day.isoformat(),
        "rows": len(found.result),
        "verdicts": dict(found.counts()),
        "standards": found.standards(),
        "unknown": dict(found.causes()),
        "rejected": found.rejected,
        "alerts": [],
    }


def _alert(one: Any) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "level": one.level,
        "state": one.state,
        "point": one.point.number if one.point else None,
        "analyte": one.analyte,
        "owner": one.owner.name if one.owner else None,
        "due": one.due.isoformat() if one.due else None,
        "rules": [each["rule"] for each in one.findings],
    }


def _told(said: dict[str, Any]) -> None:
    trial = f"（按 {said['on']} 试判，不保存）" if said["on"] else ""
    show(f"{said['campaign']}：评价 {said['rows']} 个结果{trial}")
    show("执行标准：" + ("；".join(said["standards"]) or "无"))
    for name, count in said["verdicts"].items():
        show(f"  {word(name)}：{count}")
    for cause, count in said["unknown"].items():
        show(f"    {cause_word(cause)}：{count}")
    if said["rejected"]:
        show(f"  审核弃用、未参加评价：{said['rejected']}")
    for one in said["alerts"]:
        show(f"  预警 {one['number']} {one['title']}，时限 {one['due'] or '未定'}，{one['owner'] or '未指定处置单位'}")
