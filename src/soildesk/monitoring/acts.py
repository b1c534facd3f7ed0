"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "monitoring.pointversion": _("监测点位"),
        "monitoring.backgroundversion": _("地质背景"),
        "monitoring.campaign": _("监测任务"),
        "monitoring.samplingtask": _("采样任务"),
        "monitoring.fieldrecord": _("采样记录"),
        "monitoring.batch": _("检测批次"),
        "monitoring.result": _("检测结果"),
        "monitoring.judgement": _("结果评价"),
        "monitoring.alert": _("预警"),
        "monitoring.ownerrule": _("预警属地规则"),
    }
)
audit_words.register(
    {
        "monitoring.point.registered": _("登记监测点位"),
        "monitoring.point.made_in_field": _("采样时登记监测点位"),
        "monitoring.point.joined_in_field": _("采样时归到已有监测点位"),
        "monitoring.point.changed": _("变更监测点位"),
        "monitoring.point.corrected": _("更正监测点位"),
        "monitoring.point.ended": _("终止监测点位"),
        "monitoring.background.registered": _("登记地质背景"),
        "monitoring.background.changed": _("变更地质背景"),
        "monitoring.background.corrected": _("更正地质背景"),
        "monitoring.background.ended": _("终止地质背景"),
        "monitoring.campaign.made": _("编制监测任务"),
        "monitoring.campaign.changed": _("修改监测任务"),
        "monitoring.campaign.started": _("开始监测任务"),
        "monitoring.campaign.closed": _("办结监测任务"),
        "monitoring.campaign.shared": _("登记监测数据共享"),
        "monitoring.task.planned": _("安排采样任务"),
        "monitoring.task.parallels_added": _("安排密码平行样"),
        "monitoring.task.dropped": _("取消采样任务"),
        "monitoring.record.made": _("登记采样记录"),
        "monitoring.record.corrected": _("更正采样记录"),
        "monitoring.custody.recorded": _("登记样品流转"),
    }
)
audit_words.register(
    {
        "monitoring.campaign.judged": _("评价检测结果"),
        "monitoring.alert.opened": _("生成预警"),
        "monitoring.alert.joined": _("预警再次触发"),
        "monitoring.alert.assigned": _("指定预警处置单位"),
        "monitoring.alert.taken": _("接办预警"),
        "monitoring.alert.measured": _("登记处置措施"),
        "monitoring.alert.answered": _("申请预警销号"),
        "monitoring.alert.returned": _("退回预警"),
        "monitoring.alert.closed": _("预警销号"),
        "monitoring.alert.merged": _("并入预警"),
        "monitoring.alert.escalated": _("上报预警"),
        "monitoring.alert.extended": _("调整预警时限"),
        "monitoring.ownerrule.added": _("登记预警属地规则"),
        "monitoring.ownerrule.ended": _("终止预警属地规则"),
    }
)
audit_words.register(
    {
        "monitoring.exportrequest": _("导出申请"),
        "monitoring.batch.sent": _("报送检测数据"),
        "monitoring.batch.checked": _("检查检测数据"),
        "monitoring.batch.given_up": _("放弃读入检测数据"),
        "monitoring.batch.report_bound": _("绑定检测报告"),
        "monitoring.batch.compared": _("与报告核对"),
        "monitoring.batch.accepted": _("接收检测批次"),
        "monitoring.batch.returned": _("退回检测批次"),
        "monitoring.result.corrected": _("更正检测结果"),
        "monitoring.result.qualified": _("标记检测结果"),
        "monitoring.export.asked": _("申请导出分级数据"),
        "monitoring.export.decided": _("审批导出分级数据"),
        "monitoring.export.made": _("导出分级数据"),
    }
)
audit_words.register(
    {
        "monitoring.surface": _("插值图"),
        "monitoring.surface.made": _("制作插值图"),
        "monitoring.surface.outdated": _("插值图过时"),
    }
)
"""The acts themselves are named beside their services, in the same way."""
