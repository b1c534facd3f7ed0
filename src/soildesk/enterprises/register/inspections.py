"""What kit needs to know of inspections for hazards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.models import Inspection
from soildesk.enterprises.plantwords import edition_name
from soildesk.enterprises.queries import inspections
from soildesk.enterprises.queries.plants import add_firms
from soildesk.enterprises.register import plantpages
from soildesk.enterprises.register.enterprises import SECTION, TOWN, word
from soildesk.enterprises.register.facilities import FIRM_PATHS
from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Stored

State, Cause = Inspection.State, Inspection.Cause


def _edition(row: dict[str, Any]) -> str:
    return edition_name(row["edition"])


INSPECTIONS = register.add(
    Register(
        name="enterprises.inspections",
        collection="inspections",
        title=_l("隐患排查"),
        permission="enterprises.read_plant",
        queryset=inspections.inspections,
        enrich=add_firms,
        fields=["enterprise_id"],
        record=plantpages.inspection,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=16, format=cells.clamp),
            Column("cause", _l("缘由"), word("cause", Cause.choices), ["cause"], width=9, stored=Stored("cause", Cause.choices)),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(plantpages.INSPECTION_STATES), export=lambda value, row: str(State(value).label)),
            Column("edition", _l("依据版本"), _edition, ["edition"], width=18, format=cells.clamp),
            Column("inspector", _l("排查单位"), width=12, format=cells.clamp),
            Column("began_on", _l("开始日期"), sort="began_on", width=7, format=cells.day, type="date"),
            Column("finished_on", _l("完成日期"), sort="finished_on", width=7, format=cells.day, type="date"),
            Column("hazard_count", _l("隐患"), width=5, numeric=True, type="integer"),
            Column("left_out", _l("未排查的原因"), width=14, format=cells.clamp, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
        ],
        filters=[
            TextFilter("firm", _l("企业"), fields=FIRM_PATHS),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("cause", _l("缘由"), choices=Cause.choices),
            DateRangeFilter("began_on", _l("开始日期")),
            TOWN,
        ],
        search=["number", "inspector"],
        default_sort="-began_on",
        page_acts=[PageAct(_l("开始排查"), "enterprises:inspection_new", "enterprises.inspect", icon="list-task", primary=True)],
        views=[(_l("进行中"), "state=under_way")],
        about=_l("逐处设施、逐项检查；发现的隐患列入隐患台账，整改后由另一人验收。完成一次排查即履行一次排查义务。"),
        empty=_l("还没有排查。先登记重点场所和设施设备，再开始排查。"),
    )
)  # fmt: skip

navigation.register(
    SECTION,
    _l("隐患排查"),
    "kit:collection",
    "enterprises.read_plant",
    order=334,
    icon="list-task",
    args=("inspections",),
)
