"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "enterprises.enterpriseversion": _("企业"),
        "enterprises.siteversion": _("企业用地"),
        "enterprises.listnotice": _("名录文件"),
        "enterprises.filing": _("企业申报"),
        "enterprises.facilityversion": _("重点场所和设施设备"),
        "enterprises.inspection": _("隐患排查"),
        "enterprises.hazard": _("隐患"),
        "enterprises.investigation": _("异常数据调查"),
        "enterprises.listing": _("名录记录"),
        "enterprises.succession": _("企业承继"),
        "enterprises.listproposal": _("名录建议"),
        "enterprises.firm.registered": _("登记企业"),
        "enterprises.firm.changed": _("变更企业"),
        "enterprises.firm.corrected": _("更正企业"),
        "enterprises.firm.deregistered": _("登记企业注销"),
        "enterprises.firm.representative_granted": _("授权企业人员"),
        "enterprises.firm.representative_ended": _("终止企业人员授权"),
        "enterprises.site.registered": _("登记企业用地"),
        "enterprises.site.changed": _("变更企业用地"),
        "enterprises.site.corrected": _("更正企业用地"),
        "enterprises.site.ended": _("终止企业用地"),
        "enterprises.succession.recorded": _("登记企业承继"),
        "enterprises.succession.superseded": _("撤销企业承继"),
        "enterprises.list.notice_registered": _("登记名录文件"),
        "enterprises.list.document_attached": _("上传名录文件"),
        "enterprises.list.entered": _("登记列入名录"),
        "enterprises.list.left": _("登记移出名录"),
        "enterprises.list.taken_in": _("登记名录成员"),
        "enterprises.list.corrected": _("更正名录记录"),
        "enterprises.list.withdrawn": _("撤销名录记录"),
        "enterprises.proposal.made": _("生成名录建议"),
        "enterprises.proposal.put_forward": _("报送名录建议"),
        "enterprises.proposal.dismissed": _("不报名录建议"),
    }
)
