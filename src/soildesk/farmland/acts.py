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
        "farmland.townfigure": _("投入品和废弃物数据"),
        "farmland.figure.reported": _("登记投入品数据"),
        "farmland.figure.taken_in": _("导入投入品统计数据"),
        "farmland.figure.explained": _("说明异常数据"),
        "farmland.figure.taken_back": _("撤销投入品数据"),
        "farmland.figure.attached": _("上传数据佐证"),
    }
)

audit_words.register(
    {
        "farmland.season": _("种植季"),
        "farmland.producetest": _("农产品检测"),
        "farmland.lockproposal": _("锁定建议"),
        "farmland.lot": _("粮食批次"),
        "farmland.lothousehold": _("农户自留口粮"),
        "farmland.lotmove": _("粮食去向"),
        "farmland.disposal": _("超标粮食处置"),
        "farmland.lotpayment": _("粮食处置资金"),
        "farmland.grainnotice": _("粮食通报"),
        "farmland.season.registered": _("登记种植季"),
        "farmland.season.changed": _("更正种植季"),
        "farmland.season.taken_back": _("撤销种植季"),
        "farmland.season.planned": _("更新临田检测计划"),
        "farmland.produce_test.recorded": _("登记农产品检测"),
        "farmland.produce_test.told": _("登记农产品检测结果"),
        "farmland.produce_test.taken_back": _("撤销农产品检测"),
        "farmland.lot.locked": _("锁定超标粮食区域"),
        "farmland.lot.proposal_dismissed": _("不锁定"),
        "farmland.lot.followed": _("登记跟踪批次"),
        "farmland.lot.harvest_told": _("登记批次产量"),
        "farmland.lot.unlocked": _("解除锁定"),
        "farmland.grain.moved": _("登记粮食去向"),
        "farmland.grain.kept": _("登记自留口粮"),
        "farmland.grain.disposed": _("登记粮食处置"),
        "farmland.grain.paid": _("登记粮食处置资金"),
        "farmland.grain.taken_back": _("撤销粮食记录"),
        "farmland.grain.attached": _("上传粮食凭证"),
        "farmland.grain_notice.sent": _("发出粮食通报"),
        "farmland.grain_notice.answered": _("答复粮食通报"),
    }
)
