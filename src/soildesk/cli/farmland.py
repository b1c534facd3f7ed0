"""`soildesk farmland classify`: the class each unit would have, and why. What is proposed is in force for nobody."""

from __future__ import annotations

import argparse
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.text_tables import table
from soildesk.core.permissions import NotAllowed
from soildesk.farmland.queries import told
from soilrules.farmland.rulesets import rulesets

CLASSES = {
    "priority": "优先保护类",
    "safe_use": "安全利用类",
    "strict": "严格管控类",
    None: "无法定类",
    "unknown": "无法定类",
}
WIDTHS = (22, 26, 12, 12)
MU_M2 = 10_000 / 15


def classify(options: argparse.Namespace) -> None:
    """Tell the classes of a classification, or of the units of a campaign."""
    by = actor_of(options)
    if options.ruleset and options.ruleset not in rulesets():
        raise Refused(
            f"没有规则集“{options.ruleset}”。应为：{'、'.join(rulesets())}。", code="farmland.classify.ruleset"
        )
    try:
        found = told.classified(by, options.campaign, options.ruleset)
    except told.NotFound as missing:
        raise Refused(
            f"没有编号或名称为“{options.campaign}”的类别划分或监测任务，或不在您的权限范围内：用列表中的编号。",
            code="farmland.classify.not_found",
        ) from missing
    except NotAllowed as refusal:
        raise Refused(str(refusal), code="cli.not_allowed") from refusal
    if options.json:
        show_json(found)
    else:
        _say(found)


def _say(found: dict[str, Any]) -> None:
    kept = "已留存" if found["kept"] else "试算，没有留存"
    show(
        f"{found['title']}（规则集 {found['ruleset']}，把握 {found['mark']}；{kept}）：建议类别，经省级批准前不作为现行类别"
    )
    for key, count in found["classes"].items():
        show(f"  {CLASSES[key]} {count} 个单元，{found['areas_m2'][key] / MU_M2:,.1f} 亩")
    rows = [
        (
            one["unit"],
            one["name"],
            CLASSES[one["class"]],
            CLASSES[one["before"]] if one["before"] else "—",
            one["sentence"],
        )
        for one in found["units"]
    ]
    show(table([("单元", "名称", "建议类别", "原类别", "理由"), *rows], WIDTHS))
