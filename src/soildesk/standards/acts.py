"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "standards.evaluation": _("判定记录"),
        "standards.evaluation.kept": _("保存判定"),
        "standards.evaluation.rejudged": _("保存重新判定"),
        "standards.localproposal": _("地方标准录入单"),
        "standards.localedition": _("地方标准"),
        "standards.local.proposed": _("录入地方标准"),
        "standards.local.accepted": _("采用地方标准"),
        "standards.local.declined": _("退回地方标准"),
        "standards.risksite": _("风险评估地块"),
        "standards.riskrun": _("风险评估"),
        "standards.risk_site.created": _("新建风险评估地块"),
        "standards.risk_site.corrected": _("改正风险评估地块信息"),
        "standards.risk_run.computed": _("计算风险"),
        "standards.risk_run.uncertainty_computed": _("不确定性分析"),
    }
)
