"""What kit needs to know of points by their gravest verdict: a list and a layer of the map."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, LegendClass
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.register import Column, Register
from soildesk.kit.rows import Selection
from soildesk.monitoring.models import Medium
from soildesk.monitoring.queries import pointverdicts as rows
from soildesk.monitoring.queries.results import analyte_choices, analyte_name, campaign_choices
from soildesk.monitoring.register.points import SECTION, TOWN, word
from soildesk.monitoring.resultpages import VERDICTS

COLORS = {
    "exceeds_control": "#b3261e",
    "exceeds": "#d9534a",
    "exceeds_screening": "#e0912f",
    "unknown": "#8f989b",
    "meets": "#2e8b57",
    rows.NONE: "#e3e7e7",
}
"""The gravest first, as the legend has them."""
CHIPS = {**VERDICTS, rows.NONE: ("unknown", "question-octagon", _l("尚未评价"))}


class OfCampaign(ChoiceFilter):
    """Points that have accepted results in a campaign."""

    def _meaning(self, value: str, on: date) -> Q:
        return Q(point__in=rows.sampled_in(value))


class OfAnalyte(ChoiceFilter):
    """Points that have a verdict on an analyte."""

    def _meaning(self, value: str, on: date) -> Q:
        return Q(point__in=rows.judged_for(value))


def _ask_first(selection: Selection) -> str:
    """Verdicts of graded results are given out with an approval only."""
    params = selection.params
    if not rows.is_graded(selection.filtered(), params):
        return ""
    query = urlencode({name: params[name] for name in ("campaign", "analyte") if params.get(name)})
    return f"{reverse('monitoring:export_new')}?{urlencode({'query': query})}"


def _classes() -> list[LegendClass]:
    return [LegendClass(verdict, CHIPS[verdict][2], color) for verdict, color in COLORS.items()]


POINT_VERDICTS = register.add(
    Register(
        name="monitoring.point_verdicts",
        collection="point_verdicts",
        title=_l("点位评价"),
        permission="monitoring.read",
        queryset=rows.points,
        asked=rows.asked,
        outside=rows.open_points,
        ask_first=_ask_first,
        key="point__uid",
        row_url=lambda row: reverse("kit:record", args=["points", str(row["point__uid"])]),
        columns=[
            Column("number", _l("编号"), "point__number", sort="point__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=14, format=cells.clamp),
            Column("verdict", _l("最重的结论"), width=9, format=cells.chip(CHIPS),
                   export=lambda value, row: str(CHIPS[value][2]) if value in CHIPS else ""),
            Column("analyte", _l("项目"), lambda row: analyte_name(row["grave_analyte"]) if row["grave_analyte"] else "", ["grave_analyte"], width=8),
            Column("factor", _l("倍数"), "grave_factor", width=5, numeric=True, format=cells.number, type="number"),
            Column("sampled_on", _l("采样日期"), "grave_day", width=7, format=cells.day, type="date"),
            Column("medium", _l("介质"), word("medium", Medium.choices), ["medium"], sort="medium", width=6),
            Column("town", _l("乡镇（街道）"), width=8),
        ],
        filters=[
            OfCampaign("campaign", _l("监测任务"), choices=campaign_choices),
            OfAnalyte("analyte", _l("分析项目"), choices=analyte_choices),
            ChoiceFilter("verdict", _l("结论"), choices=[(key, one[2]) for key, one in CHIPS.items()]),
            ChoiceFilter("medium", _l("介质"), choices=Medium.choices),
            TOWN,
        ],
        search=["name", "point__number"],
        default_sort="number",
        ground=Ground("geometry", "point", title="name", class_field="verdict", classes=_classes()),
        about=_l("每个点位最重的结论：选定任务或项目时只按它们的结果；不选任务时按每个项目最近一次的结果。灰色为无法判断或尚未评价，不等于不超标。"),
        empty=_l("没有符合条件的点位。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("点位评价"), "kit:collection", "monitoring.read", order=228, icon="pin-map", args=("point_verdicts",)
)
navigation.register(SECTION, _l("时间序列"), "monitoring:series", "monitoring.read", order=230, icon="sliders")
