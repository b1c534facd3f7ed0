"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "standards.risksite": _("风险评估地块"),
        "standards.riskrun": _("风险评估"),
        "standards.risk_site.created": _("新建风险评估地块"),
        "standards.risk_site.corrected": _("改正风险评估地块信息"),
        "standards.risk_run.computed": _("计算风险"),
        "standards.risk_run.uncertainty_computed": _("不确定性分析"),
    }
)
