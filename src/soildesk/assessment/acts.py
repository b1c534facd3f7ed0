"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "assessment.schemeadoption": _("考核方案"),
        "assessment.assessment": _("考核"),
        "assessment.scheme.adopted": _("采用考核方案"),
        "assessment.opened": _("发起考核"),
        "assessment.read_again": _("按最新记录重新核算"),
        "assessment.filled": _("填写自评"),
        "assessment.signed": _("签报自评"),
        "assessment.sent_back": _("退回自评"),
        "assessment.drawn": _("抽取核查样本"),
        "assessment.row_checked": _("登记核查结果"),
        "assessment.confirmed": _("核定一项"),
        "assessment.announced": _("告知初核结果"),
        "assessment.objected": _("提出异议"),
        "assessment.answered": _("答复异议"),
        "assessment.finished": _("核定结果"),
        "assessment.proposal_decided": _("决定后续建议"),
    }
)
