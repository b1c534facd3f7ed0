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
    }
)
