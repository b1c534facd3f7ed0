"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "decisions.gatequery": _("准入核查"),
        "decisions.gatebatch": _("批量核查"),
        "decisions.provincequery": _("全国系统查询"),
        "decisions.gateground": _("附条件通过理由"),
        "decisions.opinionrequest": _("书面意见"),
        "decisions.localprofile": _("属地规则"),
        "decisions.localrules": _("本地规则"),
        "decisions.rules.entered": _("导入本地规则"),
        "decisions.groundact": _("用地办理事项"),
        "decisions.gate.asked": _("发起准入核查"),
        "decisions.province.recorded": _("登记全国系统查询结果"),
        "decisions.ground.recorded": _("登记附条件通过的书面理由"),
        "decisions.opinion.asked": _("请求书面意见"),
        "decisions.opinion.answered": _("答复书面意见"),
        "decisions.opinion.returned": _("退回书面意见请求"),
        "decisions.profile.adopted": _("采用属地规则"),
        "decisions.batch.asked": _("发起批量核查"),
        "decisions.ground_act.recorded": _("登记用地办理事项"),
        "decisions.ground_act.proof_attached": _("上传用地办理事项的证据"),
        "decisions.ground_act.taken_back": _("撤销用地办理事项"),
    }
)
