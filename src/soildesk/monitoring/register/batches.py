"""What kit needs to know of laboratory batches, of what their check found, and of requests to export results."""

from __future__ import annotations

from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register
from soildesk.monitoring import batchpages, rulenames
from soildesk.monitoring.batchpages import QUALITY, SEVERITIES, STATES
from soildesk.monitoring.models import Batch, BatchFinding, ExportRequest, Grade
from soildesk.monitoring.queries import results as rows
from soildesk.monitoring.register.points import SECTION, word

BATCHES = register.add(
    Register(
        name="monitoring.batches",
        collection="batches",
        title=_l("检测批次"),
        permission="monitoring.read",
        queryset=lambda actor, on: rows.batches(actor, on).annotate(verdict=KeyTextTransform("verdict", "quality")),
        record=batchpages.batch,
        columns=[
            Column("number", _l("批次编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("campaign", _l("监测任务"), "campaign__title", sort="campaign__title", width=16, format=cells.clamp),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(STATES)),
            Column("laboratory", _l("检测机构"), sort="laboratory", width=12, format=cells.clamp),
            Column("file_name", _l("数据文件"), width=14, format=cells.clamp),
            Column("samples", _l("样品数"), sort="samples", width=5, numeric=True, format=cells.number, type="integer"),
            Column("rows", _l("结果数"), sort="rows", width=6, numeric=True, format=cells.number, type="integer"),
            Column("errors", _l("错误"), sort="errors", width=4, numeric=True, format=cells.number, type="integer"),
            Column("warnings", _l("警告"), sort="warnings", width=4, numeric=True, format=cells.number, type="integer"),
            Column("quality", _l("质量控制"), "verdict", width=8, format=cells.chip(QUALITY),
                   export=lambda value, row: str(QUALITY[value][2]) if value in QUALITY else ""),
            Column("at", _l("报送时间"), sort="at", width=9, format=cells.moment, type="datetime"),
            Column("decided_at", _l("审核时间"), sort="decided_at", width=9, format=cells.moment, type="datetime", shown=False),
            Column("report_number", _l("报告编号"), width=10, shown=False),
            Column("cma", _l("CMA 编号"), width=8, shown=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=Batch.State.choices),
            ChoiceFilter("campaign", _l("监测任务"), field="campaign__number", choices=rows.campaign_choices),
            TextFilter("laboratory", _l("检测机构"), fields=["laboratory"]),
            ChoiceFilter("quality", _l("质量控制"), field="quality__verdict", choices=[(key, one[2]) for key, one in QUALITY.items()]),
        ],
        search=["number", "laboratory", "file_name", "report_number"],
        default_sort="-at",
        page_acts=[PageAct(_l("报送检测数据"), "monitoring:batch_new", "monitoring.send_results", icon="upload", primary=True)],
        views=[(_l("待审核"), "state=checked"), (_l("已退回"), "state=returned")],
        about=_l("检测机构送来的每一个数据文件：检查、质控、核对与接收。"),
        empty=_l("您的范围内还没有检测数据。报送时选择任务和检测机构的文件，审核接收后进入台账。"),
    )
)  # fmt: skip

FINDINGS = register.add(
    Register(
        name="monitoring.findings",
        title=_l("检查发现"),
        permission="monitoring.read",
        key="id",
        queryset=rows.findings,
        columns=[
            Column("row", _l("行"), sort="row", width=5, numeric=True, frozen=True, type="integer"),
            Column("column", _l("列"), width=8),
            Column("severity", _l("程度"), sort="severity", width=6, format=cells.chip(SEVERITIES),
                   export=lambda value, row: str(BatchFinding.Severity(value).label)),
            Column("zh", _l("说明"), width=38, format=cells.text),
            Column("rule", _l("规则"), lambda row: rulenames.rule_title(row["rule"]), ["rule"], sort="rule", width=12),
            Column("batch", _l("批次"), "batch__number", sort="batch__number", width=14),
        ],
        filters=[
            TextFilter("batch", _l("批次编号"), fields=["batch__number"]),
            ChoiceFilter("severity", _l("程度"), choices=BatchFinding.Severity.choices),
            ChoiceFilter("rule", _l("规则"), choices=lambda actor, on: rulenames.rule_choices()),
        ],
        search=["zh"],
        default_sort="row",
        empty=_l("没有检查发现。"),
    )
)  # fmt: skip

EXPORT_STATES = {
    ExportRequest.State.ASKED.value: ("busy", "hourglass-split", ExportRequest.State.ASKED.label),
    ExportRequest.State.APPROVED.value: ("good", "check-circle-fill", ExportRequest.State.APPROVED.label),
    ExportRequest.State.REFUSED.value: ("bad", "x-circle-fill", ExportRequest.State.REFUSED.label),
}
EXPORTS = register.add(
    Register(
        name="monitoring.exports",
        title=_l("分级数据导出申请"),
        permission="monitoring.read",
        queryset=rows.exports,
        row_url=lambda row: reverse("monitoring:export", args=[row["uid"]]),
        columns=[
            Column("number", _l("编号"), sort="number", width=14, frozen=True, format=cells.link),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(EXPORT_STATES)),
            Column("grade", _l("数据分级"), word("grade", Grade.choices), ["grade"], width=6),
            Column("rows", _l("结果数"), sort="rows", width=6, numeric=True, format=cells.number, type="integer"),
            Column("recipient", _l("接收单位"), width=12, format=cells.clamp),
            Column("purpose", _l("用途"), width=18, format=cells.clamp),
            Column("asked_by", _l("申请人"), "asked_by__name", width=7),
            Column("asked_at", _l("申请时间"), sort="asked_at", width=9, format=cells.moment, type="datetime"),
            Column("decided_by", _l("批准人"), "decided_by__name", width=7),
        ],
        filters=[ChoiceFilter("state", _l("状态"), choices=ExportRequest.State.choices), DateRangeFilter("on", _l("申请日期"))],
        search=["number", "purpose", "recipient"],
        default_sort="-asked_at",
        empty=_l("还没有导出申请。在检测结果列表里筛好范围后点导出，即可申请。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("检测批次"), "kit:collection", "monitoring.read", order=222, icon="inbox", args=("batches",)
)
navigation.register(
    SECTION, _l("数据自查"), "monitoring:check", "monitoring.check_file", order=218, icon="shield-check"
)
navigation.register(SECTION, _l("报送数据"), "monitoring:sent", "monitoring.send_results", order=220, icon="upload")
