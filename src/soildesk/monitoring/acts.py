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
    }
)
"""The acts themselves are named beside their services, in the same way."""
