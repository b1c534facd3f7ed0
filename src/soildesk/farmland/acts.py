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
        "farmland.household.moved": _("农户转入变动后的单元"),
        "farmland.class.registered": _("登记类别批准文件"),
        "farmland.class.taken_in": _("登记批准的类别划分成果"),
        "farmland.class.attached": _("上传类别批准文件"),
        "farmland.class.uploaded": _("登记类别上传回执"),
        "farmland.class.taken_back": _("撤销误登的类别批准文件"),
    }
)

audit_words.register(
    {
        "farmland.classification": _("类别划分"),
        "farmland.unitproposal": _("建议类别"),
        "farmland.fieldcheck": _("外业核实记录"),
        "farmland.trigger": _("动态调整线索"),
        "farmland.classification.opened": _("开展类别划分"),
        "farmland.classification.computed": _("计算建议类别"),
        "farmland.classification.draft": _("退回草案"),
        "farmland.classification.checking": _("开始外业核实"),
        "farmland.classification.review": _("提交会审"),
        "farmland.classification.opinion": _("登记会审意见"),
        "farmland.classification.sent": _("登记报送省级"),
        "farmland.classification.approved": _("登记省级批准"),
        "farmland.classification.given_up": _("终止类别划分"),
        "farmland.proposal.settled": _("会审确定单元类别"),
        "farmland.fieldcheck.registered": _("登记外业核实"),
        "farmland.fieldcheck.taken_back": _("撤销误登的外业核实"),
        "farmland.trigger.found": _("发现动态调整线索"),
        "farmland.trigger.dismissed": _("动态调整线索不调整"),
        "farmland.heavy.converted": _("重度污染农用地转为建设用地"),
    }
)
