"""What kit needs to know of recorded geological backgrounds."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register
from soildesk.monitoring import entering
from soildesk.monitoring.queries import network
from soildesk.monitoring.queries.results import analyte_choices
from soildesk.monitoring.register import records
from soildesk.monitoring.register.points import SECTION, TOWN

BACKGROUNDS = register.add(
    Register(
        name="monitoring.backgrounds",
        collection="backgrounds",
        title=_l("地质背景"),
        permission="monitoring.read",
        queryset=network.backgrounds,
        knows_past=True,
        key="background__uid",
        row_url=lambda row: reverse("kit:record", args=["backgrounds", str(row["background__uid"])]),
        columns=[
            Column("number", _l("编号"), "background__number", sort="background__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=16, format=cells.clamp),
            Column("analyte", _l("分析项目"), lambda row: records.analyte_name(row["analyte"]), ["analyte"], sort="analyte", width=8),
            Column("upper", _l("背景上限"), lambda row: row["upper"].normalize(), ["upper"], width=7, numeric=True, format=cells.number, type="number"),
            Column("unit", _l("单位"), width=6),
            Column("document", _l("依据"), width=22, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date"),
            Column("until", _l("止"), width=7, format=cells.day, shown=False, type="date"),
        ],
        filters=[ChoiceFilter("analyte", _l("分析项目"), choices=analyte_choices), TOWN],
        search=["name", "background__number", "document"],
        default_sort="number",
        ground=Ground("geometry", title="name", color="#8c6d46"),
        writing=entering.BACKGROUNDS,
        record=records.background,
        about=_l("经调查认定的地质高背景：范围内、上限以下的含量不作为污染预警。"),
        empty=_l("还没有地质背景。按土壤地球化学调查报告登记范围与上限。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("地质背景"), "kit:collection", "monitoring.read", order=204, icon="layers", args=("backgrounds",)
)
