"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "plans.plan": _("方案"),
        "plans.plantask": _("任务"),
        "plans.assignment": _("分办"),
        "plans.plan.imported": _("读入方案"),
        "plans.plan.corrected": _("改正方案信息"),
        "plans.plan.discarded": _("作废草稿"),
        "plans.plan.published": _("发布方案"),
        "plans.plan.superseded": _("方案被新版本替代"),
        "plans.plan.closed": _("方案总结"),
        "plans.ledger.imported": _("导入往年台账"),
        "plans.task.accepted": _("采纳任务"),
        "plans.tasks.accepted": _("批量采纳任务"),
        "plans.task.corrected": _("改正任务"),
        "plans.task.split": _("拆分任务"),
        "plans.task.merged": _("合并任务"),
        "plans.task.rejected": _("不采纳任务"),
        "plans.task.reopened": _("撤回审核"),
        "plans.task.bound": _("选定核算办法"),
        "plans.task.unbound": _("取消核算办法"),
        "plans.task.unmeasured": _("写明任务不核算的理由"),
        "plans.indicator.unmeasured": _("写明指标不核算的理由"),
        "plans.document.asked": _("列明所要的材料"),
        "plans.document.dropped": _("取消所要的材料"),
        "plans.document.filed": _("报送材料"),
        "plans.document.checked": _("核对材料"),
        "plans.indicator.bound": _("为指标选定核算办法"),
        "plans.indicator.unbound": _("取消指标的核算办法"),
        "plans.task.linked": _("登记任务承接"),
        "plans.task.unlinked": _("取消任务承接"),
        "plans.indicator.linked": _("登记目标承接"),
        "plans.indicators.accepted": _("采纳指标"),
        "plans.indicator.rejected": _("不采纳指标"),
        "plans.milestone.review_date_set": _("设定复核日期"),
        "plans.conflict.settled": _("裁定不一致"),
        "plans.unit.answered": _("指定单位"),
        "plans.assignment.received": _("签收"),
        "plans.assignment.reported": _("填报进展"),
        "plans.assignment.verified": _("核实"),
        "plans.assignment.returned": _("退回填报"),
        "plans.assignment.misdirected": _("申请改派"),
        "plans.assignment.reassigned": _("改派"),
        "plans.evidence.added": _("上传材料"),
        "plans.sheet.issued": _("发出分办单"),
        "plans.sheet.returned": _("收回分办单"),
    }
)
