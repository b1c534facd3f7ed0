"""The reports on the plots of the made-up district, round by round, and the laboratory's data of two surveys; used by make_plots.py.

Every report that an event of a life rests on since the desk began, and those that are under way today.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plot_lives import (
    CITY,
    CONSULTANTS,
    CONTROLLER,
    COUNTY,
    EVALUATOR,
    LAST,
    REMEDIATOR,
    Happened,
    consultant_of,
    lives,
)
from plot_stories import PARTLY, STORIES, Story

from soilrules.plots.evidence import soil_density
from soilrules.plots.reports import ReportKind

KINDS = {
    "preliminary_within": "preliminary", "preliminary_exceeds": "preliminary", "detailed_within": "detailed",
    "detailed_exceeds": "detailed", "assessed_control": "risk_assessment", "assessed_remediation": "risk_assessment",
    "assessed_both": "risk_assessment", "assessed_no_control": "risk_assessment", "control_plan_filed": "control_plan",
    "remediation_plan_filed": "remediation_plan", "effect_reached": "effect_evaluation",
    "effect_not_reached": "effect_evaluation", "aftercare_begun": "aftercare",
}  # fmt: skip
NAMES = {
    "preliminary": "土壤污染状况初步调查报告", "detailed": "土壤污染状况详细调查报告", "risk_assessment": "土壤污染风险评估报告",
    "control_plan": "风险管控方案", "remediation_plan": "土壤修复方案", "effect_evaluation": "修复效果评估报告", "aftercare": "后期管理计划",
}  # fmt: skip
BEGUN = date(2023, 5, 1)
"""From when reports went through the desk; before it an event alone was written down."""
EVALUATING = "示例省净评环境科学研究所"
PLANNERS = {
    "control_plan": ("云泽固盾环境工程有限公司", CONTROLLER),
    "remediation_plan": ("云泽净土修复有限公司", REMEDIATOR),
}
RETURNED = {  # reports that were not passed at once, and why
    ("原城关农机修造厂地块", "preliminary"): "人员访谈只有 2 人，缺原厂职工；未说明废机油暂存区是否布点。请补充访谈并补充布点说明。",
    ("原北湖玻璃钢厂地块", "preliminary"): "检测项目缺苯乙烯原始谱图；点位图与坐标表不一致。请核对后重新提交。",
    ("原北湖造纸厂地块", "preliminary"): "污水处理站区域没有布点；地下水流向没有依据。请补充。",
    ("北湖垃圾填埋场旧址地块", "preliminary"): "未收集填埋场封场资料；填埋边界没有物探验证。请补充。",
    ("北湖垃圾填埋场旧址地块", "detailed"): "氨氮空间分布图缺少 3 米以下数据；污染范围外推没有说明。请补充采样。",
    ("原青禾铅笔厂地块", "preliminary"): "报告未说明北侧料场为何不在调查范围内。请补充说明或扩大调查范围。",
    ("青禾木材防腐厂旧浸注车间地块", "preliminary"): "浸注罐区采样深度不足，未到防渗层以下。请补充采样。",
    ("原柳溪造漆厂地块", "preliminary"): "缺实验室质量控制报告；现场采样照片没有时间和坐标。请补齐附件。",
    ("原柳溪铅锌选矿厂地块", "detailed"): "尾矿干堆区污染深度没有探明。请加深采样。",
    ("原河东砖瓦厂地块", "preliminary"): "取土坑回填物来源没有说明。请补充资料并对回填物采样。",
}  # fmt: skip
FAILED_FORM = ("原北湖造纸厂地块", "preliminary")
TOO_FEW = "原青石民爆器材库地块"
FEW_WHY = "地块西侧为山体基岩裸露区，无土壤覆盖，无法采样，已在报告附图中标明。"
BACKGROUND = "原白鹭棉织厂地块"
BACKGROUND_WHY = "砷最高 22.6 mg/kg，与报告附录的对照点（地块外未扰动农田，21.9～23.4 mg/kg）相当，属区域土壤背景，不是地块生产活动造成；专家评审会认可。"
CHECKED = "检测数据没有报送本系统。林岚核对了检测报告原件与报告附表，抽查 3 个样品的原始谱图，均与结论一致。"
DIFFERENT = "原白鹭农机站地块"
MUNICIPAL, PROVINCIAL = "云泽市自然资源和规划局（示例）", "示例省自然资源厅"
D = date


@dataclass(frozen=True)
class Running:
    """A report that is under way: how far it came (`stands`) and on which days."""

    plot: str
    kind: str
    stands: str
    submitted: date
    why: str = ""
    returned: date | None = None
    again: date | None = None


RUNNING = (
    Running("原城关加油站地块", "preliminary", "draft", D(2026, 11, 17)),
    Running("原站前油毡厂地块", "preliminary", "submitted", D(2026, 11, 13)),
    Running("原河东金属回收站地块", "preliminary", "complete", D(2026, 11, 3)),
    Running(DIFFERENT, "preliminary", "opinions", D(2026, 10, 19)),
    Running("新苑北路加油加气站地块", "preliminary", "returned", D(2026, 10, 12), "埋地油罐区只布设 1 个土壤点，未设地下水监测井。请按罐区、加油岛、卸油口分别布点后重新提交。", D(2026, 10, 26)),
    Running("原北湖船舶修理厂地块", "preliminary", "again", D(2026, 9, 14), "船台区防污漆的有机锡没有列入检测项目，也没有说明理由。请补充检测。", D(2026, 9, 28), D(2026, 11, 9)),
    Running("青禾化肥厂东侧收回地块", "preliminary", "withdrawn", D(2026, 9, 22), "委托单位更换编制单位，原报告不再使用。"),
    Running("原青禾农药厂成品库地块", "risk_assessment", "opinions", D(2026, 8, 31)),
    Running("原北湖造纸厂地块", "control_plan", "submitted", D(2026, 11, 10)),
)  # fmt: skip


def reports(areas: Mapping[str, float]) -> Iterator[dict[str, str]]:
    """One line for every report: its rounds by their days; what is empty did not happen."""
    stories = {story.name: story for story in STORIES}
    for one in [*_passed(), *RUNNING]:
        story = stories[one.plot]
        event = one if isinstance(one, Happened) else None
        kind = KINDS[event.kind] if event else one.kind
        days = _days(event, kind) if event else _running_days(one)
        author, number = _author(kind, one.plot)
        yield {
            "地块": one.plot, "类别": kind, "名称": f"{one.plot}{NAMES[kind]}", "编制单位": author, "统一社会信用代码": number,
            "委托单位": story.holder, "业绩登记号": f"XY-{days['编制完成'].year}-{_short(one.plot, kind):04d}",
            "规划用途": story.planned, "事项": event.kind if event else "", "停在": "" if event else one.stands,
            **{key: day.isoformat() if day else "" for key, day in days.items()},
            "退回意见": RETURNED.get((one.plot, kind), "") if event else one.why,
            "内容": json.dumps(_contents(story, kind, areas[one.plot], days["采样"], event), ensure_ascii=False),
            "结论差异说明": _explained(one.plot, kind, event),
            "布点说明": _points_why(one.plot, kind, areas[one.plot]),
            **_offices(kind),
        }  # fmt: skip


def _passed() -> Iterator[Happened]:
    for one in lives(STORIES):
        if one.kind in KINDS and one.on >= BEGUN:
            yield one


def _short(plot: str, kind: str) -> int:
    return random.Random(plot + kind).randint(100, 9900)  # noqa: S311


def _author(kind: str, plot: str) -> tuple[str, str]:
    if kind == "effect_evaluation":
        return EVALUATING, EVALUATOR
    if kind in PLANNERS:
        return PLANNERS[kind]
    code = consultant_of(plot)
    return CONSULTANTS[code], code


def _days(event: Happened, kind: str) -> dict[str, date | None]:
    """The days of a report that was passed, counted back from that day."""
    on = event.on

    def before(days: int) -> date:
        return on - timedelta(days)

    sent_back = (event.plot, kind) in RETURNED
    made_public = on + timedelta(6)
    public = made_public <= LAST and kind not in ("control_plan", "remediation_plan")
    until = made_public + timedelta(75)
    sent_up = on + timedelta(12)
    first = before(50 if sent_back else 32)
    return {
        "采样": first - timedelta(9), "编制完成": first - timedelta(2), "提交": first,
        "退回": before(40) if sent_back else None, "再次提交": before(24) if sent_back else None,
        "完整性审查": before(20 if sent_back else 26), "评审": before(10), "通过": on,
        "公开": made_public if public else None, "公开截止": until if public and until <= LAST else None,
        "上传": sent_up if sent_up <= D(2026, 8, 1) else None,
    }  # fmt: skip


def _running_days(one: Running) -> dict[str, date | None]:
    began = one.again or one.submitted
    reviewed = one.stands in ("complete", "opinions")
    return {
        "采样": one.submitted - timedelta(24), "编制完成": one.submitted - timedelta(3), "提交": one.submitted,
        "退回": one.returned or (one.submitted + timedelta(9) if one.stands == "withdrawn" else None), "再次提交": one.again,
        "完整性审查": began + timedelta(4) if reviewed else None, "评审": began + timedelta(16) if one.stands == "opinions" else None,
        "通过": None, "公开": None, "公开截止": None, "上传": None,
    }  # fmt: skip


def _offices(kind: str) -> dict[str, str]:
    """Who reviews such a report: ecology, natural resources, their level; nobody where it is filed only."""
    level = {"preliminary": "county", "detailed": "city", "risk_assessment": "province", "effect_evaluation": "province"}.get(kind, "")  # fmt: skip
    ecology = {"county": COUNTY, "city": CITY, "province": "示例省生态环境厅"}.get(level, "")
    resources = {"county": "青禾区自然资源局", "city": MUNICIPAL, "province": PROVINCIAL}.get(level, "")
    return {"层级": level, "生态环境部门": ecology, "自然资源部门": resources}


def _points(kind: str, area: float, on: date, plot: str) -> int:
    if (plot, kind) in ((BACKGROUND, "preliminary"), (DIFFERENT, "preliminary")):
        return len(SAMPLED[plot][1])
    asked = [
        soil_density(ReportKind(kind), Decimal(str(round(area, 1))), 10_000, on, suspected=one) for one in (True, False)
    ]
    most = max(one.required.needed or one.required.at_least for one in asked)
    if kind == "detailed":
        return most + math.ceil(area * 0.15 / 400)
    return most - 2 if plot == TOO_FEW else most + 1


def _explained(plot: str, kind: str, event: Happened | None) -> str:
    """What a person checked where the desk has no data of a survey within limits, or where its data say otherwise."""
    if (plot, kind) == (BACKGROUND, "preliminary"):
        return BACKGROUND_WHY
    within = event is not None and kind in ("preliminary", "detailed") and not event.facts.get("exceeds")
    return CHECKED if within else ""


def _points_why(plot: str, kind: str, area: float) -> str:
    """Why the points are enough: of a detailed survey it hangs on the zone that is suspected."""
    if kind == "detailed":
        return f"疑似污染区约 {area * 0.15:.0f} 平方米，按每 400 平方米 1 个点；其余按每 1600 平方米 1 个点，报告附布点图。"
    return FEW_WHY if (plot, kind) == (TOO_FEW, "preliminary") else ""


def _contents(story: Story, kind: str, area: float, sampled: date | None, event: Happened | None) -> dict[str, Any]:
    """What is read of a report of this kind."""
    first = story.pollutants or "无"
    extent = str(int(round(area * 0.2, -2)))
    facts = event.facts if event else {}
    assert sampled
    if kind in ("preliminary", "detailed"):
        exceeds = bool(facts.get("exceeds"))
        told = {
            "basic_facts": True, "column": facts.get("column") or _column(story), "exceeds": exceeds,
            "area_m2": str(round(area * story.covers, 1)), "soil_points": str(_points(kind, area * story.covers, sampled, story.name)),
            "sampled_on": sampled.isoformat(), "test_report": f"PH-DK-{sampled:%Y%m}{_short(story.name, kind) % 90 + 10}",
        }  # fmt: skip
        if exceeds:
            told |= {
                "pollution_type": first,
                "pollution_source": "原生产车间及原料、废物贮存区",
                "groundwater_polluted": False,
            }
        if kind == "detailed":
            told |= {"pollutants": first, "extent_m2": extent, "depth_m": "3.5"} if exceeds else {}
            told["affects"] = "周边无饮用水井，下风向 500 米内有居民点" if exceeds else "未见明显影响"
        return told
    if kind == "risk_assessment":
        verdict = facts.get("verdict", "remediation")
        targets = {} if verdict == "no_control" else {"targets": f"{first}：按规划用途推导，见报告第 7 章"}
        return {
            "pollutants": first, "soil_extent_m2": extent, "groundwater_extent_m2": "0",
            "risks": "规划用途下致癌风险可接受" if verdict == "no_control" else "规划用途下致癌风险超过可接受水平",
            "exposure_paths": "经口摄入、皮肤接触、吸入土壤颗粒物", "risk_level": "中", "verdict": verdict, **targets,
        }  # fmt: skip
    return {
        "control_plan": {
            "control_area": f"地块全部范围 {area:.0f} 平方米", "control_targets": "阻断扩散，禁止人员进入", "measures": "表层覆盖、四周围挡、截洪沟",
            "monitoring_plan": "地下水每季度一次，土壤每年一次", "emergency_measures": "暴雨前巡查，积水外溢时抽排至应急池", "groundwater_covered": True,
        },
        "remediation_plan": {
            "scope_and_targets": f"{extent} 平方米，{first}", "route_and_parameters": "异位固化稳定化与水泥窑协同处置，参数见方案第 5 章",
            "secondary_pollution": "密闭大棚、尾气处理、雨污分流", "groundwater_covered": True, "soil_volume_m3": str(int(round(area * 0.2 * 3, -2))),
        },
        "effect_evaluation": {
            "works_overview": "工程已完工", "measures_taken": "按方案落实，有监理记录", "monitoring_results": "见报告第 6 章",
            "verdict": facts.get("verdict", "reached"), "follow_up": "定期监测地下水", "residual_above_first_class": False,
        },
        "aftercare": {"monitoring_plan": "地下水每半年一次，连续四年", "use_limits": "不得开挖阻隔层，不得抽取地下水", "until": "2029-03-01"},
    }[kind]  # fmt: skip


def _column(story: Story) -> str:
    return "first" if story.planned.startswith(("0701", "0803", "0804")) else "second"


SAMPLED = {  # surveys whose laboratory data the desk holds: the arsenic found, point by point
    BACKGROUND: ("调查2025年白鹭棉织厂", (19.4, 22.6, 18.7, 19.6, 17.9, 19.8, 18.2, 19.9, 16.5)),
    DIFFERENT: ("调查2026年白鹭农机站", (14.2, 31.5, 12.8, 26.3, 11.9, 13.4, 12.1, 13.0, 12.6)),
}
LEAD = (38.0, 61.0, 44.5, 52.0, 35.2, 47.1, 41.0, 39.5, 36.8)
METHODS = {"pH": "HJ 962-2018", "砷": "HJ 680-2013", "铅": "GB/T 17141-1997"}
LIMITS = {"pH": "", "砷": "0.01", "铅": "0.1"}
assert PARTLY not in SAMPLED


def laboratory(plot: str, on: date) -> Iterator[dict[str, str]]:
    """The laboratory's rows of one survey: a sample from every point."""
    name, arsenic = SAMPLED[plot]
    chance = random.Random(name)  # noqa: S311
    for at, value in enumerate(arsenic):
        values = {"pH": f"{chance.uniform(6.8, 7.6):.1f}", "砷": f"{value:.1f}", "铅": f"{LEAD[at]:.1f}"}
        for analyte, printed in values.items():
            done = on + timedelta(1 if analyte == "pH" else 9)
            yield {
                "样品编号": label(plot, on, at), "分析项目": analyte, "检测值": printed, "单位": "无量纲" if analyte == "pH" else "mg/kg",
                "检出限": LIMITS[analyte], "采样日期": on.isoformat(), "分析日期": done.isoformat(), "介质": "土壤", "方法": METHODS[analyte],
                "批次": f"B{done:%Y%m%d}", "CMA": "990000000001", "检测机构": "云泽谱衡检测有限公司", "报告编号": f"PH-{name}",
            }  # fmt: skip


def label(plot: str, on: date, at: int) -> str:
    """The code on the label of a sample."""
    return f"{on:%y%m}-{'MZ' if plot == BACKGROUND else 'NJ'}{at + 1:03d}"
