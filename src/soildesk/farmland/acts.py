"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "farmland.unitversion": _("评价单元"),
        "farmland.unitclass": _("现行类别"),
        "farmland.classdecision": _("类别批准文件"),
        "farmland.unitchange": _("评价单元变动"),
        "farmland.household": _("农户"),
        "farmland.unit.entered": _("登记评价单元"),
        "farmland.unit.entered_many": _("成批登记评价单元"),
        "farmland.unit.changed": _("变更评价单元"),
        "farmland.unit.corrected": _("更正评价单元"),
        "farmland.unit.ended": _("终止评价单元"),
        "farmland.unit.split": _("拆分评价单元"),
        "farmland.unit.merged": _("合并评价单元"),
        "farmland.unit.reshaped": _("调整评价单元边界"),
        "farmland.household.entered": _("登记农户"),
        "farmland.household.entered_many": _("成批登记农户"),
        "farmland.household.corrected": _("更正农户"),
        "farmland.household.ended": _("登记农户不再耕种"),
        "farmland.class.registered": _("登记批准的类别划分成果"),
        "farmland.class.attached": _("上传类别批准文件"),
        "farmland.class.uploaded": _("登记类别上传回执"),
        "farmland.class.taken_back": _("撤销误登的类别批准文件"),
    }
)
