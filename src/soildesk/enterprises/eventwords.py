"""The dated facts of a firm by name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _l

from soilrules.enterprises.facts import EventKind

WORDS = {
    EventKind.COMMISSIONED: _l("新改扩建项目投产"),
    EventKind.BASELINE_FILED: _l("新改扩建项目现状调查报告"),
    EventKind.HAZARD_INSPECTION_DONE: _l("完成隐患排查"),
    EventKind.HAZARD_RECTIFIED: _l("完成隐患整改"),
    EventKind.SELFMON_PLAN_FILED: _l("报送自行监测方案"),
    EventKind.SELFMON_DONE: _l("完成自行监测"),
    EventKind.TOXIC_REPORT_FILED: _l("报告有毒有害物质排放"),
    EventKind.ANOMALY: _l("监测数据异常"),
    EventKind.ANOMALY_CLOSED: _l("异常调查办结"),
    EventKind.DEMOLITION_PLANNED: _l("计划拆除"),
    EventKind.DEMOLITION_STARTED: _l("开始拆除"),
    EventKind.DEMOLITION_FILED_ECOLOGY: _l("拆除方案报生态环境部门备案"),
    EventKind.DEMOLITION_FILED_INDUSTRY: _l("拆除方案报工信部门备案"),
    EventKind.DEMOLITION_CLOSED: _l("拆除活动总结报告"),
    EventKind.TANK_IN_USE: _l("地下储罐投用"),
    EventKind.TANK_REPORTED: _l("报送地下储罐信息"),
    EventKind.LETTER_SIGNED: _l("签订责任书"),
    EventKind.LETTER_PUBLISHED: _l("公开责任书"),
    EventKind.CLOSING_PLANNED: _l("计划终止生产经营"),
    EventKind.TRANSFER_PLANNED: _l("计划变更用途或收回、转让土地使用权"),
    EventKind.SURVEY_FILED: _l("报送土壤污染状况调查报告"),
    EventKind.PERMIT_ISSUED: _l("核发排污许可证"),
    EventKind.PERMIT_DUTIES_WRITTEN: _l("排污许可证载明土壤义务"),
    EventKind.PERMIT_CANCELLED: _l("注销或撤销排污许可证"),
    EventKind.INSURED: _l("投保环境污染责任保险"),
}
"""What each kind of fact is called on the desk."""


def word(kind: str) -> str:
    """What a kind of fact is called."""
    return str(WORDS[EventKind(kind)])
