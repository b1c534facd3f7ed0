"""What kit needs to know of plans of inspections and of visits: the office alone sees them, no firm and no reader."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.register.enterprises import TOWN
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.oversight.models import InspectionPlan, Visit
from soildesk.oversight.queries import visits
from soildesk.oversight.register import visitpages
from soildesk.oversight.register.problems import SECTION

READ = "oversight.read_plans"


def _plans(actor: Any, on: date) -> list[tuple[str, Any]]:
    return [(one.number, one.title) for one in visits.plans(actor, on)]


PLANS = register.add(
    Register(
        name="oversight.plans",
        collection="inspection_plans",
        title=_l("检查计划"),
        permission=READ,
        queryset=visits.plans,
        fields=["wanted", "visited"],
        record=visitpages.plan,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("title", _l("名称"), sort="title", width=20, format=cells.clamp),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(visitpages.STATES),
                   export=lambda value, row: str(InspectionPlan.State(value).label)),
            Column("units", _l("参加抽取"), width=6, numeric=True, type="integer"),
            Column("wanted", _l("抽取数量"), width=6, numeric=True, type="integer"),
            Column("visited", _l("已检查"), width=8, format=cells.progress("visited", "wanted"), numeric=True, type="integer"),
            Column("starts_on", _l("开始日期"), sort="starts_on", width=7, format=cells.day, type="date"),
            Column("ends_on", _l("结束日期"), sort="ends_on", width=7, format=cells.day, type="date"),
            Column("seed", _l("随机种子"), width=10, shown=False),
            Column("seed_source", _l("种子来源"), width=14, shown=False, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=InspectionPlan.State.choices),
            DateRangeFilter("ends_on", _l("结束日期")),
        ],
        search=["number", "title"],
        default_sort="-number",
        page_acts=[PageAct(_l("抽取检查对象"), "oversight:draw", "oversight.draw", icon="plus-lg", primary=True)],
        about=_l("按风险加权随机抽取：权重、种子和次序都留下，任何人可以照着再抽一次。企业看不到检查计划。"),
        empty=_l("还没有检查计划。先公布随机种子，再抽取。"),
    )
)  # fmt: skip

COLORS = {Visit.Found.NOTHING: "#3a8a5f", Visit.Found.PROBLEMS: "#c0392b", Visit.Found.NOT_MET: "#7f8c8d"}

VISITS = register.add(
    Register(
        name="oversight.visits",
        collection="visits",
        title=_l("现场检查"),
        permission=READ,
        queryset=visits.visits,
        fields=["enterprise_id"],
        enrich=visits.add_names,
        record=visitpages.visit,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=16, format=cells.clamp),
            Column("on", _l("检查日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("found", _l("结果"), sort="found", width=8, format=cells.chip(visitpages.FOUND),
                   export=lambda value, row: str(Visit.Found(value).label)),
            Column("inspectors", _l("检查人员"), width=10, format=cells.clamp),
            Column("note", _l("检查情况"), width=20, format=cells.clamp),
            Column("plan", _l("检查计划"), "plan__number", width=14),
            Column("town", _l("乡镇（街道）"), width=8),
        ],
        filters=[
            ChoiceFilter("found", _l("结果"), choices=Visit.Found.choices),
            ChoiceFilter("plan", _l("检查计划"), field="plan__number", choices=_plans),
            TextFilter("firm", _l("企业"), fields=["enterprise__versions__name", "enterprise__number"]),
            TOWN,
            DateRangeFilter("on", _l("检查日期")),
        ],
        search=["number", "inspectors", "note"],
        default_sort="-on",
        ground=Ground(
            "point", shape="point", title="number", class_field="found",
            classes=[LegendClass(found.value, found.label, color) for found, color in COLORS.items()],
        ),
        page_acts=[PageAct(_l("去检查"), "oversight:visit_choose", "oversight.visit", icon="geo-alt", primary=True)],
        about=_l("每次现场检查一条：谁去的、看到什么、照片、位置；发现的问题进入问题清单。写错的更正，不改写原记录。"),
        empty=_l("您的范围内没有检查记录。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("检查计划"), "kit:collection", READ, order=420, icon="calendar3", args=("inspection_plans",)
)
navigation.register(SECTION, _l("现场检查"), "kit:collection", READ, order=430, icon="geo-alt", args=("visits",))
navigation.register(SECTION, _l("去检查"), "oversight:visit_choose", "oversight.visit", order=440, icon="camera")
