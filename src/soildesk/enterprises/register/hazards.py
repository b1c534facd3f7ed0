"""What kit needs to know of hazards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l

from soildesk.enterprises.models import Hazard
from soildesk.enterprises.queries import hazards
from soildesk.enterprises.register import plantpages
from soildesk.enterprises.register.enterprises import SECTION, TOWN
from soildesk.enterprises.register.facilities import FIRM_PATHS
from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row

State = Hazard.State


def _due(value: Any, row: Row) -> str:
    """The term; past it with how many days, for a hazard that waits to be put right."""
    if not row.get("_late"):
        return cells.day(value, row)
    late = cells.chip_html("bad", "exclamation-triangle-fill", plantpages.late_words(row["_late"]))
    return f"{cells.day(value, row)} {late}"


HAZARDS = register.add(
    Register(
        name="enterprises.hazards",
        collection="hazards",
        title=_l("隐患台账"),
        permission="enterprises.read_plant",
        queryset=hazards.hazards,
        enrich=hazards.add_names,
        fields=["enterprise_id", "facility_id", "item", "state", "due"],
        record=plantpages.hazard,
        columns=[
            Column("number", _l("编号"), sort="number", width=15, frozen=True, format=cells.link),
            Column("firm", _l("企业"), lambda row: row.get("_firm"), ["enterprise_id"], width=14, format=cells.clamp),
            Column("facility", _l("重点场所或者重点设施设备"), lambda row: row.get("_facility"), ["facility_id"], width=12, format=cells.clamp),
            Column("what", _l("隐患点"), width=20, format=cells.clamp),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(plantpages.HAZARD_STATES), export=lambda value, row: str(State(value).label)),
            Column("found_on", _l("发现日期"), sort="found_on", width=7, format=cells.day, type="date"),
            Column("due", _l("整改时限"), sort="due", width=9, format=_due, type="date"),
            Column("suggestion", _l("整改建议"), width=16, format=cells.clamp, shown=False),
            Column("measure", _l("整改措施"), width=16, format=cells.clamp),
            Column("responsible", _l("整改责任人"), width=7),
            Column("rectified_on", _l("整改完成日期"), sort="rectified_on", width=7, format=cells.day, type="date"),
            Column("verified_on", _l("验收日期"), sort="verified_on", width=7, format=cells.day, type="date"),
            Column("item", _l("检查内容"), lambda row: row.get("_item"), ["item"], width=16, format=cells.clamp, shown=False),
            Column("inspection", _l("排查编号"), "inspection__number", width=14, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
        ],
        filters=[
            TextFilter("firm", _l("企业"), fields=FIRM_PATHS),
            ChoiceFilter("live", _l("是否销号"), choices=[("yes", _l("未销号")), ("no", _l("已销号或撤销"))],
                         conditions={"yes": hazards.LIVE, "no": ~hazards.LIVE}),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("late", _l("逾期"), choices=[("1", _l("逾期未整改"))], conditions={"1": hazards.late_on}),
            TextFilter("inspection", _l("排查编号"), fields=["inspection__number"]),
            TOWN,
            DateRangeFilter("found_on", _l("发现日期")),
            DateRangeFilter("due", _l("整改时限")),
        ],
        search=["number", "what", "suggestion", "measure", "responsible"],
        default_sort="-found_on",
        page_acts=[
            PageAct(_l("整改合格率"), "enterprises:hazard_rates", "enterprises.read_plant", icon="bullseye"),
            PageAct(_l("台账表格"), "enterprises:hazard_ledger", "enterprises.read_plant", icon="file-earmark-excel"),
        ],
        views=[(_l("未销号"), "live=yes"), (_l("逾期未整改"), "late=1"), (_l("待验收"), "state=rectified")],
        about=_l("隐患排查中发现的隐患：整改后由另一人验收才算合格。误登的撤销后保留记录，不计入合格率。"),
        empty=_l("没有隐患。隐患在排查时逐项登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION,
    _l("隐患台账"),
    "kit:collection",
    "enterprises.read_plant",
    order=336,
    icon="exclamation-circle",
    args=("hazards",),
)
