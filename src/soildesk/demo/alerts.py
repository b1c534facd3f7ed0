"""What became of the example's warnings: two closed with proof, two under way, one reported upwards, one left too long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.demo.monitoring import OFFICER, moment
from soildesk.demo.monitoring import actor as somebody
from soildesk.monitoring.models import Alert, Campaign
from soildesk.monitoring.services import disposal
from soildesk.monitoring.services.disposal import Proof

ECOLOGY, FARMS, MARKET = "xuwei", "maijia", "gaoping"


@dataclass(frozen=True)
class Act:
    """One act on a warning: the day, who, what, and what is said; `more` goes with the act."""

    day: date
    who: str
    what: Callable[..., Any]
    said: str = ""
    proof: str = ""
    owner: str = ""
    with_units: tuple[str, ...] = ()
    due: date | None = None


STORY: Mapping[tuple[str, str, str], tuple[Act, ...]] = {  # round, point, analyte
    ("2024", "ZB-04", "lead"): (
        Act(date(2024, 11, 25), ECOLOGY, disposal.take, "已通知园区管理机构配合排查。"),
        Act(date(2025, 1, 8), ECOLOGY, disposal.measure, "料场硬化并加盖防雨棚，表土清挖外运处置。", "佐证：工业集中区东南侧铅超标处置.pdf"),
        Act(date(2025, 1, 10), ECOLOGY, disposal.answer, "污染途径已切断，表土已清理。"),
        Act(date(2025, 1, 14), OFFICER, disposal.close, "现场核实属实，列入下一年度例行监测复核，同意销号。"),
    ),
    ("2025", "SK-04", "zinc"): (
        Act(date(2025, 11, 26), OFFICER, disposal.assign, "耕地土壤预警", owner="青禾区农业农村局"),
        Act(date(2025, 11, 28), FARMS, disposal.take, "派员到河东街道核实施肥情况。"),
        Act(date(2026, 1, 15), FARMS, disposal.measure, "查明为外来污泥还田，已停用并清运。", "佐证：河东街道停用污泥整改复核.pdf"),
        Act(date(2026, 1, 16), FARMS, disposal.answer, "加密复测低于筛选值。"),
        Act(date(2026, 1, 20), OFFICER, disposal.close, "资料齐全，同意销号。"),
    ),
    ("2026上半年", "DX-02", "benzene"): (Act(date(2026, 6, 8), ECOLOGY, disposal.take, "拟加密监测。"),),
    ("2026", "DX-02", "benzene"): (
        Act(date(2026, 11, 9), ECOLOGY, disposal.take, "与上半年预警一并办理。"),
        Act(date(2026, 11, 13), ECOLOGY, disposal.measure, "已委托加密监测，并查勘厂区东侧残留管线。"),
    ),
    ("2026", "XT-01-N", "cadmium"): (
        Act(
            date(2026, 11, 9), OFFICER, disposal.assign, "区内未设粮食部门，由市场监管部门先行控制", owner="青禾区市场监督管理局",
            with_units=("青禾区农业农村局",),
        ),
        Act(date(2026, 11, 10), MARKET, disposal.take, "已到户核查。"),
        Act(date(2026, 11, 12), MARKET, disposal.measure, "该批小麦 3.2 吨已就地封存，不得入市。"),
    ),
    ("2026", "ZB-11", "hch_beta"): (
        Act(date(2026, 11, 9), ECOLOGY, disposal.take, "已通知土地储备中心暂停地块周边施工。"),
        Act(date(2026, 11, 10), OFFICER, disposal.escalate, "超过管制值，邻近规划学校，须由市级统筹风险管控。"),
        Act(date(2026, 11, 11), OFFICER, disposal.extend, "等待市级专家会商。", due=date(2026, 12, 15)),
    ),
}  # fmt: skip


def tell(campaigns: Mapping[str, Campaign], folder: Path) -> None:
    """Every act of the story that lies behind us, on the warning it is about."""
    for (name, point, analyte), acts in STORY.items():
        if name not in campaigns:
            continue
        found = Alert.objects.filter(campaign=campaigns[name], point__versions__code=point, analyte=analyte)
        for alert in found.distinct():
            for act in acts:
                if act.day <= clock.today():
                    _do(act, alert, folder)


def _do(act: Act, alert: Alert, folder: Path) -> None:
    done = partial(act.what, alert, by=somebody(act.who, act.day), at=moment(act.day, 14))
    if act.owner:
        helping = list(Department.objects.filter(name__in=act.with_units))
        done(Department.objects.get(name=act.owner), supports=helping, why=act.said)
    elif act.proof:
        done(act.said, [Proof(act.proof, (folder / act.proof).read_bytes())])
    elif act.due:
        done(act.due, act.said)
    else:
        done(act.said)
