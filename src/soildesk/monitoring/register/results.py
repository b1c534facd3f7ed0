"""What kit needs to know of results."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.kit.rows import Selection
from soildesk.monitoring import resultpages
from soildesk.monitoring.models import Grade, Medium
from soildesk.monitoring.queries import results as rows
from soildesk.monitoring.register.points import SECTION, word
from soildesk.monitoring.resultpages import VERDICTS
from soilrules import analytes

NONE = "none"


def _ask_first(selection: Selection) -> str:
    """Graded results are given out with an approval only."""
    if rows.grades(selection.filtered()) <= {Grade.PUBLIC.value}:
        return ""
    return f"{reverse('monitoring:export_new')}?{urlencode({'query': selection.params.urlencode()})}"


def _value(value: Any, row: Any) -> str:
    hint = f' title="{cells.escape(row["printed"])}"' if row["printed"] else ""
    return f"<span{hint}>{cells.escape(value)}</span>"


RESULTS = register.add(
    Register(
        name="monitoring.results",
        collection="results",
        title=_l("检测结果"),
        permission="monitoring.read",
        queryset=rows.results,
        enrich=rows.add_verdicts,
        fields=["pk", "printed", "censored", "value", "detection_limit", "more_than"],
        outside=rows.open_results,
        ask_first=_ask_first,
        record=resultpages.result,
        columns=[
            Column("sample", _l("样品编号"), width=12, frozen=True, format=cells.link),
            Column("point", _l("点位"), "point__number", width=13),
            Column("analyte", _l("分析项目"), lambda row: rows.analyte_name(row["analyte"]), ["analyte"], width=9),
            Column("result", _l("检测值"), rows.printed, ["printed"], width=8, numeric=True, format=_value),
            Column("unit", _l("单位"), width=6),
            Column("verdict", _l("评价"), "_verdict", ["pk"], width=8, format=cells.chip(VERDICTS),
                   export=lambda value, row: str(VERDICTS[value][2]) if value in VERDICTS else ""),
            Column("factor", _l("倍数"), "_factor", ["pk"], width=5, numeric=True, format=cells.number, type="number"),
            Column("medium", _l("介质"), word("medium", Medium.choices), ["medium"], width=5),
            Column("depth_cm", _l("深度"), width=6),
            Column("sampled_on", _l("采样日期"), sort="sampled_on", width=7, format=cells.day, type="date"),
            Column("marks", _l("审核与解释标记"), "_marks", ["pk"], width=12, format=cells.clamp),
            Column("qualifier", _l("实验室标记"), width=6, shown=False),
            Column("detection_limit", _l("检出限"), width=6, numeric=True, format=cells.number, type="number", shown=False),
            Column("method", _l("方法"), width=12, format=cells.clamp, shown=False),
            Column("analysed_on", _l("分析日期"), width=7, format=cells.day, type="date", shown=False),
            Column("batch", _l("批次"), "batch__number", sort="batch_id,sample,analyte", width=14),
            Column("row", _l("文件行"), width=5, numeric=True, type="integer", shown=False),
        ],
        filters=[
            ChoiceFilter("campaign", _l("监测任务"), field="batch__campaign__number", choices=rows.campaign_choices),
            TextFilter("point", _l("点位编号"), fields=["point__number"]),
            ChoiceFilter(
                "analyte", _l("分析项目"), choices=rows.analyte_choices,
                conditions={slug: rows.of_analyte(slug) for slug in analytes.all_analytes()},
            ),
            ChoiceFilter("medium", _l("介质"), choices=Medium.choices),
            ChoiceFilter(
                "verdict", _l("评价"), choices=[*((key, one[2]) for key, one in VERDICTS.items()), (NONE, _l("尚未评价"))],
                conditions={**{key: rows.with_verdict(key) for key in VERDICTS}, NONE: rows.without_verdict()},
            ),
            DateRangeFilter("sampled_on", _l("采样日期")),
            TextFilter("batch", _l("批次编号"), fields=["batch__number"]),
        ],
        search=["sample"],
        default_sort="-batch",
        page_acts=[PageAct(_l("导出申请"), "monitoring:exports", "monitoring.read", icon="download")],
        about=_l("已接收的检测结果，含评价与标记；未检出写作 <检出限。分级数据导出须经批准，接口只给可公开任务的结果。"),
        empty=_l("您的范围内还没有接收过检测结果。收到检测机构的文件后，在“检测批次”里报送并审核接收。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("检测结果"), "kit:collection", "monitoring.read", order=226, icon="table", args=("results",)
)
