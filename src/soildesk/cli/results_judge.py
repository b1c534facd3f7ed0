"""`soildesk results judge`: the results of a campaign judged one by one; with --on a trial that is not kept.

What is accepted is judged and kept, and its warnings weighed. What was imported and waits to be accepted is judged too,
as a trial: marked so, not kept, and no warning.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from soildesk.cli import Refused, show
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.queries import byresult
from soildesk.monitoring.queries.alerts import campaign_called, of_campaign
from soildesk.monitoring.queries.samplefacts import accepted
from soildesk.monitoring.queries.weighing import verdicts_of
from soildesk.monitoring.services import judging
from soildesk.standards.verdicts import cause_word, word

NAMES = ("meets", "exceeds_screening", "exceeds_control", "exceeds", "unknown")


def judge_results(options: argparse.Namespace) -> None:
    """Judge, and say what came of it."""
    by = actor_of(options)
    if options.stale:
        _stale(options, by)
        return
    campaign = campaign_called(by, options.campaign)
    if campaign is None:
        raise Refused(
            f"没有编号为“{options.campaign}”的监测任务，或不在您的权限范围内：用“监测任务”列表中的编号。",
            code="monitoring.campaign.not_found",
        )
    day = day_of(options.on, "--on") if options.on else None
    said = _trial(campaign, by, day) if day else _kept(campaign, by)
    if options.json:
        _show_json(said)
        return
    _told(said)


def _stale(options: argparse.Namespace, by: Actor) -> None:
    """Judge anew every campaign whose verdicts are outdated."""
    require(by, judging.PERMISSION)
    changed = judging.judge_outdated(by=by)
    if options.json:
        show(json.dumps({"campaigns": list(changed), "changed": changed}, ensure_ascii=False))
        return
    show(f"重新评价 {len(changed)} 个任务" + ("：" if changed else "：没有过时的评价结果。"))
    for number, count in changed.items():
        show(f"  {number}：{count} 个结论有变化")


def _show_json(said: dict[str, Any]) -> None:
    """What came of it as one JSON object, each result on a line of its own: a hundred thousand are written in a second."""
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    head = encode({name: value for name, value in said.items() if name != "results"})
    show(head.removesuffix("}") + ', "results": [')
    show(",\n".join(map(encode, said["results"])) + "]}")


def _kept(campaign: Any, by: Actor) -> dict[str, Any]:
    """Judge and keep what is accepted; what waits to be accepted is judged as a trial, whose warnings are none."""
    require(by, judging.PERMISSION, campaign)
    made = _judged(campaign, by)
    alerts = of_campaign(campaign).select_related("point", "owner").order_by("number")
    said = byresult.kept(campaign) | byresult.waiting(campaign, by.today)
    return {
        "campaign": campaign.number,
        "on": None,
        **_counts(campaign, said),
        "changed": made.changed if made else 0,
        "rejected": made.rejected if made else 0,
        "alerts": [_alert(one) for one in alerts],
    }


def _judged(campaign: Any, by: Actor) -> Any:
    """The judgement of what is accepted; none where nothing is and nothing was."""
    before = campaign.judgements.exists()
    if not before and not accepted(campaign).exists():
        return None
    return judging.judge(campaign, "standard" if before else "accepted", by=by, at=clock.now())


def _trial(campaign: Any, by: Actor, day: date) -> dict[str, Any]:
    """Judge as if all was sampled on a day; nothing is written."""
    require(by, judging.PERMISSION, campaign)
    found = verdicts_of(campaign, by.today, day)
    said = byresult.said_by(found) | byresult.waiting(campaign, by.today, day)
    return {
        "campaign": campaign.number,
        "on": day.isoformat(),
        **_counts(campaign, said),
        "rejected": found.rejected,
        "alerts": [],
    }


def _counts(campaign: Any, said: Mapping[int, byresult.Said]) -> dict[str, Any]:
    """Every result, and how many by verdict, cause and standard; `not_accepted` of them wait to be accepted."""
    results = list(byresult.told(campaign, said))
    judged = [one for one in results if one["judged"]]
    verdicts = Counter(one["verdict"] for one in judged)
    standards = Counter(one.ruling["standard"] for one in said.values() if one.ruling["standard"])
    return {
        "rows": len(judged),
        "not_accepted": sum(not one["accepted"] for one in results),
        "verdicts": {name: verdicts[name] for name in NAMES if verdicts[name]},
        "standards": [name for name, _count in standards.most_common()],
        "unknown": dict(Counter(one["cause"] for one in judged if one["cause"])),
        "results": results,
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
    if waiting := sum(one["judged"] and not one["accepted"] for one in said["results"]):
        show(f"  其中 {waiting} 个结果来自尚未接收的批次：只试判，不保存，不生成预警；接收批次后才作数。")
    if left := len(said["results"]) - said["rows"]:
        show(f"  另有 {left} 个结果不参加评价（pH、质控样品、审核弃用），--json 逐个列出。")
    show("执行标准：" + ("；".join(said["standards"]) or "无"))
    for name, count in said["verdicts"].items():
        show(f"  {word(name)}：{count}")
    for cause, count in said["unknown"].items():
        show(f"    {cause_word(cause)}：{count}")
    if said["rejected"]:
        show(f"  审核弃用、未参加评价：{said['rejected']}")
    for one in said["alerts"]:
        show(f"  预警 {one['number']} {one['title']}，时限 {one['due'] or '未定'}，{one['owner'] or '未指定处置单位'}")
